"""The little language of cue phrases, and the trie that finds all of them in one pass.

A phrase is a row of words as a clinician would write them, with four additions:

=============  =====================================================================
`(a|b c)`      one of the alternatives
`word?`        the word (or the bracketed alternatives) may be missing
`<class>`      any word of a class: those of `scopes.yaml`, or `<year>`, `<number>`,
               `<word>` (letters), `<open>` and `<close>` (brackets), `<question>`, `<bar>`
`^` and `$`    the phrase opens, or closes, a segment (start, end, comma, colon, bracket …)
=============  =====================================================================

There are no regular expressions in the data: matching goes through the tokens once, with all phrases
that may have begun at once, so that its time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from nlp.context.tokens import read_tokens
from nlp.errors import KnowledgeError

_PIECE = re.compile(r"<[a-z_]+>|[()|?^$]|[^\s()|?<>^$]+")
_LITERAL_CLASSES = {"<open>": "(", "<close>": ")", "<question>": "?", "<bar>": "|"}
_PATTERNS = frozenset({"<year>", "<number>", "<word>"})
_MOST_VARIANTS = 1000
_MOST_STATES = 1 << 13  # that are kept
_MOST_KNOWN = 1 << 16  # words of which is kept what they count as
_LONGEST_KNOWN = 100  # code points of such a word

# One place in a phrase: a word, a pattern class such as "<year>", or a choice of single words.
Step = str | frozenset[str]
Row = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One plain row of steps, and whether it must open or close a segment."""

    steps: Row
    opens: bool
    closes: bool


class End(NamedTuple):
    """What ends where a phrase does: a number of a role, and whether it must open or close a segment."""

    role: int
    number: int
    opens: bool
    closes: bool


Place = tuple[int, int, End]  # first token, token after the last
Places = tuple[list[Place], list[Place], list[Place], list[Place]]  # by role
CUE, BREAK, NO_CUE, NO_BREAK = range(4)  # the roles: the last two keep the first two away


class _Reader:
    """Reads one phrase by recursive descent into all rows of tokens that it stands for."""

    def __init__(self, phrase: str, classes: Mapping[str, frozenset[str]], where: str) -> None:
        self.pieces = _PIECE.findall(phrase)
        self.classes = classes
        self.where = where
        self.at = 0

    def fail(self, what: str) -> KnowledgeError:
        return KnowledgeError(
            f"{self.where}: {what}; the head of nlp/context/cues.yaml says how phrases are written"
        )

    def choice(self) -> list[Row]:
        rows = self.row()
        while self.at < len(self.pieces) and self.pieces[self.at] == "|":
            self.at += 1
            rows = rows + self.row()
        return rows

    def row(self) -> list[Row]:
        rows: list[Row] = [()]
        while self.at < len(self.pieces) and self.pieces[self.at] not in ("|", ")"):
            tails = self.atom()
            if self.at < len(self.pieces) and self.pieces[self.at] == "?":
                self.at += 1
                tails = [(), *tails]
            rows = [head + tail for head in rows for tail in tails]
            if len(rows) > _MOST_VARIANTS:
                raise self.fail("a phrase stands for too many wordings")
        return rows

    def atom(self) -> list[Row]:
        piece = self.pieces[self.at]
        self.at += 1
        if piece == "(":
            rows = self.choice()
            if self.at >= len(self.pieces) or self.pieces[self.at] != ")":
                raise self.fail("a bracket is not closed")
            self.at += 1
            return _gather(rows)
        if piece in _LITERAL_CLASSES:
            return [(_LITERAL_CLASSES[piece],)]
        if piece in _PATTERNS:
            return [(piece,)]
        if piece.startswith("<"):
            words = self.classes.get(piece[1:-1])
            if words is None:
                raise self.fail(f"unknown class {piece}")
            return [(words,)]
        if piece in ("?", "^", "$"):
            raise self.fail(f"{piece} stands in the wrong place")
        return [_words_of(piece)]


@lru_cache(maxsize=4096)  # most words stand in many phrases
def _words_of(piece: str) -> Row:
    return tuple(read_tokens(piece).words)


def _gather(rows: list[Row]) -> list[Row]:
    """Put all alternatives of one word each into a single step, so that variants stay few."""
    singles: set[str] = set()
    others: list[Row] = []
    for row in rows:
        step = row[0] if len(row) == 1 else None
        if isinstance(step, frozenset):
            singles |= step
        elif step is not None and step not in _PATTERNS:
            singles.add(step)
        else:
            others.append(row)
    return [(frozenset(singles),), *others] if singles else others


