"""One pattern for many names: a trie, so that the cost does not grow with the number of names."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_BLANKS = 6
_BLANK = rf"[\s-]{{1,{MOST_BLANKS}}}"  # a blank in a name: blanks, a line break, a hyphen
_HYPHEN = r"[\s-]{0,2}"  # a hyphen in a name may be left out
_Node = dict[str, "_Node"]


def names_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds the longest of `names`, as a word of its own, in any case."""
    root: _Node = {}
    for name in names:
        node = root
        for token in (*map(_token, name.lower()), ""):
            node = node.setdefault(token, {})
    return re.compile(rf"(?<!\w)(?:{_alternatives(root)})(?!\w)", re.IGNORECASE)


def _token(char: str) -> str:
    if char == " ":
        return _BLANK
    return _HYPHEN if char == "-" else re.escape(char)


def _alternatives(node: _Node) -> str:
    """Write a node: its branches first, so that the longer name wins, and the end of a name last."""
    branches = [token + _alternatives(child) for token, child in sorted(node.items()) if token]
    if not branches:
        return ""
    if len(branches) == 1 and "" not in node:
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' if '' in node else ''}"
