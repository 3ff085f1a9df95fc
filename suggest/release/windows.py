"""The dates of service for which a release holds: new files come on 1 October and on 1 April.

A fiscal year starts on 1 October of the year before. The header of an official tabular list names
the fiscal year and nothing finer, so the month is taken from the header or the file's name, and where
neither has it the caller must say. A file of October holds until 31 March, because the files of April
replace it; for a year without an April update the caller gives the last day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from nlp.errors import ReleaseError

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_MONTH = re.compile(r"(?<![a-z])(apr|oct)(?:il|ober)?(?![a-z])", re.IGNORECASE)


def release_window(
    version: str, file_name: str, first: str | None = None, last: str | None = None
) -> tuple[str, str]:
    """Return the first and last day of a release, both ISO and inclusive.

    Args:
        version: what the header of the tabular list says, such as `2026`.
        file_name: the tabular list's name, such as `icd10cm-tabular-April-2026.xml`.
        first: the first day, where the caller knows it (`--from`).
        last: the last day, where the caller knows it (`--to`).

    Raises:
        ReleaseError: a day is no date, the window cannot be told, or it contradicts the header.
    """
    year = _fiscal_year(version)
    start = _day("--from", first) if first is not None else _start(year, version, file_name)
    end = _day("--to", last) if last is not None else window_end(start)
    if end < start:
        raise ReleaseError(f"the last day, {end}, lies before the first, {start}; give --from and --to anew")
    if year is not None and not date(year - 1, 10, 1) <= start <= end <= date(year, 9, 30):
        raise ReleaseError(
            f"{start} to {end} is not within fiscal year {year} of the file's header"
            f" ({year - 1}-10-01 to {year}-09-30)"
        )
    return start.isoformat(), end.isoformat()


def window_end(start: date) -> date:
    """Return the day before the next 1 April or 1 October."""
    bounds = (date(start.year, 4, 1), date(start.year, 10, 1), date(start.year + 1, 4, 1))
    return next(day for day in bounds if day > start) - timedelta(days=1)


def release_name(first: str) -> str:
    """Return the name that a release has where its user gives none: `ICD-10-CM October 2025`."""
    day = date.fromisoformat(first)
    plain = f"{_MONTHS[day.month - 1]} {day.year}"
    return f"ICD-10-CM {plain if day.day == 1 else f'{day.day} {plain}'}"


def _fiscal_year(version: str) -> int | None:
    years = set(_YEAR.findall(version))
    return int(years.pop()) if len(years) == 1 else None


def _start(year: int | None, version: str, file_name: str) -> date:
    if year is None:
        raise ReleaseError(
            "its header does not name its year; give the first day with --from, such as --from 2025-10-01"
        )
    for text in (version, file_name):
        months = {month.lower() for month in _MONTH.findall(text)}
        if len(months) == 1:
            return date(year, 4, 1) if months == {"apr"} else date(year - 1, 10, 1)
    raise ReleaseError(
        f"its header says fiscal year {year}, and neither that nor the file's name tells October from April;"
        f" give --from {year - 1}-10-01 or --from {year}-04-01"
    )


def _day(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ReleaseError(f"{option} is not a date of the form YYYY-MM-DD") from None
    if day.isoformat() != text or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ReleaseError(f"{option} is not a date of the form YYYY-MM-DD that a release can have")
    return day
