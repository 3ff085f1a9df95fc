"""Read `analytes.yaml` and compile its names into one pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import digits
from typing import Any

from nlp.errors import KnowledgeError
from nlp.heads import Head, Heads, head_of, read_heads
from nlp.knowledge import (
    check_choice,
    check_entry,
    check_known,
    check_list,
    check_truth,
    check_unique,
    load_yaml,
)
from nlp.literals import CLOSES, OPENS
from nlp.sieve import heads

_WORD = re.compile("[a-z0-9]+")
_SEPARATORS = re.compile(r"[\s\-]+")
_SHORT = 4  # letters of a name
_MOST_BLANKS = 3  # or hyphens for a blank of a name
FILE = "analytes.yaml"


@dataclass(frozen=True, slots=True)
class Analyte:
    """An entry of the data file: one way in which an analyte is measured."""

    id: str
    analyte: str
    title: str | None  # what a reader is shown; the first entry of an analyte has it
    names: tuple[str, ...]
    exact: tuple[str, ...]
    unit: str
    units: Mapping[str, float]  # canonical unit to factor; holds `unit` itself with 1
    low: float | None
    high: float | None
    plausible: tuple[float, float] | None
    anchor: bool
    drug: bool
    doses: frozenset[float]
    thresholds: frozenset[float]  # bounds that definitions and goals speak of
    is_qualitative: bool
    example: str


@dataclass(frozen=True, slots=True)
class Name:
    """What a spelling stands for: analytes (two for a pair), or none for what is not ours."""

    entry: str
    analytes: tuple[Analyte, ...]
    exact: frozenset[str]  # spellings in this case only; empty: any case
    is_behind: bool = False  # counts only close behind another name of ours
    stands_for: Analyte | None = None  # a drug whose "level" is this analyte's

    @property
    def is_ours(self) -> bool:
        """Whether a value may be read of it."""
        return bool(self.analytes) or self.stands_for is not None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All entries, the spellings, and what finds them in lower-case text."""

    analytes: tuple[Analyte, ...]
    names: Mapping[str, tuple[Name, ...]]
    pattern: re.Pattern[str]
    heads: Heads  # with which a match begins
    ours: Heads  # with which a name of ours begins, or of what stands for it
    numbered: frozenset[str]  # letters of those whose words are numbers too, which may have to be mended
    anchors: re.Pattern[str]


@lru_cache(maxsize=4096)  # the names of a note are short and few
def spelling(text: str) -> str:
    """Return the key under which a written name stands: lower case, blanks and hyphens as one blank."""
    return _SEPARATORS.sub(" ", text.lower()).strip()


