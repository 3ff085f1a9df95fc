"""What letters every match of a regular expression must hold, read off the expression itself.

A pattern is only worth trying where its letters stand. They are derived and not written down, so that an
edit of the data cannot leave them behind. All letters are meant for text folded by `fold`.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from nlp.memory import of_note
from nlp.pattern_nodes import all_nodes, ignores_case, items, nodes_of

MOST = 64  # alternatives of one requirement; beyond it the next letters count
# Letters that stand in most notes and so tell little.
_COMMON = frozenset(
    (
        "low normal blood state surgery level disease removed high elevated count mild abnormal factor "
        "chronic syndrome positive increased failure associated decreased related early and with the left "
        "right of in to patient"
    ).split()
)
_NAMES = 12  # members of a class such as [ -] that are spelled out
# Letters that Python's ignore-case takes for ASCII ones though `lower` does not.
_LOOSE = {"\u0131": "i", "\u017f": "s"}

OPENS, CLOSES = "\x02", "\x03"  # stand for the border of a word; no pattern of ours holds them
_ALNUM = frozenset(string.ascii_letters + string.digits)

Choice = frozenset[str]  # one of these stands in every match


@of_note  # several stages ask for the same note
def fold(view: str) -> str:
    """Return `view` in lower case, of the same length; what ignore-case takes for ASCII letters is ASCII."""
    lowered = view.lower()
    if view.isascii():
        return lowered
    if len(lowered) != len(view):  # a few letters grow when lowered; keep offsets true
        lowered = "".join(c if len(c.lower()) != 1 else c.lower() for c in view)
    for letter, plain in _LOOSE.items():
        lowered = lowered.replace(letter, plain)
    return lowered


def keeps_words(view: str) -> bool:
    """Return whether the words of `view`, runs of ASCII letters and digits, are those of its folded text."""
    return view.isascii() or not ("\u0131" in view or "\u017f" in view or "\u212a" in view)


def required(pattern: re.Pattern[str], *, folds: bool = True, whole: bool = False) -> tuple[Choice, ...]:
    """Return choices of letters; a text that lacks all letters of any choice holds no match of `pattern`.

    The first choice tells the most. There may be none. Letters that begin a word start with OPENS.

    Args:
        pattern: the expression.
        folds: letters are those of folded text; otherwise, for a pattern that minds case, those of the text.
        whole: the text is searched as a whole, so that what stands behind a match is seen: letters that end a
            word finish with CLOSES.
    """
    return letters_of(nodes_of(pattern), folds=folds, whole=whole)


def letters_of(nodes: Any, *, folds: bool, whole: bool) -> tuple[Choice, ...]:
    """Return what `required` returns, of a pattern that is parsed already."""
    found = {choice for choice in _Walk(folds=folds, whole=whole).read(nodes) if choice}
    return tuple(sorted(found, key=lambda choice: (-worth(choice), sorted(choice))))


def needed_letters(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return letters, shortest first, one of which stands in every match; `("",)` where none can be told."""
    return (*needed_sets(pattern), ("",))[0]


def needed_sets(pattern: re.Pattern[str]) -> tuple[tuple[str, ...], ...]:
    """Return sets of letters, of each of which one stands in every match; the first tells the most."""
    return bared(required(pattern, folds=ignores_case(pattern)))


def bared(choices: Iterable[Choice]) -> tuple[tuple[str, ...], ...]:
    """Return choices as `may_hold` asks for them: without the marks of borders, the shortest first."""
    return tuple(tuple(sorted({bare(w) for w in choice}, key=lambda w: (len(w), w))) for choice in choices)


def may_hold(words: str, rows: tuple[tuple[str, ...], ...]) -> bool:
    """Return whether folded text holds letters of each of `rows`, as `needed_sets` tells them."""
    for row in rows:
        for letters in row:
            if letters in words:
                break
        else:
            return False
    return True


def bare(letters: str) -> str:
    """Return letters without the marks of their borders."""
    return letters.strip(OPENS + CLOSES)


def leads(pattern: re.Pattern[str], choice: Choice, *, folds: bool) -> bool:
    """Return whether every match of `pattern` begins with one of `choice`, its only border of a word."""
    parsed = nodes_of(pattern)
    borders = [
        n for n in all_nodes(parsed) if n[0].name == "ASSERT_NOT" and n[1][0] < 0 and _is_of_words(n[1][1])
    ]
    if len(borders) != 1 or borders[0] is not parsed[0] or not all(word[0] == OPENS for word in choice):
        return False
    return choice in _Walk(folds=folds, whole=True, infers=False).read(parsed)


