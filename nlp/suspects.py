"""What triage looks for: anchors, the letters that each asks of a text, and how it is known at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from string import digits

from nlp.concepts.load import ConceptRule, lexicon
from nlp.expression import Expression
from nlp.facts import ConditionCategory
from nlp.labs.load import analyte_pattern, knowledge, spelling
from nlp.literals import CLOSES, OPENS, Choice, bare, required, worth
from nlp.medications.load import anchor_drug_names, drug_pattern
from nlp.pattern_nodes import width as longest_of
from nlp.patterns import spaced
from nlp.scan import OF_EACH, told_by
from nlp.sieve import heads

# how much a suspect tells: a symptom (S11) leads to an answer in some sections only, a term in all
NAME, TERM, SYMPTOM = range(3)
# printed codes of the blood and deficiency chapters; alone they lead to a query (S39)
PRINTED_CODE = re.compile(r"\b(?:D5[0-3]|D6[1-4]|E53|E61)\.?\d", re.IGNORECASE)
_PRINTED = ("d5", "d6", "e5", "e6")
_BLOOD = ("transfus", "prbc", "packed (?:red )?(?:blood )?cells", "units? of blood")
_WINDOW = 80  # code points in which the longest of the names stands
_REACH = 16  # code points between the start of a name and the letters it is found by
_WORTH = 1.9  # letters of a term that are worth less, and are shorter, stand in most notes
_SHORT = 4
_PARTED = re.compile(r"[\s-]+")  # a blank or a hyphen of an analyte's name may be written in several ways
_HAS_WORD = re.compile("[a-z0-9]")
_END_OF_WORD = re.compile("[a-z0-9]+$")


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a drug or an analyte, a printed code, or words for blood that is given."""

    at: Choice  # letters at which it is tried
    asked: tuple[Choice, ...]  # of each of these a text must hold letters too
    pattern: re.Pattern[str]
    back: int = 0  # how far before the letters it may begin
    rank: int = NAME

    def may_stand(self, view: str, folded: str, start: int, end: int) -> bool:  # noqa: ARG002 -- as a Term
        """Return whether it stands where its letters do."""
        if not self.back:
            return self.pattern.match(view, start) is not None
        return self.pattern.search(view, max(0, start - self.back), start + _WINDOW) is not None


@dataclass(frozen=True, slots=True)
class Term:
    """A pattern of the lexicon."""

    at: Choice  # letters at which it is tried
    asked: tuple[Choice, ...]  # of each of these a text must hold letters too
    expression: Expression
    near: tuple[tuple[str, ...], ...]  # of each of these a match holds letters
    width: int
    rank: int

    def may_stand(self, view: str, folded: str, start: int, end: int) -> bool:
        """Return False only where no part of the text holds a match around its letters.

        The units of the note are not known yet: what the pattern asks of the text around it may be hidden
        by the end of one.
        """
        low, high = max(0, start - self.width), end + self.width
        for row in self.near:
            for letters in row:
                if folded.find(letters, low, high) >= 0:
                    break
            else:
                return False
        return self.expression.loose.search(view, low, high) is not None


Suspect = Name | Term
_Asking = tuple[Suspect, tuple[Choice, ...]]  # with what tells of the letters that it asks for


@dataclass(frozen=True, slots=True)
class Rank:
    """Suspects that tell the same much."""

    told: frozenset[str]  # by which the letters are told of at which any of them is tried
    tried: Mapping[str, Mapping[str, tuple[_Asking, ...]]]  # by what tells of letters, those tried at each
    everywhere: bool  # whether there is one that asks for no letters

    def alive(self, held: frozenset[str]) -> Iterator[tuple[str, list[Suspect]]]:
        """Yield letters that a text holds, with the suspects at them all of whose letters it may hold."""
        for told in self.told & held:
            for letters, suspects in self.tried[told].items():
                found = []
                for suspect, asked in suspects:
                    for choice in asked:
                        if held.isdisjoint(choice):
                            break
                    else:
                        found.append(suspect)
                if found:
                    yield letters, found


