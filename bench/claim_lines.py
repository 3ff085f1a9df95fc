"""Claim lines with planted errors and their key, as an 837 would carry them, and how many of them are found.

    python -m bench.claim_lines --lines 2000 --seed 20261127
    python -m bench.claim_lines --lines 2000 --out DIR     # also notes.jsonl, lines.csv, key.csv

Notes and lines are made here, of our own words, from the seed alone; the key is written by what was planted
and never by what the program says. Numbers, dates, payers, modifiers and pointers are spelled as exports do.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bench.claims import diagnoses, drugs, services
from bench.claims.clean import CLEAN
from bench.claims.export import rows_of, write
from bench.claims.visits import ADVANTAGE, COMMERCIAL, DOCTORS, MEDICARE, OFFICE, Plan, Visit, ordinary

# Taken in turn, so that the order decides what a seed makes; C14 has a visit before it (make).
PLANS: tuple[tuple[str, Plan], ...] = (
    ("C01", drugs.no_drug),
    ("C02", drugs.no_injection),
    ("C03", drugs.wrong_units),
    ("C04", drugs.hydroxocobalamin),
    ("C05", drugs.other_drug),
    ("C06", drugs.slip),
    ("C06 units", drugs.microgram_units),
    ("C07", diagnoses.no_pointer),
    ("C07 astray", diagnoses.astray),
    ("C07 unsupportive", diagnoses.unsupportive),
    ("C07 undocumented", diagnoses.undocumented),
    ("C08", diagnoses.symptom),
    ("C09", diagnoses.energy),
    ("C10", diagnoses.off_list),
    ("C11", diagnoses.coverage_words),
    ("C12", services.at_home),
    ("C13", diagnoses.foot),
    ("C15", services.nurse_visit),
    ("C16", services.bare_visit),
    ("C17", services.misplaced),
    ("C18", services.distinct),
    ("C19", services.two_syringes),
    ("C20", services.unsupervised),
    ("C21", services.facility),
    ("C22", services.patient_gives),
    ("C23", drugs.under_the_skin),
    ("C24", drugs.no_jz),
    ("C24 rest", drugs.no_waste),
    ("C25", drugs.label),
    ("C26", drugs.impossible),
    ("C27", services.thin_record),
    ("C28", services.intravenous),
    ("C29", diagnoses.header),
    ("C30", diagnoses.anemia_or_not),
    ("C31", diagnoses.manifestation),
    ("C32", services.above_limit),
    ("C33", services.barred),
    ("C34", drugs.iron_units),
    ("C14", drugs.too_soon),
)


def make(lines: int, seed: int) -> list[Visit]:
    """Return visits that hold at least so many lines; about half have an error, every rule in turn."""
    rng = random.Random(seed)
    visits: list[Visit] = []
    count = turn = 0
    while count < lines:
        is_faulty = rng.random() < 0.55
        name, function = PLANS[turn % len(PLANS)] if is_faulty else ("", rng.choice(CLEAN))
        turn += is_faulty
        visit = _new(visits, rng)
        if name == "C14":  # the visit before it, in the same patient's series
            before = _new(visits, rng)
            ordinary(before, visit_line=False)
            visits.append(before)
            count += len(before.lines)
            visit = _new(visits, rng)
            visit.patient, visit.day = before.patient, before.day + timedelta(days=rng.choice((7, 14, 21)))
        function(visit)
        visits.append(visit)
        count += len(visit.lines)
    return visits


def _new(visits: list[Visit], rng: random.Random) -> Visit:
    payer = rng.choice((*MEDICARE, *MEDICARE, *COMMERCIAL, *ADVANTAGE))
    day = date(2026, 4, 1) + timedelta(days=rng.randrange(0, 150))
    number = len(visits) + 1
    return Visit(
        number, rng, day, payer, patient=f"p{number}", doctor=rng.choice(DOCTORS), place=rng.choice(OFFICE)
    )


def found_by_corrin(visits: list[Visit], rows: list[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield (encounter, line, rule) for each rule that fires."""
    from audit.claims import Tables, judge_visit, lines_of, read_tables, series
    from suggest import suggest_codes

    tables = Tables(read_tables(None))
    lines = lines_of(rows)
    dates = series(lines, tables)
    by_visit: dict[str, list] = {}
    for line in lines:
        by_visit.setdefault(str(line.encounter_id), []).append(line)
    for visit in visits:
        name = f"e{visit.number}"
        result = suggest_codes(visit.note, note_id=name, encounter_date=visit.day.isoformat())
        claim = judge_visit(by_visit[name], result, {name: visit.note}, tables, b12_dates=dates)
        for judged in claim.lines:
            for finding in judged.findings:
                yield name, judged.line.line, finding.rule.removeprefix("claim:")


def measure(
    visits: list[Visit], rows: list[dict[str, str]]
) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """Return what was planted and what was found."""
    planted = {(f"e{v.number}", line, rule) for v in visits for line, rule in v.key}
    return planted, set(found_by_corrin(visits, rows))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--show", action="store_true", help="print what differs")
    given = parser.parse_args()
    visits = make(given.lines, given.seed)
    rows = rows_of(visits, given.seed)
    if given.out:
        write(given.out, visits, rows)
    planted, found = measure(visits, rows)
    hit = planted & found
    print(
        f"{len(rows)} lines of {len(visits)} visits, seed {given.seed}: "
        f"{len(planted)} planted findings of {len({r for *_, r in planted})} rules"
    )
    print(
        f"precision {len(hit) / max(1, len(found)):.4f}  recall {len(hit) / max(1, len(planted)):.4f}  "
        f"({len(found)} found)"
    )
    counts = {rule: Counter() for rule in sorted({r for *_, r in planted | found})}
    for name, group in (("planted", planted), ("found", found), ("hit", hit)):
        for *_, rule in group:
            counts[rule][name] += 1
    for rule, count in counts.items():
        print(f"  {rule}  planted {count['planted']:4d}  found {count['found']:4d}  right {count['hit']:4d}")
    if given.show:
        for item in sorted(planted ^ found):
            print("missed" if item in planted else "false ", *item)
    sys.exit(0 if len(hit) >= 0.98 * max(len(found), len(planted)) else 1)


if __name__ == "__main__":
    main()
