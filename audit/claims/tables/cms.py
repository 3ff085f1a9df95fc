"""The public layouts that a tables folder may hold as they are downloaded, recognised by their header line.

NCCI procedure-to-procedure edits and unit limits (MUE), the HCPCS file, the ASP price file, and the
package file of the NDC directory. What they say is turned into the columns of our own tables;
descriptions are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit.claims.values import read_date
from nlp.errors import InputError

Grid = Sequence[Sequence[str]]
Rows = Iterator[tuple[int, Mapping[str, str]]]
_DAY = re.compile(r"(\d{1,2})[-/_](\d{1,2})[-/_](\d{2,4})|(\d{4})[-_]?(\d{2})[-_]?(\d{2})")
_NAMED_DAY = re.compile(r"([A-Z][a-z]{2,8})\s+(\d{1,2}),?\s+(20\d\d)")
_MONTHS = ("jan", "apr", "jul", "oct")
_QUARTER = re.compile(
    r"(?i)(january|april|july|october|jan|apr|jul|oct)[a-z]*[\s_-]*(20\d\d)|(20\d\d)[\s_-]*q([1-4])|q([1-4])[\s_-]*(20\d\d)"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """A public layout: the words its header must hold, the table it becomes, and how a row is read."""

    title: str
    needs: tuple[str, ...]
    table: str
    read: Callable[[Grid, int, Sequence[str], str], Rows]


def read_public(grid: Grid, name: str) -> tuple[str, list[tuple[int, Mapping[str, str]]]] | None:
    """Return the table's name and its rows, with their line numbers; None where no layout fits.

    Raises:
        InputError: the layout is known, and neither its rows nor its name say from when it holds.
    """
    for index, line in enumerate(grid[:40]):
        head = [" ".join(cell.lower().replace("\n", " ").split()) for cell in line]
        for layout in LAYOUTS:
            if all(any(cell.startswith(word) for cell in head) for word in layout.needs):
                found = list(layout.read(grid, index, head, name))
                if not found:
                    raise InputError(f"has the layout of {layout.title} and holds no row")
                return layout.table, found
    return None


def _column(head: Sequence[str], word: str) -> int:
    return next(i for i, cell in enumerate(head) if cell.startswith(word))


def _at(line: Sequence[str], index: int) -> str:
    return line[index].strip() if index < len(line) else ""


def _pairs(grid: Grid, at: int, head: Sequence[str], name: str) -> Rows:
    """NCCI: column 1, column 2, (before 1996), effective, deletion, modifier indicator, rationale."""
    one, two = _column(head, "column 1"), _column(head, "column 2")
    start, end, sign = _column(head, "effective"), _column(head, "deletion"), _column(head, "modifier")
    for number, line in enumerate(grid[at + 1 :], start=at + 2):
        a, b, mark = _at(line, one), _at(line, two), _at(line, sign)[:1]
        if (
            not re.fullmatch(r"[A-Z0-9]{5}", a)
            or not re.fullmatch(r"[A-Z0-9]{5}", b)
            or mark not in ("0", "1", "9")
        ):
            continue
        yield (
            number,
            {
                "column1": a,
                "column2": b,
                "indicator": mark,
                "payer_kind": "medicare",
                "effective_from": read_date(_at(line, start)) or "1996-01-01",
                "effective_to": read_date(_at(line, end)) or _quarter_end(name) or "",
                "source": f"CMS NCCI procedure-to-procedure file, {name}",
            },
        )


def _limits(grid: Grid, at: int, head: Sequence[str], name: str) -> Rows:
    """MUE: code, limit, adjudication indicator, rationale. The quarter stands in the name or above."""
    start = _start(grid, at, name)
    code, limit = _column(head, "hcpcs"), next(i for i, cell in enumerate(head) if "mue values" in cell)
    for number, line in enumerate(grid[at + 1 :], start=at + 2):
        value = _at(line, limit)
        if not re.fullmatch(r"[A-Z0-9]{5}", _at(line, code)) or not re.fullmatch(r"[1-9]\d*", value):
            continue
        yield (
            number,
            {
                "code": _at(line, code),
                "limit": value,
                "payer_kind": "medicare",
                "effective_from": start,
                "effective_to": _after_quarter(start),
                "source": f"CMS MUE file, {name}",
            },
        )


def _prices(grid: Grid, at: int, head: Sequence[str], name: str) -> Rows:
    """ASP: code, short text, dosage ("1 MG", "UP TO 1000 MCG"), payment limit. Only the dosage is kept."""
    start = _start(grid, at, name)
    code, dosage = _column(head, "hcpcs code"), _column(head, "hcpcs code dosage")
    for number, line in enumerate(grid[at + 1 :], start=at + 2):
        size = re.fullmatch(r"(?i)(?:up to\s*)?([\d,.]+)\s*(mcg|ug|mg|g|gm|units?|iu)\b.*", _at(line, dosage))
        if not re.fullmatch(r"[A-Z]\d{4}", _at(line, code)) or size is None:
            continue
        amount, unit = size.group(1).replace(",", ""), size.group(2).lower()
        if unit in ("g", "gm"):
            amount, unit = f"{amount}000" if "." not in amount else str(float(amount) * 1000), "mg"
        yield (
            number,
            _item(_at(line, code), amount, unit, start, _after_quarter(start), f"CMS ASP file, {name}"),
        )


def _hcpcs(grid: Grid, at: int, head: Sequence[str], name: str) -> Rows:
    """HCPCS: the unit size is read out of the long text ("..., 1 mg"); the text is not kept."""
    code, text = _column(head, "hcpc"), _column(head, "long description")
    added, ended = _column(head, "add d"), _column(head, "term d")
    acted = next((i for i, cell in enumerate(head) if cell.startswith("act eff")), added)
    for number, line in enumerate(grid[at + 1 :], start=at + 2):
        words = _at(line, text)
        sizes = re.findall(r"(?i)([\d,.]*\d)\s*(mcg|micrograms?|mg|milligrams?|units?|iu)\b", words)
        if not re.fullmatch(r"[A-Z]\d{4}", _at(line, code)) or len(sizes) != 1:
            continue
        start = read_date(_at(line, acted)) or read_date(_at(line, added))
        if start is None:
            continue
        unit = {
            "mi": "mcg" if "gram" in sizes[0][1].lower() and "micro" in sizes[0][1].lower() else "mg"
        }.get(sizes[0][1].lower()[:2], sizes[0][1].lower())
        end = read_date(_at(line, ended)) or _quarter_end(name) or ""
        yield (
            number,
            _item(_at(line, code), sizes[0][0].replace(",", ""), unit, start, end, f"CMS HCPCS file, {name}"),
        )


def _packages(grid: Grid, at: int, head: Sequence[str], name: str) -> Rows:
    """NDC directory, package file: label number and package ("1 VIAL, MULTI-DOSE in 1 CARTON")."""
    ndc, text = _column(head, "ndcpackagecode"), _column(head, "packagedescription")
    for number, line in enumerate(grid[at + 1 :], start=at + 2):
        words = _at(line, text).upper()
        if not re.fullmatch(r"\d{4,5}-\d{3,4}-\d{1,2}", _at(line, ndc)) or not re.search(
            r"VIAL|SYRINGE|AMPULE", words
        ):
            continue
        multi, single = "MULTI-DOSE" in words, "SINGLE-DOSE" in words or "SINGLE-USE" in words
        yield (
            number,
            {
                "ndc": _at(line, ndc),
                "container": "multi_dose" if multi else "single_dose" if single else "vial",
                "effective_from": "2000-01-01",
                "source": f"NDC directory, {name}",
            },
        )


def _item(code: str, amount: str, unit: str, start: str, end: str, source: str) -> Mapping[str, str]:
    plain = "mcg" if unit in ("mcg", "ug") else "mg" if unit == "mg" else "units"
    return {
        "code": code,
        "unit_amount": amount,
        "unit": plain,
        "rounding": "up",
        "effective_from": start,
        "effective_to": end,
        "source": source,
    }


def _start(grid: Grid, at: int, name: str) -> str:
    """Return the first day of a file without dates: from its name, else from the lines above."""
    for text in (name, *(" ".join(line) for line in grid[:at])):
        day = _DAY.search(text)
        found = read_date("-".join(g for g in day.groups() if g)) if day else None
        named = _NAMED_DAY.search(text)
        found = found or (read_date(" ".join(named.groups())) if named else None)
        if found:
            return found
        quarter = _quarter(text)
        if quarter:
            return quarter
    raise InputError(
        "says nowhere from when it holds; put the quarter into its name, such as mue-2026-10-01.csv"
    )


def _quarter(text: str) -> str | None:
    match = _QUARTER.search(text)
    if match is None:
        return None
    month, year, y1, q1, q2, y2 = match.groups()
    if month:
        return f"{year}-{_MONTHS.index(month.lower()[:3]) * 3 + 1:02d}-01"
    return f"{y1 or y2}-{(int(q1 or q2) - 1) * 3 + 1:02d}-01"


def _after_quarter(start: str) -> str:
    year, month = int(start[:4]), int(start[5:7])
    last = (month - 1) // 3 * 3 + 3
    return f"{year}-{last:02d}-{31 if last in (3, 12) else 30}"


def _quarter_end(name: str) -> str | None:
    quarter = _quarter(name)
    return _after_quarter(quarter) if quarter else None


LAYOUTS = (
    Layout("NCCI pairs", ("column 1", "column 2", "effective", "deletion", "modifier"), "pairs", _pairs),
    Layout("MUE unit limits", ("hcpcs", "mue adjudication"), "unit_limits", _limits),
    Layout("ASP prices", ("hcpcs code", "hcpcs code dosage"), "items", _prices),
    Layout("HCPCS", ("hcpc", "long description", "add d", "term d"), "items", _hcpcs),
    Layout("NDC packages", ("ndcpackagecode", "packagedescription"), "containers", _packages),
)
