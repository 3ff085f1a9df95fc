"""Which indicators the note holds for the options of a query (G-3), and what fills its placeholders."""

from __future__ import annotations

from collections.abc import Iterable

from nlp.facts import Flag, SectionCategory
from suggest.engine.chart import DOCUMENTED, Chart
from suggest.result import Evidence, Role

_BY_CONCEPT: dict[str, tuple[str, ...]] = {
    "diabetes": ("diabetes",),
    "ckd": ("ckd", "esrd"),
    "chronic_disease": ("chronic_disease",),
    "neoplasm": ("neoplasm",),
    "alcohol": ("alcohol_use",),
    "diet": ("vegan_diet", "poor_diet"),
    "copper": ("mineral_deficiency",),
}
_BY_GROUP = {"bleeding": "bleeding_source", "surgery": "surgery", "malabsorption": "malabsorption"}
_BY_DRUG = {
    "chemotherapy": ("antineoplastic",),
    "nitrous_oxide": ("nitrous_oxide",),
    "drug": ("metformin", "ppi", "h2ra", "hydantoin", "antineoplastic", "sulfasalazine", "colchicine"),
}
_BY_LAB = {
    "low_b12": "b12",
    "low_ferritin": "ferritin",
    "low_folate": "folate",
    "low_hemoglobin": "hemoglobin",
}


def note_indicators(chart: Chart) -> frozenset[str]:
    """Return the indicators that the encounter holds, by the names of queries.yaml."""
    found = {name for name, concepts in _BY_CONCEPT.items() if chart.among(concepts, *DOCUMENTED)}
    found |= {
        name for name, group in _BY_GROUP.items() if chart.among(chart.tables.group(group), *DOCUMENTED)
    }
    found |= {name for name, classes in _BY_DRUG.items() if any(True for _ in chart.drugs(classes))}
    for name, analyte in _BY_LAB.items():
        if any(
            v.flag is Flag.LOW and v.section is not SectionCategory.COPIED for _, v in chart.labs(analyte)
        ):
            found.add(name)
    return frozenset(found)


def fills(chart: Chart, evidence: Iterable[Evidence]) -> dict[str, str]:
    """Return what stands for `{condition}`, `{other}` and `{drug}`: the note's own words for each."""
    given: dict[str, str] = {}
    for piece in evidence:
        words = " ".join(piece.text.split())
        if piece.role is Role.DIAGNOSIS:
            name = "condition" if "condition" not in given else "other"
            given.setdefault(
                name, f"the {words.lower() if words[:2].isalpha() and not words[:2].isupper() else words}"
            )
        elif piece.role is Role.CONTEXT:
            given.setdefault("other", f"the {words}")
        elif piece.role is Role.TREATMENT:
            drug = next(
                (
                    d
                    for n in chart.notes
                    for d in n.medications
                    if d.start == piece.start and n.note_id == piece.note_id
                ),
                None,
            )
            given.setdefault("drug", drug.drug if drug is not None else words)
    return given
