"""Read the drug names, dose vocabulary and cues that lie beside this module."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from nlp.errors import KnowledgeError
from nlp.facts import MedicationStatus
from nlp.heads import Named, heads_of
from nlp.knowledge import check_choice, check_entry, check_list, check_truth, check_unique, load_yaml
from nlp.medications.trie import MOST_BLANKS, names_pattern
from nlp.patterns import spaced, wrong_part, wrong_pattern

_PACKAGE = "nlp.medications"
_DRUGS, _SIGNATURE, _CUES = "drugs.yaml", "signature.yaml", "cues.yaml"
_MOST_KNOWN = 4096
_SEPARATORS = re.compile(r"[\s-]+")

DRUG_CLASSES = (
    *("b12", "oral_iron", "iv_iron", "folate", "b_complex", "multivitamin", "metformin", "oral_hypoglycemic"),
    *("ppi", "h2ra", "hydantoin", "antineoplastic", "colchicine", "sulfasalazine", "trimethoprim"),
    *("cholestyramine", "nitrous_oxide", "esa", "transfusion", "none"),
)
ROUTES = ("IM", "SC", "PO", "IV", "IN", "SL")
STATUSES = (*(status.value for status in MedicationStatus), "given_now", "negated", "other")


@dataclass(frozen=True, slots=True)
class Drug:
    """One drug of `drugs.yaml`; `unless` holds words nearby that make it another thing."""

    id: str
    name: str
    drug_class: str
    route: str | None
    anchor: bool
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A way to write a drug; `reading` is `names`, `guarded` or `bare` (see `drugs.yaml`)."""

    drug: Drug
    reading: str


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say what is done with a drug; `reach` counts the words up to the name."""

    id: str
    status: str
    side: str
    reach: int
    dominates: str | None
    binds: bool
    weak: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A route, a frequency or a form, and the value that it stands for."""

    id: str
    kind: str
    value: str | None


# An alternative that begins with one certain sign: no bar stands outside of a group, no group in another.
_OPENS_SO = re.compile(r"([a-z0-9])(?![?*{])(?:[^|()]|\(\?:[^()]*\))*")


