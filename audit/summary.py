"""What a run says when it is done: what was read and found, what could not be joined, where the files lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.finding import NO_ERRORS, Verdict
from nlp.errors import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_OPEN = tuple(v for v in NO_ERRORS if v not in (Verdict.SUPPORTED, Verdict.NOT_ASSESSED))
_FEW = 5  # names of rows that are told; the rest is in errors.jsonl


def summary_lines(out: Path, summary: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines for the terminal; they quote no note."""
    read = sum(summary["notes"].get(status, 0) for status in ("read", "superseded"))
    yield f"{_count(summary['encounters'], 'encounter')}, {_count(read, 'note')} read"
    yield _holds(summary["holds"]) if summary["settings"]["pre_bill"] else _codes(summary["verdicts"])
    if summary.get("lines"):
        yield f"claim lines: {_listed(summary['lines'])}"
    unjoined = summary["unjoined"]
    for kind, name in (("billed", "row of billed codes"), ("lines", "claim line")):
        if unjoined[kind]:
            names = ", ".join(shown(where) for where in unjoined[f"{kind}_named"][:_FEW])
            more = ", …" if unjoined[kind] > _FEW else ""
            yield f"{_count(unjoined[kind], name)} without a note in the export: {names}{more} (errors.jsonl)"
    if summary["tables_refused"]:
        yield f"tables not used: {'; '.join(summary['tables_refused'])}"
    cases = f", cases/ ({summary['cases']:,} encounters with their words)" if summary["cases"] else ""
    fhir = ", fhir/" if summary["settings"].get("fhir") else ""
    yield (
        f"{shown(str(out))}: findings.xlsx to review, findings.csv and .parquet{cases}{fhir}; "
        "report.html holds counts alone and may be mailed"
    )


def _codes(verdicts: Mapping[str, int]) -> str:
    billed = sum(verdicts.values()) - verdicts.get(Verdict.MISSED_CODE.value, 0)
    wrong = {v.value: verdicts.get(v.value, 0) for v in Verdict if v not in NO_ERRORS}
    parts = [
        f"{_count(billed, 'billed code')}: {verdicts.get('supported', 0):,} supported",
        f"{sum(verdicts.get(v.value, 0) for v in _OPEN):,} open",
        f"{verdicts.get('not-assessed', 0):,} not assessed",
    ]
    found = _listed({name: count for name, count in wrong.items() if count}) or "none"
    return f"{', '.join(parts)}; to look at (screening, not reviewed): {found}"


def _holds(holds: Mapping[str, int]) -> str:
    from audit.holds import HOLDS

    return f"to hold: {_listed({name: holds[name] for name in HOLDS if name in holds}) or 'nothing'}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _count(number: int, word: str) -> str:
    if number == 1:
        return f"1 {word}"
    head, space, tail = word.partition(" of ")
    return f"{number:,} {head}s{space}{tail}"
