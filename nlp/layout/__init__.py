"""Where in a note something stands: sections by header, wording and place; sentences and list items."""

from nlp.layout.markers import marker_value
from nlp.layout.model import Layout
from nlp.layout.process import read_layout, split_units

__all__ = ["Layout", "marker_value", "read_layout", "split_units"]
