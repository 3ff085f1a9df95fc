"""The errors that Corrin raises on purpose; anything else that surfaces is a bug."""

from __future__ import annotations


class CorrinError(Exception):
    """Base of all deliberate errors. Messages never quote the text of a note."""


class KnowledgeError(CorrinError):
    """One of our own data files is wrong; the message names file, entry and remedy."""


class InputError(CorrinError):
    """Something the caller handed in cannot be used; the message says what to do."""


class ReleaseError(CorrinError):
    """A release of the classification is missing, unreadable or does not hold a code."""