class _Alternative:
    """A way to write an entry, compiled when something may be written so."""

    def __init__(self, match: str, entry: Any) -> None:
        self.match = match
        self.entry = entry
        self._sign = _sign_of(match)
        if match.endswith("\\") or any(match.count(a) != match.count(b) for a, b in ("()", "[]")):
            _ = self.pattern  # it may be wrong, and its neighbour's mistake hide that

    def may_be(self, matched: str) -> bool:
        """Return False only where `matched` cannot be written so."""
        return matched.startswith(self._sign)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The alternative by itself."""
        return spaced(self.match)


def _sign_of(match: str) -> str:
    """Return the sign with which an alternative begins, "" where it may be one of several."""
    opens = _OPENS_SO.fullmatch(match)
    return opens.group(1) if opens else ""


def _by_sign(matches: Sequence[str]) -> str:
    """Write alternatives so that those are tried, in their order, that can begin with the sign there."""
    signs = [_sign_of(match) for match in matches]
    groups = [
        f"(?={sign})(?:{'|'.join(m for m, its in zip(matches, signs, strict=True) if its in (sign, ''))})"
        for sign in sorted(set(signs) - {""})
    ]
    return "|".join([*groups, *(match for match, sign in zip(matches, signs, strict=True) if not sign)])


class Lexicon:
    """Many alternatives as one pattern, for text in lower case; longest first.

    The pattern has no groups and no case folding, which makes it several times faster; what was
    matched leads back to its entry by `entry_of`, which remembers.
    """

    def __init__(self, file: str, pairs: Iterable[tuple[str, Any]], frame: str) -> None:
        ordered = sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0]))
        try:
            self.pattern = spaced(frame % _by_sign([match for match, _ in ordered]))
        except re.error as error:
            wrong = next((p for p in ordered if wrong_part(p[0]) is not None), ("", None))
            where = f"{file}, entry {wrong[1].id}" if wrong[1] is not None else file
            raise wrong_pattern(where, [match for match, _ in ordered], error) from error
        self._entries = [_Alternative(match, entry) for match, entry in ordered]
        self._known: dict[str, Any] = {}

    def compile(self) -> None:
        """Have each alternative ready."""
        for one in self._entries:
            _ = one.pattern

    def entry_of(self, matched: str) -> Any:
        """Return the entry whose alternative `matched` is."""
        if matched not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[matched] = next(
                one.entry for one in self._entries if one.may_be(matched) and one.pattern.fullmatch(matched)
            )
        return self._known[matched]


def key_of(name: str) -> str:
    """Return the spelling under which a name is looked up: lower case, no blanks, no hyphens."""
    return _SEPARATORS.sub("", name.lower())


@lru_cache(maxsize=1)
def drug_entries() -> tuple[dict[str, Any], ...]:
    """Return the checked entries of `drugs.yaml`, in file order.

    Raises:
        KnowledgeError: names the file and the entry that is wrong.
    """
    entries: list[dict[str, Any]] = load_yaml(_PACKAGE, _DRUGS)
    check_drugs(entries)
    return tuple(entries)


def check_drugs(entries: Sequence[Mapping[str, Any]]) -> None:
    """Refuse entries of `drugs.yaml` that lack a key, repeat an id or name an unknown class or route.

    Raises:
        KnowledgeError: names the file and the entry that is wrong.
    """
    check_unique(_DRUGS, entries)
    for entry in entries:
        check_entry(
            _DRUGS, entry,
            required=("id", "drug", "drug_class", "source", "example"),
            optional=("names", "guarded", "bare", "route", "anchor", "unless"),
        )  # fmt: skip
        check_list(_DRUGS, entry, "names", "guarded", "bare", "unless")
        check_truth(_DRUGS, entry, "anchor")
        check_choice(_DRUGS, entry["id"], "drug_class", entry["drug_class"], DRUG_CLASSES)
        check_choice(_DRUGS, entry["id"], "route", entry.get("route", ROUTES[0]), ROUTES)
        if not any(entry.get(reading) for reading in ("names", "guarded", "bare")):
            raise KnowledgeError(f"{_DRUGS}, entry {entry['id']}: lists no name; give names, guarded or bare")


@lru_cache(maxsize=1)
def drug_names() -> Mapping[str, Name]:
    """Return every way to write a drug, under its `key_of`.

    Raises:
        KnowledgeError: two entries claim one name.
    """
    found: dict[str, Name] = {}
    for entry in drug_entries():
        drug = Drug(
            id=entry["id"],
            name=entry["drug"],
            drug_class=entry["drug_class"],
            route=entry.get("route"),
            anchor=bool(entry.get("anchor", False)),
            unless=tuple(entry.get("unless", ())),
        )
        for reading in ("names", "guarded", "bare"):
            for name in entry.get(reading, ()):
                other = found.setdefault(key_of(name), Name(drug, reading)).drug
                if other != drug:
                    raise KnowledgeError(
                        f'{_DRUGS}, entry {drug.id}: "{name}" is also a name of {other.id}; keep one'
                    )
    return found


@lru_cache(maxsize=1)
def all_names() -> Named:
    """Return the pattern of every drug name."""
    names = [name.lower() for entry in drug_entries() for name in _written(entry)]
    return Named(names_pattern(names), heads_of(names, MOST_BLANKS))


def anchor_drug_names() -> Iterator[str]:
    """Yield every name that `drug_pattern` finds."""
    for entry in drug_entries():
        if entry.get("anchor"):
            yield from _written(entry)


@lru_cache(maxsize=1)
def drug_pattern() -> re.Pattern[str]:
    """Return the pattern of the anchor drugs (B12, iron and folate), for triage.

    It finds bare names ("iron", "B12", "folate") wherever they stand, as a lab or a deficiency
    too: no note with such a drug escapes it, and `read_medications` decides what is a drug. It
    ignores case and is meant for text that `nlp.view.normalise` has made plain.
    """
    return names_pattern(anchor_drug_names())


@lru_cache(maxsize=1)
def terms() -> Lexicon:
    """Return routes, frequencies and forms as one pattern."""
    data: dict[str, list[dict[str, Any]]] = load_yaml(_PACKAGE, _SIGNATURE)
    pairs: list[tuple[str, Term]] = []
    for kind in ("routes", "frequencies", "forms"):
        check_unique(_SIGNATURE, data[kind])
        for entry in data[kind]:
            check_entry(_SIGNATURE, entry, required=("id", "value", "match", "why", "example"))
            check_list(_SIGNATURE, entry, "match")
            if kind != "frequencies":
                check_choice(_SIGNATURE, entry["id"], "value", entry["value"] or ROUTES[0], ROUTES)
            pairs += [(match, Term(entry["id"], kind, entry["value"])) for match in entry["match"]]
    return Lexicon(_SIGNATURE, pairs, r"(?:%s)(?![\w'])")


@lru_cache(maxsize=2)
def status_cues(side: str) -> Lexicon:
    """Return the status cues that stand before or after a name, as one pattern."""
    pairs: list[tuple[str, Cue]] = []
    for entry in cue_entries()["status"]:
        cue = Cue(
            id=entry["id"],
            status=entry["status"],
            side=entry["side"],
            reach=int(entry.get("reach", 99)),
            dominates=entry.get("dominates"),
            binds=bool(entry.get("binds", False)),
            weak=bool(entry.get("weak", False)),
        )
        if cue.side == side:
            pairs += [(match, cue) for match in entry["match"]]
    return Lexicon(_CUES, pairs, r"(?<![\w'/])(?:%s)(?!\w)")


@lru_cache(maxsize=4)
def context_words(name: str) -> str:
    """Return the alternatives of one `context` entry (`lab.after`, …), longest first."""
    for entry in cue_entries()["context"]:
        if entry["id"] == name:
            return "|".join(sorted(entry["match"], key=len, reverse=True))
    raise KnowledgeError(f"{_CUES}: the entry {name} is missing; add it under context")


@lru_cache(maxsize=1)
def cue_entries() -> Mapping[str, list[dict[str, Any]]]:
    """Return the checked entries of `cues.yaml`.

    Raises:
        KnowledgeError: names the file and the entry that is wrong.
    """
    data: dict[str, list[dict[str, Any]]] = load_yaml(_PACKAGE, _CUES)
    check_unique(_CUES, [*data["context"], *data["status"]])
    for entry in data["context"]:
        check_entry(_CUES, entry, required=("id", "match", "why", "example"))
        check_list(_CUES, entry, "match")
    for entry in data["status"]:
        check_entry(
            _CUES, entry,
            required=("id", "status", "side", "match", "why", "example"),
            optional=("reach", "dominates", "binds", "weak"),
        )  # fmt: skip
        check_list(_CUES, entry, "match")
        check_choice(_CUES, entry["id"], "status", entry["status"], STATUSES)
        check_choice(_CUES, entry["id"], "side", entry["side"], ("before", "after"))
        check_choice(_CUES, entry["id"], "dominates", entry.get("dominates", "phrase"), ("phrase", "clause"))
    return data


def _written(entry: Mapping[str, Any]) -> Iterable[str]:
    for reading in ("names", "guarded", "bare"):
        yield from entry.get(reading, ())
