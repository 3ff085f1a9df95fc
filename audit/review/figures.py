"""The figures of a review, from reviewed rows only: errors of encounters, providers, coders, with limits.

An encounter is in error when a reviewer confirms that one of its codes is wrong or missing. It counts once
each of its findings in the workbook is settled; what needs a record, or is not settled, counts nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.review.agreement import Agreement, agreement
from audit.review.issue import Issue
from audit.review.ledger import Settled
from audit.review.rates import Rate, rate
from audit.review.rows import RIGHT, Findings, is_code, unit_of
from audit.review.sample import UNSAID

LEAST = 30
"""Reviewed encounters below which nobody is ranked."""


@dataclass(frozen=True, slots=True)
class Group:
    """A provider or coder, or a stratum: how many reviewed encounters, how many in error."""

    name: str = field(repr=False)
    rate: Rate
    over: int
    under: int
    ranked: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What a review comes to. The three denominators are `read`, `in_scope` and `assessed`, in encounters."""

    read: int
    in_scope: int
    assessed: int
    sampled: int | None
    used: int
    waiting: int
    not_settled: int
    need_record: int
    errors: Rate
    weighted: float | None
    over: int
    under: int
    by_stratum: tuple[Group, ...]
    by_provider: tuple[Group, ...]
    by_coder: tuple[Group, ...]
    by_verdict: tuple[tuple[str, Rate], ...]
    dispositions: tuple[tuple[str, int], ...]
    agreement: Agreement
    is_random: bool
    least: int
    confidence: float


def is_error(row: Mapping[str, Any], settled: Settled) -> bool | None:
    """Say whether a settled finding is an error of the claim; None where a record or a query must decide.

    Who agrees that a code is wrong, or disagrees that it is right, finds an error; corrected codes that
    are the billed one take that back. What competent coders may see either way is none.
    """
    if settled.disposition in (None, "need-record"):
        return None
    says_wrong = row["verdict"] not in RIGHT
    if settled.disposition == "agree":
        return says_wrong
    if settled.disposition == "disagree":
        billed = _plain(row["billed_code"])
        corrected = settled.corrected_codes
        if corrected is not None and row["billed_code"] is not None:
            return [_plain(code) for code in corrected] != [billed]
        return not says_wrong
    return False


def figures(
    findings: Findings,
    issue: Issue,
    settled: Mapping[str, Settled],
    *,
    least: int = LEAST,
    confidence: float = 0.95,
) -> Figures:
    """Return the figures of the encounters of one workbook."""
    rows = findings.of(issue.rows)
    by_unit: dict[str, list[Mapping[str, Any]]] = {}
    for row in filter(is_code, rows):
        by_unit.setdefault(unit_of(row), []).append(row)
    state = {unit: _state(found, settled) for unit, found in by_unit.items()}
    chosen, is_random = _chosen(issue, state, by_unit)
    done = {unit: by_unit[unit] for unit in chosen if state[unit] in ("error", "right")}
    wrong = {unit for unit in done if state[unit] == "error"}
    frame = issue.frame if is_random else None
    reviewed = [row for row in rows if row["finding"] in settled]
    strata = (
        {d["unit"]: d["stratum"] for d in issue.sample["drawn"]}
        if issue.sample and issue.sample["by"]
        else {}
    )
    sizes: Mapping[str, int] = issue.sample["strata"] if strata and issue.sample else {}

    def grouped(names: Mapping[str, str], frames: Mapping[str, int] | None = None) -> tuple[Group, ...]:
        return _groups(done, wrong, names, least, confidence, frames, settled)

    by_stratum = grouped({unit: strata[unit] or UNSAID for unit in done}, sizes) if strata else ()
    return Figures(
        read=findings.units,
        in_scope=len(findings.frame()),
        assessed=len(done),
        sampled=issue.sample["size"] if issue.sample else None,
        used=len(chosen),
        waiting=sum(1 for unit in chosen if state[unit] == "waiting"),
        not_settled=sum(1 for unit in chosen if state[unit] == "differ"),
        need_record=sum(1 for value in state.values() if value == "record"),
        errors=rate(len(wrong), len(done), frame=None if strata else frame, confidence=confidence),
        weighted=_weighted(by_stratum, sizes) if strata else None,
        over=_directed(done, wrong, settled, "over"),
        under=_directed(done, wrong, settled, "under"),
        by_stratum=by_stratum,
        by_provider=grouped(_names(done, "provider")),
        by_coder=grouped(_names(done, "coder")),
        by_verdict=_by_verdict(reviewed, settled, confidence),
        dispositions=tuple(
            sorted(Counter(settled[row["finding"]].disposition or "not settled" for row in reviewed).items())
        ),
        agreement=agreement(
            [
                (one.first.disposition, one.second.disposition)
                for row in reviewed
                if (one := settled[row["finding"]]).second is not None
            ]
        ),
        is_random=is_random,
        least=least,
        confidence=confidence,
    )


