"""C03, C04, C06, C32, C34: units against the dose in the note, what is plausible, and limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from audit.claims.amounts import show
from audit.claims.doses import Given
from audit.claims.tables import Item
from audit.claims.units import billing_units
from audit.claims.visit import B12, NOTE_COLUMN, At, Hit, LacksError
from suggest.result import Evidence

# A dose this many times above the plausible one makes no units: which unit is meant must be asked first.
_ABSURD = 10


@dataclass(frozen=True, slots=True)
class Expected:
    """The units that the note's dose makes; `accepted` are all that a range or several mentions allow."""

    accepted: frozenset[int]
    first: int
    given: Given


def units_of_cyanocobalamin(at: At) -> Iterator[Hit]:
    """C03: units of the B12 code whose unit size the table tells, one for each unit begun."""
    item = _item(at, B12)
    if item is None or item.amount is None or "hydroxocobalamin" in item.drugs:
        return
    yield from _compare(at, item)


def units_of_hydroxocobalamin(at: At) -> Iterator[Hit]:
    """C04: only against a dated unit size; without one both readings, and the count is left open."""
    item = _item(at, B12)
    if item is None or "hydroxocobalamin" not in item.drugs or at.line.procedure == "J3424":
        return
    if item.amount is not None:
        yield from _compare(at, item, kind="differs")
        return
    yield Hit(
        values={"procedure": item.code, "readings": _readings(at, item)},
        evidence=_evidence(at),
        table=item.label,
    )
    raise LacksError(
        "table:items",
        f"no dated table gives the unit size of {item.code}: its units are not computed",
        grave=False,
    )


def units_of_another_drug(at: At) -> Iterator[Hit]:
    """C34: units of drugs other than B12 whose unit size the table tells."""
    drug_class = at.visit.drug_class(at.line)
    if drug_class in (None, B12):
        return
    item = at.tables.item(at.line.procedure, at.visit.date)
    if item is None or item.amount is None or not item.drugs:
        return
    yield from _compare(at, item, drug_class=drug_class)


def out_of_the_ordinary(at: At) -> Iterator[Hit]:
    """C06: a dose that nobody gives on one date, a slip of a thousand, or units that stand for one."""
    drug_class = at.visit.drug_class(at.line)
    if drug_class is None:
        return
    item = at.tables.item(at.line.procedure, at.visit.date)
    if item is None or item.high is None or not item.unit:
        return
    given = _of_item(at, item, drug_class)
    for dose in given[:1]:
        amounts = dose.dose_in(item.unit)
        if amounts is None:
            continue
        values: dict[str, object] = {
            "dose": _dose(dose),
            "high": f"{show(item.high)} {item.unit}",
            "drug": item.drugs[0],
        }
        low, high = amounts
        if dose.is_clash:
            yield Hit("clash", values, (dose.evidence,), item.label)
        elif high > _ABSURD * item.high:
            likely = f"{show(high / 1000)} {item.unit}"
            yield Hit("slip", {**values, "likely": likely}, (dose.evidence,), item.label)
        elif item.low is not None and low < item.low:
            yield Hit(
                "slip", {**values, "likely": f"{show(low * 1000)} {item.unit}"}, (dose.evidence,), item.label
            )
        elif high > item.high:
            yield Hit("default", values, (dose.evidence,), item.label)
        else:
            continue
        return
    if item.amount is None:
        return
    if at.line.units is None and not given:
        at.result()
        at.units()
    if at.line.units is not None and "JW" not in (at.line.modifiers or ()):
        billed = _billed(at)
        if (billed - 1) * item.amount >= item.high and _is_first(at):
            high_text = f"{show(item.high)} {item.unit}"
            yield Hit(
                "units", {"billed": show(billed), "procedure": item.code, "high": high_text}, table=item.label
            )


def above_limit(at: At) -> Iterator[Hit]:
    """C32: units of a code on one date above the limit of the payer's table."""
    if not at.tables.has_row("unit_limits", at.line.procedure):
        return
    payer, date, _ = at.payer(), at.date(), at.units()
    row = at.tables.unit_limit(at.line.procedure, payer, date)
    if row is None:
        return
    same = [o for o in at.visit.lines if o.procedure == at.line.procedure and o.units is not None]
    total = sum((o.units for o in same if o.units is not None), Fraction(0))
    if total > Fraction(row["limit"]) and at.line is same[-1]:
        label = f"{at.tables.label('unit_limits')}: {row.source}"
        yield Hit(
            values={
                "billed": show(total),
                "procedure": at.line.procedure,
                "limit": row["limit"],
                "table": label,
            },
            table=label,
        )


