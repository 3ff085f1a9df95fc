"""Where in a note something stands: sections by header, wording and place; sentences and list items."""

from nlp.layout.markers import marker_value
from nlp.layout.model import Layout
from nlp.layout.process import Outline, finish, read_layout, read_outline, split_units

__all__ = ["Layout", "Outline", "finish", "marker_value", "read_layout", "read_outline", "split_units"]