def expand(phrase: str, classes: Mapping[str, frozenset[str]], where: str) -> tuple[Variant, ...]:
    """Return every row of steps that `phrase` stands for.

    Raises:
        KnowledgeError: the phrase is not well formed; `where` names file and entry.
    """
    text = phrase.strip()
    opens, closes = text.startswith("^"), text.endswith("$")
    reader = _Reader(text[opens : len(text) - closes], classes, where)
    rows = reader.choice()
    if reader.at < len(reader.pieces):
        raise reader.fail("a bracket is closed that was not opened")
    if not rows or () in rows:
        raise reader.fail("a phrase may not be empty")
    return tuple(Variant(row, opens, closes) for row in dict.fromkeys(rows))


class _Node:
    __slots__ = ("children", "depth", "ends", "patterns")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.children: dict[Step, _Node] = {}
        self.patterns: list[tuple[str, _Node]] = []  # the last that was made stands first
        self.ends: list[End] = []


class _State(dict[str, "_State"]):
    """All nodes that the last words lead to, whichever of them a phrase began with: one look-up a word.

    It holds the state that each word leads on to, made when the word first comes by.
    """

    __slots__ = ("_trie", "ends", "nodes")

    def __init__(self, nodes: tuple[_Node, ...], trie: PhraseTrie) -> None:
        self.nodes = nodes
        self.ends = [(end.role, node.depth, end) for node in nodes if node.ends for end in node.ends]
        self._trie = trie

    def __missing__(self, word: str) -> _State:
        found = self[word] = self._trie.behind(self, word)
        return found


class _Kinds(dict[str, str]):
    """What each word counts as: one that a phrase names as itself, of others only their class."""

    def __missing__(self, word: str) -> str:
        kind = _class_of(word)
        if len(word) <= _LONGEST_KNOWN and len(self) < _MOST_KNOWN:
            self[word] = kind
        return kind


class PhraseTrie:
    """All phrases of the vocabulary, each under the role and the number of the entry that it belongs to."""

    def __init__(self, classes: Mapping[str, frozenset[str]]) -> None:
        self._root = _Node(0)
        self._classes = classes
        self._numerals = classes.get("numeral", frozenset())
        self._known = _Kinds((word, word) for word in self._numerals)
        self._named: dict[str, dict[_Node, list[_Node]]] = {}  # what a word leads to, the last made first
        self._classes_of: dict[str, frozenset[str]] = {}  # the pattern classes of what words count as
        self._forget()

    def add(self, phrase: str, role: int, number: int, where: str) -> None:
        """Put in `phrase` for the entry `number` of a role; all are put in before the first is looked for."""
        for variant in expand(phrase, self._classes, where):
            node = self._root
            for step in variant.steps:
                node = node.children.get(step) or self._lead(node, step)
            end = End(role, number, variant.opens, variant.closes)
            if end not in node.ends:
                node.ends.append(end)

    def _lead(self, node: _Node, step: Step) -> _Node:
        """Make the node behind a step from another, know its words, and return it."""
        made = node.children[step] = _Node(node.depth + 1)
        if step in _PATTERNS and isinstance(step, str):
            node.patterns.insert(0, (step, made))
            return made
        for word in {step} if isinstance(step, str) else step:
            self._known[word] = word
            self._named.setdefault(word, {}).setdefault(node, []).insert(0, made)
        return made

    def find(self, words: Sequence[str]) -> Places:
        """Return for each role what stands where, in the order in which it ends."""
        found: Places = ([], [], [], [])
        state = self._start
        for at, kind in enumerate(map(self._known.__getitem__, words), 1):
            state = state[kind]
            if state.ends:
                for role, depth, end in state.ends:
                    found[role].append((at - depth, at, end))
        return found

    def behind(self, state: _State, word: str) -> _State:
        """Return the state that what a word counts as leads to."""
        nodes: list[_Node] = []
        classes, named = self._classes_of.get(word), self._named.get(word, {})
        if classes is None:
            classes = self._classes_of[word] = frozenset(name for name in _PATTERNS if self._is_a(word, name))
        for node in state.nodes:
            if node.patterns and classes:
                nodes += [child for name, child in node.patterns if name in classes]
            if node in named:
                nodes += named[node]
        nodes.append(self._root)  # a phrase may begin behind every word
        if len(self._states) >= _MOST_STATES:
            self._forget()
        key = tuple(nodes)
        found = self._states.get(key)
        if found is None:
            found = self._states[key] = _State(key, self)
        return found

    def _forget(self) -> None:
        """Begin anew with the states, of which long and odd notes could make many."""
        self._start = _State((self._root,), self)
        self._states: dict[tuple[_Node, ...], _State] = {self._start.nodes: self._start}

    def _is_a(self, word: str, name: str) -> bool:
        if name == "<year>":
            return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")
        if name == "<number>":
            return word.isdigit() or word in self._numerals
        return word.isalpha()


def _class_of(word: str) -> str:
    """Return a word that stands for all that no phrase names and that are of the same classes."""
    if word.isalpha():
        return "Word"  # phrases are in lower case
    if word.isdigit():  # Arabic digits: no phrase holds them
        return "19\u0660\u0660" if len(word) == 4 and word[:2] in ("19", "20") else "\u0660"
    return " "
