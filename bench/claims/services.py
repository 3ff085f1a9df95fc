"""Errors planted in the services: who gave them and where, modifiers, visits beside them, limits, records."""

from __future__ import annotations

from bench.claims.visits import ADVANTAGE, B12, MEDICARE, OTHERS, Visit, ordinary, record


def at_home(v: Visit) -> None:
    v.payer, v.place = v.rng.choice(MEDICARE), v.rng.choice(("12", "Home"))
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C12")


def nurse_visit(v: Visit) -> None:
    v.payer = v.rng.choice((*MEDICARE, *ADVANTAGE))
    ordinary(v, visit_line=False)
    v.plant(v.line("99211"), "C15")


def bare_visit(v: Visit) -> None:
    if v.rng.random() < 0.5:
        ordinary(v, visit_line=False)
        v.plant(v.line("99213", pointers="B"), "C16")
    else:
        v.assessment, v.codes = [B12 + ", return in one month"], ["E53.8"]
        ordinary(v, visit_line=False)
        v.plant(v.line("99213", modifiers="25"), "C16")


def misplaced(v: Visit) -> None:
    first, _ = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["modifiers"] = "25"
    v.plant(first, "C17")


def distinct(v: Visit) -> None:
    first, _ = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["modifiers"] = v.rng.choice(("59", "XU", "XS"))
    v.plant(first, "C18")


def two_syringes(v: Visit) -> None:
    v.gives = record(v, "1000 mcg").replace("1000 mcg", "1000 mcg, split into two injections,", 1)
    first, _ = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["units"] = "2"
    v.plant(first, "C19")


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


def facility(v: Visit) -> None:
    v.place = v.rng.choice(("22", "19", "Outpatient Hospital", "21"))
    first, _ = ordinary(v, visit_line=False)
    v.plant(first, "C21")


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


def thin_record(v: Visit) -> None:
    v.gives = v.rng.choice(
        (
            "Cyanocobalamin 1000 mcg IM given by J. Smith RN as ordered.",
            "Cyanocobalamin 1 mg IM left deltoid given by K. Brown CMA per order.",
        )
    )
    first, _ = ordinary(v)
    v.plant(first, "C27")


def intravenous(v: Visit) -> None:
    first, _ = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["procedure"] = v.rng.choice(("96374", "96365"))
    v.plant(first, "C28")


def above_limit(v: Visit) -> None:
    v.payer = v.rng.choice((*MEDICARE, *ADVANTAGE))
    ordinary(v, drug_line=False, injection=False, visit_line=False)
    v.assessment = [text for text, _ in OTHERS[:2]]
    v.codes = [code for _, code in OTHERS[:2]]
    v.gives, v.single = "None.", ""
    v.plant(v.line("99214", units="3", pointers="A"), "C32")


def barred(v: Visit) -> None:
    v.payer = v.rng.choice((*MEDICARE, *ADVANTAGE))
    ordinary(v, visit_line=False)
    v.plant(v.line("96523", pointers="B"), "C33")
