"""Who wrote and signed, when, and which codes the note itself prints."""

from __future__ import annotations

from nlp.authors.codes import read_stated_codes
from nlp.authors.dates import compile_labels, read_dates
from nlp.authors.load import look_alikes
from nlp.authors.people import read_authors
from nlp.authors.wording import QUOTED

__all__ = ["compile_wordings", "read_authors", "read_dates", "read_stated_codes"]


def compile_wordings() -> None:
    """Compile what few notes ask for, so that no note has to wait for it."""
    compile_labels()
    QUOTED.prepare()
    for labelled in (True, False):
        look_alikes(labelled=labelled)
