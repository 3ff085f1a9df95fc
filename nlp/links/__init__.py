"""Links: what the words make the cause of what."""

from __future__ import annotations

from nlp.links.load import compile_cues
from nlp.links.process import read_links

__all__ = ["compile_cues", "read_links"]
