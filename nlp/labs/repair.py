"""Mend digits that a scanner took for letters: "1O9.8", "l2.4"; one code point for one."""

from __future__ import annotations

import re

# A run that starts where a word could start, holds a digit, and ends where a number could end. It neither
# starts with the letter O ("O2 97") nor ends in l or I ("10l" is litres or a mark).
# What must not stand before the first sign is asked behind it, so that the search leaps from one to the next.
_RUN = re.compile(
    r"[\dIl](?<![A-Za-z0-9.].)(?:(?<=\d)|(?=[OoIl\d.]{0,11}\d))"
    r"[\dOoIl]{0,6}(?:\.[\dOoIl]{1,4})?(?<![Il])(?![A-Za-z0-9/])"
)
# A letter of such a run stands beside a digit, or beside the point beside one.
_SUSPECT = re.compile(r"\d(?:(?<=[OoIl].)|(?<=[OoIl]\..)|(?=\.?[OoIl]))")
_PLAIN_SUSPECT = re.compile(_SUSPECT.pattern.replace(r"\d", "[0-9]"))  # in ASCII: twice as fast
_DIGITS = str.maketrans("OoIl", "0011")


def mend_digits(view: str) -> str:
    """Return `view` with the letters inside numbers turned to the digits they look like.

    >>> mend_digits("MCV 1O9.8, O2 97, Hgb l2.4")
    'MCV 109.8, O2 97, Hgb 12.4'
    """
    suspect = _PLAIN_SUSPECT if view.isascii() else _SUSPECT
    return view if suspect.search(view) is None else _RUN.sub(_digits, view)


def _digits(run: re.Match[str]) -> str:
    return run.group().translate(_DIGITS)
