"""Visits without fault, among them those that nearly have one."""

from __future__ import annotations

from bench.claims.visits import (
    B12,
    COMMERCIAL,
    MEDICARE,
    MULTI,
    NURSES,
    OTHERS,
    Plan,
    Visit,
    ordinary,
    record,
)


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
