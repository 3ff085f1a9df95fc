"""Errors planted in the codes: pointers, what supports the injection, what the payer covers."""

from __future__ import annotations

from bench.claims.visits import ADVANTAGE, B12, MEDICARE, OTHERS, Visit, ordinary, record


def off_the_list(v: Visit, line: str, *rules: str) -> None:
    """Plant the rules, and with them C10 where the payer is one that lists the codes it covers."""
    v.plant(line, *rules)
    if v.payer in MEDICARE:
        v.plant(line, "C10")


def no_pointer(v: Visit) -> None:
    first, drug = ordinary(v, visit_line=False)
    which = v.rng.choice((first, drug))
    v.lines[int(which) - 1]["diagnosis_pointers"] = ""
    v.plant(which, "C07")


def astray(v: Visit) -> None:
    first, _ = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["diagnosis_pointers"] = v.rng.choice("DEFK")
    v.plant(first, "C07")


def unsupportive(v: Visit) -> None:
    _, drug = ordinary(v, visit_line=False)
    v.lines[int(drug) - 1]["diagnosis_pointers"] = "B"
    off_the_list(v, drug, "C07")


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


def symptom(v: Visit) -> None:
    code = v.rng.choice(("R53.83", "R20.2", "Z86.39", "Z13.21", "R79.89", "Z83.49"))
    v.codes = [code, "E53.8"]
    first, drug = ordinary(v, visit_line=False)
    v.lines[int(drug) - 1]["diagnosis_pointers"] = "B"
    off_the_list(v, first, "C08")


def energy(v: Visit) -> None:
    v.payer = v.rng.choice((*MEDICARE, *ADVANTAGE))
    v.gives = "Requests B12 shot for energy. " + record(v, "1000 mcg")
    v.assessment, v.codes = ["Fatigue, B12 shot for energy"], ["R53.83"]
    for line in ordinary(v, visit_line=False):
        off_the_list(v, line, "C08", "C09")


def off_list(v: Visit) -> None:
    v.payer = v.rng.choice(MEDICARE)
    v.assessment, v.codes = [B12, "Polyneuropathy"], ["G62.9", "E53.8"]
    first, drug = ordinary(v, visit_line=False)
    v.lines[int(first) - 1]["diagnosis_pointers"] = "B"
    v.plant(drug, "C10")


def coverage_words(v: Visit) -> None:
    v.payer = v.rng.choice(("First Coast", "FCSO Medicare Part B", "Medicare - First Coast (FL)"))
    v.assessment, v.codes = ["History of vitamin B12 deficiency, resolved, level today"], ["Z86.39"]
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C08", "C11")
    v.lines[1]["modifiers"] = "JZ"


def foot(v: Visit) -> None:
    v.payer = v.rng.choice((*MEDICARE, *ADVANTAGE))
    v.assessment = [
        B12,
        "B12 injection to strengthen the " + v.rng.choice(("ligaments", "tendons")) + " of the right foot",
    ]
    v.codes = ["E53.8"]
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C13")


def header(v: Visit) -> None:
    v.assessment = ["Anemia due to vitamin B12 deficiency, injection today", v.rng.choice(OTHERS)[0]]
    v.codes = [v.rng.choice(("D51", "D51.99"))]
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C29")


def anemia_or_not(v: Visit) -> None:
    if v.rng.random() < 0.5:
        v.codes = ["D51.9"]
    else:
        v.assessment, v.codes = ["Anemia due to vitamin B12 deficiency, injection today"], ["E53.8"]
    for line in ordinary(v, visit_line=False):
        v.plant(line, "C30")


def manifestation(v: Visit) -> None:
    v.assessment, v.codes = (
        ["Polyneuropathy due to vitamin B12 deficiency, injection today"],
        ["G63", "E53.8"],
    )
    first, drug = ordinary(v, visit_line=False)
    v.lines[int(drug) - 1]["diagnosis_pointers"] = "B,A"
    off_the_list(v, first, "C31")
