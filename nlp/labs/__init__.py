"""Laboratory values: `read_labs` finds them, `analyte_pattern` names those that make a note worth reading."""

from nlp.labs.load import analyte_pattern
from nlp.labs.process import compile_results, read_labs

__all__ = ["analyte_pattern", "compile_results", "read_labs"]
