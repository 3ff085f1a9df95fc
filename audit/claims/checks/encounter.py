"""C15-C19, C33: what may stand beside an injection on one day, and with which modifier."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from audit.claims.amounts import show
from audit.claims.records import ClaimLine
from audit.claims.tables import Payer
from audit.claims.visit import At, Hit

_GIVING = ("injection", "infusion")
_VISITS = ("visit", "minimal_visit")
_ANY_MEDICARE = Payer("medicare_part_b", "")


def nurse_visit(at: At) -> Iterator[Hit]:
    """C15: 99211 on the day of an injection by the same provider, under Medicare."""
    if at.visit.kind(at.line) != "minimal_visit":
        return
    beside = at.visit.others(at.line, "injection")
    if not beside or not at.payer().is_in("medicare"):
        return
    at.date()
    beside = at.same_provider(beside)
    if beside:
        yield Hit(values={"other": beside[0].procedure})


def visit_beside_injection(at: At) -> Iterator[Hit]:
    """C16: a higher visit on an injection's day: modifier 25, and a problem beyond the injection's own."""
    if at.visit.kind(at.line) != "visit":
        return
    beside = at.visit.others(at.line, *_GIVING)
    if not beside:
        return
    at.date()
    beside = at.same_provider(beside)
    if not beside:
        return
    values = {"procedure": at.line.procedure, "other": beside[0].procedure}
    if "25" not in at.modifiers():
        yield Hit("missing", values)
        return
    at.result()
    if at.visit.separate_problem is None:
        yield Hit("bare", values)


def misplaced_25(at: At) -> Iterator[Hit]:
    """C17: modifier 25 on 99211 or on an administration."""
    if at.visit.kind(at.line) in ("minimal_visit", *_GIVING) and "25" in at.modifiers():
        yield Hit(values={"procedure": at.line.procedure})


def misplaced_distinct(at: At) -> Iterator[Hit]:
    """C18: 59 or an X modifier on a visit, or without an edited pair and a truly separate service."""
    kind = at.visit.kind(at.line)
    if kind not in (*_VISITS, *_GIVING, "drug"):
        return
    found = [m for m in at.modifiers() if at.tables.modifier_kind(m) == "distinct"]
    if not found:
        return
    values = {"modifier": found[0], "procedure": at.line.procedure}
    if kind in _VISITS:
        yield Hit("visit", values)
        return
    if is_separate(at) and (_has_pair(at) or len(at.visit.others(at.line, *_GIVING)) > 0):
        return
    yield Hit(values=values)


def two_syringes(at: At) -> Iterator[Hit]:
    """C19: more than one injection billed for a single drug."""
    visit = at.visit
    if visit.kind(at.line) != "injection":
        return
    lines = [o for o in visit.lines if visit.kind(o) == "injection"]
    if lines[-1] is not at.line:
        return
    if len(lines) == 1:
        at.units()
    count = sum((o.units if o.units is not None else Fraction(1) for o in lines), Fraction(0))
    if count < 2:
        return
    drugs = {o.procedure for o in visit.lines if visit.kind(o) == "drug"}
    if len(drugs) > 1 or len(drugs) >= count:
        return
    at.result()
    if visit.signal("other_injection") is not None:
        return
    split = [g.evidence for g in visit.injected() if g.is_split or g.count > 1]
    yield Hit(values={"count": show(count)}, evidence=tuple(split[:1]))


def barred_pair(at: At) -> Iterator[Hit]:
    """C33: the line is the second of a pair that the edits bar, but for what C15, C16 and C18 speak of."""
    visit, line = at.visit, at.line
    for other in visit.lines:
        if other is line or not at.tables.names_pair(other.procedure, line.procedure):
            continue
        kinds = {visit.kind(other), visit.kind(line)}
        if kinds & set(_VISITS) and kinds & set(_GIVING):
            continue
        if line.provider and other.provider and at.provider(line) != at.provider(other):
            continue
        row = at.tables.pair(other.procedure, line.procedure, at.payer(), at.date())
        if row is None:
            continue
        values = {"procedure": line.procedure, "other": other.procedure, "table": at.tables.label("pairs")}
        if row["indicator"] == "0":
            yield Hit("never", values, table=at.tables.label("pairs"))
        elif not _lifts(at, other):
            yield Hit("modifier", values, table=at.tables.label("pairs"))


def is_separate(at: At) -> bool:
    """Say whether another drug, site or encounter is billed or documented."""
    visit = at.visit
    drugs = {o.procedure for o in visit.lines if visit.kind(o) == "drug"}
    if len(drugs) > 1:
        return True
    if visit.result is None:
        return False
    classes = {g.drug_class for g in visit.injected() if g.is_given}
    return len(classes) > 1 or any(
        visit.signal(s) for s in ("other_injection", "other_infusion", "distinct_service")
    )


def _has_pair(at: At) -> bool:
    code = at.line.procedure
    for other in at.visit.lines:
        if other is at.line:
            continue
        for one, two in ((other.procedure, code), (code, other.procedure)):
            if (
                at.tables.names_pair(one, two)
                and at.tables.pair(one, two, _ANY_MEDICARE, at.date()) is not None
            ):
                return True
    return False


def _lifts(at: At, other: ClaimLine) -> bool:
    kinds = {at.tables.modifier_kind(m) for m in (*at.modifiers(), *(other.modifiers or ()))}
    return bool(kinds & {"distinct", "separate_visit"})
