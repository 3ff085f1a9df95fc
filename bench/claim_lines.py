"""Claim lines with planted errors and their key, as an 837 would carry them, and how many of them are found.

    python -m bench.claim_lines --lines 2000 --seed 20261127
    python -m bench.claim_lines --lines 2000 --out DIR     # also notes.jsonl, lines.csv, key.csv

Notes and lines are made here, of our own words, from the seed alone; the key is written by what was planted
and never by what the program says. Numbers, dates, payers, modifiers and pointers are spelled as exports do.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

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
PLANS: list[tuple[str, Plan]] = []


def plan(name: str) -> Callable[[Plan], Plan]:
    def keep(function: Plan) -> Plan:
        PLANS.append((name, function))
        return function

    return keep


@plan("C01")
def no_drug(v: Visit) -> None:
    first, _ = ordinary(v, drug_line=False)
    v.plant(first, "C01")


@plan("C02")
def no_injection(v: Visit) -> None:
    _, drug = ordinary(v, injection=False)
    v.plant(drug, "C02")


@plan("C03")
def wrong_units(v: Visit) -> None:
    dose, right = v.rng.choice(
        (("1000 mcg", 1), ("500 mcg", 1), ("1500 mcg", 2), ("2 mL of 1000 mcg/mL", 2), ("100 mcg", 1))
    )
    v.gives = record(v, dose)
    _, drug = ordinary(v)
    billed = 2 if right == 1 else 1
    v.lines[int(drug) - 1]["units"] = str(billed)
    v.plant(drug, "C03")


@plan("C04")
def hydroxocobalamin(v: Visit) -> None:
    v.gives = record(v, "1000 mcg", "Hydroxocobalamin")
    _, drug = ordinary(v)
    v.lines[int(drug) - 1].update(procedure="J3425", units=v.rng.choice(("1", "100")), ndc="")
    v.plant(drug, "C04")


@plan("C05")
def other_drug(v: Visit) -> None:
    v.gives = record(v, "1000 mcg", v.rng.choice(("Hydroxocobalamin", "Methylcobalamin")))
    _, drug = ordinary(v)
    v.plant(drug, "C05")


@plan("C06")
def slip(v: Visit) -> None:
    dose, units = v.rng.choice((("1000 mg", "1"), ("5000 mcg", "5"), ("1 mcg", "1"), ("3 mg", "3")))
    v.gives = record(v, dose)
    _, drug = ordinary(v)
    v.lines[int(drug) - 1]["units"] = units
    v.plant(drug, "C06")


@plan("C06 units")
def microgram_units(v: Visit) -> None:
    v.gives = record(v, "1000 mcg")
    _, drug = ordinary(v)
    v.lines[int(drug) - 1]["units"] = "1000"
    v.plant(drug, "C03", "C06")
    if v.payer not in COMMERCIAL:
        v.plant(drug, "C32")


@plan("C07")
def no_pointer(v: Visit) -> None:
    first, drug = ordinary(v, visit_line=False)
    which = v.rng.choice((first, drug))
    v.lines[int(which) - 1]["diagnosis_pointers"] = ""
    v.plant(which, "C07")


@plan("C07 astray")
def astray(v: Visit) -> None:
    first, _ = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["diagnosis_pointers"] = v.rng.choice("DEFK")
    v.plant(first, "C07")


@plan("C07 unsupportive")
def unsupportive(v: Visit) -> None:
    _, drug = ordinary(v, visit_line=False)
    v.lines[int(drug) - 1]["diagnosis_pointers"] = "B"
    v.plant(drug, "C07")
    if v.payer in MEDICARE:
        v.plant(drug, "C10")


@plan("C07 undocumented")
def undocumented(v: Visit) -> None:
    v.assessment = [
        v.rng.choice(
            (
                "Fatigue, injection given",
                "Low B12 level noted, injection given",
                "Injection visit, doing well",
            )
        )
    ]
    v.codes = ["E53.8"]
    first, drug = ordinary(v, visit_line=False)
    v.plant(first, "C07")
    v.plant(drug, "C07")


@plan("C08")
def symptom(v: Visit) -> None:
    code = v.rng.choice(("R53.83", "R20.2", "Z86.39", "Z13.21", "R79.89", "Z83.49"))
    v.codes = [code, "E53.8"]
    first, drug = ordinary(v, visit_line=False)
    v.lines[int(drug) - 1]["diagnosis_pointers"] = "B"
    v.plant(first, "C08")
    if v.payer in MEDICARE:
        v.plant(first, "C10")


@plan("C09")
def energy(v: Visit) -> None:
    v.payer = v.rng.choice((*MEDICARE, *ADVANTAGE))
    v.gives = "Requests B12 shot for energy. " + record(v, "1000 mcg")
    v.assessment, v.codes = ["Fatigue, B12 shot for energy"], ["R53.83"]
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C08", "C09")
        if v.payer in MEDICARE:
            v.plant(line, "C10")


@plan("C10")
def off_list(v: Visit) -> None:
    v.payer = v.rng.choice(MEDICARE)
    v.assessment, v.codes = [B12, "Polyneuropathy"], ["G62.9", "E53.8"]
    first, drug = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["diagnosis_pointers"] = "B"
    v.plant(drug, "C10")


@plan("C11")
def coverage_words(v: Visit) -> None:
    v.payer = v.rng.choice(("First Coast", "FCSO Medicare Part B", "Medicare - First Coast (FL)"))
    v.assessment, v.codes = ["History of vitamin B12 deficiency, resolved, level today"], ["Z86.39"]
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C08", "C11")
    v.lines[1]["modifiers"] = "JZ"


@plan("C12")
def at_home(v: Visit) -> None:
    v.payer, v.place = v.rng.choice(MEDICARE), v.rng.choice(("12", "Home"))
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C12")


@plan("C13")
def foot(v: Visit) -> None:
    v.payer = v.rng.choice((*MEDICARE, *ADVANTAGE))
    v.assessment = [
        B12,
        "B12 injection to strengthen the " + v.rng.choice(("ligaments", "tendons")) + " of the right foot",
    ]
    v.codes = ["E53.8"]
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C13")


@plan("C15")
def nurse_visit(v: Visit) -> None:
    v.payer = v.rng.choice((*MEDICARE, *ADVANTAGE))
    ordinary(v, visit_line=False)
    v.plant(v.line("99211"), "C15")


@plan("C16")
def bare_visit(v: Visit) -> None:
    if v.rng.random() < 0.5:
        ordinary(v, visit_line=False)
        v.plant(v.line("99213", pointers="B"), "C16")
    else:
        v.assessment, v.codes = [B12 + ", return in one month"], ["E53.8"]
        ordinary(v, visit_line=False)
        v.plant(v.line("99213", modifiers="25"), "C16")


@plan("C17")
def misplaced(v: Visit) -> None:
    first, _ = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["modifiers"] = "25"
    v.plant(first, "C17")


@plan("C18")
def distinct(v: Visit) -> None:
    first, _ = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["modifiers"] = v.rng.choice(("59", "XU", "XS"))
    v.plant(first, "C18")


@plan("C19")
def two_syringes(v: Visit) -> None:
    v.gives = record(v, "1000 mcg").replace("1000 mcg", "1000 mcg, split into two injections,", 1)
    first, _ = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["units"] = "2"
    v.plant(first, "C19")


@plan("C20")
def unsupervised(v: Visit) -> None:
    v.payer = v.rng.choice((*MEDICARE, *ADVANTAGE))
    v.gives = record(v, "1000 mcg") + v.rng.choice(
        (
            " No physician on site today.",
            " Provider out of the office.",
            " Supervising physician available by phone only.",
        )
    )
    first, _ = ordinary(v, visit_line=False)
    v.plant(first, "C20")


@plan("C21")
def facility(v: Visit) -> None:
    v.place = v.rng.choice(("22", "19", "Outpatient Hospital", "21"))
    first, _ = ordinary(v, visit_line=False)
    v.plant(first, "C21")


@plan("C22")
def patient_gives(v: Visit) -> None:
    v.gives = v.rng.choice(
        (
            "Takes cyanocobalamin 1000 mcg PO daily.",
            "She self-injects cyanocobalamin 1000 mcg IM at home monthly.",
            "Nascobal 500 mcg intranasal weekly.",
        )
    )
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C22")


@plan("C23")
def under_the_skin(v: Visit) -> None:
    v.payer = v.rng.choice(MEDICARE)
    v.gives = record(v, "1000 mcg", route=v.rng.choice(("SC", "subcutaneously", "SQ")))
    _, drug = ordinary(v)
    v.plant(drug, "C23")


@plan("C24")
def no_jz(v: Visit) -> None:
    v.payer = v.rng.choice(MEDICARE)
    _, drug = ordinary(v)
    v.lines[int(drug) - 1]["modifiers"] = ""
    v.plant(drug, "C24")


@plan("C24 rest")
def no_waste(v: Visit) -> None:
    v.payer = v.rng.choice(MEDICARE)
    v.gives = record(v, "500 mcg") + " 500 mcg discarded."
    _, drug = ordinary(v, visit_line=False)
    v.single = "Single-dose vial."
    v.lines[int(drug) - 1]["modifiers"] = ""
    v.plant(v.line("J3420", modifiers="JW", ndc=SINGLE[0]), "C24")


@plan("C25")
def label(v: Visit) -> None:
    v.payer = v.rng.choice(MEDICARE)
    _, drug = ordinary(v)
    v.single = ""
    v.lines[int(drug) - 1].update(modifiers="", ndc=v.rng.choice(MULTI))
    v.plant(drug, "C25")


@plan("C26")
def impossible(v: Visit) -> None:
    _, drug = ordinary(v)
    v.single = ""
    if v.rng.random() < 0.5:
        v.lines[int(drug) - 1]["modifiers"] = "JW,JZ"
        v.lines[int(drug) - 1]["ndc"] = SINGLE[0]
    else:
        v.lines[int(drug) - 1].update(modifiers="JZ", ndc=v.rng.choice(MULTI))
        v.plant(drug, "C25")
    v.plant(drug, "C26")


@plan("C27")
def thin_record(v: Visit) -> None:
    v.gives = v.rng.choice(
        (
            "Cyanocobalamin 1000 mcg IM given by J. Smith RN as ordered.",
            "Cyanocobalamin 1 mg IM left deltoid given by K. Brown CMA per order.",
        )
    )
    first, _ = ordinary(v)
    v.plant(first, "C27")


@plan("C28")
def intravenous(v: Visit) -> None:
    first, _ = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["procedure"] = v.rng.choice(("96374", "96365"))
    v.plant(first, "C28")


@plan("C29")
def header(v: Visit) -> None:
    v.assessment = ["Anemia due to vitamin B12 deficiency, injection today", v.rng.choice(OTHERS)[0]]
    v.codes = [v.rng.choice(("D51", "D51.99"))]
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C29")


@plan("C30")
def anemia_or_not(v: Visit) -> None:
    if v.rng.random() < 0.5:
        v.codes = ["D51.9"]
    else:
        v.assessment, v.codes = ["Anemia due to vitamin B12 deficiency, injection today"], ["E53.8"]
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C30")


@plan("C31")
def manifestation(v: Visit) -> None:
    v.assessment, v.codes = (
        ["Polyneuropathy due to vitamin B12 deficiency, injection today"],
        ["G63", "E53.8"],
    )
    first, drug = ordinary(v, visit_line=False)
    v.lines[int(drug) - 1]["diagnosis_pointers"] = "B,A"
    v.plant(first, "C31")
    if v.payer in MEDICARE:
        v.plant(first, "C10")


@plan("C32")
def above_limit(v: Visit) -> None:
    v.payer = v.rng.choice((*MEDICARE, *ADVANTAGE))
    ordinary(v, drug_line=False, injection=False, visit_line=False)
    v.assessment = [text for text, _ in OTHERS[:2]]
    v.codes = [code for _, code in OTHERS[:2]]
    v.gives, v.single = "None.", ""
    v.plant(v.line("99214", units="3", pointers="A"), "C32")


@plan("C33")
def barred(v: Visit) -> None:
    v.payer = v.rng.choice((*MEDICARE, *ADVANTAGE))
    ordinary(v, visit_line=False)
    v.plant(v.line("96523", pointers="B"), "C33")


@plan("C34")
def iron_units(v: Visit) -> None:
    iron_visit(v, right=False)


@plan("C14")
def too_soon(v: Visit) -> None:
    _, drug = ordinary(v, visit_line=False)
    v.plant(drug, "C14")


# Visits without fault, among them those that nearly have one.
def iron_visit(v: Visit, *, right: bool = True) -> None:
    code, name, dose, units = v.rng.choice(
        (
            ("J1756", "Iron sucrose", 200, 200),
            ("J1439", "Injectafer", 750, 750),
            ("J1750", "Iron dextran", 100, 2),
            ("J2916", "Ferrlecit", 125, 10),
        )
    )
    v.gives = f"{name} {dose} mg IV given over 30 minutes by {v.rng.choice(NURSES)}."
    v.single = "Single-dose vial, no waste."
    v.assessment, v.codes = ["Iron deficiency anemia, infusion today"], ["D50.9"]
    v.line("96365")
    billed = units if right else units * 2 if code in ("J1756", "J1439") and units < 500 else units - 1
    drug = v.line(code, str(billed), "JZ" if v.payer in MEDICARE else "")
    if not right:
        v.plant(drug, "C34")


def loading(v: Visit) -> None:
    v.assessment = ["Vitamin B12 deficiency, loading with weekly injections x 4, then monthly", OTHERS[0][0]]
    v.codes = ["E53.8", "I10"]
    ordinary(v)


def brought(v: Visit) -> None:
    v.gives = "Patient brought her own vial. " + record(v, "1000 mcg")
    ordinary(v, drug_line=False)


def elsewhere(v: Visit) -> None:
    v.gives = record(v, "1000 mcg") + " Injection was given at the infusion center."
    ordinary(v, injection=False, visit_line=False)


def two_drugs(v: Visit) -> None:
    v.gives = record(v, "1000 mcg") + " Ketorolac 30 mg IM given in the right gluteus for back pain."
    v.assessment, v.codes = [B12, "Low back pain, ketorolac today"], ["E53.8", "M54.50"]
    ordinary(v, visit_line=False)
    v.line("96372", modifiers="59", pointers="B")
    v.line("J1885", "2", "", "B", ndc="")
    if v.payer in MEDICARE:
        v.lines[-1]["modifiers"] = "JZ"


def multi_dose(v: Visit) -> None:
    v.payer = v.rng.choice(COMMERCIAL)
    _, drug = ordinary(v)
    v.single = "Multi-dose vial."
    v.lines[int(drug) - 1]["ndc"] = v.rng.choice(MULTI)


def pernicious_home(v: Visit) -> None:
    v.payer, v.place = v.rng.choice(MEDICARE), "12"
    v.assessment, v.codes = ["Pernicious anemia, injection today"], ["D51.0"]
    ordinary(v, visit_line=False)


def anemia(v: Visit) -> None:
    v.assessment, v.codes = ["Anemia due to vitamin B12 deficiency, injection today"], ["D51.9"]
    ordinary(v, visit_line=False)


def two_units(v: Visit) -> None:
    v.gives = record(v, v.rng.choice(("1500 mcg", "2 mL of 1000 mcg/mL", "2000 mcg")))
    _, drug = ordinary(v)
    v.lines[int(drug) - 1]["units"] = "2"


def energy_better(v: Visit) -> None:
    v.assessment, v.codes = [B12 + "; energy improved", OTHERS[0][0]], ["E53.8", "I10"]
    ordinary(v)


def commercial_nurse(v: Visit) -> None:
    v.payer = v.rng.choice(COMMERCIAL)
    ordinary(v, visit_line=False)
    v.line("99211")


CLEAN: list[Plan] = [
    *([lambda v: ordinary(v) and None] * 8),
    iron_visit,
    loading,
    brought,
    elsewhere,
    two_drugs,
    multi_dose,
    pernicious_home,
    anemia,
    two_units,
    energy_better,
    commercial_nurse,
]


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
