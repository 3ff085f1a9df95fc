"""findings.xlsx: the findings as a workbook that a reviewer fills in, and a sheet for each provider.

What is filled in stands on one sheet; those of the providers show the same findings for talking to them.
Every cell is text: nothing from a note or an export can become a formula.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from audit.review.issue import Issue
from audit.review.rows import RIGHT, verdict_of
from audit.review.sample import UNSAID
from audit.review.sheet import (
    DISPOSITIONS,
    ENTRIES,
    FIXED,
    HIDDEN,
    ID_TITLE,
    README,
    SHEET,
    TITLES,
    cell,
    cells,
)

MOST_ROWS = 20_000
"""More than a team reviews in a year; a workbook of a larger audit holds the worst, and says so."""
MOST_PROVIDERS = 150
_ENTRY_WIDTHS = {
    "Disposition": 17,
    "Corrected codes": 16,
    "Reason": 28,
    "Second reason": 28,
    "Tie-break reason": 28,
}
_PROVIDER_KEYS = (
    "encounter_id",
    "encounter_date",
    "billed_code",
    "supported_code",
    "verdict",
    "reason",
    "evidence",
    "action",
)
_README_WIDTH = 100
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_COLORS = {"high": "#F4CCCC", "medium": "#FCE5CD", "low": "#FFF2CC"}


def write_workbook(path: Path, rows: Sequence[Mapping[str, Any]], issue: Issue) -> None:
    """Write the workbook of an issue; the file is its owner's alone.

    Args:
        path: where; an older workbook of the name is replaced.
        rows: the findings of the issue, in its order, each with `finding` and `order`.
        issue: what the workbook is, so that it is known again when it comes back.
    """
    part = path.with_name(f".{path.name}.part")
    # What XlsxWriter lays aside holds words of notes: it lies in one folder, which the next run clears.
    aside = path.with_name(f".{path.name}.parts")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _write(part, aside, rows, issue)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write(part: Path, aside: Path, rows: Sequence[Mapping[str, Any]], issue: Issue) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(part),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "constant_memory": True,  # rows go out as they come
            "tmpdir": str(aside),
        },
    )
    # The time of writing stays out, so that the same findings make the same file.
    book.set_properties({"title": "Corrin: findings for review", "created": datetime(2026, 1, 1)})  # noqa: DTZ001
    formats = {
        "head": book.add_format(
            {"bold": True, "bg_color": "#1F3A4D", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"}
        ),
        "fill": book.add_format(
            {"bold": True, "bg_color": "#2E6B4F", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"}
        ),
        "text": book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"}),
        "open": book.add_format(
            {
                "text_wrap": True,
                "valign": "top",
                "border": 1,
                "border_color": "#B7CFC3",
                "bg_color": "#F3FAF6",
                "locked": False,
            }
        ),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        **{name: book.add_format({"bg_color": color}) for name, color in _COLORS.items()},
    }
    _readme(book.add_worksheet(README), formats, issue, len(rows))
    _findings(book.add_worksheet(SHEET), formats, rows)
    _providers(book, formats, rows)
    hidden = book.add_worksheet(HIDDEN)
    hidden.write_string(0, 0, issue.workbook)
    hidden.very_hidden()
    book.worksheets_objs[1].activate()
    book.close()


def _readme(sheet: Any, formats: Mapping[str, Any], issue: Issue, count: int) -> None:
    sheet.set_column(0, 0, _README_WIDTH)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    told = Path(__file__).with_name("readme.txt").read_text(encoding="utf-8")
    lines = told.format(count=count, issue=issue.words()).splitlines()
    sheet.write_string(0, 0, "Corrin: findings for second review", formats["title"])
    for row, line in enumerate(lines, start=2):
        sheet.write_string(row, 0, line, formats["wrap"])
        sheet.set_row(row, 16.0 * (1 + len(line) // _README_WIDTH) + 4)


def _findings(sheet: Any, formats: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    last = max(len(rows), 1)
    sheet.set_row(0, 32)
    for place, title in enumerate(TITLES):
        filled = len(FIXED) <= place < len(TITLES) - 1
        sheet.write_string(0, place, title, formats["fill" if filled else "head"])
        width = FIXED[place].width if place < len(FIXED) else _ENTRY_WIDTHS.get(title, 14)
        sheet.set_column(place, place, width)
    sheet.set_column(len(TITLES) - 1, len(TITLES) - 1, 14, None, {"hidden": True})
    blanks = [""] * (len(TITLES) - len(FIXED) - 1)
    for number, row in enumerate(rows, start=1):
        written = cells(row)
        for place, text in enumerate(written):
            sheet.write_string(number, place, text, formats["text"])
        for place, _ in enumerate(blanks, start=len(FIXED)):
            sheet.write_blank(number, place, None, formats["open"])
        sheet.write_string(number, len(TITLES) - 1, str(row["finding"]), formats["text"])
        sheet.set_row(number, _height(written))
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, last, len(TITLES) - 2)
    for entry in ENTRIES:
        place = TITLES.index(entry.disposition)
        sheet.data_validation(
            1,
            place,
            last,
            place,
            {
                "validate": "list",
                "source": list(DISPOSITIONS),
                "error_title": "Not a disposition",
                "error_message": "Choose one of the list, or leave the cell empty.",
            },
        )
    severity = next(place for place, column in enumerate(FIXED) if column.key == "severity")
    for name in _COLORS:
        sheet.conditional_format(
            1,
            severity,
            last,
            severity,
            {"type": "cell", "criteria": "==", "value": f'"{name}"', "format": formats[name]},
        )
    _print_setup(sheet)
    # On paper the second reviewer's columns would make the rest too small to read.
    sheet.print_area(0, 0, last, len(FIXED) + len(ENTRIES[0].titles) - 1)


def _height(written: Sequence[str]) -> float:
    """Return a row's height in points by the cell that takes the most lines."""
    lines = 1
    for column, text in zip(FIXED, written, strict=True):
        needed = sum(1 + len(piece) // max(column.width - 1, 1) for piece in text.split("\n"))
        lines = max(lines, needed)
    return min(15.0 * lines, 240.0)


def _providers(book: Any, formats: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a sheet for each provider with findings to talk about, those with the most first."""
    by_provider: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row.get("hold") or row["verdict"] not in RIGHT:
            by_provider.setdefault(str(row.get("provider") or UNSAID), []).append(row)
    ordered = sorted(by_provider, key=lambda name: (-len(by_provider[name]), name))[:MOST_PROVIDERS]
    columns = [column for column in FIXED if column.key in _PROVIDER_KEYS]
    taken = {name.lower() for name in (SHEET, HIDDEN, README)}
    for provider in ordered:
        found = by_provider[provider]
        sheet = book.add_worksheet(_sheet_name(provider, taken))
        sheet.write_string(0, 0, cell(provider), formats["title"])
        counts = Counter(verdict_of(row) for row in found)
        told = ", ".join(
            f"{count} {verdict}" for verdict, count in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
        )
        sheet.write_string(1, 0, f"Screening result, not reviewed: {told}")
        for place, column in enumerate(columns):
            sheet.write_string(3, place, column.title, formats["head"])
            sheet.set_column(place, place, column.width)
        for number, row in enumerate(found, start=4):
            written = dict(zip((c.key for c in FIXED), cells(row), strict=True))
            for place, column in enumerate(columns):
                sheet.write_string(number, place, written[column.key], formats["text"])
            sheet.set_row(number, _height([written[c.key] if c in columns else "" for c in FIXED]))
        sheet.freeze_panes(4, 0)
        sheet.autofilter(3, 0, 3 + len(found), len(columns) - 1)
        _print_setup(sheet)


def _print_setup(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&LHealth information&RPage &P of &N")


def _sheet_name(provider: str, taken: set[str]) -> str:
    """Return a name that Excel takes, unlike those before it."""
    plain = _NOT_IN_NAMES.sub(" ", provider).strip(" '")[:28] or "provider"
    name, number = plain, 1
    while name.lower() in taken or name.lower() == "history":
        number += 1
        name = f"{plain[: 31 - len(str(number)) - 1]} {number}"
    taken.add(name.lower())
    return name


assert TITLES[-1] == ID_TITLE  # the hidden column that tells a row wherever it was sorted to
