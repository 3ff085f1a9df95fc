"""C24-C26: what the container was, and whether JZ or JW says so."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from audit.claims.amounts import show
from audit.claims.doses import Given
from audit.claims.tables import Item
from audit.claims.units import convert, discarded_units
from audit.claims.visit import At, Hit, LacksError

_REQUIREMENT = "discarded_drug_modifier"


def discarded_modifier(at: At) -> Iterator[Hit]:
    """C24: Medicare Part B asks for JZ or JW on a single-dose container, and it must be the right one."""
    drug_class = at.visit.drug_class(at.line)
    if drug_class is None:
        return
    payer = at.payer()
    if not at.tables.asks(_REQUIREMENT, payer, at.date()):
        return
    modifiers = at.modifiers()
    container = _container(at)
    if container is None:
        raise _unknown(at)
    if container != "single_dose":
        return
    siblings = [o for o in at.visit.lines if o is not at.line and o.procedure == at.line.procedure]
    has_jw_line = any("JW" in (o.modifiers or ()) for o in siblings)
    given = at.visit.injected(drug_class)
    item = at.visit.item(at.line)
    expected = _expected(given, item)
    if "JW" in modifiers:
        yield from _judge_jw(at, given, expected)
        return
    if "JZ" in modifiers:
        wasted = [g for g in given if g.has_waste]
        if wasted and expected:
            values = {"waste": _waste(wasted[0], item), "expected": expected}
            yield Hit("wasted", values, (wasted[0].evidence,))
        return
    if not has_jw_line:
        wanted = (
            "a JW line for what was thrown away"
            if expected
            else "JZ (or JW for what was thrown away)"
            if expected is None
            else "JZ"
        )
        yield Hit("missing", {"wanted": wanted}, table=at.tables.label("containers"))


def label(at: At) -> Iterator[Hit]:
    """C25: the label says multi-dose of a small vial, or does not say."""
    if at.visit.drug_class(at.line) is None:
        return
    marked = bool({"JW", "JZ"} & set(at.line.modifiers or ()))
    if not marked and at.payer().kind != "medicare_part_b":
        return
    row = at.tables.container(at.ndc())
    if row is None:
        raise LacksError("table:containers", "the table of containers does not know this ndc", grave=False)
    if row["container"] in ("multi_dose", "vial"):
        kind = "multi" if row["container"] == "multi_dose" else "plain"
        yield Hit(kind, {"ndc": row["ndc"]}, table=f"{at.tables.label('containers')}: {row.source}")


def impossible_modifier(at: At) -> Iterator[Hit]:
    """C26: JW and JZ on one line, or either on a multi-dose container."""
    if at.visit.kind(at.line) != "drug":
        return
    found = [m for m in at.modifiers() if m in ("JW", "JZ")]
    if not found:
        return
    if len(found) > 1:
        yield Hit("both")
        return
    container = _container(at)
    if container is None:
        raise _unknown(at)
    if container == "multi_dose":
        where = (
            f"NDC {at.line.ndc}" if at.line.ndc and at.tables.container(at.line.ndc) else "the note says so"
        )
        words = at.visit.signal("multi_dose")
        yield Hit("multi", {"modifier": found[0], "where": where}, (words,) if words else ())


def _container(at: At) -> str | None:
    """Return `single_dose` or `multi_dose`: the label decides, else the note; None where neither tells."""
    row = at.tables.container(at.line.ndc) if at.line.ndc else None
    if row is not None and row["container"] != "vial":
        return row["container"]
    multi, single = at.visit.signal("multi_dose"), at.visit.signal("single_dose")
    if multi is not None and single is None:
        return "multi_dose"
    return "single_dose" if single is not None and multi is None else None


def _unknown(at: At) -> LacksError:
    if at.line.ndc is None:
        return LacksError(
            "ndc",
            "without ndc, and with no word of it in the note, the container cannot be told",
            grave=False,
        )
    return LacksError(
        "table:containers", "the table of containers does not tell what this ndc is", grave=False
    )


def _judge_jw(at: At, given: tuple[Given, ...], expected: int | None) -> Iterator[Hit]:
    evidence = tuple(g.evidence for g in given[:1])
    if expected == 0:
        nothing = any(g.wasted == 0 for g in given)
        reason = "the note says that nothing was" if nothing else "no billable unit remains of the vial"
        yield Hit("kept", {"reason": reason}, evidence)
    elif expected is not None and at.units() != expected:
        yield Hit("units", {"billed": show(at.units()), "expected": expected}, evidence)


def _expected(given: tuple[Given, ...], item: Item | None) -> int | None:
    """Return the units that may be billed as discarded; None where the record does not tell."""
    for each in given:
        if each.wasted == 0:
            return 0
        dose = each.dose_in(item.unit) if item is not None else None
        if item is None or item.amount is None or dose is None or each.content is None:
            continue
        content = convert(each.content, each.unit, item.unit)
        if content is not None:
            return discarded_units(content, dose[1], item.amount, item.rounding)
    return None


def _waste(given: Given, item: Item | None) -> str:
    if given.wasted is None or item is None:
        return "a part"
    amount = convert(given.wasted, given.unit, item.unit)
    return f"{show(amount if amount is not None else Fraction(0))} {item.unit}"
