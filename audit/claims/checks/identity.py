"""C05, C28: the code names the drug and the way that the note does."""

from __future__ import annotations

from collections.abc import Iterator

from audit.claims.doses import INJECTED
from audit.claims.visit import B12, At, Hit

_UNNAMED = ("vitamin B12", "iron")
_ROUTES = {"IM": "into a muscle", "SC": "under the skin"}


def drug_and_code(at: At) -> Iterator[Hit]:
    """C05: the note gives one drug and the code stands for another of its class."""
    visit = at.visit
    drug_class = visit.drug_class(at.line)
    if drug_class is None:
        return
    item = at.tables.item(at.line.procedure, visit.date)
    if item is None or not item.drugs:
        return
    at.result()
    named = [g for g in visit.injected(drug_class) if g.drug not in _UNNAMED]
    if not named or any(g.drug in item.drugs for g in named):
        return
    yield Hit(
        values={"given": named[0].drug, "procedure": item.code, "drug": " or ".join(item.drugs)},
        evidence=(named[0].evidence,),
        table=item.label,
    )


def intravenous_code(at: At) -> Iterator[Hit]:
    """C28: an intravenous code where B12 went under the skin or into a muscle and nothing else ran in."""
    visit = at.visit
    if visit.kind(at.line) != "infusion":
        return
    drugs = visit.others(at.line, "drug")
    ours = [o for o in drugs if visit.drug_class(o) == B12]
    if (drugs and len(ours) < len(drugs)) or (not drugs and visit.served_class != B12):
        return
    if any("JB" in (o.modifiers or ()) for o in ours):
        yield Hit(values={"procedure": at.line.procedure, "route": _ROUTES["SC"]})
        return
    at.result()
    if visit.signal("other_infusion") or any(g.drug_class != B12 and g.route == "IV" for g in visit.given):
        return
    given = [g for g in visit.injected(B12) if g.route in INJECTED]
    if given and all(g.route in _ROUTES for g in given):
        yield Hit(
            values={"procedure": at.line.procedure, "route": _ROUTES[str(given[0].route)]},
            evidence=(given[0].evidence,),
        )
