"""What a compliance policy may decide otherwise (section Policy of the rulings); the defaults change no answer.

Each function serves one option, named in its docstring; where a choice moves a code, the other way
stands under the suggestion's `alternatives` with the option's id.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from nlp.facts import MedicationStatus
from suggest.engine.candidates import CHAIN, Candidate, Draft
from suggest.engine.chart import DOCUMENTED, Chart, Standing
from suggest.engine.combine import Node, Picture
from suggest.engine.surgery import is_done
from suggest.result import Alternative, Band, Kind, Necessity, Role

_PAST_CANCER = re.compile(
    r"history of|h/o|\bhx\b|remission|\bNED\b|in situ|s/p|screen|\bprior\b", re.IGNORECASE
)
_LONG_TERM = {
    "metformin": "Z79.84",
    "oral_hypoglycemic": "Z79.84",
    "ppi": "Z79.899",
    "h2ra": "Z79.899",
    "b12": "Z79.899",
}
_AS_NEEDED = re.compile(r"\bprn\b|as needed|\botc\b", re.IGNORECASE)
_STATUS = ("bariatric_surgery", "gastric_band", "gastrectomy", "ileal_resection", "intestinal_bypass")
_UNTYPED = ("anemia", "normocytic_anemia")


def active_malignancy(chart: Chart) -> bool:
    """Whether the assessment names a malignancy that is not past."""
    return any(not _PAST_CANCER.search(chart.item_text(s)) for s in chart.of("neoplasm", Standing.ASSESSED))


def apply_to_picture(chart: Chart, picture: Picture) -> None:
    """Presumptions that a policy may make (S25, S32, S38)."""
    for option in (_presume_manifestation, _presume_neoplastic, _type_by_history):
        option(chart, picture)


def apply_to_draft(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Codes that a policy adds, moves or leaves out, and the alternatives that name the option."""
    for option in _DRAFT_OPTIONS:
        option(chart, picture, draft)


def _rename(picture: Picture, old: str, new: str, rule: str) -> None:
    node = picture.nodes.pop(old)
    picture.nodes[new] = replace(node, concept=new, rules=(rule, *node.rules), band=Band.CARE)
    picture.absorbed[old] = new


def _presume_manifestation(chart: Chart, picture: Picture) -> None:
    """option.s32"""
    if chart.choice("s32") != "presumed" or not picture.has(chart.tables.group("b12_state")):
        return
    states = chart.tables.group("b12_state")
    for old, new, rivals in (
        ("polyneuropathy", "b12_polyneuropathy", ("diabetes", "other_neuropathy", "alcohol_use")),
        ("dementia", "b12_dementia", ("other_dementia",)),
    ):
        if (
            old not in picture.nodes
            or chart.among(rivals, *DOCUMENTED)
            or picture.is_linked(states, (old,), denied=True)
        ):
            continue
        if not any(e.effect == old for e in (*picture.edges, *picture.hedged)):
            _rename(picture, old, new, "S32")


def _presume_neoplastic(chart: Chart, picture: Picture) -> None:
    """option.s25"""
    if chart.choice("s25") != "presumed" or not active_malignancy(chart):
        return
    for old in _UNTYPED:
        if old in picture.nodes and not any(
            e.effect == old for e in (*picture.edges, *picture.hedged, *picture.denied)
        ):
            if not picture.has(chart.tables.group("deficiency")):
                _rename(picture, old, "neoplastic_anemia", "S25")


def _type_by_history(chart: Chart, picture: Picture) -> None:
    """option.s38"""
    if chart.choice("s38") != "typed_by_history":
        return
    for old in _UNTYPED:
        typed = next(
            (
                c
                for c in ("iron_deficiency_anemia", "b12_deficiency_anemia", "pernicious_anemia")
                if chart.of(c, Standing.LISTED, Standing.HISTORY)
            ),
            None,
        )
        if old in picture.nodes and typed and typed not in picture.nodes:
            _rename(picture, old, typed, "S38")


Option = Callable[[Chart, Picture, Draft], None]


def _alternative(draft: Draft, code: str, codes: tuple[str, ...], text: str, option: str) -> None:
    if code in draft:
        known = draft.candidates[code].alternatives
        draft.change(code, alternatives=(*known, Alternative(codes, text, option)))


