"""Read `cues.yaml` and `scopes.yaml`, checked entry by entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from nlp.context.markup import MarkedText, read_marked
from nlp.context.phrases import BREAK, CUE, NO_BREAK, NO_CUE, PhraseTrie
from nlp.context.tokens import read_tokens
from nlp.errors import KnowledgeError
from nlp.facts import Assertion, Experiencer, SectionCategory, Temporality
from nlp.knowledge import check_choice, check_entry, check_truth, check_unique, load_yaml
from nlp.view import normalise

_CUES, _SCOPES = "nlp/context/cues.yaml", "nlp/context/scopes.yaml"
AXES = ("assertion", "temporality", "experiencer")
AXIS_OF = {
    "none": "assertion",
    "negated": "assertion",
    "affirmed": "assertion",
    "possible": "assertion",
    "hypothetical": "assertion",
    "historical": "temporality",
    "resolved": "temporality",
    "current": "temporality",
    "remission": "temporality",
    "family": "experiencer",
    "other": "experiencer",
    "patient": "experiencer",
}
_VALUES: dict[str, tuple[str, ...]] = {
    "assertion": tuple(item.value for item in Assertion),
    "temporality": tuple(item.value for item in Temporality),
    "experiencer": tuple(item.value for item in Experiencer),
}
_OPTIONAL = tuple("kind reach unless weak spares_owned inside trails only not_written near_misses".split())
_KINDS = (
    "negated", "affirmed", "possible", "hypothetical", "historical", "resolved",
    "current", "remission", "family", "other", "patient", "none",
)  # fmt: skip
_KIND_OF = {"absent": "negated", "present": "affirmed"}


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that change how a condition is meant.

    `reach` says how far the scope goes: `unit` (to its end or the next label), `clause` (over
    commas, to the next break), `phrase` (to the comma, unless an "or" list goes on), `next` (the
    term right beside the cue). A `weak` cue is a heading: it decides only what no other wording
    decides. A cue that `spares_owned` does not reach "her anemia": what is somebody's exists. A
    cue that `trails` may stand behind a comma; one that counts `inside` may lie in the term itself.
    `only` holds the words (or endings, "*ectomy") one of which the term must have.
    """

    id: str
    kind: str
    sets: tuple[tuple[str, str], ...]
    direction: str
    reach: str
    weak: bool
    spares_owned: bool
    inside: bool
    trails: bool
    only: frozenset[str]
    not_written: frozenset[str]
    examples: tuple[MarkedText, ...] = field(repr=False)
    near_misses: tuple[MarkedText, ...] = field(repr=False)
    match: tuple[str, ...] = ()
    axis: str = field(init=False)  # that its kind belongs to
    covers: frozenset[str] = field(init=False)  # all axes that it speaks on
    decides: bool = field(init=False)  # it sets its own axis
    alone: tuple[tuple[str, str], ...] = field(init=False)  # what it sets where it alone speaks of a term
    ahead: bool = field(init=False)  # it speaks of what stands behind it
    behind: bool = field(init=False)  # of what stands before it

    def __post_init__(self) -> None:
        """Tell once what follows from the entry."""
        axis, axes = AXIS_OF[self.kind], frozenset(axis for axis, _ in self.sets)
        speaks = self.kind != "none"
        object.__setattr__(self, "axis", axis)
        object.__setattr__(self, "covers", axes | {axis})
        own = tuple(pair for pair in self.sets if axis != "experiencer" or pair[0] == axis)
        object.__setattr__(self, "decides", axis in axes)
        object.__setattr__(self, "alone", own if axis in axes else ())
        object.__setattr__(self, "ahead", speaks and self.direction != "backward")
        object.__setattr__(self, "behind", speaks and self.direction != "forward")

    def suits(self, term: Sequence[str]) -> bool:
        """Tell whether the cue may speak of a term of these words."""
        return not self.only or any(
            word in self.only or any(word.endswith(part[1:]) for part in self.only if part[0] == "*")
            for word in term
        )


