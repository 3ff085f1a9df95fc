"""What a compliance policy may decide otherwise (section Policy of the rulings).

Each function serves one option, named in its docstring. Where another choice would give another code, or
none, that stands under the suggestion's `alternatives` with the option's id, whichever way was taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from nlp.facts import MedicationStatus
from nlp.patterns import spaced
from suggest.engine.candidates import CHAIN, Candidate, Draft
from suggest.engine.chart import DOCUMENTED, Chart
from suggest.engine.combine import Node, Picture
from suggest.engine.moved import alternative, moved
from suggest.engine.statement import Standing, Statement
from suggest.engine.surgery import is_done
from suggest.result import Band, Evidence, Kind, Necessity, Role

_PAST_CANCER = spaced(r"history of|h/o|\bhx\b|remission|\bNED\b|in situ|s/p|screen|\bprior\b", re.IGNORECASE)
_LONG_TERM = {
    "metformin": "Z79.84",
    "oral_hypoglycemic": "Z79.84",
    "ppi": "Z79.899",
    "h2ra": "Z79.899",
    "b12": "Z79.899",
}
_STATUS = ("bariatric_surgery", "gastric_band", "gastrectomy", "ileal_resection", "intestinal_bypass")
_HISTORIES = ("Z86.2", "Z86.39", "Z83.2", "Z83.49")
_UNTYPED = ("anemia", "normocytic_anemia")
_TYPED = (
    "iron_deficiency_anemia",
    "b12_deficiency_anemia",
    "pernicious_anemia",
    "folate_deficiency_anemia",
)
# what is not linked, what it is where the link is presumed, and what competes as a cause
_MANIFESTATIONS = (
    ("polyneuropathy", "b12_polyneuropathy", ("diabetes", "other_neuropathy", "alcohol_use")),
    ("dementia", "b12_dementia", ("other_dementia",)),
)
# without one of these nothing is presumed
_LEFT_OPEN = frozenset((*_UNTYPED, *(old for old, _, _ in _MANIFESTATIONS)))
_PRESUMES = ("presumed", "typed_by_history")
_PRESUMED = {
    "S25": "The link to the malignancy presumed (S25).",
    "S32": "The link to the deficiency presumed (S32).",
    "S38": "The type that the history gives (S38).",
}


def active_malignancy(chart: Chart) -> bool:
    """Whether the assessment names a malignancy that is not past."""
    return any(not _PAST_CANCER.search(chart.item_text(s)) for s in chart.of("neoplasm", Standing.ASSESSED))


def untyped_node(picture: Picture) -> Node | None:
    """The node of an anemia without a type, if there is one."""
    for concept in _UNTYPED:
        if concept in picture.nodes:
            return picture.nodes[concept]
    return None


def type_of_history(chart: Chart, picture: Picture) -> Statement | None:
    """The type that the history alone gives to an anemia that today's note leaves untyped (S38)."""
    if untyped_node(picture) is None:
        return None
    return next(iter(chart.among(_TYPED, Standing.LISTED, Standing.HISTORY)), None)


def apply_to_picture(chart: Chart, picture: Picture) -> None:
    """Presumptions that a policy may make (S25, S32, S38)."""
    for rule, old, new in list(_presumable(chart, picture)):
        if chart.choice(rule.lower()) not in _PRESUMES or old not in picture.nodes or new in picture.nodes:
            continue
        typed = type_of_history(chart, picture) if rule == "S38" else None
        node = picture.nodes.pop(old)
        proof: tuple[Evidence, ...] = (chart.evidence(typed, Role.HISTORY),) if typed is not None else ()
        picture.nodes[new] = replace(
            node,
            concept=new,
            rules=(rule, *node.rules),
            band=Band.CARE,
            evidence=(*node.evidence[:2], *proof),
        )
        picture.absorbed[old] = new


def _presumable(chart: Chart, picture: Picture) -> Iterator[tuple[str, str, str]]:
    """What a policy may presume here: the ruling, what the note states, what that becomes."""
    if picture.nodes.keys().isdisjoint(_LEFT_OPEN):
        return
    yield from _manifestation(chart, picture)
    yield from _neoplastic(chart, picture)
    yield from _typed(chart, picture)


def _manifestation(chart: Chart, picture: Picture) -> Iterator[tuple[str, str, str]]:
    """option.s32."""
    states = chart.tables.group("b12_state")
    if not picture.has(states):
        return
    for old, new, rivals in _MANIFESTATIONS:
        if old not in picture.nodes or chart.among(rivals, *DOCUMENTED):
            continue
        if picture.is_linked(states, (old,), denied=True) or _has_cause(picture, old):
            continue
        yield "S32", old, new


