"""Errors planted in what was given: the drug, its dose and units, its route, its vial, and how soon again."""

from __future__ import annotations

from bench.claims.clean import iron_visit
from bench.claims.visits import COMMERCIAL, MEDICARE, MULTI, SINGLE, Visit, ordinary, record


def no_drug(v: Visit) -> None:
    first, _ = ordinary(v, drug_line=False)
    v.plant(first, "C01")


def no_injection(v: Visit) -> None:
    _, drug = ordinary(v, injection=False)
    v.plant(drug, "C02")


def wrong_units(v: Visit) -> None:
    dose, right = v.rng.choice(
        (("1000 mcg", 1), ("500 mcg", 1), ("1500 mcg", 2), ("2 mL of 1000 mcg/mL", 2), ("100 mcg", 1))
    )
    v.gives = record(v, dose)
    _, drug = ordinary(v)
    billed = 2 if right == 1 else 1
    v.lines[int(drug) - 1]["units"] = str(billed)
    v.plant(drug, "C03")


def hydroxocobalamin(v: Visit) -> None:
    v.gives = record(v, "1000 mcg", "Hydroxocobalamin")
    _, drug = ordinary(v)
    v.lines[int(drug) - 1].update(procedure="J3425", units=v.rng.choice(("1", "100")), ndc="")
    v.plant(drug, "C04")


def other_drug(v: Visit) -> None:
    v.gives = record(v, "1000 mcg", v.rng.choice(("Hydroxocobalamin", "Methylcobalamin")))
    _, drug = ordinary(v)
    v.plant(drug, "C05")


def slip(v: Visit) -> None:
    dose, units = v.rng.choice((("1000 mg", "1"), ("5000 mcg", "5"), ("1 mcg", "1"), ("3 mg", "3")))
    v.gives = record(v, dose)
    _, drug = ordinary(v)
    v.lines[int(drug) - 1]["units"] = units
    v.plant(drug, "C06")


def microgram_units(v: Visit) -> None:
    v.gives = record(v, "1000 mcg")
    _, drug = ordinary(v)
    v.lines[int(drug) - 1]["units"] = "1000"
    v.plant(drug, "C03", "C06")
    if v.payer not in COMMERCIAL:
        v.plant(drug, "C32")


def under_the_skin(v: Visit) -> None:
    v.payer = v.rng.choice(MEDICARE)
    v.gives = record(v, "1000 mcg", route=v.rng.choice(("SC", "subcutaneously", "SQ")))
    _, drug = ordinary(v)
    v.plant(drug, "C23")


def no_jz(v: Visit) -> None:
    v.payer = v.rng.choice(MEDICARE)
    _, drug = ordinary(v)
    v.lines[int(drug) - 1]["modifiers"] = ""
    v.plant(drug, "C24")


def no_waste(v: Visit) -> None:
    v.payer = v.rng.choice(MEDICARE)
    v.gives = record(v, "500 mcg") + " 500 mcg discarded."
    _, drug = ordinary(v, visit_line=False)
    v.single = "Single-dose vial."
    v.lines[int(drug) - 1]["modifiers"] = ""
    v.plant(v.line("J3420", modifiers="JW", ndc=SINGLE[0]), "C24")


def label(v: Visit) -> None:
    v.payer = v.rng.choice(MEDICARE)
    _, drug = ordinary(v)
    v.single = ""
    v.lines[int(drug) - 1].update(modifiers="", ndc=v.rng.choice(MULTI))
    v.plant(drug, "C25")


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


def iron_units(v: Visit) -> None:
    iron_visit(v, right=False)


def too_soon(v: Visit) -> None:
    _, drug = ordinary(v, visit_line=False)
    v.plant(drug, "C14")