def worth(choice: Choice) -> float:
    """Return how much it tells that one of `choice` stands in a text: long and few letters tell more."""
    shortest = min(
        len(plain) + (len(word) - len(plain)) / 2 if len(plain) > 1 else 1
        for word in choice
        for plain in (bare(word),)
    )
    most = 1.8 if any(bare(word).strip() in _COMMON for word in choice) else 6
    return min(shortest, most) - min(len(choice) / 80, 0.9)


class _Walk:
    """Walks a parsed pattern, joining letters that stand side by side."""

    def __init__(self, *, folds: bool, whole: bool, infers: bool = True) -> None:
        self._spelled = _folded if folds else chr
        self._whole = whole
        self._infers = infers  # that a word begins or ends where a blank or a sign is taken
        self._exact: dict[int, set[str] | None] = {}  # of nodes, which a branch is read with again

    def read(self, nodes: Iterable[Any]) -> list[Choice]:
        """Return the choices that a row of nodes asks for."""
        choices: list[Choice] = []
        run: set[str] = {""}
        before: list[Any] = []  # the nodes of the run
        for node in _flat(nodes):
            exact = self.exact(node)
            if exact is not None and len(joined := {a + b for a in run for b in exact}) <= MOST:
                run = joined
                before.append(node)
                continue
            if exact is None and node[0].name == "BRANCH":  # "r(?:oux…|ny)": what leads to a branch
                choices += self.branches([[*before, *branch] for branch in node[1][1]])
                run, before = self.behind(node), []
                continue
            inner = self.repeated(node)
            if inner is not None:  # "[, (]{1,2}MD": the last of the repeats stands right before what follows
                _put(choices, {a + b for a in run for b in inner} if len(run) * len(inner) <= MOST else run)
                run, before = inner, list(node[1][2])
                continue
            if run == {OPENS} and exact is None and self._infers and _ends_apart([node], or_lacks=True):
                choices += self.inside(node)  # "(?:serum\s)?": with or without it a word begins
                before.append(node)
                continue
            closes = self._infers and _begins_apart(node)
            _put(choices, {word + CLOSES for word in run} if closes else run)
            if exact is not None:
                run, before = exact, [node]
                continue
            run = self.behind(node)
            before = [] if run == {""} else [node]
            choices += self.inside(node)
        _put(choices, run)
        return choices

    def behind(self, node: Any) -> set[str]:
        """Return the run that begins behind a node of which nothing is spelled out."""
        return {OPENS if self._infers and _ends_apart([node]) else ""}

    def branches(self, rows: Iterable[list[Any]]) -> list[Choice]:
        """Return what holds whichever of `rows` matches: the best of each, taken together."""
        best = [max(self.read(row), key=worth, default=frozenset[str]()) for row in rows]
        return [_shortest(frozenset().union(*best))] if all(best) else []

    def exact(self, node: Any) -> set[str] | None:
        """Return all that the node can match, not to be changed, where that is a short list; else None."""
        name, value = node[0].name, node[1]
        if name == "LITERAL":
            return {self._spelled(value)}
        if id(node) not in self._exact:
            self._exact[id(node)] = self._spell_out(name, value)
        return self._exact[id(node)]

    def _spell_out(self, name: str, value: Any) -> set[str] | None:
        if name == "ASSERT_NOT" and _is_of_words(value[1]):
            return {OPENS if value[0] < 0 else CLOSES if self._whole else ""}
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            return {""}
        if name == "IN":
            return _members(value, self._spelled)
        if name == "SUBPATTERN":
            return self.exact_row(value[3])
        if name == "ATOMIC_GROUP":
            return self.exact_row(value)
        if name == "BRANCH":
            found: set[str] = set()
            for branch in value[1]:
                exact = self.exact_row(branch)
                if exact is None:
                    return None
                found |= exact
            return found if len(found) <= MOST else None
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[1] == 1:
            exact = self.exact_row(value[2])
            return exact if exact is None or value[0] == 1 else exact | {""}
        return None

    def exact_row(self, nodes: Iterable[Any]) -> set[str] | None:
        """Return all that a row of nodes can match where that is a short list, else None."""
        run: set[str] = {""}
        for node in items(nodes):
            exact = self.exact(node)
            if exact is None:
                return None
            run = {a + b for a in run for b in exact}
            if len(run) > MOST:
                return None
        return run

    def repeated(self, node: Any) -> set[str] | None:
        """Return what a node repeats at least once where that is a short list, else None."""
        if node[0].name in ("MAX_REPEAT", "MIN_REPEAT") and node[1][0] > 0 and node[1][1] > 1:
            return self.exact_row(node[1][2])
        return None

    def inside(self, node: Any) -> list[Choice]:
        """Return what a node asks for that is no short list."""
        name, value = node[0].name, node[1]
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0] > 0:
            return self.read(value[2])
        return []


