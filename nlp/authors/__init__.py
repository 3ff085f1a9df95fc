"""Who wrote and signed, when, and which codes the note itself prints."""

from __future__ import annotations

from nlp.authors.codes import read_stated_codes
from nlp.authors.dates import read_dates
from nlp.authors.people import read_authors

__all__ = ["read_authors", "read_dates", "read_stated_codes"]