@dataclass(frozen=True, slots=True)
class Break:
    """Words at which scopes end.

    `where` is `anywhere`, `opener` (first in a segment, or after "and") or `predicate` (the whole
    segment up to the comma before has a verb of its own) or `attribute` (leads on to a term that a
    verb farther behind is not said of). A `weak` break yields to an "or" list; a `shy` one also to
    a list of three or more.
    """

    id: str
    ends: frozenset[str]
    where: str
    direction: str
    weak: bool
    shy: bool
    spares: frozenset[str]
    examples: tuple[MarkedText, ...] = field(repr=False)
    stops: frozenset[str] = field(init=False)  # kinds of cue whose scopes end there

    def __post_init__(self) -> None:
        """Tell once what follows from the entry."""
        kinds = frozenset[str]()
        if self.where != "attribute":
            kinds = frozenset(kind for kind, axis in AXIS_OF.items() if axis in self.ends) - self.spares
        object.__setattr__(self, "stops", kinds)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that `process` needs; the trie numbers cues and breaks as they stand here."""

    cues: tuple[Cue, ...]
    breaks: tuple[Break, ...]
    classes: Mapping[str, frozenset[str]]
    sections: Mapping[SectionCategory, tuple[str, str]]
    trie: PhraseTrie
    # by kind of scope and number, the breaks at which it ends going forward, and begins going backward
    ends: Mapping[str, Mapping[int, Break]]
    begins: Mapping[str, Mapping[int, Break]]


def _marked(file: str, entry: Mapping[str, Any], key: str) -> tuple[MarkedText, ...]:
    given = entry.get(key, [])
    sentences = given if isinstance(given, list) else [given]
    return tuple(read_marked(str(text), f"{file}, entry {entry['id']}, {key}") for text in sentences)


def _kind(entry: Mapping[str, Any], sets: Mapping[str, str]) -> str:
    if "kind" in entry:
        return str(entry["kind"])
    first = next(iter(sets.values()), "none")
    return _KIND_OF.get(first, first)


def _read_cue(entry: Mapping[str, Any], classes: Mapping[str, frozenset[str]]) -> Cue:
    check_entry(
        _CUES,
        entry,
        required=("id", "sets", "match", "direction", "why", "example"),
        optional=_OPTIONAL,
    )
    name = str(entry["id"])
    check_truth(_CUES, entry, "weak", "spares_owned", "inside", "trails")
    sets = {str(axis): str(value) for axis, value in (entry["sets"] or {}).items()}
    for axis, value in sets.items():
        check_choice(_CUES, name, "axis", axis, AXES)
        check_choice(_CUES, name, axis, value, _VALUES[axis])
    kind = _kind(entry, sets)
    check_choice(_CUES, name, "kind", kind, _KINDS)
    check_choice(_CUES, name, "direction", entry["direction"], ("forward", "backward", "both"))
    check_choice(_CUES, name, "reach", entry.get("reach", "clause"), ("unit", "clause", "phrase", "next"))
    only = str(entry.get("only", ""))
    check_choice(_CUES, name, "only", only, ("", *classes))
    return Cue(
        id=name,
        kind=kind,
        sets=tuple(sets.items()),
        direction=str(entry["direction"]),
        reach=str(entry.get("reach", "clause")),
        weak=bool(entry.get("weak", False)),
        spares_owned=bool(entry.get("spares_owned", False)),
        inside=bool(entry.get("inside", False)),
        trails=bool(entry.get("trails", False)),
        only=classes.get(only, frozenset()),
        not_written=frozenset(map(str, entry.get("not_written", ()))),
        examples=_marked(_CUES, entry, "example"),
        near_misses=_marked(_CUES, entry, "near_misses"),
        match=tuple(map(str, entry["match"])),
    )


def _read_break(entry: Mapping[str, Any]) -> Break:
    check_entry(
        _SCOPES,
        entry,
        required=("id", "match", "ends", "where", "why", "example"),
        optional=("direction", "weak", "shy", "unless", "spares"),
    )
    name = str(entry["id"])
    for axis in entry["ends"]:
        check_choice(_SCOPES, name, "ends", axis, AXES)
    for kind in entry.get("spares", ()):
        check_choice(_SCOPES, name, "spares", kind, _KINDS)
    check_choice(_SCOPES, name, "where", entry["where"], ("anywhere", "opener", "predicate", "attribute"))
    check_choice(_SCOPES, name, "direction", entry.get("direction", "both"), ("forward", "backward", "both"))
    return Break(
        id=name,
        ends=frozenset(entry["ends"]),
        where=str(entry["where"]),
        direction=str(entry.get("direction", "both")),
        weak=bool(entry.get("weak", False)),
        shy=bool(entry.get("shy", False)),
        spares=frozenset(entry.get("spares", ())),
        examples=_marked(_SCOPES, entry, "example"),
    )


def _read_sections(entries: list[Mapping[str, Any]]) -> dict[SectionCategory, tuple[str, str]]:
    effects: dict[SectionCategory, tuple[str, str]] = {}
    for entry in entries:
        check_entry(_SCOPES, entry, required=("id", "sets", "why"))
        name = str(entry["id"])
        check_choice(_SCOPES, name, "section", name, [item.value for item in SectionCategory])
        ((axis, value),) = entry["sets"].items()
        check_choice(_SCOPES, name, "axis", axis, AXES)
        check_choice(_SCOPES, name, axis, value, _VALUES[axis])
        effects[SectionCategory(name)] = (str(axis), str(value))
    return effects


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """Return the vocabulary that ships with Corrin, read once.

    Raises:
        KnowledgeError: an entry is wrong; the message names file and entry.
    """
    cue_data: list[Mapping[str, Any]] = load_yaml("nlp.context", "cues.yaml")
    scope_data: Mapping[str, list[Mapping[str, Any]]] = load_yaml("nlp.context", "scopes.yaml")
    return build_vocabulary(cue_data, scope_data)


def build_vocabulary(
    cue_data: list[Mapping[str, Any]], scope_data: Mapping[str, list[Mapping[str, Any]]]
) -> Vocabulary:
    """Check the content of both files and build the trie.

    Raises:
        KnowledgeError: an entry is wrong; the message names file and entry.
    """
    check_unique(_CUES, cue_data)
    for part in ("classes", "breaks", "sections"):
        if part not in scope_data:
            raise KnowledgeError(f"{_SCOPES}: lacks the part {part}; see the file's head")
        check_unique(_SCOPES, scope_data[part])
    classes = {str(entry["id"]): frozenset(map(str, entry["words"])) for entry in scope_data["classes"]}
    cues = tuple(_read_cue(entry, classes) for entry in cue_data)
    breaks = tuple(map(_read_break, scope_data["breaks"]))
    trie = PhraseTrie(classes)
    for file, role, veto, data in (
        (_CUES, CUE, NO_CUE, cue_data),
        (_SCOPES, BREAK, NO_BREAK, scope_data["breaks"]),
    ):
        for number, entry in enumerate(data):
            where = f"{file}, entry {entry['id']}"
            for key, wanted in (("match", role), ("unless", veto)):
                if not isinstance(entry.get(key, []), list):
                    raise KnowledgeError(f"{where}: {key} must be a list of phrases in [ ]")
                for phrase in entry.get(key, ()):
                    if not isinstance(phrase, str):  # YAML reads a bare no or on as false or true
                        raise KnowledgeError(
                            f"{where}: {key} holds {phrase!r}, which is no text; put it in quotes"
                        )
                    trie.add(phrase, wanted, number, where)
    return Vocabulary(
        cues,
        breaks,
        classes,
        _read_sections(scope_data["sections"]),
        trie,
        _breaks_of(breaks, unless="backward"),
        _breaks_of(breaks, unless="forward"),
    )


def _breaks_of(breaks: Sequence[Break], *, unless: str) -> dict[str, dict[int, Break]]:
    """Return by kind and number the breaks that stop its scopes, save those of one direction."""
    return {
        kind: {n: b for n, b in enumerate(breaks) if kind in b.stops and b.direction != unless}
        for kind in AXIS_OF
    }


def meet_examples() -> None:
    """Let the phrases meet the sentences of the knowledge, so that notes find many of their steps made."""
    vocabulary = load_vocabulary()
    for cue in vocabulary.cues:
        for example in (*cue.examples, *cue.near_misses):
            vocabulary.trie.find(read_tokens(normalise(example.text)).words)
