"""How well an audit finds what was planted: precision and recall by verdict, and whom it accuses falsely."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.call import stamps
from audit.encounter import Settings
from audit.engine import Run, execute
from audit.finding import NO_ERRORS, Verdict
from audit.frames import read_run
from audit.gather import Inputs
from audit.review.rates import rate
from corpora.exports.make import make_export, plain_export
from readers import Given

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpora.exports.make import Export
    from corpora.gold import GoldEncounter

MISSED = Verdict.MISSED_CODE.value
_NO_ERRORS = frozenset(v.value for v in NO_ERRORS)
Found = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Answers:
    """What an audit said: encounter and code → verdict, and billed code → the code beside it."""

    verdicts: Found
    beside: Found

    def tells(self, place: tuple[str, str], right: str) -> bool:
        """Say whether the right code of a wrong one stands beside it, or is told as missed."""
        return self.beside.get(place) == right or self.verdicts.get((place[0], right)) == MISSED


@dataclass(frozen=True, slots=True)
class Score:
    """Of one verdict: how often it was due, given, and given where it was due."""

    verdict: str
    due: int
    given: int
    right: int

    @property
    def precision(self) -> float | None:
        """The part of the given ones that were due."""
        return self.right / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """The part of the due ones that were given."""
        return self.right / self.due if self.due else None


def audit_rows(
    notes: Iterable[dict[str, Any]], billed: Sequence[dict[str, Any]] = (), workers: int = 0
) -> Answers:
    """Audit rows in a folder that is gone afterwards; return what it says."""
    with tempfile.TemporaryDirectory(prefix="corrin-score-") as spare:
        out = Path(spare) / "run"
        execute(
            Run(
                out=out,
                inputs=lambda: Inputs(
                    (Given(f"row {n}", row) for n, row in enumerate(notes, start=1)),
                    lambda: [Given(f"billed row {n}", row) for n, row in enumerate(billed, start=1)],
                ),
                identity="score",
                settings=Settings(cases=False),
                shards=8,
                workers=workers,
                quiet=True,
                told=stamps(None),
            )
        )
        rows = read_run(out).findings.to_dict(orient="records")
    answers = Answers({}, {})
    for row in rows:
        is_billed = isinstance(row["billed_code"], str)
        place = str(row["encounter_id"]), str(row["billed_code"] if is_billed else row["supported_code"])
        answers.verdicts[place] = str(row["verdict"])
        if is_billed:
            answers.beside[place] = str(row["supported_code"])
    return answers


def compared(export: Export, answers: Answers) -> tuple[Found, Found]:
    """Return the verdicts that the key scores, and those of codes that the gold leaves open.

    The right code of a wrong one is scored by itself (`Answers.tells`), wherever it is told.
    """
    found = dict(answers.verdicts)
    for (encounter, _), right in export.better.items():
        if (encounter, right) not in export.key and found.get((encounter, right)) == MISSED:
            del found[encounter, right]
    open_ones = {place: found.pop(place) for place in export.open if place in found}
    return found, open_ones


def score(key: Found, found: Found) -> tuple[Score, ...]:
    """Return the figures of each verdict in the contract's order."""
    due, given = Counter(key.values()), Counter(found.values())
    right = Counter(verdict for place, verdict in found.items() if key.get(place) == verdict)
    return tuple(Score(v.value, due[v.value], given[v.value], right[v.value]) for v in Verdict)