def _flat(nodes: Iterable[Any]) -> Iterator[Any]:
    """The nodes of a row with its groups opened."""
    for node in items(nodes):
        name, value = node[0].name, node[1]
        if name == "SUBPATTERN":
            yield from _flat(value[3])
        elif name == "ATOMIC_GROUP":
            yield from _flat(value)
        else:
            yield node


def _parts(node: Any) -> bool:
    """Whether a node that takes one code point takes no letter and no digit."""
    name, value = node[0].name, node[1]
    if name == "LITERAL":
        return _is_apart(value)
    if name != "IN":
        return False
    return all(
        (kind.name == "LITERAL" and _is_apart(member))
        or (kind.name == "CATEGORY" and member.name in ("CATEGORY_SPACE", "CATEGORY_NOT_WORD"))
        for kind, member in value
    )


def _is_apart(code: int) -> bool:
    return code < 128 and chr(code) not in _ALNUM


def _ends_apart(row: Any, *, or_lacks: bool = False) -> bool:
    """Whether the last that a row of nodes takes is no letter and no digit, so that words begin behind it.

    Args:
        row: the nodes.
        or_lacks: they may also take nothing at all.
    """
    nodes = items(row)
    if not nodes:
        return or_lacks
    name, value = nodes[-1][0].name, nodes[-1][1]
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        absent = value[0] > 0 or _ends_apart(nodes[:-1], or_lacks=or_lacks)
        return absent and _ends_apart(value[2])
    if name == "SUBPATTERN":
        return _ends_apart(value[3]) if value[3] else _ends_apart(nodes[:-1], or_lacks=or_lacks)
    if name == "BRANCH":
        return all(_ends_apart(branch) for branch in value[1])
    return _parts(nodes[-1])


def _begins_apart(node: Any) -> bool:
    """Whether the first that a node takes is no letter and no digit, so that a word ends before it."""
    name, value = node[0].name, node[1]
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return value[0] > 0 and len(value[2]) > 0 and _begins_apart(value[2][0])
    return _parts(node)


def _put(choices: list[Choice], run: set[str]) -> None:
    words = {_marked(word) for word in run}
    if not words & {"", OPENS, CLOSES}:
        choices.append(_shortest(words))


def _marked(word: str) -> str:
    """Keep the marks of a word's borders at its ends only."""
    plain = word.replace(OPENS, "").replace(CLOSES, "")
    return OPENS * word.startswith(OPENS) + plain + CLOSES * word.endswith(CLOSES) if plain else ""


def _is_of_words(nodes: Any) -> bool:
    """Whether what must not stand there is a letter or digit, whatever else it may be."""
    row = items(nodes)
    if len(row) != 1:
        return False
    members = row[0][1] if row[0][0].name == "IN" else row
    held = {f"{kind} {value}" for kind, value in members}
    if "NEGATE None" in held:
        return False
    return "CATEGORY CATEGORY_WORD" in held or held >= {"RANGE (97, 122)", "RANGE (48, 57)"}


def _shortest(words: Iterable[str]) -> Choice:
    """Drop words that hold another one: where they stand, it stands."""
    kept: list[str] = []
    for word in sorted(words, key=lambda w: (len(w), w)):
        if not any(other in word for other in kept):
            kept.append(word)
    return frozenset(kept)


@lru_cache(maxsize=1024)
def _folded(code: int) -> str:
    letter = chr(code)
    return _LOOSE.get(letter, letter.lower() if len(letter.lower()) == 1 else letter)


def _members(members: Iterable[Any], spelled: Callable[[int], str]) -> set[str] | None:
    found: set[str] = set()
    for kind, value in members:
        name = kind.name
        if name == "LITERAL":
            found.add(spelled(value))
        elif name == "RANGE" and value[1] - value[0] < _NAMES:
            found |= {spelled(code) for code in range(value[0], value[1] + 1)}
        else:
            return None
    return found if len(found) <= _NAMES else None
