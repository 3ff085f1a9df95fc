"""C09-C14, C21-C23: whether the payer pays for it, by dated lists and by what the note says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date as calendar_date

from audit.claims.checks.pointers import concerns_b12
from audit.claims.load import listed, support
from audit.claims.tables import Payer, covers_code
from audit.claims.visit import B12, At, Hit, LacksError
from suggest.result import Evidence, Kind

_HOME_HEALTH = Payer("medicare_home_health", "")
_L33967 = "L33967"
_REASONS = (*support()[B12].own, "D52", "D53", "K90", "K91.2", "G32.0")


def wellness(at: At) -> Iterator[Hit]:
    """C09: Medicare, and the injection is for energy or general good with no deficiency stated."""
    if not concerns_b12(at) or at.visit.result is None:
        return
    words = at.visit.signal("wellness")
    if words is None or any(
        listed(_REASONS, s.code) for s in at.visit.result.suggestions if s.kind is not Kind.HISTORY
    ):
        return
    if at.payer().is_in("medicare"):
        yield Hit(values={"words": f'"{words.text}"'}, evidence=(words,))


def accepted_list(at: At) -> Iterator[Hit]:
    """C10: the first pointer is on none of the lists known for this payer."""
    if not concerns_b12(at) or not at.line.pointers:
        return
    pointed, payer = at.pointed(), at.payer()
    if payer.kind != "medicare_part_b" or not pointed:
        return
    lists = at.tables.coverage_lists(payer, B12, at.date())
    if not at.visit.release.is_billable(pointed[0]):
        return  # no list holds a code that cannot be billed: C29 tells of it
    if lists and not any(covers_code(row["code"], pointed[0]) for rows, _ in lists.values() for row in rows):
        names = "; ".join(sorted(lists))
        yield Hit(values={"code": pointed[0], "lists": names}, table=at.tables.label("coverage"))


def coverage_wording(at: At) -> Iterator[Hit]:
    """C11: First Coast's policy covers more than a code may say."""
    if not concerns_b12(at) or at.line.payer is None:
        return
    payer = at.tables.payer(at.line.payer)
    if (
        payer is None
        or payer.mac != "First Coast"
        or _L33967 not in at.tables.coverage_lists(payer, B12, at.date())
    ):
        return
    pointed = at.visit.pointed_or_none(at.line) or ()
    history = bool(pointed) and listed(("Z86.39", "Z86.2"), pointed[0])
    past = [
        s for s in (at.visit.result.suggestions if at.visit.result else ()) if s.code in ("Z86.39", "Z86.2")
    ]
    before = at.visit.signal("premedication")
    if history or past or before is not None:
        evidence = (before,) if before is not None else past[0].evidence[:1] if past else ()
        yield Hit(evidence=evidence, table=at.tables.label("coverage"))


def home_health(at: At) -> Iterator[Hit]:
    """C12: B12 at home under Medicare with no diagnosis of the narrower list."""
    kind = at.visit.kind(at.line)
    if (
        not (concerns_b12(at) or (kind == "home_nursing" and at.visit.served_class in (B12, None)))
        or not at.line.pointers
    ):
        return
    if kind != "home_nursing":
        place = at.place()
        if place != "home" and not (place == "other" and at.visit.signal("home_health")):
            return
    payer = at.payer()
    pointed = at.pointed()
    if not payer.is_in("medicare") or not pointed:
        return
    lists = at.tables.coverage_lists(_HOME_HEALTH, B12, at.date())
    rows = [row for found, _ in lists.values() for row in found]
    if rows and not any(covers_code(row["code"], code) for row in rows for code in pointed):
        yield Hit(values={"code": ", ".join(pointed)}, table=at.tables.label("coverage"))


def foot_tendons(at: At) -> Iterator[Hit]:
    """C13: Medicare, and the note gives B12 for the tendons or ligaments of the foot."""
    if not concerns_b12(at):
        return
    words = at.visit.signal("foot_tendons")
    if words is not None and at.payer().is_in("medicare"):
        yield Hit(values={"words": f'"{words.text}"'}, evidence=(words,))


def frequency(at: At) -> Iterator[Hit]:
    """C14: a B12 injection sooner after the last than maintenance is, with no reason in the note."""
    if at.visit.drug_class(at.line) != B12:
        return
    if at.line.patient_id is None:
        raise LacksError(
            "patient_id", "without patient_id the injections of a patient cannot be put in a series"
        )
    date = at.date()
    dates = at.visit.b12_dates.get(at.line.patient_id, ())
    before = max((d for d in dates if d < date), default=None)
    if before is None:
        return
    days = (calendar_date.fromisoformat(date) - calendar_date.fromisoformat(before)).days
    payer = at.tables.payer(at.line.payer) if at.line.payer else None
    pointed = at.visit.pointed_or_none(at.line) or ("any",)
    least = at.tables.least_days(payer, B12, pointed[0] if pointed else "any", date)
    if least is None or days >= least[0]:
        return
    at.result()
    if at.visit.signal("frequent_reason") is None:
        yield Hit(values={"days": days, "before": before}, table=at.tables.label("frequency"))


def facility(at: At) -> Iterator[Hit]:
    """C21: an administration on a professional claim at a facility."""
    if at.visit.kind(at.line) not in ("injection", "infusion"):
        return
    if at.visit.result is not None and at.visit.result.setting.value != "professional":
        return
    if at.place() == "facility":
        yield Hit(values={"procedure": at.line.procedure, "place": at.line.place_of_service})


def self_administered(at: At) -> Iterator[Hit]:
    """C22: the patient takes or gives it; neither administration nor Part B drug."""
    if not concerns_b12(at):
        return
    at.result()
    words = at.visit.patient_gives
    if words is not None:
        yield Hit(values={"words": f'"{words.text}"', "procedure": at.line.procedure}, evidence=(words,))


def under_the_skin(at: At) -> Iterator[Hit]:
    """C23: given under the skin under Medicare Part B: the contractor's list decides."""
    if at.visit.drug_class(at.line) != B12:
        return
    evidence: tuple[Evidence, ...] = ()
    if "JB" not in (at.line.modifiers or ()):
        at.result()
        given = [g for g in at.visit.injected(B12) if g.route is not None]
        if not given or any(g.route != "SC" for g in given):
            return
        evidence = (given[0].evidence,)
    payer = at.payer()
    if payer.kind != "medicare_part_b":
        return
    row = at.tables.self_administered(payer.mac, at.line.procedure, at.date()) if payer.mac else None
    values: dict[str, object] = {"procedure": at.line.procedure, "mac": payer.mac}
    table = at.tables.label("self_administered")
    if row is None:
        yield Hit("unknown", values, evidence, table)
    elif row["standing"] == "excluded":
        yield Hit("excluded", values, evidence, table)
    elif "JB" not in at.modifiers():
        yield Hit("modifier", values, evidence, table)
