"""Ask the tables: what a code is, who a payer is, whether a pair, a list or a limit holds on a date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from audit.claims.tables.load import shipped_tables
from audit.claims.tables.model import LapsedError, Table, TableRow

MEDICARE = ("medicare_part_b", "medicare_advantage", "medicare_home_health")


@dataclass(frozen=True, slots=True)
class Item:
    """A drug code: what it stands for, the size of a billing unit (None: not known), plausible doses."""

    code: str
    drugs: tuple[str, ...]
    drug_class: str
    amount: Fraction | None
    unit: str
    readings: tuple[str, ...]
    rounding: str
    low: Fraction | None
    high: Fraction | None
    label: str


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer as the table knows it: its kind and, for Medicare, the contractor (empty: not told)."""

    kind: str
    mac: str

    def is_in(self, payer_kind: str) -> bool:
        """Say whether a table row's payer_kind speaks of it; `medicare` and `any` are wider kinds."""
        if payer_kind == "medicare":
            return self.kind in MEDICARE
        return payer_kind in ("any", self.kind)


@dataclass(slots=True)
class Tables:
    """All tables, with indexes that are built when first asked.

    A method that takes a date raises `LapsedError` where the table as a whole does not cover it. A
    date of None is allowed where the table says the same on all days, which `_row` sees to.
    """

    tables: Mapping[str, Table]
    _index: dict[str, dict[str, list[TableRow]]] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """Return what a finding calls the table."""
        return self.tables[name].label

    def item(self, code: str, date: str | None) -> Item | None:
        """Return a drug code that is in force; None for a code that is no drug of the table."""
        row = self._row("items", code, date)
        if row is None:
            return None
        known = self._shipped_item(code)

        def cell(name: str) -> str:
            return row[name] or (
                known[name] if known is not None and name not in ("unit_amount", "unit", "readings") else ""
            )

        return Item(
            code=code,
            drugs=_names(cell("drug")),
            drug_class=cell("drug_class"),
            amount=Fraction(row["unit_amount"]) if row["unit_amount"] else None,
            unit=row["unit"],
            readings=_names(row["readings"]),
            rounding=row["rounding"] or "up",
            low=_in(cell("dose_low"), known, row),
            high=_in(cell("dose_high"), known, row),
            label=f"{self.label('items')}: {row.source}",
        )

    def kind(self, code: str) -> str | None:
        """Return what a procedure code is: `drug`, or a kind of the table of procedures; None if unknown."""
        for row in self._rows("procedures", code):
            return row["kind"]
        return "drug" if self._rows("items", code) or re.fullmatch(r"[JQ]\d{4}", code) else None

    def shipped_class(self, code: str) -> str | None:
        """Return the class of a drug code as shipped, where the user's table does not tell."""
        row = self._shipped_item(code)
        return row["drug_class"] if row is not None and row["drug_class"] else None

    def is_known(self, code: str) -> bool:
        """Say whether a code stands in the tables of drugs or procedures."""
        return bool(self._rows("items", code) or self._rows("procedures", code))

    def has_row(self, name: str, code: str) -> bool:
        """Say whether a table speaks of a code at all, on whatever date."""
        return bool(self._rows(name, code))

    def modifier_kind(self, modifier: str) -> str | None:
        """Return what a modifier says; None for one that no rule speaks of."""
        for row in self._rows("modifiers", modifier):
            return row["kind"]
        return None

    def payer(self, name: str) -> Payer | None:
        """Return the kind of a payer by its name; None for one that the table does not know."""
        words = re.findall(r"[a-z0-9]+(?:[-/&][a-z0-9]+)*", name.lower())
        plain = {*words, *(part for word in words for part in re.split(r"[-/&]", word))}
        kinds = {row["kind"] for row in self.tables["payers"].rows}
        spelled = "_".join(re.findall(r"[a-z0-9]+", name.lower()))
        for row in self.tables["payers"].rows:
            if any(_fits(pattern, plain) for pattern in _names(row["names"].lower())):
                return Payer(row["kind"], row["mac"])
        return Payer(spelled, "") if spelled in kinds else None

    def place_kind(self, place: str) -> str | None:
        """Return what sort of place a code or name of the place of service is."""
        for row in self.tables["places"].rows:
            if (
                place == row["code"]
                or place in _names(row["names"])
                or place.replace("-", " ") in _names(row["names"])
            ):
                return row["kind"]
        words = set(re.findall(r"[a-z]+", place))
        for row in self.tables["places"].rows:
            if any(" " in n and set(n.split()) <= words for n in _names(row["names"])):
                return row["kind"]
        return None

    def coverage_lists(
        self, payer: Payer, drug_class: str, date: str
    ) -> dict[str, tuple[list[TableRow], str]]:
        """Return the diagnosis lists that speak for a payer: list name -> its rows and their source."""
        found: dict[str, tuple[list[TableRow], str]] = {}
        for row in self.tables["coverage"].on(date):
            if row["drug_class"] != drug_class or not payer.is_in(row["payer_kind"]):
                continue
            if row["mac"] and row["mac"] != payer.mac:
                continue
            found.setdefault(row["list"], ([], row.source))[0].append(row)
        return found

    def self_administered(self, mac: str, code: str, date: str) -> TableRow | None:
        """Return what a contractor's self-administered drug list says of a code."""
        rows = [r for r in self.tables["self_administered"].on(date) if r["mac"] == mac and r["code"] == code]
        return rows[-1] if rows else None

    def pair(self, one: str, two: str, payer: Payer, date: str) -> TableRow | None:
        """Return the edit that bars `two` beside `one` (in that order), if one is in force."""
        self._refuse("pairs", date)
        for row in self._rows("pairs", one, "column1"):
            if (
                row["column2"] == two
                and row.covers(date)
                and row["indicator"] != "9"
                and payer.is_in(row["payer_kind"])
            ):
                return row
        return None

    def names_pair(self, one: str, two: str) -> bool:
        """Say whether any row, of whatever date and payer, bars `two` beside `one`."""
        return any(row["column2"] == two for row in self._rows("pairs", one, "column1"))

    def unit_limit(self, code: str, payer: Payer, date: str) -> TableRow | None:
        """Return the row that limits the units of a code."""
        self._refuse("unit_limits", date)
        rows = [r for r in self._rows("unit_limits", code) if r.covers(date) and payer.is_in(r["payer_kind"])]
        return rows[-1] if rows else None

    def container(self, ndc: str) -> TableRow | None:
        """Return what the label says of a container, by eleven digits or the first nine (the product)."""
        for row in self.tables["containers"].rows:
            digits = _digits(row["ndc"])
            if (
                ndc == digits
                or (len(digits) == 9 and ndc.startswith(digits))
                or (len(ndc) == 9 and digits.startswith(ndc))
            ):
                return row
        return None

    def presence(self, payer: Payer, presence: str, date: str) -> str | None:
        """Return whether a supervisor's presence of this kind is `allowed` on a date."""
        for row in self.tables["supervision"].on(date):
            if row["presence"] == presence and payer.is_in(row["payer_kind"]):
                return row["standing"]
        return None

    def least_days(
        self, payer: Payer | None, drug_class: str, code: str, date: str
    ) -> tuple[int, str] | None:
        """Return the shortest time between maintenance doses for a diagnosis, and where it is said."""
        for row in self.tables["frequency"].on(date):
            fits = row["payer_kind"] == "any" or (payer is not None and payer.is_in(row["payer_kind"]))
            if (
                fits
                and row["drug_class"] == drug_class
                and (row["code"] == "any" or covers_code(row["code"], code))
            ):
                return int(Fraction(row["least_days"])), row.source
        return None

    def asks(self, requirement: str, payer: Payer, date: str) -> bool:
        """Say whether a payer asks for something on a date."""
        return any(
            row["requirement"] == requirement and payer.is_in(row["payer_kind"]) and row.covers(date)
            for row in self.tables["requirements"].rows
        )

    def _row(self, name: str, code: str, date: str | None) -> TableRow | None:
        rows = self._rows(name, code)
        if not rows:
            return None
        if date is None:
            return rows[0] if len(rows) == 1 else None
        self._refuse(name, date)
        return next((row for row in reversed(rows) if row.covers(date)), None)

    def _refuse(self, name: str, date: str) -> None:
        sentence = self.tables[name].refusal(date)
        if sentence is not None:
            raise LapsedError(name, sentence)

    def _rows(self, name: str, code: str, column: str = "code") -> list[TableRow]:
        index = self._index.get(name)
        if index is None:
            index = {}
            for row in self.tables[name].rows:
                for key in _expanded(row[column]):
                    index.setdefault(key, []).append(row)
            self._index[name] = index
        return index.get(code, [])

    def _shipped_item(self, code: str) -> TableRow | None:
        return next((row for row in shipped_tables()["items"].rows if row["code"] == code), None)


