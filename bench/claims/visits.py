"""A visit of an office that gives vitamin B12: its note and its claim lines, and how both are worded."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

MEDICARE = (
    "Medicare Part B",
    "MCR",
    "Medicare",
    "MEDICARE B",
    "Noridian JE Part B",
    "Novitas Medicare",
    "Railroad Medicare",
)
COMMERCIAL = ("Aetna", "BCBS of Texas", "UHC", "Cigna PPO", "UnitedHealthcare", "Anthem Blue Cross", "Humana")
ADVANTAGE = ("Aetna Medicare Advantage", "Humana Gold Plus", "UHC Medicare Complete")
OFFICE = ("11", "Office", "office", "11.0")
SINGLE, MULTI = (
    ("99999-0001-01", "99999000101"),
    ("0517-0031-25", "00517003125", "71288-300-01", "70710-1663-06"),
)
NURSES = ("J. Smith RN", "Maria Lopez, LPN", "K. Brown CMA", "T. Nguyen, RN")
DOCTORS = ("Lee", "Patel", "Gomez", "Okafor")
SITES = ("left deltoid", "right deltoid", "left gluteus", "R deltoid", "L ventrogluteal")
OTHERS = (
    ("Hypertension, continue lisinopril", "I10"),
    ("Type 2 diabetes, A1c today", "E11.9"),
    ("Hyperlipidemia, continue atorvastatin", "E78.5"),
    ("COPD, stable on inhaler", "J44.9"),
)
B12 = "Vitamin B12 deficiency, injection today"


@dataclass
class Visit:
    """A visit as it is planted: the note's parts, its lines, and (line, rule) for each error."""

    number: int
    rng: random.Random
    day: date
    payer: str = "Medicare Part B"
    gives: str = ""
    single: str = ""
    assessment: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    lines: list[dict[str, str]] = field(default_factory=list)
    key: set[tuple[str, str]] = field(default_factory=set)
    patient: str = ""
    doctor: str = "Lee"
    place: str = "11"

    def line(
        self, procedure: str, units: str = "1", modifiers: str = "", pointers: str = "A", **more: str
    ) -> str:
        number = str(len(self.lines) + 1)
        self.lines.append(
            {
                "encounter_id": f"e{self.number}",
                "line": number,
                "patient_id": self.patient,
                "service_date": self.day.isoformat(),
                "procedure": procedure,
                "units": units,
                "modifiers": modifiers,
                "diagnosis_pointers": pointers,
                "place_of_service": self.place,
                "payer": self.payer,
                "provider": self.doctor,
                "ndc": "",
                **more,
            }
        )
        return number

    def plant(self, line: str, *rules: str) -> None:
        self.key |= {(line, rule) for rule in rules}

    @property
    def note(self) -> str:
        problems = "\n".join(f"{n}. {text}." for n, text in enumerate(self.assessment, start=1))
        return (
            f"DATE OF SERVICE: {self.day:%m/%d/%Y}\n\nINTERVAL: Here as scheduled, feels well.\n\n"
            f"PROCEDURE: {self.gives} {self.single}\n\nASSESSMENT AND PLAN:\n{problems}\n\n"
            f"Electronically signed by Ann {self.doctor}, MD\n"
        )


def record(visit: Visit, dose: str, drug: str = "Cyanocobalamin", route: str = "IM") -> str:
    """Return the sentence of a full injection record, in one of several wordings."""
    rng, doctor = visit.rng, f"Dr. {visit.doctor}"
    site, nurse, lot = (
        rng.choice(SITES),
        rng.choice(NURSES),
        rng.choice("ABCK") + str(rng.randint(1000, 9999)),
    )
    return rng.choice(
        [
            f"{drug} {dose} {route} given in the {site}, lot {lot}, by {nurse}, per {doctor}'s order.",
            f"{drug} {dose} {route} administered today, {site}. Lot # {lot}. Given by {nurse} as ordered.",
            f"Gave {drug.lower()} {dose} {route} into {site}; lot no. {lot}; {doctor} ordered. {nurse}.",
            f"{drug} {dose} given {route} {site}, Lot: {lot}, {nurse}, standing order of {doctor}.",
        ]
    )


ONE = ("1000 mcg", "1,000 mcg", "1 mg", "1000 mcg/mL, 1 mL", "1 mL of 1000 mcg/mL", "1,000 µg")


def ordinary(
    visit: Visit, *, drug_line: bool = True, injection: bool = True, visit_line: bool | None = None
) -> tuple[str, str]:
    """Make a visit without fault; return the numbers of its injection and drug lines ("": there is none)."""
    rng = visit.rng
    visit.gives = visit.gives or record(visit, rng.choice(ONE))
    is_part_b = visit.payer in MEDICARE
    visit.single = rng.choice(
        ("Single-dose vial, no waste.", "Drawn from a single-dose vial; nothing wasted: no waste.")
    )
    other, code = rng.choice(OTHERS)
    visit.assessment = visit.assessment or [B12, other]
    visit.codes = visit.codes or ["E53.8", code]
    first = visit.line("96372") if injection else ""
    second = (
        visit.line("J3420", modifiers="JZ" if is_part_b else "", ndc=rng.choice(SINGLE)) if drug_line else ""
    )
    if visit_line if visit_line is not None else rng.random() < 0.4:
        visit.line(rng.choice(("99213", "99214", "99212")), modifiers="25", pointers="B,A")
    return first, second


Plan = Callable[[Visit], None]
