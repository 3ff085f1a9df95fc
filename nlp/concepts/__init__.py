"""Concepts: what a note names, found by the lexicon beside this file."""

from __future__ import annotations

from nlp.concepts.load import compile_terms
from nlp.concepts.process import Mention, find_mentions

__all__ = ["Mention", "compile_terms", "find_mentions"]