def _trie_pattern(words: Iterable[str]) -> str:
    """Return a pattern that matches the longest of `words`, without trying them one by one."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}

    def emit(node: dict[str, Any]) -> str:
        branches = []
        for char in sorted(node):
            if char:
                literal = rf"[\s\-]{{1,{_MOST_BLANKS}}}" if char == " " else re.escape(char)
                branches.append(literal + emit(node[char]))
        if not branches:
            return ""
        body = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
        return body + ("?" if "" in node else "")

    return emit(root)


def _bounds(entry: Mapping[str, Any]) -> tuple[float, float] | None:
    value = entry["plausible"]
    if value is None:
        return None
    is_pair = isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))
    if not is_pair or not value[0] < value[1]:
        raise KnowledgeError(f"{FILE}, entry {entry['id']}: plausible must be [lowest, highest] or null")
    return float(value[0]), float(value[1])


def _check_numbers(entry: Mapping[str, Any]) -> None:
    """Refuse bounds, doses and thresholds that are no numbers, and an interval that ends before it begins."""
    name = entry["id"]
    for key in ("low", "high"):
        if entry[key] is not None and not _is_number(entry[key]):
            raise KnowledgeError(f"{FILE}, entry {name}: {key} must be a number, or null for none")
    if None not in (entry["low"], entry["high"]) and not entry["low"] < entry["high"]:
        raise KnowledgeError(f"{FILE}, entry {name}: low {entry['low']} is not below high {entry['high']}")
    for key in ("doses", "thresholds"):
        values = entry.get(key, [])
        if not isinstance(values, list) or not all(map(_is_number, values)):
            raise KnowledgeError(f"{FILE}, entry {name}: {key} must be a list of numbers in [ ]")
    if not isinstance(entry["units"], Mapping):
        raise KnowledgeError(f"{FILE}, entry {name}: units must map units to factors, {{}} for none")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _titled(entries: Any) -> frozenset[str]:
    """The analytes that an entry gives a title; refuses a second one."""
    if not isinstance(entries, list):
        raise KnowledgeError(f"{FILE}: analytes must be a list of entries, each a mapping with an id")
    titled: set[str] = set()
    for entry in entries:
        if isinstance(entry, Mapping) and "title" in entry:
            name = str(entry.get("analyte"))
            if name in titled:
                raise KnowledgeError(
                    f"{FILE}, entry {entry.get('id')}: {name} has its title already; leave it out"
                )
            titled.add(name)
    return frozenset(titled)


def _analyte(entry: Mapping[str, Any], titled: frozenset[str]) -> Analyte:
    check_entry(
        FILE,
        entry,
        required=(
            "id",
            "analyte",
            "names",
            "unit",
            "units",
            "low",
            "high",
            "plausible",
            "anchor",
            "source",
            "example",
        ),
        optional=("title", "exact", "behind", "drug", "doses", "thresholds", "result"),
    )
    where = "the entries that have a title; give it one where it is new"
    check_known(FILE, entry["id"], "analyte", entry["analyte"], titled, where=where)
    check_list(FILE, entry, "names", "exact", "behind")
    check_truth(FILE, entry, "anchor", "drug", "result")
    _check_numbers(entry)
    units = {entry["unit"]: 1.0}
    for unit, factor in entry["units"].items():
        if not _is_number(factor) or factor <= 0:
            raise KnowledgeError(f"{FILE}, entry {entry['id']}: unit {unit} needs a factor above 0")
        units[unit] = float(factor)
    return Analyte(
        id=entry["id"],
        analyte=entry["analyte"],
        title=entry.get("title"),
        names=tuple(entry["names"]),
        exact=tuple(entry.get("exact", ())),
        unit=entry["unit"],
        units=units,
        low=entry["low"],
        high=entry["high"],
        plausible=_bounds(entry),
        anchor=bool(entry["anchor"]),
        drug=bool(entry.get("drug", False)),
        doses=frozenset(float(dose) for dose in entry.get("doses", ())),
        thresholds=frozenset(float(bound) for bound in entry.get("thresholds", ())),
        is_qualitative=bool(entry.get("result", False)),
        example=entry["example"],
    )


def _compile_anchors(analytes: Iterable[Analyte]) -> re.Pattern[str]:
    loose: set[str] = set()
    exact: set[str] = set()
    for analyte in analytes:
        if analyte.anchor:
            loose.update(spelling(name) for name in analyte.names)
            exact.update(analyte.exact)
    return re.compile(
        rf"(?<![A-Za-z0-9])(?:(?i:{_trie_pattern(sorted(loose))})"
        rf"|(?:{_trie_pattern(sorted(exact))}))(?![A-Za-z]|(?<=\d)\d)"
    )


def build(data: Mapping[str, Any]) -> Knowledge:
    """Check the content of the data file and compile it.

    Raises:
        KnowledgeError: names the file, the entry and what is wrong with it.
    """
    titled = _titled(data["analytes"])
    check_unique(FILE, [*data["analytes"], *data["pairs"], *data["others"]])
    analytes = tuple(_analyte(entry, titled) for entry in data["analytes"])
    by_id = {analyte.id: analyte for analyte in analytes}
    names: dict[str, list[Name]] = {}

    def add(entry_id: str, loose: Iterable[str], exact: Iterable[str], targets: tuple[Analyte, ...],
            stands_for: Analyte | None = None) -> None:  # fmt: skip
        for name in loose:
            names.setdefault(spelling(name), []).append(
                Name(entry_id, targets, frozenset(), stands_for=stands_for)
            )
        for name in exact:
            names.setdefault(spelling(name), []).append(
                Name(entry_id, targets, frozenset({name}), stands_for=stands_for)
            )

    for analyte in analytes:
        add(analyte.id, analyte.names, analyte.exact, (analyte,))
    for entry in data["analytes"]:
        for name in entry.get("behind", ()):
            target = by_id[entry["id"]]
            names.setdefault(spelling(name), []).append(
                Name(entry["id"], (target,), frozenset(), is_behind=True)
            )
    for entry in data["pairs"]:
        check_entry(FILE, entry, required=("id", "analytes", "names", "example"))
        check_list(FILE, entry, "analytes", "names")
        for target in entry["analytes"]:
            check_choice(FILE, entry["id"], "analyte", target, by_id)
        add(entry["id"], entry["names"], (), tuple(by_id[target] for target in entry["analytes"]))
    for entry in data["others"]:
        check_entry(FILE, entry, required=("id", "why", "names", "example"), optional=("exact", "stands_for"))
        check_list(FILE, entry, "names", "exact")
        if "stands_for" in entry:
            check_choice(FILE, entry["id"], "stands_for", entry["stands_for"], by_id)
        alias = by_id[entry["stands_for"]] if "stands_for" in entry else None
        add(entry["id"], entry["names"], entry.get("exact", ()), (), alias)
    for key, uses in names.items():
        loose = [use.entry for use in uses if not use.exact]
        if len(loose) > 1:
            raise KnowledgeError(f'{FILE}, entry {loose[1]}: the name "{key}" already belongs to {loose[0]}')
    pattern = re.compile(rf"(?<![a-z0-9.])(?:{_trie_pattern(sorted(names))})(?![a-z])")
    by_name = {name: tuple(uses) for name, uses in names.items()}
    ours = [name for name, uses in names.items() if any(use.is_ours for use in uses)]
    return Knowledge(
        analytes,
        by_name,
        pattern,
        read_heads(_heads(names)),
        read_heads(_heads(ours)),
        read_heads(_beside_numbers(ours)).letters,
        _compile_anchors(analytes),
    )


def _heads(names: Iterable[str]) -> Iterator[Head]:
    """How names begin."""
    for name in names:
        for letters in _openings(name):
            yield head_of(name, letters, _MOST_BLANKS)


def _beside_numbers(names: Iterable[str]) -> Iterator[Head]:
    """The first word that is no number of names with a number of their own: it may yet have to be mended."""
    for name in names:
        words = _WORD.findall(name)
        plain = [word for word in words if not word.isdigit()]
        if not plain:
            raise KnowledgeError(f'{FILE}: the name "{name}" is a number; give it a word')
        if len(plain) < len(words):
            last = name.endswith(plain[0])
            yield from map(Head, _openings(plain[0]) if last else (OPENS + plain[0] + CLOSES,))


def _openings(name: str) -> Iterator[str]:
    """Letters with which a name stands in a text; a digit may follow a name, and no letter."""
    if len(name) < _SHORT and name.isalnum():  # as the beginning of a longer word they stand everywhere
        yield OPENS + name + CLOSES
        yield from (OPENS + name + digit for digit in digits)
    else:
        yield from heads(name, whole=False)


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """Return the compiled data file, read once."""
    return build(load_yaml("nlp.labs", FILE))


@lru_cache(maxsize=1)
def analyte_titles() -> Mapping[str, str]:
    """Return what a reader is shown for each analyte, in the order of the data file."""
    return {one.analyte: one.title for one in knowledge().analytes if one.title is not None}


def analyte_pattern() -> re.Pattern[str]:
    """Return a pattern that finds, in raw text, every name of an analyte that is an anchor."""
    return knowledge().anchors
