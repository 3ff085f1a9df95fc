"""A workbook that comes back: what reviewers wrote, once it is sure that it stands beside our findings."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from audit.review.issue import Issue, find
from audit.review.rows import Findings
from audit.review.sheet import DISPOSITIONS, ENTRIES, FIXED, HIDDEN, ID_TITLE, SHEET, TITLES, Entry, cells
from nlp.errors import InputError, reason_of, shown

_MOST_BYTES = 512 * 1024 * 1024
_MOST_TOLD = 10
_LONGEST = 2000
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d-%b-%Y")


@dataclass(frozen=True, slots=True)
class Said:
    """What one reviewer said of one finding."""

    finding: str
    role: str
    disposition: str
    reviewer: str
    date: str | None
    reason: str | None = field(repr=False)
    corrected_codes: tuple[str, ...] | None = None


def read_workbook(path: Path, folder: Path, findings: Findings) -> tuple[Issue, list[Said]]:
    """Return which workbook it is and what the reviewers said, in the order of its rows.

    Raises:
        InputError: it is no workbook of this audit, the findings have changed since it was made, a cell
            that is not the reviewer's was changed, rows were deleted or added, or an entry cannot be
            read. Nothing of it counts then.
    """
    sheets = _load(path)
    named = sheets[HIDDEN][0][0] if sheets.get(HIDDEN) and sheets[HIDDEN][0] else None
    if SHEET not in sheets or not isinstance(named, str):
        raise InputError(f"{shown(path.name)}: is no workbook of corrin audit")
    issue = find(folder, named)
    if issue.findings_sha256 != findings.sha256:
        raise InputError(
            f"{shown(path.name)}: is outdated: the findings of this folder are not those it was made from. "
            "Review the new workbook, or give the folder of the older audit"
        )
    rows = sheets[SHEET]
    header = [str(value) if value is not None else "" for value in rows[0]] if rows else []
    if header[: len(TITLES)] != list(TITLES):
        raise InputError(f"{shown(path.name)}: the headings of its columns were changed; put them back")
    said, problems = _read_rows(rows[1:], issue, findings)
    if problems:
        more = f"; and {len(problems) - _MOST_TOLD} more" if len(problems) > _MOST_TOLD else ""
        raise InputError(
            f"{shown(path.name)}: nothing was taken over: {'; '.join(problems[:_MOST_TOLD])}{more}"
        )
    return issue, said


def _load(path: Path) -> dict[str, list[Sequence[Any]]]:
    """Return the cells of the two sheets that count."""
    import openpyxl

    try:
        _check_size(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what Excel adds and we do not read
            book = openpyxl.load_workbook(path, read_only=True, data_only=False)
            try:
                return {
                    name: list(book[name].iter_rows(values_only=True))
                    for name in (SHEET, HIDDEN)
                    if name in book.sheetnames
                }
            finally:
                book.close()
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{shown(path.name)}: cannot be read: {reason_of(error)}") from error
    except Exception as error:
        raise InputError(
            f"{shown(path.name)}: is no whole .xlsx workbook; save it again from Excel"
        ) from error


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
            raise InputError(f"{shown(path.name)}: unpacks to far more than a workbook of corrin audit")


def _read_rows(
    rows: Sequence[Sequence[Any]], issue: Issue, findings: Findings
) -> tuple[list[Said], list[str]]:
    by_id = {str(row["finding"]): row for row in findings.of(issue.rows)}
    place = {title: number for number, title in enumerate(TITLES)}
    said: list[Said] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if not any(value not in (None, "") for value in row):
            continue
        finding = row[place[ID_TITLE]] if len(row) > place[ID_TITLE] else None
        if not isinstance(finding, str) or finding not in by_id or finding not in issue.rows:
            problems.append(f"row {number} is none of the workbook's findings")
            continue
        if finding in seen:
            problems.append(f"row {number} stands twice")
            continue
        seen.add(finding)
        if (changed := _changed(row, by_id[finding])) is not None:
            problems.append(f'row {number}: "{changed}" was changed')
            continue
        values = {title: row[at] if at < len(row) else None for title, at in place.items()}
        for entry in ENTRIES:
            try:
                found = _said(finding, entry, values)
            except InputError as error:
                problems.append(f"row {number}: {error}")
            else:
                said += found
    missing = len(set(issue.rows) - seen)
    if missing:
        problems.append(f"{missing} of its {len(issue.rows)} rows are gone")
    return said, problems


def _changed(row: Sequence[Any], finding: Mapping[str, Any]) -> str | None:
    """Return the heading of the first of our cells that is not as we wrote it; numbers may move."""
    for at, (column, written) in enumerate(zip(FIXED, cells(finding), strict=True)):
        if column.key == "order":
            continue
        value = row[at] if at < len(row) else None
        if _plain(value) != _plain(written):
            return column.title
    return None


def _plain(value: object) -> str:
    """Return a cell as it is compared: spreadsheets differ in line ends and in blanks before them."""
    text = "" if value is None else str(value)
    return "\n".join(
        line.rstrip() for line in text.replace("\r\n", "\n").replace("_x000D_", "").split("\n")
    ).strip()


def _said(finding: str, entry: Entry, values: Mapping[str, Any]) -> list[Said]:
    words = {title: _plain(values.get(title)) for title in entry.titles}
    if not any(words.values()):
        return []
    disposition = words[entry.disposition].lower()
    if disposition not in DISPOSITIONS:
        if not disposition:
            raise InputError(f'"{entry.disposition}" is empty and other cells of the reviewer are not')
        raise InputError(f'"{entry.disposition}" is none of {", ".join(DISPOSITIONS)}')
    if not words[entry.reviewer]:
        raise InputError(f'"{entry.reviewer}" is empty; a disposition needs its reviewer')
    if disposition == "disagree" and not words[entry.reason]:
        raise InputError(f'"{entry.reason}" is empty; who disagrees says why')
    if any(len(text) > _LONGEST for text in words.values()):
        raise InputError(f"a cell is longer than {_LONGEST} characters")
    codes = _codes(words[entry.codes]) if entry.codes else None
    return [
        Said(
            finding,
            entry.role,
            disposition,
            words[entry.reviewer],
            _day(values.get(entry.date), entry.date),
            words[entry.reason] or None,
            codes,
        )
    ]


def _codes(text: str) -> tuple[str, ...] | None:
    if not text:
        return None
    if text.lower() == "none":
        return ()
    codes = tuple(
        code.strip().upper() for code in text.replace(",", ";").replace("|", ";").split(";") if code.strip()
    )
    for code in codes:
        if not code.replace(".", "").isalnum() or not 3 <= len(code.replace(".", "")) <= 7:
            raise InputError(
                '"Corrected codes" holds what is no code; part codes by semicolons, or write none'
            )
    return codes


def _day(value: object, title: str) -> str | None:
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    for form in _DATES:
        try:
            return datetime.strptime(str(value).strip(), form).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    raise InputError(f'"{title}" is no date; write it as YYYY-MM-DD')
