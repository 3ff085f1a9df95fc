"""The errors that Corrin raises on purpose; anything else that surfaces is a bug."""

from __future__ import annotations

import os


class CorrinError(Exception):
    """Base of all deliberate errors. Messages never quote the text of a note."""


class KnowledgeError(CorrinError):
    """One of our own data files is wrong; the message names file, entry and remedy."""


class InputError(CorrinError):
    """Something the caller handed in cannot be used; the message says what to do."""


class ReleaseError(CorrinError):
    """A release of the classification is missing, unreadable or does not hold a code."""


def shown(name: str) -> str:
    """Return a name that cannot steer the terminal, cut where it is very long."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in name)
    return plain if len(plain) <= 120 else f"{plain[:117]}..."


def reason_of(error: OSError) -> str:
    """Return the system's reason, by its number alone: the words of an error may be a library's own."""
    return os.strerror(error.errno).lower() if error.errno else "unknown reason"
