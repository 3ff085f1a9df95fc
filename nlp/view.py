"""A view of the text for matching that keeps every offset: one code point in, one code point out."""

from __future__ import annotations

import re

from nlp.memory import of_note

_TABLE: dict[int, str] = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-"),
    **dict.fromkeys(
        map(
            ord,
            "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
        ),
        " ",
    ),
    **dict.fromkeys(map(ord, "\u2028\u2029\x0b\x0c\x85"), "\n"),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), " "),
    **{0xFF01 + i: chr(0x21 + i) for i in range(94)},
    ord("\u03bc"): "\u00b5",  # Greek mu to micro sign
}
_TABLE.update({0x2080 + i: str(i) for i in range(10)})  # B₁₂

_ODD = re.compile(f"[{re.escape(''.join(map(chr, _TABLE)))}]+")  # few of them stand in a note

_SHORT = 256  # code points of what is no note, but a line or a title of one

# The dots of a form lead to its answer: "Anemia ........ N" is "Anemia: N".
_LEADER = re.compile(r"(?<!\.)\.{3,}+(?=[ \t]{0,3}(?:[YN]|[Yy]es|[Nn]o|YES|NO)\b)")


def normalise(text: str) -> str:
    """Return `text` with odd quotes, dashes, spaces, line ends and widths made plain.

    The result has the same length, so that offsets into it are offsets into `text`. Case is kept.
    """
    return _view(text) if len(text) > _SHORT else _made(text)


def _made(text: str) -> str:
    plain = text if text.isascii() else _ODD.sub(_plain, text)
    return _LEADER.sub(_colon, plain) if "..." in plain else plain


def _colon(leader: re.Match[str]) -> str:
    return ":".ljust(len(leader.group()))


_view = of_note(_made)  # every stage asks for the view of the same note


def _plain(odd: re.Match[str]) -> str:
    return odd.group().translate(_TABLE)
