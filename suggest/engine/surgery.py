"""Operations and bowel disease: status, complication, absence (P35-P40, P46, R49, R50, S04)."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.facts import SectionCategory
from nlp.patterns import spaced
from suggest.engine.candidates import CHAIN, Candidate, Draft, node_candidate
from suggest.engine.chart import DOCUMENTED, Chart, is_reason
from suggest.engine.combine import Picture
from suggest.engine.current import heads_its_item, in_assessment
from suggest.engine.statement import Statement
from suggest.result import Alternative, Band, Kind, Necessity, Role

_BARIATRIC = re.compile(r"bypass|bariatric|sleeve|band|roux|rny|switch", re.IGNORECASE)

_OPERATIONS = ("bariatric_surgery", "gastric_band", "gastrectomy", "ileal_resection", "intestinal_bypass")

# what is said of the colon beside a short bowel (K90.82-)
_COLON = {"with": "K90.821", "w/": "K90.821", "without": "K90.822", "w/o": "K90.822", "no": "K90.822"}


def surgery(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Surgical status where it bears on what is coded or why the patient came; complications if worded so."""
    postsurgical = picture.nodes.get("postsurgical_malabsorption")
    if postsurgical is None and chart.by_concept.keys().isdisjoint(_OPERATIONS):
        return
    coded = picture.has(chart.tables.nutrient_states) or picture.has(
        ("malabsorption", "postsurgical_malabsorption", "megaloblastic_anemia", "macrocytic_anemia", "anemia")
    )
    bariatric = chart.among(("bariatric_surgery", "gastric_band"), *DOCUMENTED)
    if postsurgical is not None:
        named = " ".join(s.condition.text for s in postsurgical.statements)
        text = " ".join(chart.item_text(s) for s in postsurgical.statements)
        if _BARIATRIC.search(named) or (bariatric and _is_bariatric_malabsorption(picture, text)):
            band = any(s.concept == "gastric_band" for s in bariatric)
            code = "K95.09" if band else "K95.89"
            draft.add(
                Candidate(
                    code,
                    Kind.CAUSE,
                    "current",
                    Necessity.REQUIRED,
                    Band.CODE,
                    (*postsurgical.evidence[:2], *(chart.evidence(s) for s in bariatric[:1])),
                    ("P37", "R49"),
                    postsurgical.place,
                    1,
                    concept="bariatric_complication",
                )
            )
            draft.change("K91.2", after=(code,))
            return
    if postsurgical is not None:
        return  # a status code does not stand beside a complication of the same organ (R50)
    for concept in _OPERATIONS:
        statements = [s for s in chart.of(concept, *DOCUMENTED) if is_done(chart, s)]
        if not statements:
            continue
        coding = chart.coding(concept)
        assert coding is not None
        assert coding.code is not None
        assessed = [
            s
            for s in statements
            if (in_assessment(chart, s) or is_reason(s.condition)) and _is_status(chart, s)
        ]
        if not coded and not assessed:
            continue
        lead = (assessed or list(statements))[0]
        draft.add(
            Candidate(
                coding.code,
                Kind.STATUS,
                "current",
                Necessity.REQUIRED,
                Band.CODE,
                tuple(
                    chart.evidence(s, Role.CONTEXT)
                    for s in [lead, *(s for s in statements if s is not lead)][:3]
                ),
                (coding.phrase or "P35", "S04"),
                lead.place,
                CHAIN[Kind.STATUS],
                concept=concept,
            )
        )
    if picture.is_linked(("bariatric_surgery", "gastric_band"), chart.tables.nutrient_states):
        for code in ("E53.8", "D51.8", "D50.8", "E61.1"):
            if code in draft.candidates:
                other = "K95.09" if chart.of("gastric_band") else "K95.89"
                alternative = Alternative(
                    (other, code),
                    "The surgery read as a complication: its code first, "
                    "then the deficiency, without the status code (P36).",
                    "option.p36",
                )
                draft.change(code, alternatives=(*draft.candidates[code].alternatives, alternative))