def _drug_status(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.s02"""
    choice = chart.choice("s02")
    if choice == "never_alone":
        return
    ours = any(c.kind is Kind.CONDITION for c in draft.candidates.values())
    if not ours and choice != "always":
        return
    for index, drug in chart.drugs(_LONG_TERM, MedicationStatus.ACTIVE):
        code = _LONG_TERM[drug.drug_class]
        if code not in draft and not _AS_NEEDED.search(drug.text):
            draft.add(
                Candidate(
                    code, Kind.STATUS, "current", Necessity.REQUIRED if choice == "always" else Necessity.OPTIONAL, Band.CODE,
                    (replace(chart.drug_evidence(index, drug), role=Role.CONTEXT),), ("S02",), (index, drug.start), 6, concept="drug_status",
                )
            )  # fmt: skip


def _surgical_status(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.s04"""
    choice = chart.choice("s04")
    if choice == "only_where_it_bears" or any(c.startswith("K95") for c in draft.candidates):
        return
    for concept in _STATUS:
        coding = chart.coding(concept)
        statements = [s for s in chart.of(concept, *DOCUMENTED) if is_done(chart, s)]
        if coding is None or coding.code is None or not statements or coding.code in draft:
            continue
        draft.add(
            Candidate(
                coding.code, Kind.STATUS, "current", Necessity.REQUIRED if choice == "always" else Necessity.OPTIONAL, Band.CODE,
                (chart.evidence(statements[0], Role.CONTEXT),), (coding.phrase or "P35", "S04"), statements[0].place, CHAIN[Kind.STATUS], concept=concept,
            )
        )  # fmt: skip


def _histories(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.s05"""
    choice = chart.choice("s05")
    for code in ("Z86.2", "Z86.39", "Z83.2", "Z83.49"):
        if code not in draft or draft.candidates[code].necessity is Necessity.REQUIRED:
            continue
        if choice == "always":
            draft.change(code, necessity=Necessity.REQUIRED)
        elif choice == "only_where_addressed":
            draft.drop(code)


def _symptoms(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.s11"""
    choice = chart.choice("s11")
    if choice == "unexplained":
        return
    for concept in picture.nodes:
        coding = chart.coding(concept)
        if coding is None or coding.symptom is None or coding.code is None or coding.code not in draft:
            continue
        if draft.candidates[coding.code].necessity is Necessity.OPTIONAL:
            if choice == "only_linked_or_alone":
                draft.drop(coding.code)
            elif coding.symptom == "kept":
                draft.change(coding.code, necessity=Necessity.REQUIRED)


def _low_b12(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.s28"""
    if "low_b12" not in picture.nodes or "R79.89" not in draft:
        return
    choice = chart.choice("s28")
    if choice == "query_only":
        draft.drop("R79.89")
    elif choice == "query_and_finding":
        draft.change("R79.89", necessity=Necessity.REQUIRED)


def _combined(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.p17"""
    node = picture.nodes.get("combined_deficiency_anemia")
    if node is None or "D53.1" not in draft:
        return
    if chart.choice("p17") == "two_codes":
        old = draft.drop("D53.1")
        assert old is not None
        for code in ("D51.9", "D52.9"):
            draft.add(replace(old, code=code))
    else:
        _alternative(
            draft,
            "D53.1",
            ("D51.9", "D52.9"),
            "Two codes, one for each deficiency anemia (P17).",
            "option.p17",
        )


def _moved(old: str, new: str | None, concept: str, option: str, moved: str, text: str) -> Option:
    """Make the option that puts `new` (None: nothing) in place of `old` where the concept gave it."""

    def apply(chart: Chart, picture: Picture, draft: Draft) -> None:
        if concept not in picture.nodes or old not in draft or draft.candidates[old].concept != concept:
            return
        choice = chart.choice(option)
        if choice == moved:
            candidate = draft.drop(old)
            assert candidate is not None
            if new is not None:
                draft.add(replace(candidate, code=new))
        elif new is not None:
            _alternative(draft, old, (new,), text, f"option.{option}")

    apply.__doc__ = f"option.{option}"
    return apply


def _complication(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.p36"""
    if chart.choice("p36") != "complication":
        return
    states = chart.tables.group("b12_state") | chart.tables.group("iron_state")
    edge = next(
        (
            e
            for e in picture.edges
            if e.cause in ("bariatric_surgery", "gastric_band") and picture.final(e.effect) in states
        ),
        None,
    )
    if edge is None or edge.cause_statement is None:
        return
    effect = chart.coding(picture.final(edge.effect))
    code = "K95.09" if edge.cause == "gastric_band" else "K95.89"
    draft.drop("Z98.84")
    draft.add(
        Candidate(
            code, Kind.CAUSE, "current", Necessity.REQUIRED, Band.CARE,
            (chart.evidence(edge.cause_statement), chart.cut(edge.note, edge.link.start, edge.link.end, "unknown", Role.LINKAGE)),
            ("P36", "R49"), edge.cause_statement.place, 1, concept="bariatric_complication",
        )
    )  # fmt: skip
    if effect is not None and effect.code in draft.candidates:
        draft.change(effect.code, after=(code,), alternatives=())


def _neuropathy(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.p63"""
    if "G62.9" not in draft or not picture.has(chart.tables.group("b12_state")):
        return
    choice = chart.choice("p63")
    if choice == "reported":
        draft.change("G62.9", necessity=Necessity.REQUIRED)
    elif choice == "left_out":
        draft.drop("G62.9")


def _malignancy_alternative(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.s25, the other way shown"""
    if chart.choice("s25") != "presumed" and "D64.9" in draft and active_malignancy(chart):
        _alternative(draft, "D64.9", ("D63.0",), "The link to the malignancy presumed (S25).", "option.s25")


def _history_alternative(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.s38, the other way shown"""
    if (
        "D64.9" in draft
        and chart.choice("s38") != "typed_by_history"
        and chart.of("iron_deficiency_anemia", Standing.LISTED, Standing.HISTORY)
    ):
        _alternative(draft, "D64.9", ("D50.9",), "The type that the history gives (S38).", "option.s38")


def untyped_node(picture: Picture) -> Node | None:
    """The node of an anemia without a type, if there is one."""
    return next((picture.nodes[c] for c in _UNTYPED if c in picture.nodes), None)


_DRAFT_OPTIONS: tuple[Option, ...] = (
    _drug_status,
    _surgical_status,
    _histories,
    _symptoms,
    _low_b12,
    _combined,
    _moved("D53.9", "D53.1", "macrocytic_anemia", "p23", "megaloblastic", "Sources differ on macrocytic anemia without a cause (P23)."),
    _moved("D50.9", "D64.9", "microcytic_anemia", "p96", "unspecified", "Unspecified until a cause is stated (P96)."),
    _moved("D50.9", "E61.1", "sideropenia", "p97", "deficiency_and_query", "Sideropenia read as iron deficiency (P97)."),
    _moved("D50.9", None, "sideropenia", "p97", "query_only", ""),
    _moved("D64.9", None, "low_hemoglobin", "p128", "query_only", ""),
    _complication,
    _neuropathy,
    _malignancy_alternative,
    _history_alternative,
)  # fmt: skip
