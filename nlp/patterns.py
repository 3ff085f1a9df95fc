"""Turn readable patterns into regular expressions that do not mind how many blanks part two words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlp.errors import KnowledgeError

_QUANTIFIERS = ("?", "{", "*", "+")


def flexible_white(pattern: str) -> str:
    """Let a blank outside of brackets stand for any white space, `~` for white space or hyphen.

    One that may be absent (` ?`, `[ -]?`) takes none to three of its kind; other quantifiers stay; a class
    such as `[ -]` may be met three times.
    """
    out: list[str] = []
    before = ""
    for piece, after in _pieces(pattern):
        if piece == " ":
            out.append(r"\s" if after in _QUANTIFIERS else r"\s{1,6}")
        elif piece == "?" and _is_blank(before):
            out.append("{0,3}")
        elif piece == "~":
            out.append(r"(?:[\s-]{1,4})")
        else:
            out.append(piece + "{1,3}" if _parts_words(piece) and after not in _QUANTIFIERS else piece)
        before = piece
    return "".join(out)


def compiled(where: str, parts: Iterable[str], frame: str = "%s", flags: int = 0) -> re.Pattern[str]:
    """Compile the parts, blanks made flexible, as alternatives put in the place of `%s` in `frame`.

    Raises:
        KnowledgeError: one of them is no regular expression; `where` names file and entry.
    """
    listed = tuple(parts)
    try:
        return re.compile(frame.replace("%s", "|".join(map(flexible_white, listed))), flags)
    except re.error as error:
        raise wrong_pattern(where, listed, error) from error


def wrong_pattern(where: str, parts: Iterable[str], error: re.error) -> KnowledgeError:
    """Return what is said of patterns that do not compile, with the first that is wrong by itself."""
    for part in parts:
        if (what := wrong_part(part)) is not None:
            return KnowledgeError(f"{where}: the pattern '{part}' does not compile ({what}); mend it")
    return KnowledgeError(f"{where}: the patterns do not compile together ({error.msg}); mend them")


def wrong_part(part: str) -> str | None:
    """Return why a pattern does not compile by itself; None where it does."""
    try:
        re.compile(flexible_white(part))
    except re.error as error:
        return error.msg
    return None


def spaced(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Compile a pattern in which a blank stands for one to three, see `spaced_out`."""
    return re.compile(spaced_out(pattern), flags)


def spaced_out(pattern: str) -> str:
    """Let a blank in a pattern stand for one to three: thumbs and dictation systems double them.

    So does a class such as `[ -]`; one that may be absent (` ?`) takes none to three. Other quantifiers stay,
    and so do the blanks of a lookbehind, whose length is fixed. Line ends are never among them.
    """
    out: list[str] = []
    depth = behind = 0  # behind: how deep a lookbehind was opened
    pieces = list(_pieces(pattern))
    for index, (piece, after) in enumerate(pieces):
        if piece == "(":
            depth += 1
            ahead = "".join(piece for piece, _ in pieces[index + 1 : index + 4])
            behind = depth if not behind and ahead.startswith(("?<=", "?<!")) else behind
        elif piece == ")":
            behind = 0 if behind == depth else behind
            depth -= 1
        blank = not behind and (piece == " " or _parts_words(piece))
        if blank and after not in _QUANTIFIERS:
            out.append(piece + "{1,3}")
        elif piece == "?" and index and not behind and _is_blank(pieces[index - 1][0]):
            out.append("{0,3}")
        else:
            out.append(piece)
    return "".join(out)


def _is_blank(piece: str) -> bool:
    return piece == " " or _parts_words(piece)


def _parts_words(piece: str) -> bool:
    """Whether a class holds a blank and hyphens or slashes only: what may stand between two words."""
    return len(piece) > 3 and piece[0] == "[" and " " in piece and not piece[1:-1].strip(" -/")


def _pieces(pattern: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a pattern, a class or an escape being one, each with the character that follows."""
    index = 0
    while index < len(pattern):
        end = index + 1
        if pattern[index] == "\\":
            end += 1
        elif pattern[index] == "[":
            at = index + 2 if pattern.startswith("[^", index) else index + 1
            at += pattern.startswith("]", at)
            while at < len(pattern) and pattern[at] != "]":
                at += 2 if pattern[at] == "\\" else 1
            end = at + 1
        yield pattern[index:end], pattern[end : end + 1]
        index = end
