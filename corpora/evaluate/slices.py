"""The same outcomes cut by who wrote the note, how, by family of code, band, rule and time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from corpora.evaluate.figures import measure
from suggest.release.scope import families, family

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from corpora.evaluate.outcome import Outcome

GROUP_FIGURES = ("exact", "precision", "recall", "f1", "trap_rate", "query_recall", "evidence_hit")
BY: Mapping[str, Callable[[Outcome], str | None]] = {
    "split": lambda o: o.split,
    "author": lambda o: o.author,
    "style": lambda o: o.style,
    "setting": lambda o: o.setting,
}
STATES = ("current", "history", "both", "neither")
_RULE_TAG = re.compile(r"[PRSTQ]\d+|D-\d+")


def by_group(outcomes: Sequence[Outcome]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return figures for each split, author, style and setting; what is unknown is left out."""
    return {name: _groups(outcomes, key) for name, key in BY.items()}


def _groups(outcomes: Sequence[Outcome], key: Callable[[Outcome], str | None]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        name = key(outcome)
        if name is not None:
            groups[name].append(outcome)
    return {name: _row(groups[name]) for name in sorted(groups)}


def _row(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    figures = measure(outcomes)
    return {"notes": len(outcomes), **{name: figures[name].value for name in GROUP_FIGURES}}


def by_code(outcomes: Iterable[Outcome]) -> dict[str, dict[str, Any]]:
    """Return what was found, missed and added for each code."""
    counts = {what: Counter[str]() for what in ("found", "missed", "added")}
    for outcome in outcomes:
        counts["found"].update(outcome.found)
        counts["missed"].update(outcome.missed)
        counts["added"].update(outcome.added)
    codes = sorted({code for counter in counts.values() for code in counter})
    return {
        code: {"family": family(code), **_rates(*(counts[what][code] for what in counts))} for code in codes
    }


def by_family(codes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the same by family of code, in the order of the scope."""
    sums: dict[str, list[int]] = {}
    for row in codes.values():
        total = sums.setdefault(row["family"], [0, 0, 0])
        for place, what in enumerate(("found", "missed", "added")):
            total[place] += row[what]
    return {name: _rates(*sums[name]) for name in families() if name in sums}


def _rates(found: int, missed: int, added: int) -> dict[str, Any]:
    return {
        "found": found,
        "missed": missed,
        "added": added,
        "precision": _share(found, found + added),
        "recall": _share(found, found + missed),
        "f1": _share(2 * found, 2 * found + missed + added),
    }


def by_band(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    """Return for each band how many suggestions are right, and what share of the required codes they are."""
    required = sum(len(outcome.required) for outcome in outcomes)
    counts: dict[str, list[int]] = {}
    for outcome in outcomes:
        for candidate in outcome.candidates:
            if candidate.counted:
                row = counts.setdefault(candidate.band or "none", [0, 0])
                row[0] += 1
                row[1] += candidate.right
    return {
        name: {
            "suggestions": all_,
            "right": right,
            "precision": _share(right, all_),
            "share_of_required": _share(right, required),
        }
        for name, (all_, right) in sorted(counts.items())
    }


def by_rule(outcomes: Iterable[Outcome]) -> dict[str, dict[str, Any]]:
    """Return for each rule that a suggestion names how many of them are right."""
    counts: dict[str, list[int]] = {}
    for outcome in outcomes:
        for candidate in outcome.candidates:
            for rule in candidate.rules if candidate.counted else ():
                row = counts.setdefault(rule, [0, 0])
                row[0] += 1
                row[1] += candidate.right
    return {
        rule: {"suggestions": all_, "right": right, "wrong": all_ - right, "precision": _share(right, all_)}
        for rule, (all_, right) in sorted(counts.items())
    }


def by_tag(outcomes: Iterable[Outcome]) -> dict[str, dict[str, Any]]:
    """Return for each rule, ruling or phrase that a note was written to show how many came out exact."""
    counts: dict[str, list[int]] = {}
    for outcome in outcomes:
        for tag in outcome.tags:
            if _RULE_TAG.fullmatch(tag):
                row = counts.setdefault(tag, [0, 0])
                row[0] += 1
                row[1] += outcome.is_exact
    return {
        tag: {"notes": all_, "exact": exact, "share": _share(exact, all_)}
        for tag, (all_, exact) in sorted(counts.items())
    }


def confusion(outcomes: Iterable[Outcome]) -> dict[str, dict[str, dict[str, int]]]:
    """Return for each group of conditions how often the gold's time (row) met the answer's (column)."""
    tables: dict[str, dict[str, dict[str, int]]] = {}
    for outcome in outcomes:
        for group, gold, given in outcome.states:
            empty = {row: dict.fromkeys(STATES, 0) for row in STATES}
            tables.setdefault(group, empty)[gold][given] += 1
    return tables


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None