@cache
def ranks() -> tuple[Rank, Rank, Rank]:
    """Return what is looked for, by rank, and have its letters told of each note."""
    terms = [_term(rule, expression) for rule in _anchors() for expression in rule.patterns]
    found: tuple[Suspect, ...] = (*_printed(), *_given_blood(), *_drugs(), *_analytes(), *terms)
    for suspect in found:
        OF_EACH.add(set(map(told_by, suspect.at.union(*suspect.asked))))
    name, term, symptom = ([s for s in found if s.rank == rank] for rank in (NAME, TERM, SYMPTOM))
    return _rank(name), _rank(term), _rank(symptom)


def _rank(found: Iterable[Suspect]) -> Rank:
    tried: dict[str, dict[str, tuple[_Asking, ...]]] = {}
    for suspect in found:
        asked = tuple(frozenset(map(told_by, choice)) for choice in suspect.asked)
        for letters in suspect.at:
            row = tried.setdefault(told_by(letters), {})
            row[letters] = (*row.get(letters, ()), (suspect, asked))
    return Rank(frozenset(tried), tried, not all(suspect.at for suspect in found))


def _anchors() -> list[ConceptRule]:
    return [rule for rule in lexicon() if rule.anchor or rule.category is ConditionCategory.FINDING]


def _term(rule: ConceptRule, expression: Expression) -> Term:
    choices, width = expression.asked
    first, *rest = choices or (frozenset[str](),)
    asked = (*rest, frozenset(rule.needs))
    telling = tuple(c for c in asked if worth(c) >= _WORTH or min(len(bare(w)) for w in c) >= _SHORT)
    near = tuple(tuple(sorted({bare(w) for w in c}, key=lambda w: (len(w), w))) for c in rest)
    rank = TERM if rule.anchor else SYMPTOM
    return Term(first, telling, expression, near, width, rank)


def _printed() -> Iterator[Name]:
    yield Name(frozenset(OPENS + letters for letters in _PRINTED), (), PRINTED_CODE)


def _given_blood() -> Iterator[Name]:
    for words in _BLOOD:
        pattern = spaced(words, re.IGNORECASE)
        first, *rest = required(pattern, whole=True)
        yield Name(first, tuple(rest), pattern, longest_of(pattern))


def _drugs() -> Iterator[Name]:
    for words in _shortest({tuple(name.lower().split(" ")) for name in anchor_drug_names()}):
        first, *rest = (frozenset(heads(word, whole=True)) for word in words)
        ends = (_END_OF_WORD.search(word) for word in words if "-" in word)  # its parts may be joined or not
        joined = (frozenset({end.group() + CLOSES}) for end in ends if end is not None)
        yield Name(first, (*rest, *joined), drug_pattern())


def _analytes() -> Iterator[Name]:
    ours = [analyte for analyte in knowledge().analytes if analyte.anchor]
    loose = {tuple(spelling(name).split(" ")) for analyte in ours for name in analyte.names}
    exact = {tuple(_PARTED.split(name.lower())) for analyte in ours for name in analyte.exact}
    for words in (*_shortest(loose), *(words for words in exact if not _holds(words, loose))):
        *inner, last = words
        choices = [frozenset((OPENS + word + CLOSES,)) for word in inner] + [_closed(last)]
        at = 0
        if len(words[0]) < 2 and inner:  # a letter or a sign stands everywhere: "t sat", "% saturation"
            at = max(range(1, len(words)), key=lambda place: len(words[place]))
        asked = (c for place, c in enumerate(choices) if place != at and _HAS_WORD.search(words[place]))
        yield Name(choices[at], tuple(asked), analyte_pattern(), _REACH if at else 0)


def _closed(word: str) -> Choice:
    """The last word of an analyte's name; a number may be written right behind its letters ("ferritin8")."""
    if word[-1].isalpha():
        return frozenset(OPENS + word + end for end in (CLOSES, *digits))
    return frozenset((OPENS + word + CLOSES * word[-1].isdigit(),))


def _shortest(names: set[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Drop names in which another stands as words of its own: where they stand, it stands."""
    return [words for words in sorted(names) if not _holds(words, names - {words})]


def _holds(words: tuple[str, ...], names: set[tuple[str, ...]]) -> bool:
    """Whether a name, or words of it in a row, are one of `names`."""
    ends = range(1, len(words) + 1)
    return any(words[start:end] in names for end in ends for start in range(end))
