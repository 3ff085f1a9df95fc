"""Claim lines typed or pasted beside a note: read as a table, judged by `audit.claims`, shown as findings."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from audit.claims import ClaimResult, Tables, judge_visit, lines_of, read_tables
from audit.claims.reader import find_columns
from audit.claims.rows import by_missing, missing_sentence
from nlp.errors import InputError
from suggest.note import Note
from suggest.render.places import printable
from suggest.result import Result
from web.templating import render

MAX_LINES = 200
_ORDER = ("procedure", "units", "modifiers", "diagnosis_pointers")
_DELIMITERS = ("\t", "|", ";", ",")
_VERDICTS = {
    "ok": "in order",
    "error": "error",
    "warning": "warning",
    "info": "to know",
    "not-assessed": "not assessed",
}


def table(text: str) -> list[dict[str, str]]:
    """Return the rows of a pasted table; without a header: procedure, units, modifiers, pointers.

    Raises:
        InputError: there is no row, or there are too many.
    """
    rows = [row for row in text.splitlines() if row.strip()]
    if not rows:
        raise InputError("there is no claim line; type one a row: procedure, units, modifiers, pointers")
    if len(rows) > MAX_LINES:
        raise InputError(f"there are more than {MAX_LINES} claim lines; use corrin audit")
    delimiter = next((sign for sign in _DELIMITERS if sign in rows[0]), None)
    if delimiter is None:
        cells = [re.split(r"[ ]+", row.strip()) for row in rows]
    else:
        cells = list(csv.reader(io.StringIO("\n".join(rows)), delimiter=delimiter))
    names: Sequence[str] = [name.strip() for name in cells[0]]
    if "procedure" in find_columns(names):
        cells = cells[1:]
    else:
        names = _ORDER
    return [dict(zip(names, (cell.strip() for cell in row), strict=False)) for row in cells]


def render_lines(result: Result, notes: Sequence[Note], text: str, codes: Sequence[str]) -> str:
    """Return the findings on claim lines as HTML.

    Args:
        result: what the notes support.
        notes: the notes.
        text: the lines as typed or pasted.
        codes: the diagnoses in billed order, which pointers count into.

    Raises:
        InputError: the lines cannot be read as a table.
    """
    lines = lines_of(table(text))
    texts: Mapping[str | None, str] = {note.note_id: note.text for note in notes}
    judged = judge_visit(lines, result, texts, _tables(), codes=list(codes) or None)
    return render(
        "lines.html.j2", lines=_shown(judged), refused=judged.refused, verdicts=_VERDICTS, printable=printable
    )


@lru_cache(maxsize=1)
def _tables() -> Tables:
    return Tables(read_tables(None))


def _shown(judged: ClaimResult) -> list[dict[str, Any]]:
    return [
        {
            "line": found.line.line,
            "procedure": found.line.procedure,
            "verdict": found.verdict.value,
            "findings": found.findings,
            "open": [missing_sentence(missing, left) for _, missing, left in by_missing(found.open)],
        }
        for found in judged.lines
    ]
