"""Drugs with dose, route, frequency and status."""

from __future__ import annotations

from nlp.medications.context import compile_words
from nlp.medications.load import drug_pattern
from nlp.medications.process import read_medications

__all__ = ["compile_words", "drug_pattern", "read_medications"]
