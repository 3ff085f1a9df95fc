"""Count the work on a note in steps, so that a limit does not depend on how fast or busy the machine is.

A step is about what one pass over one code point costs. Each stage tells what it is about to do; the
same note takes the same steps everywhere, so a note that is refused on one machine is refused on all.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from nlp.errors import InputError


class TooLongError(InputError):
    """A note asks for more steps than it is allowed. The message holds no text of the note."""


class Budget:
    """The steps that were taken, and how many may be; without a limit they are only counted."""

    __slots__ = ("limit", "taken")

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self.taken = 0

    def spend(self, steps: int) -> None:
        """Count `steps`.

        Raises:
            TooLongError: more were taken than allowed.
        """
        self.taken += steps
        if self.limit is not None and self.taken > self.limit:
            raise TooLongError(f"the note takes more than {self.limit:,} steps to read; split it")


class _Current(threading.local):
    """The budget of each thread; None where nothing is counted."""

    budget: Budget | None = None


_current = _Current()


def spend(steps: int) -> None:
    """Count `steps` on the budget of this thread, if it has one.

    Raises:
        TooLongError: more were taken than the budget allows.
    """
    if _current.budget is not None:
        _current.budget.spend(steps)


@contextmanager
def limited(limit: int | None) -> Iterator[Budget]:
    """Count the steps of what runs inside, and stop it beyond `limit`.

    Args:
        limit: the most steps that may be taken; None only counts.

    Raises:
        TooLongError: from inside, where the limit is passed.
    """
    former = _current.budget
    budget = Budget(limit)
    _current.budget = budget
    try:
        yield budget
    finally:
        _current.budget = former
