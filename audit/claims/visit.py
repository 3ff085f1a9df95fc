"""One visit as the rules see it: its lines of one date, what the notes support, and what was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from audit.claims.doses import INJECTED, SWALLOWED, Given, read_given
from audit.claims.load import listed, support
from audit.claims.signals import find_signal, other_problem
from audit.claims.tables import LapsedError
from audit.claims.values import POINTER_LETTERS
from suggest.release import code_key, dotted, load_release

if TYPE_CHECKING:
    from fractions import Fraction

    from audit.claims.records import ClaimLine
    from audit.claims.tables import Item, Payer, Tables
    from suggest.release import Release
    from suggest.result import Evidence, Result

B12 = "b12"
NOTE_COLUMN = "note"


class LacksError(Exception):
    """A rule lacks an input. `missing` is a column, `note`, `codes`, `release` or `table:NAME`."""

    def __init__(self, missing: str, text: str, *, grave: bool = True, elsewhere: bool = False) -> None:
        super().__init__(text)
        self.missing = missing
        self.text = text
        self.grave = grave
        self.elsewhere = elsewhere  # another record would tell: `not-in-this-note`


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule fired: which of its sentences, the values for them, and the words of the note."""

    kind: str = "default"
    values: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    table: str | None = None


@dataclass(frozen=True)
class Visit:
    """The lines of one encounter and date with what its notes say. `result` is None where no note is there.

    `codes` are the billed diagnoses in order. `b12_dates` are the dates of B12 drug lines of each patient
    in the file.
    """

    lines: tuple[ClaimLine, ...]
    result: Result | None
    texts: Mapping[str | None, str] = field(repr=False)
    tables: Tables
    codes: tuple[str, ...] | None = None
    date: str | None = None
    b12_dates: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def given(self) -> tuple[Given, ...]:
        """The drugs that the notes name as taken or given, in text order."""
        return read_given(self.result.facts.medications, self.texts) if self.result is not None else ()

    @cached_property
    def release(self) -> Release:
        """The release that speaks for the date of service."""
        return load_release(self.date)

    @cached_property
    def supported(self) -> frozenset[str]:
        """The codes that the notes support, other accepted readings among them."""
        if self.result is None:
            return frozenset()
        found = {s.code for s in self.result.suggestions}
        found |= {code for s in self.result.suggestions for a in s.alternatives for code in a.codes}
        return frozenset(found)

    def kind(self, line: ClaimLine) -> str | None:
        """Return `drug`, `injection`, `infusion`, `visit`, `minimal_visit`, `home_nursing`, or None."""
        return self.tables.kind(line.procedure)

    def item(self, line: ClaimLine) -> Item | None:
        """Return the drug of a line, if it is in the table and the table in force."""
        try:
            return self.tables.item(line.procedure, self.date)
        except LapsedError:
            return None

    def others(self, line: ClaimLine, *kinds: str) -> tuple[ClaimLine, ...]:
        """Return the other lines of the visit that are of these kinds."""
        return tuple(o for o in self.lines if o is not line and self.kind(o) in kinds)

    def drug_class(self, line: ClaimLine) -> str | None:
        """Return the class of a drug line by its code; an unclassified code takes that of the drug given."""
        if self.kind(line) != "drug":
            return None
        known = self.shelf_class(line.procedure)
        if known == "unclassified":
            classes = {g.drug_class for g in self.injected()}
            return next(iter(classes)) if len(classes) == 1 and classes <= set(support()) else None
        return known

    def shelf_class(self, code: str) -> str | None:
        """Return the class of a drug code by the table, whatever the date."""
        for row in self.tables.tables["items"].rows:
            if row["code"] == code and row["drug_class"]:
                return row["drug_class"]
        return self.tables.shipped_class(code)

    @cached_property
    def served_class(self) -> str | None:
        """The class of drug that the administrations of this visit serve; None where it cannot be told."""
        drugs = [o for o in self.lines if self.kind(o) == "drug"]
        classes = {self.drug_class(o) for o in drugs}
        if B12 in classes:
            return B12
        if drugs:
            return classes.pop() if len(classes) == 1 else None
        given = {g.drug_class for g in self.injected() if g.drug_class in support()}
        if given:
            return B12 if B12 in given else given.pop() if len(given) == 1 else None
        if self.signal("other_injection") is not None:
            return None
        if any(g.drug_class == B12 for g in self.given):
            return B12
        own = support()[B12].own
        pointed = [
            c
            for o in self.lines
            if self.kind(o) in ("injection", "infusion")
            for c in self.pointed_or_none(o) or ()
        ]
        return B12 if any(listed(own, code) for code in pointed) else None

    def serves(self, line: ClaimLine) -> str | None:
        """Return the class of drug that an administration serves.

        Where drugs of several classes are billed, an infusion serves one that is not B12, and of several
        injections each serves the drug that its first pointer supports.
        """
        classes = {self.drug_class(o) for o in self.lines if self.kind(o) == "drug"}
        if len(classes) < 2:
            return self.served_class
        if self.kind(line) == "infusion":
            others = classes - {B12}
            return next(iter(others)) if len(others) == 1 else None
        pointed = self.pointed_or_none(line)
        if len([o for o in self.lines if self.kind(o) == "injection"]) < 2 or not pointed:
            return self.served_class
        return next((c for c in support() if c in classes and listed(support()[c].codes, pointed[0])), None)

    def injected(self, drug_class: str | None = None) -> tuple[Given, ...]:
        """Return what was given by needle; where nothing is said to be, what the note orders that way."""
        fits = [g for g in self.given if drug_class in (None, g.drug_class) and g.route not in SWALLOWED]
        given = tuple(g for g in fits if g.is_given)
        return given or tuple(g for g in fits if g.route in INJECTED)

    def signal(self, name: str) -> Evidence | None:
        """Return where the notes hold a signal (`signals.yaml`)."""
        return find_signal(name, self.texts)

    @cached_property
    def separate_problem(self) -> Evidence | None:
        """A problem beyond the injection's own that the notes assess."""
        return other_problem(self.texts)

    @cached_property
    def patient_gives(self) -> Evidence | None:
        """Where the notes have B12 taken or given by the patient and not given here (rule C22)."""
        ours = [g for g in self.given if g.drug_class == B12]
        here = [g for g in ours if g.is_given and g.route not in SWALLOWED]
        own = self.signal("self_administered")
        if own is not None and not any(g.is_given and not _within(own, g) for g in here):
            return own
        if not ours or any(g.route not in SWALLOWED for g in ours):
            return None
        return ours[0].evidence

    def pointed_or_none(self, line: ClaimLine) -> tuple[str, ...] | None:
        """Return the diagnosis codes that a line points to; None where that cannot be told."""
        if line.pointers is None:
            return None
        codes = line.codes or self.codes
        found = []
        for pointer in line.pointers:
            places = _places(pointer, len(codes) if codes is not None else None)
            if not places:
                if not pointer.startswith("?"):
                    found.append(_dotted(pointer))
            elif codes is None:
                return None
            else:
                found += [_dotted(codes[place - 1]) for place in places if place <= len(codes)]
        return tuple(found)

    def astray(self, line: ClaimLine) -> str | None:
        """Return the first pointer of a line that leads nowhere."""
        codes = line.codes or self.codes
        for pointer in line.pointers or ():
            if pointer.startswith("?"):
                return pointer[1:]
            if codes is not None and any(place > len(codes) for place in _places(pointer, len(codes))):
                return pointer
        return None