def _state(rows: Sequence[Mapping[str, Any]], settled: Mapping[str, Settled]) -> str:
    """Return `waiting`, `differ`, `record`, `error` or `right` for an encounter."""
    found = [settled.get(row["finding"]) for row in rows]
    if any(one is None for one in found):
        return "waiting"
    words = [one.disposition for one in found if one is not None]
    if None in words:
        return "differ"
    if "need-record" in words:
        return "record"
    pairs = zip(rows, (one for one in found if one is not None), strict=True)
    return "error" if any(is_error(row, one) for row, one in pairs) else "right"


def _chosen(issue: Issue, state: Mapping[str, str], by_unit: Mapping[str, Any]) -> tuple[list[str], bool]:
    """Return the encounters that count, and whether they stand for the frame.

    Of a sample the first `size` count; where one cannot be reviewed for want of a record, the next spare
    does, in order. Without a sample they stand for the frame only where all of it was reviewed.
    """
    if issue.sample is None:
        whole = not issue.partial and all(value in ("error", "right") for value in state.values())
        return list(by_unit), whole and len(by_unit) == issue.frame
    main = [d["unit"] for d in issue.sample["drawn"] if not d["spare"]]
    spares = [d["unit"] for d in issue.sample["drawn"] if d["spare"]]
    kept = [unit for unit in main if state[unit] != "record"]
    usable = [unit for unit in spares if state[unit] != "record"]
    return kept + usable[: len(main) - len(kept)], True


def _names(units: Mapping[str, Sequence[Mapping[str, Any]]], key: str) -> dict[str, str]:
    return {unit: str(next((r[key] for r in rows if r.get(key)), UNSAID)) for unit, rows in units.items()}


def _groups(
    done: Mapping[str, Sequence[Mapping[str, Any]]],
    wrong: set[str],
    names: Mapping[str, str],
    least: int,
    confidence: float,
    frames: Mapping[str, int] | None,
    settled: Mapping[str, Settled],
) -> tuple[Group, ...]:
    """Return the groups: those with enough reviewed by their rate, then the others by name."""
    groups = []
    for name in sorted(set(names.values())):
        units = {unit: done[unit] for unit in done if names[unit] == name}
        bad = wrong & units.keys()
        size = frames.get(name) if frames else None
        found = rate(len(bad), len(units), frame=size, confidence=confidence)
        over, under = (_directed(units, bad, settled, way) for way in ("over", "under"))
        groups.append(Group(name, found, over, under, len(units) >= least))
    return tuple(
        sorted(groups, key=lambda g: (not g.ranked, -(g.rate.value or 0) if g.ranked else 0, g.name))
    )


def _directed(
    units: Mapping[str, Sequence[Mapping[str, Any]]],
    wrong: set[str],
    settled: Mapping[str, Settled],
    way: str,
) -> int:
    """Count the encounters with a confirmed error of a direction."""
    return sum(
        any(row["direction"] == way and is_error(row, settled[row["finding"]]) for row in units[unit])
        for unit in wrong
    )


def _weighted(groups: Sequence[Group], sizes: Mapping[str, int]) -> float | None:
    """Return the rate of the frame: each stratum's by its share. None while one has none reviewed."""
    values = {group.name: group.rate.value for group in groups}
    if any(values.get(name) is None for name in sizes):
        return None
    return sum((values[name] or 0.0) * size for name, size in sizes.items()) / sum(sizes.values())


def _by_verdict(
    rows: Sequence[Mapping[str, Any]], settled: Mapping[str, Settled], confidence: float
) -> tuple[tuple[str, Rate], ...]:
    """Return of each verdict how often reviewers agree with it, of the rows that they settled."""
    found: dict[str, list[bool]] = {}
    for row in rows:
        word = settled[row["finding"]].disposition
        if word in ("agree", "disagree"):
            name = str(row["verdict"]) if is_code(row) else f"{row['hold'] or 'claim line'}: {row['verdict']}"
            found.setdefault(name, []).append(word == "agree")
    return tuple((name, rate(sum(v), len(v), confidence=confidence)) for name, v in sorted(found.items()))


def _plain(code: object) -> str:
    return str(code or "").replace(".", "").upper()