def covers_code(listed: str, code: str) -> bool:
    """Say whether a listed ICD-10-CM code, category (`K90`) or range (`E40-E46`) covers a code."""
    plain = code.replace(".", "").upper()
    low, _, high = listed.replace(".", "").upper().partition("-")
    if high:
        return low <= plain[: len(low)] and plain[: len(high)] <= high
    return (
        plain.startswith(low) if len(low) <= 3 else plain == low or (plain.startswith(low) and len(low) < 5)
    )


def known_codes(tables: Mapping[str, Table]) -> frozenset[str]:
    """Return every procedure and drug code that the tables name."""
    rows = (*tables["items"].rows, *tables["procedures"].rows)
    return frozenset(key for row in rows for key in _expanded(row["code"]))


def _expanded(code: str) -> Iterator[str]:
    low, _, high = code.partition("-")
    if not high:
        yield low
        return
    head = re.match(r"[A-Z]*", low)
    letters = head.group() if head else ""
    width = len(low) - len(letters)
    for number in range(int(low[len(letters) :]), int(high[len(letters) :]) + 1):
        yield f"{letters}{number:0{width}d}"


def _names(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _fits(pattern: str, words: set[str]) -> bool:
    return all(
        any(word.startswith(part[:-1]) for word in words) if part.endswith("*") else part in words
        for part in pattern.split("+")
    )


def _digits(ndc: str) -> str:
    parts = ndc.split("-")
    return (
        "".join(part.zfill(width) for part, width in zip(parts, (5, 4, 2), strict=False))
        if len(parts) > 1
        else ndc
    )


def _in(cell: str, known: TableRow | None, row: TableRow) -> Fraction | None:
    """Return a bound of the dose in the row's own unit; None where it cannot be turned into it."""
    if not cell:
        return None
    if not row["dose_low"] and not row["dose_high"] and known is not None and known["unit"] != row["unit"]:
        scale = {("mcg", "mg"): Fraction(1, 1000), ("mg", "mcg"): Fraction(1000)}.get(
            (known["unit"], row["unit"])
        )
        return Fraction(cell) * scale if scale else None
    return Fraction(cell)