@dataclass(frozen=True, slots=True)
class At:
    """A rule at a line. Each method returns an input or raises `LacksError` naming what is missing."""

    line: ClaimLine
    visit: Visit

    @property
    def tables(self) -> Tables:
        """The tables of the run."""
        return self.visit.tables

    def units(self) -> Fraction:
        """Return the billed units."""
        if self.line.units is None:
            raise LacksError("units", "the units are missing or no number")
        return self.line.units

    def modifiers(self) -> tuple[str, ...]:
        """Return the modifiers; none is an answer, a missing column is not."""
        if self.line.modifiers is None:
            raise LacksError("modifiers", "there is no column of modifiers")
        return self.line.modifiers

    def date(self) -> str:
        """Return the date of service: the line's own, else that of the encounter."""
        if self.visit.date is None:
            raise LacksError("service_date", "the date of service is missing or no date")
        return self.visit.date

    def payer(self) -> Payer:
        """Return the payer as the table knows it."""
        if self.line.payer is None:
            raise LacksError("payer", "the payer is missing")
        payer = self.tables.payer(self.line.payer)
        if payer is None:
            raise LacksError(
                "table:payers", "the table of payers does not know this payer (column payer); add its name"
            )
        return payer

    def place(self) -> str:
        """Return the kind of place of service."""
        if self.line.place_of_service is None:
            raise LacksError("place_of_service", "the place of service is missing")
        kind = self.tables.place_kind(self.line.place_of_service)
        if kind is None:
            raise LacksError(
                "table:places", "the table of places does not know this place_of_service; add it"
            )
        return kind

    def provider(self, line: ClaimLine) -> str:
        """Return who rendered a line."""
        if line.provider is None:
            raise LacksError("provider", "the provider is missing")
        return " ".join(line.provider.lower().replace(".", " ").replace(",", " ").split())

    def same_provider(self, others: Sequence[ClaimLine]) -> tuple[ClaimLine, ...]:
        """Return those of other lines that the same provider rendered."""
        own = self.provider(self.line)
        return tuple(o for o in others if self.provider(o) == own)

    def result(self) -> Result:
        """Return what the notes support."""
        if self.visit.result is None:
            raise LacksError(NOTE_COLUMN, "no note of this visit is there")
        return self.visit.result

    def pointed(self) -> tuple[str, ...]:
        """Return the diagnosis codes that the line points to, the first of which is judged."""
        if self.line.pointers is None:
            raise LacksError("diagnosis_pointers", "there is no column of diagnosis_pointers")
        pointed = self.visit.pointed_or_none(self.line)
        if pointed is None:
            raise LacksError(
                "codes",
                "pointers are places in the billed order, and the billed codes (column codes) are missing",
            )
        return pointed

    def ndc(self) -> str:
        """Return the label number."""
        if self.line.ndc is None:
            raise LacksError("ndc", "the label number (ndc) is missing or cannot be read", grave=False)
        return self.line.ndc


def _within(own: Evidence, given: Given) -> bool:
    return own.note_id == given.note_id and given.start - 60 <= own.start <= given.end + 60


def _places(pointer: str, count: int | None) -> tuple[int, ...]:
    """Return the place a pointer leads to; two where "12" cannot be the twelfth. Empty for a code."""
    if len(pointer) == 1 and pointer in POINTER_LETTERS:
        return (POINTER_LETTERS.index(pointer) + 1,)
    if not pointer.isdigit():
        return ()
    if pointer == "12" and count is not None and count < 12:
        return (1, 2)
    return (int(pointer),)


def _dotted(code: str) -> str:
    key = code_key(code)
    return dotted(key) if key else code
