"""The lines as an export spells them, and the files of the export and its key."""

from __future__ import annotations

import csv
import json
import random
from datetime import date
from pathlib import Path

from bench.claims.visits import Visit


def export_row(line: dict[str, str], codes: list[str], rng: random.Random) -> dict[str, str]:
    """Return a line as an export spells it: dates, numbers, modifiers and pointers in one form of many."""
    row = dict(line)
    day = date.fromisoformat(row["service_date"])
    row["service_date"] = rng.choice(
        (
            day.isoformat(),
            f"{day:%m/%d/%Y}",
            f"{day:%Y%m%d}",
            f"{day.month}/{day.day}/{day:%y}",
            f"{day:%m-%d-%Y}",
        )
    )
    row["units"] = rng.choice((row["units"], f"{row['units']}.0", row["units"]))
    parts = [p for p in row["modifiers"].split(",") if p]
    row["modifiers"] = rng.choice((",", ";", "|", " ")).join(rng.choice((p, p, f"-{p}")) for p in parts)
    places = [p for p in row["diagnosis_pointers"].split(",") if p]
    style = rng.randrange(4)
    if style == 0:
        row["diagnosis_pointers"] = "".join(places)
    elif style == 1:
        row["diagnosis_pointers"] = rng.choice((",", "|", ";")).join(
            str("ABCDEFGHIJKL".index(p) + 1) for p in places
        )
    elif style == 2 and all("ABCDEFGHIJKL".index(p) < len(codes) for p in places):
        row["diagnosis_pointers"] = ";".join(
            rng.choice((codes["ABCDEFGHIJKL".index(p)], codes["ABCDEFGHIJKL".index(p)].replace(".", "")))
            for p in places
        )
    else:
        row["diagnosis_pointers"] = ",".join(places)
    row["codes"] = rng.choice((";", ",", "|")).join(codes)
    return row


def rows_of(visits: list[Visit], seed: int) -> list[dict[str, str]]:
    """Return all lines as the export has them."""
    rng = random.Random(seed + 1)
    return [export_row(line, visit.codes, rng) for visit in visits for line in visit.lines]


def write(out: Path, visits: list[Visit], rows: list[dict[str, str]]) -> None:
    """Write the export and its key."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "notes.jsonl").open("w", encoding="utf-8") as file:
        for v in visits:
            row = {
                "encounter_id": f"e{v.number}",
                "note_id": f"n{v.number}",
                "encounter_date": v.day.isoformat(),
            }
            file.write(json.dumps({**row, "codes": ";".join(v.codes), "text": v.note}) + "\n")
    with (out / "lines.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with (out / "key.csv").open("w", encoding="utf-8", newline="") as file:
        writer_of_key = csv.writer(file)
        writer_of_key.writerow(("encounter_id", "line", "rule"))
        writer_of_key.writerows(sorted((f"e{v.number}", line, rule) for v in visits for line, rule in v.key))
