"""Anemia in pregnancy and after it: chapter 15 first, then the type (S09, P120, P121, R51)."""

from __future__ import annotations

import re

from suggest.engine.candidates import Candidate, Draft
from suggest.engine.chart import Chart, is_reason
from suggest.engine.combine import Picture
from suggest.engine.current import in_assessment
from suggest.engine.statement import Standing
from suggest.result import Band, Evidence, Kind, Necessity, Role

_BEFORE_BIRTH = re.compile(
    r"pre-?existing|antepartum|during (?:the )?pregnancy|before delivery", re.IGNORECASE
)
_OBSTETRIC_WORDS = re.compile(
    r"\bOB\b|\bG\d ?P\d|\bIUP\b|"
    r"(?i:obstetric|prenatal|antenatal|gravid|f(?:o)?etal|midwife|cesarean|caesarean)|"
    r"\bN?SVD\b|c-section|\bPPH\b|lochia|delivered|vaginal delivery|\bFHT\b|\bFHR\b"
)


def trimester(weeks: int) -> str:
    """The digit of O99.01-: first below 14 w 0 d, second to 27 w 6 d, third after (S09)."""
    return "1" if weeks < 14 else "2" if weeks < 28 else "3"


def pregnancy(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Anemia in pregnancy: chapter 15 first, then the type (R51)."""
    anemias = sorted(chart.tables.group("anemia_any") & picture.nodes.keys())
    if not anemias:
        return
    standing = (Standing.ASSESSED, Standing.NARRATED, Standing.TREATED, Standing.WEAK)
    pregnant = chart.of("pregnancy", *standing) or chart.of(
        "pregnancy_anemia", Standing.ASSESSED, Standing.NARRATED
    )
    weeks_statements = chart.among(("pregnancy_weeks", "pregnancy"), *standing)
    after = chart.of("postpartum", *standing) or chart.of("postpartum_anemia", Standing.ASSESSED)
    typed = [
        c
        for c in anemias
        if c
        not in (
            "anemia",
            "normocytic_anemia",
            "pregnancy_anemia",
            "postpartum_anemia",
            "childbirth_anemia",
            "nutritional_anemia",
        )
    ]
    lead = picture.nodes[min(anemias, key=lambda c: picture.nodes[c].place)]
    if after and "pregnancy_anemia" not in picture.nodes:
        if not (
            "postpartum_anemia" in picture.nodes
            or any(
                in_assessment(chart, s) or is_reason(s.condition) or s.standing is Standing.ASSESSED
                for s in after
            )
            or _ob_note(chart)
        ):
            return
        preexisting = bool(
            chart.of("pregnancy_anemia", Standing.ASSESSED, Standing.NARRATED, Standing.LISTED)
        ) or any(
            _BEFORE_BIRTH.search(chart.item_text(s)) for c in anemias for s in picture.nodes[c].statements
        )
        code = "O99.03" if preexisting else "O90.81"
        draft.drop("O90.81")
        draft.add(
            _obstetric(
                code,
                (*lead.evidence[:2], chart.evidence(after[0], Role.CONTEXT)),
                ("P121", "S09"),
                lead.place,
            )
        )
        _type_behind(draft, typed, code)
        return
    if not pregnant and not (weeks_statements and _ob_note(chart)):
        return
    stated = next(
        (v for s in weeks_statements for k, v in s.condition.attributes if k == "trimester"), None
    ) or next(
        (v for s in chart.of("pregnancy_anemia") for k, v in s.condition.attributes if k == "trimester"), None
    )
    weeks = [
        (int(v), s)
        for s in weeks_statements
        for k, v in s.condition.attributes
        if k == "weeks" and v.isdigit() and 3 <= int(v) <= 43
    ]
    evidence = lead.evidence[:2]
    if stated:
        digit = {"f": "1", "1": "1", "s": "2", "2": "2", "t": "3", "3": "3"}[stated[0]]
    elif weeks:
        digit = trimester(weeks[0][0])
        evidence = (*evidence, chart.evidence(weeks[0][1], Role.CONTEXT))
    else:
        return
    code = f"O99.01{digit}"
    draft.add(_obstetric(code, evidence, ("P120", "S09", "R51"), lead.place))
    _type_behind(draft, typed, code)


def _ob_note(chart: Chart) -> bool:
    return any(_OBSTETRIC_WORDS.search(n.text[:6000]) for n in chart.notes)


def _obstetric(
    code: str, evidence: tuple[Evidence, ...], rules: tuple[str, ...], place: tuple[int, int]
) -> Candidate:
    return Candidate(
        code,
        Kind.CONDITION,
        "current",
        Necessity.REQUIRED,
        Band.CODE,
        evidence,
        rules,
        place,
        0,
        concept="obstetric",
    )


def _type_behind(draft: Draft, typed: list[str], code: str) -> None:
    if not typed:
        draft.change("D64.9", necessity=Necessity.OPTIONAL)
    for candidate in list(draft.candidates.values()):
        if candidate.code.startswith(("D5", "D6")):
            draft.change(candidate.code, after=(*candidate.after, code))