_PLANNED = spaced(
    r"planned|scheduled|upcoming|considering|candidate|clearance|pre-?op|"
    r"will (?:have|undergo)|awaiting|consent|evaluat|proceed(?:ing)? (?:for|with|to)",
    re.IGNORECASE,
)
# The operation is what is chosen: "prefers the sleeve", not "prefers shots after her bypass".
_CHOSEN = spaced(
    r"\b(?:prefers?|opt(?:s|ed)? for|interested in|on track for|deciding (?:on|for|between)"
    r"|leaning to(?:ward)?|working toward)\s+"
    r"(?:(?:the|a|an|her|his|laparoscopic|robotic|gastric|vertical)\s+){0,3}\Z",
    re.IGNORECASE,
)


_STOP = re.compile(r"[.;\n]")
# What says of an operation at the head of a plan that it was done.
_WAS_DONE = spaced(
    r"\bs/p\b|status post|history|\bh/o\b|\bhx\b|\bafter|\bpost|prior|previous|since|following"
    r"|\b(?:had|was|done|ago)\b|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)


_STATUS = re.compile(
    r"s/p|status post|status|history of|h/o|hx|after|post|prior|previous|since|"
    r"\b(?:19|20)\d\d\b|ago|adjustment|band"
)


def is_done(chart: Chart, statement: Statement) -> bool:
    """Whether an operation is behind the patient: not planned, not asked for."""
    if (
        statement.condition.section is SectionCategory.PLAN
        and heads_its_item(chart, statement)
        and not _WAS_DONE.search(chart.item_text(statement))
    ):
        return False
    note = chart.notes[statement.note]
    start, end = statement.condition.start, statement.condition.end
    before = _STOP.split(note.text[max(0, start - 60) : start])[-1]
    behind = _STOP.split(note.text[end : end + 30], maxsplit=1)[0]
    return _PLANNED.search(f"{before}|{behind}") is None and _CHOSEN.search(before) is None


def _is_status(chart: Chart, statement: Statement) -> bool:
    """An operation that is done before today and named as such."""
    text = chart.item_text(statement).lower()
    return is_done(chart, statement) and _STATUS.search(text) is not None


def _is_bariatric_malabsorption(picture: Picture, text: str) -> bool:
    if picture.is_linked(
        ("bariatric_surgery", "gastric_band"), ("malabsorption", "postsurgical_malabsorption")
    ):
        return True
    return _BARIATRIC.search(text) is not None


def short_bowel(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Short bowel syndrome by what is said of the colon; then not K91.2 (A-9)."""
    node = picture.nodes.get("short_bowel")
    coding = chart.coding("short_bowel")
    if node is None or coding is None:
        return
    colon = next((v for s in node.statements for k, v in s.condition.attributes if k == "colon"), None)
    code = _COLON.get((colon or "").lower(), "K90.829")
    candidate = node_candidate(chart, node, coding, code=code)
    assert candidate is not None
    draft.add(candidate)


def crohn(chart: Chart, picture: Picture, draft: Draft) -> None:
    """A deficiency that the provider calls due to Crohn's disease makes it "with other complication"."""
    if chart.by_concept.keys().isdisjoint(("crohn", "crohn_small")):
        return
    site = chart.of("crohn_small", *DOCUMENTED)
    if "K50.90" in draft.candidates and site:
        old = draft.drop("K50.90")
        assert old is not None
        draft.add(replace(old, code="K50.00", evidence=(*old.evidence[:2], chart.evidence(site[0]))))
    if not picture.is_linked(("crohn", "crohn_small"), chart.tables.nutrient_states):
        return
    old = draft.drop("K50.90")
    if old is not None:
        draft.add(replace(old, code="K50.918", rules=("P46", *old.rules), band=Band.CARE))
