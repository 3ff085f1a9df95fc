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
# Of an ASCII text all that tells them: "0" for a digit, "l" for a letter, a blank for the rest; no points.
_KINDS = (
    b"".join(b"0" if c in b"0123456789" else b"l" if c in b"OoIl" else b" " for c in range(128)) + b" " * 128
)
_DIGITS = str.maketrans("OoIl", "0011")


def mend_digits(view: str) -> str:
    """Return `view` with the letters inside numbers turned to the digits they look like.

    >>> mend_digits("MCV 1O9.8, O2 97, Hgb l2.4")
    'MCV 109.8, O2 97, Hgb 12.4'
    """
    if view.isascii():
        kinds = view.encode("ascii").translate(_KINDS, b".")
        if b"0l" not in kinds and b"l0" not in kinds:
            return view  # as nearly all
    return view if _SUSPECT.search(view) is None else _RUN.sub(_digits, view)


def _digits(run: re.Match[str]) -> str:
    return run.group().translate(_DIGITS)
