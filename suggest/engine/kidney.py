"""Chronic kidney disease: stages, and anemia in CKD by presumption (P114, P115, R31-R33, S10)."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from suggest.engine.candidates import Candidate, Draft
from suggest.engine.chart import DOCUMENTED, Chart
from suggest.engine.combine import Picture
from suggest.engine.statement import Standing, Statement
from suggest.result import Band, Kind, Necessity

_APART = re.compile(r"[^0-9a-z]")
_STAGE = re.compile(r"(iii|ii|iv|i|v|[1-5])([ab]?)")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}


@lru_cache(maxsize=256)  # of the few words that follow "stage"
def stage_code(stage: str | None) -> str:
    """The N18 code of a stage as written ("3b", "IV", "G3a", "stage 3 (b)")."""
    if not stage:
        return "N18.9"
    plain = _APART.sub("", stage.lower())
    plain = plain.removeprefix("g")
    match = _STAGE.match(plain)
    if match is None:
        return "N18.9"
    number, letter = _ROMAN.get(match.group(1), match.group(1)), match.group(2)
    if number == "3":
        return {"a": "N18.31", "b": "N18.32"}.get(letter, "N18.30")
    return f"N18.{number}"


def _attribute(statement: Statement, name: str) -> str | None:
    return next((v for k, v in statement.condition.attributes if k == name), None)


def kidney(chart: Chart, picture: Picture, draft: Draft) -> None:
    """CKD stages, and anemia in CKD by the classification's own presumption (R31, R32)."""
    kidneys = chart.among(("ckd", "esrd", "ckd_anemia"), *DOCUMENTED)
    if not kidneys:
        return
    anemia = next(
        (c for c in ("anemia", "normocytic_anemia", "acute_on_chronic_anemia") if c in picture.nodes), None
    )
    if anemia is not None and "ckd_anemia" not in picture.nodes and _may_presume(chart, picture, anemia):
        node = picture.nodes.pop(anemia)
        lead = kidneys[0]
        picture.nodes["ckd_anemia"] = replace(
            node,
            concept="ckd_anemia",
            rules=("P114", "R31", *node.rules),
            evidence=(*node.evidence[:2], chart.evidence(lead)),
            band=node.band if any(s.standing is Standing.ASSESSED for s in kidneys) else Band.CARE,
        )
        picture.absorbed[anemia] = "ckd_anemia"
    beside = "ckd_anemia" in picture.nodes
    if not beside and not any(s.standing in (Standing.ASSESSED, Standing.TREATED) for s in kidneys):
        return
    stages = {code: s for s in reversed(kidneys) if (code := _kidney_code(s)) != "N18.9"}
    if stages:
        order = list(stages)
        best = next((c for c in order if stages[c].standing is Standing.ASSESSED), order[-1])
        code, chosen = ("N18.6", stages["N18.6"]) if "N18.6" in stages else (best, stages[best])
    else:
        code, chosen = "N18.9", kidneys[0]
    needs = []
    if chart.among(("hypertension",), *DOCUMENTED):
        needs.append(
            "hypertensive CKD, I12.- or I13.-: documented here, not assessed by Corrin, must precede N18"
        )
    if chart.among(("diabetes",), *DOCUMENTED):
        needs.append(
            "diabetic CKD, E08-E13 with .22, where the diabetes is its cause: "
            "not assessed by Corrin, must precede N18"
        )
    draft.add(
        Candidate(
            code,
            Kind.CAUSE,
            "current",
            Necessity.REQUIRED if beside else Necessity.OPTIONAL,
            Band.CODE,
            tuple(
                chart.evidence(s)
                for s in [chosen, *(k for k in kidneys if k is not chosen and _kidney_code(k) == code)][:3]
            ),
            ("P114", "S10"),
            chosen.place,
            1,
            needs=tuple(needs),
            concept="ckd",
        )
    )


def _kidney_code(statement: Statement) -> str:
    if statement.concept == "esrd":
        return "N18.6"
    return stage_code(_attribute(statement, "stage"))


def _may_presume(chart: Chart, picture: Picture, anemia: str) -> bool:
    members = {anemia} | {c for c in picture.absorbed if picture.final(c) == anemia}
    if picture.is_linked(chart.tables.group("kidney"), members, denied=True):
        return False
    if any(
        e.effect in members and e.cause not in chart.tables.group("kidney")
        for e in (*picture.edges, *picture.hedged)
    ):
        return False
    if picture.has(("pregnancy_anemia", "postpartum_anemia")):
        return False
    # two presumed causes compete (R33): a deficiency assessed beside CKD
    return not picture.has(chart.tables.group("deficiency"))