def render(encounters: Sequence[GoldEncounter] | None, seed: int, each: int, workers: int, show: int) -> str:
    """Plant, audit, and tell the figures.

    Args:
        encounters: coded encounters of the caller; None for our own corpus with the written notes.
        seed: of the planting.
        each: encounters of one kind of error at most.
        workers: processes; 0 for none.
        show: how many differences to list by id.
    """
    export = make_export(encounters, seed=seed, each=each, written=encounters is None)
    answers = audit_rows(export.notes, export.billed, workers)
    found, open_ones = compared(export, answers)
    scores = score(export.key, found)
    lines = [
        f"{len(export.kinds)} encounters with planted errors (seed {seed}), {len(export.key)} codes",
        f"{'verdict':<26}{'due':>6}{'given':>7}{'precision':>11}{'recall':>9}",
    ]
    lines += [
        f"{s.verdict:<26}{s.due:>6}{s.given:>7}{_share(s.precision):>11}{_share(s.recall):>9}" for s in scores
    ]
    lines += _sides(export, found)
    told = [answers.tells(place, right) for place, right in export.better.items()]
    lines.append(_line("wrongly billed, and the right code stands beside it", sum(told), len(told)))
    billed = [v for v in open_ones.values() if v != "missed-code"]
    lines.append(
        _line(
            "billed though the gold leaves it open, and supported (not in the table)",
            sum(v == "supported" for v in billed),
            len(billed),
        )
    )
    for (encounter, code), verdict in _differences(export.key, found)[:show]:
        lines.append(f"  {encounter} {code}: due {verdict[0]}, given {verdict[1]}")
    return "\n".join(lines) + "\n"


def _sides(export: Export, found: Found) -> list[str]:
    """Right codes supported, wrong ones not, left-out ones missed."""
    right = [p for p, v in export.key.items() if v == "supported"]
    wrong = [p for p, v in export.key.items() if v not in ("supported", "missed-code", "not-assessed")]
    left = [p for p, v in export.key.items() if v == "missed-code"]
    return [
        _line("rightly billed and supported", sum(found.get(p) == "supported" for p in right), len(right)),
        _line(
            "wrongly billed and not supported", sum(found.get(p) != "supported" for p in wrong), len(wrong)
        ),
        _line("left out and missed", sum(found.get(p) == "missed-code" for p in left), len(left)),
    ]


def base_rate(encounters: Sequence[GoldEncounter], workers: int, show: int) -> str:
    """Bill what a coder coded, and tell how many codes are accused all the same.

    Whatever is found wrong then is a false accusation, or the coder's slip. Codes that the gold leaves
    open are told apart: it scores them neither way.
    """
    found = audit_rows(plain_export(encounters), workers=workers).verdicts
    right = {(e.id, gold.code) for e in encounters for gold in e.gold.codes}
    accused = {p: v for p, v in found.items() if v not in _NO_ERRORS and v != "missed-code"}
    optional = {(e.id, code) for e in encounters for code in e.gold.optional}
    missed = {p: v for p, v in found.items() if v == "missed-code" and p not in optional}
    open_ones = [p for p, v in found.items() if v == "missed-code" and p in optional]
    held = sum(found.get(place) == "supported" for place in right)
    touched = {encounter for encounter, _ in (*accused, *missed)}
    lines = [
        f"{len(encounters)} encounters billed as coded, {len(right)} codes",
        _line("billed codes supported", held, len(right)),
        f"false accusations: {len(accused)} billed codes called wrong, {len(missed)} called missed",
        f"encounters with one: {len(touched)} of {len(encounters)}",
        *_precision(len(accused), len(right)),
        f"called missed that the coder left open (not counted): {len(open_ones)}",
    ]
    lines += [
        f"  {encounter} {code}: {v}" for (encounter, code), v in sorted((accused | missed).items())[:show]
    ]
    return "\n".join(lines) + "\n"


def _precision(accused: int, billed: int) -> list[str]:
    """Say what part of accusations would be right at some shares of wrong codes."""
    if not billed:
        return []
    false = rate(accused, billed)
    limits = f"exact 95% limits {false.low:.1%} to {false.high:.1%}"
    lines = [f"rightly billed codes called wrong: {false.value:.1%} ({limits})"]
    for share in (0.05, 0.1, 0.2):
        parts = [
            share / (share + (1 - share) * part)
            for part in (accused / billed, false.high or 0, false.low or 0)
        ]
        told = f"{parts[0]:.0%} of accusations would be right ({parts[1]:.0%} to {parts[2]:.0%})"
        lines.append(f"  were {share:.0%} of billed codes wrong, and all of them found: {told}")
    return lines


def _differences(key: Found, found: Found) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    places = sorted({*key, *found})
    return [
        (p, (key.get(p, "nothing"), found.get(p, "nothing"))) for p in places if key.get(p) != found.get(p)
    ]


def _line(words: str, part: int, whole: int) -> str:
    return f"{words}: {part} of {whole}" + (f" ({part / whole:.1%})" if whole else "")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