def _neoplastic(chart: Chart, picture: Picture) -> Iterator[tuple[str, str, str]]:
    """option.s25."""
    node = untyped_node(picture)
    if node is None or not active_malignancy(chart) or picture.has(chart.tables.group("deficiency")):
        return
    if not _has_cause(picture, node.concept) and not any(e.effect == node.concept for e in picture.denied):
        yield "S25", node.concept, "neoplastic_anemia"


def _typed(chart: Chart, picture: Picture) -> Iterator[tuple[str, str, str]]:
    """option.s38."""
    node, typed = untyped_node(picture), type_of_history(chart, picture)
    if node is not None and typed is not None:
        yield "S38", node.concept, typed.concept


def _has_cause(picture: Picture, concept: str) -> bool:
    return any(e.effect == concept for e in (*picture.edges, *picture.hedged))


Option = Callable[[Chart, Picture, Draft], None]


def apply_to_draft(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Codes that a policy adds, moves or leaves out, and the alternatives that name the option."""
    for option in _DRAFT_OPTIONS:
        if draft.candidates or option in _ADDING:
            option(chart, picture, draft)


def _presumptions(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.s25, option.s32, option.s38: the way that was not taken."""
    for rule, old, new in _presumable(chart, picture):
        _other_way(chart, draft, old, new, _PRESUMED[rule], rule)
    for old, new in picture.absorbed.items():
        rule = picture.nodes[new].rules[0] if new in picture.nodes and picture.nodes[new].rules else ""
        if rule in _PRESUMED:
            _other_way(chart, draft, new, old, f"Nothing presumed, and the provider is asked ({rule}).", rule)


def _other_way(chart: Chart, draft: Draft, here: str, there: str, text: str, rule: str) -> None:
    coding, other = chart.coding(here), chart.coding(there)
    if coding is not None and other is not None and coding.code is not None and other.code is not None:
        alternative(draft, coding.code, (other.code,), text, f"option.{rule.lower()}")


def _drug_status(chart: Chart, _picture: Picture, draft: Draft) -> None:
    """option.s02."""
    choice = chart.choice("s02")
    if choice == "never_alone" or chart.drug_classes.isdisjoint(_LONG_TERM):
        return
    ours = any(c.kind is Kind.CONDITION for c in draft.candidates.values())
    if not ours and choice != "always":
        return
    for index, drug in chart.drugs(_LONG_TERM, MedicationStatus.ACTIVE):
        code = _LONG_TERM[drug.drug_class]
        if code not in draft.candidates:
            draft.add(
                Candidate(
                    code,
                    Kind.STATUS,
                    "current",
                    Necessity.REQUIRED if choice == "always" else Necessity.OPTIONAL,
                    Band.CODE,
                    (replace(chart.drug_evidence(index, drug), role=Role.CONTEXT),),
                    ("S02",),
                    (len(chart.notes), drug.start),
                    6,
                    concept="drug_status",
                )
            )
            alternative(
                draft, code, (), "Left out where no adverse effect of the drug is coded (S02).", "option.s02"
            )


def _surgical_status(chart: Chart, _picture: Picture, draft: Draft) -> None:
    """option.s04."""
    choice = chart.choice("s04")
    if choice == "only_where_it_bears" or chart.by_concept.keys().isdisjoint(_STATUS):
        return
    if any(c.startswith("K95") for c in draft.candidates):
        return
    for concept in _STATUS:
        coding = chart.coding(concept)
        statements = [s for s in chart.of(concept, *DOCUMENTED) if is_done(chart, s)]
        if coding is None or coding.code is None or not statements or coding.code in draft.candidates:
            continue
        draft.add(
            Candidate(
                coding.code,
                Kind.STATUS,
                "current",
                Necessity.REQUIRED if choice == "always" else Necessity.OPTIONAL,
                Band.CODE,
                (chart.evidence(statements[0], Role.CONTEXT),),
                (coding.phrase or "P35", "S04"),
                statements[0].place,
                CHAIN[Kind.STATUS],
                concept=concept,
            )
        )
        alternative(draft, coding.code, (), "Left out where it bears on nothing coded (S04).", "option.s04")


def _histories(chart: Chart, _picture: Picture, draft: Draft) -> None:
    """option.s05."""
    if draft.candidates.keys().isdisjoint(_HISTORIES):
        return
    choice = chart.choice("s05")
    for code in _HISTORIES:
        if code not in draft.candidates or draft.candidates[code].necessity is Necessity.REQUIRED:
            continue
        if choice == "only_where_addressed":
            draft.drop(code)
            continue
        if choice == "always":
            draft.change(code, necessity=Necessity.REQUIRED)
        alternative(draft, code, (), "Left out where only a list carries it (S05).", "option.s05")


def _symptoms(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.s11."""
    choice = chart.choice("s11")
    for concept in picture.nodes:
        coding = chart.coding(concept)
        if (
            coding is None
            or coding.symptom is None
            or coding.code is None
            or coding.code not in draft.candidates
        ):
            continue
        if draft.candidates[coding.code].necessity is not Necessity.OPTIONAL:
            continue
        if choice == "only_linked_or_alone":
            draft.drop(coding.code)
            continue
        if choice == "not_routine" and coding.symptom == "kept":
            draft.change(coding.code, necessity=Necessity.REQUIRED)
        alternative(draft, coding.code, (), "Left out where nothing links it (S11).", "option.s11")


def _low_b12(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.s28."""
    if "low_b12" not in picture.nodes or "R79.89" not in draft.candidates:
        return
    choice = chart.choice("s28")
    if choice == "query_only":
        draft.drop("R79.89")
        return
    if choice == "query_and_finding":
        draft.change("R79.89", necessity=Necessity.REQUIRED)
    alternative(draft, "R79.89", (), "Left out until the provider has answered (S28).", "option.s28")


def _by_history_words(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.s20, option.s29: the way that was not taken where a list or a history counts as current."""
    for concept, node in picture.nodes.items():
        coding = chart.coding(concept)
        if coding is None or coding.code is None:
            continue
        if "R10" in node.rules:
            alternative(
                draft, coding.code, (), "No code until the provider has answered (S29).", "option.s29"
            )
        if "S20" in node.rules and all(s.standing is Standing.LISTED for s in node.statements):
            alternative(draft, coding.code, (), "No code where only a list carries it (S20).", "option.s20")


def _combined(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.p17."""
    node = picture.nodes.get("combined_deficiency_anemia")
    if node is None or "D53.1" not in draft.candidates:
        return
    if chart.choice("p17") == "two_codes":
        old = draft.drop("D53.1")
        assert old is not None
        for code in ("D51.9", "D52.9"):
            draft.add(replace(old, code=code))
            alternative(draft, code, ("D53.1",), "One code for both deficiencies (P17).", "option.p17")
    else:
        text = "Two codes, one for each deficiency anemia (P17)."
        alternative(draft, "D53.1", ("D51.9", "D52.9"), text, "option.p17")


def _complication(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.p36."""
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
    if effect is None or effect.code is None or effect.code not in draft.candidates:
        return
    code = "K95.09" if edge.cause == "gastric_band" else "K95.89"
    draft.drop("Z98.84")
    draft.add(
        Candidate(
            code,
            Kind.CAUSE,
            "current",
            Necessity.REQUIRED,
            Band.CARE,
            (
                chart.evidence(edge.cause_statement),
                chart.cut(edge.note, edge.link.start, edge.link.end, "unknown", Role.LINKAGE),
            ),
            ("P36", "R49"),
            edge.cause_statement.place,
            1,
            concept="bariatric_complication",
        )
    )
    draft.change(effect.code, after=(code,), alternatives=())
    text = "The deficiency with the surgical status, without a complication (P36)."
    alternative(draft, code, (effect.code, "Z98.84"), text, "option.p36")


def _neuropathy(chart: Chart, picture: Picture, draft: Draft) -> None:
    """option.p63."""
    if "G62.9" not in draft.candidates or not picture.has(chart.tables.group("b12_state")):
        return
    choice = chart.choice("p63")
    if choice == "left_out":
        draft.drop("G62.9")
        return
    if choice == "reported":
        draft.change("G62.9", necessity=Necessity.REQUIRED)
    alternative(draft, "G62.9", (), "Left out until the provider has answered (P63).", "option.p63")


_ADDING = (_drug_status, _surgical_status)  # the others change codes that are there
_DRAFT_OPTIONS: tuple[Option, ...] = (
    _drug_status,
    _surgical_status,
    _histories,
    _symptoms,
    _low_b12,
    _by_history_words,
    _combined,
    moved,
    _complication,
    _neuropathy,
    _presumptions,
)
