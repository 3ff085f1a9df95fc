"""Mend digits that a scanner took for letters: "1O9.8", "l2.4"; one code point for one."""

from __future__ import annotations

import re

from nlp.kinds import BEYOND, stretches

# A run that starts where a word could start, holds a digit, and ends where a number could end. It neither
# starts with the letter O ("O2 97") nor ends in l or I ("10l" is litres or a mark).
_RUN = re.compile(
    r"(?<![A-Za-z0-9.])[\dIl](?:(?<=\d)|(?=[OoIl\d.]{0,11}\d))"
    r"[\dOoIl]{0,6}(?:\.[\dOoIl]{1,4})?(?<![Il])(?![A-Za-z0-9/])"
)
# Of a text all that tells them: "0" for a digit, "l" for a letter, a point, a blank for the rest.
_KINDS = b"".join(
    b"0" if c in b"0123456789" else b"l" if c in b"OoIl" else b"." if c == ord(".") else b" "
    for c in range(256)
)
# A letter beside a digit, or beside the point beside one; several points may part them in a run too.
_BESIDE = re.compile(rb"0l|l0|0\.l|l\.0|\.\.")
_REACH = 14  # code points of a run and of what is looked at behind it
_DIGITS = str.maketrans("OoIl", "0011")


def mend_digits(view: str) -> str:
    """Return `view` with the letters inside numbers turned to the digits they look like.

    >>> mend_digits("MCV 1O9.8, O2 97, Hgb l2.4")
    'MCV 109.8, O2 97, Hgb 12.4'
    """
    signs = view.encode("ascii", BEYOND)
    told = signs.translate(_KINDS, b".")
    if b"0l" not in told and b"l0" not in told:
        return view  # as nearly all
    beside = list(_BESIDE.finditer(signs.translate(_KINDS)))
    if all(match.group() == b".." for match in beside):
        return view
    parts: list[str] = []
    done = 0
    for low, high in stretches((match.start() for match in beside), _REACH, _REACH):
        for run in _RUN.finditer(view, low, high):
            parts += [view[done : run.start()], run.group().translate(_DIGITS)]
            done = run.end()
    return "".join([*parts, view[done:]]) if parts else view