def expected_units(at: At, item: Item, drug_class: str) -> Expected:
    """Return the units that the dose in the note makes.

    Raises:
        LacksError: there is no note, no dose in it, or the dose cannot be what was given.
    """
    assert item.amount is not None
    at.result()
    given = _of_item(at, item, drug_class)
    doses = [(g, amounts) for g in given if (amounts := g.dose_in(item.unit)) is not None]
    if not doses:
        raise LacksError(
            NOTE_COLUMN,
            "the dose given is not in this note; the record that holds it is needed",
            elsewhere=True,
        )
    first, amounts = doses[0]
    if first.is_clash or (item.high is not None and amounts[1] > _ABSURD * item.high):
        raise LacksError(
            NOTE_COLUMN, "the dose as written cannot be what was given; ask before units are counted"
        )
    accepted = {billing_units(a, item.amount, item.rounding) for _, pair in doses for a in pair if a > 0}
    count = billing_units(amounts[1], item.amount, item.rounding)
    return Expected(frozenset(accepted | {count}), count, first)


def _compare(at: At, item: Item, kind: str = "default", drug_class: str = B12) -> Iterator[Hit]:
    if "JW" in (at.line.modifiers or ()) or not _is_first(at):
        return  # what was discarded is C24's; several lines of one code are counted together, on the first
    billed = _billed(at)
    expected = expected_units(at, item, drug_class)
    if billed in expected.accepted:
        return
    assert item.amount is not None
    values = {
        "billed": show(billed),
        "procedure": item.code,
        "dose": _dose(expected.given),
        "expected": " or ".join(str(n) for n in sorted(expected.accepted)),
        "size": f"{show(item.amount)} {item.unit}",
        "table": item.label,
    }
    assumed = kind == "default" and expected.given.assumed and drug_class == B12
    yield Hit("assumed" if assumed else kind, values, (expected.given.evidence,), item.label)


def _item(at: At, drug_class: str) -> Item | None:
    if at.visit.drug_class(at.line) != drug_class:
        return None
    return at.tables.item(at.line.procedure, at.visit.date)


def _of_item(at: At, item: Item, drug_class: str) -> tuple[Given, ...]:
    """Return what was given of the item: under its own name, else of its class (B12 without a name)."""
    given = at.visit.injected(drug_class)
    own = tuple(g for g in given if g.drug in item.drugs)
    return own or (given if drug_class == B12 else ())


def _same_code(at: At) -> list[Fraction | None]:
    return [
        o.units
        for o in at.visit.lines
        if o.procedure == at.line.procedure and "JW" not in (o.modifiers or ())
    ]


def _billed(at: At) -> Fraction:
    at.units()
    return sum((units for units in _same_code(at) if units is not None), Fraction(0))


def _is_first(at: At) -> bool:
    same = [o for o in at.visit.lines if o.procedure == at.line.procedure and "JW" not in (o.modifiers or ())]
    return bool(same) and same[0] is at.line


def _readings(at: At, item: Item) -> str:
    """Return the units that each reading of the unit size would make of the dose, or the readings alone."""
    sizes = []
    doses = [g for g in _of_item(at, item, B12) if g.dose_in("mcg") is not None]
    for reading in item.readings:
        amount, _, unit = reading.partition(" ")
        dose = doses[0].dose_in(unit) if doses else None
        if dose is None:
            sizes.append(f"{reading} a unit")
        else:
            count = billing_units(dose[1], Fraction(amount), item.rounding)
            sizes.append(f"{count} unit{'s' if count > 1 else ''} at {reading}")
    lead = f"{_dose(doses[0])} would be " if doses else "it is read as "
    return lead + " or ".join(sizes)


def _evidence(at: At) -> tuple[Evidence, ...]:
    return tuple(g.evidence for g in at.visit.injected(B12)[:1])


def _dose(given: Given) -> str:
    """Return the dose as the note has it, with the count where it was given more than once."""
    return f"{given.count} times {given.written}" if given.count > 1 else given.written
