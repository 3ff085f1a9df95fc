"""C07, C08, C29, C30, C31: what a line points to, and what the note says of it. The first is judged."""

from __future__ import annotations

from collections.abc import Iterator

from audit.claims.load import claim_rules, listed, support
from audit.claims.visit import B12, At, Hit, LacksError
from suggest.release import family
from suggest.result import Evidence, Kind

_MOST = 4
_NAMES = {
    "b12": "a B12 injection",
    "iv_iron": "intravenous iron",
    "esa": "an erythropoiesis-stimulating drug",
}
# anemia and deficiency of one nutrient: (codes that say anemia, the code that says the deficiency alone)
_COUPLES = ((("D51",), "E53.8"), (("D50",), "E61.1"), (("D52",), "E53.8"))


def supporting_diagnosis(at: At) -> Iterator[Hit]:
    """C07: each drug and administration points to a documented, current, supporting diagnosis."""
    visit, line = at.visit, at.line
    kind = visit.kind(line)
    if kind not in ("drug", "injection", "infusion"):
        return
    drug_class = visit.drug_class(line) if kind == "drug" else visit.serves(line)
    if line.pointers is not None and not line.pointers:
        yield Hit("blank")
        return
    astray = visit.astray(line)
    if astray is not None:
        yield Hit("astray", {"pointer": astray, "count": len(line.codes or visit.codes or ())})
        return
    pointed = at.pointed()
    if len(pointed) > _MOST:
        yield Hit("many", {"count": len(pointed)})
        return
    bears = support().get(drug_class or "")
    if bears is None or not pointed or claim_rules()["C08"].group_of(pointed[0]) is not None:
        return
    first = pointed[0]
    values: dict[str, object] = {"code": first, "drug": _NAMES[drug_class or B12]}
    if listed(bears.premedication, first) and visit.signal("premedication"):
        return
    if not listed(bears.codes, first):
        yield Hit("unsupportive", values)
        return
    result = at.result()
    if first in visit.supported or _is_header_of(first, visit.supported):
        return
    ours = family(first)
    if ours is None:
        return  # outside the scope: whether it is documented is not judged
    if listed(bears.own, first) and any(listed(bears.own, code) for code in visit.supported):
        return  # another code of the same deficiency: C30, or a finding on the diagnosis
    past = [s for s in result.suggestions if s.kind is Kind.HISTORY]
    if past and listed(bears.own, first):
        yield Hit("history", values, past[0].evidence[:1])
        return
    yield Hit("undocumented", values, _withheld(at, first))


def symptom_or_history(at: At) -> Iterator[Hit]:
    """C08: the first pointer is a symptom, a finding, history or screening."""
    if not concerns_b12(at) or (at.line.pointers is not None and not at.line.pointers):
        return
    pointed = at.pointed()
    group = claim_rules()["C08"].group_of(pointed[0]) if pointed else None
    if group is not None:
        yield Hit(values={"code": pointed[0], "group": f"{group} code"})


def billable_diagnosis(at: At) -> Iterator[Hit]:
    """C29: a pointer to a code that the release of the date does not hold, or to a header."""
    if at.line.pointers is not None and not at.line.pointers:
        return
    if at.line.pointers is None and at.visit.codes is None:
        return
    pointed = at.pointed()
    release = at.visit.release
    if pointed and not release.covers(at.visit.date):
        raise LacksError("release", f"no installed release covers {at.visit.date}")
    for code in dict.fromkeys(pointed):
        if not release.exists(code):
            yield Hit("invalid", {"code": code, "release": release.name})
        elif not release.is_billable(code):
            yield Hit("header", {"code": code, "release": release.name})


def deficiency_or_anemia(at: At) -> Iterator[Hit]:
    """C30: an anemia code where the note shows the deficiency alone, or the reverse."""
    if not at.line.pointers:
        return
    pointed = [code for code in at.pointed() if listed(("D50", "D51", "D52", "E53.8", "E61.1"), code)]
    if not pointed:
        return
    result = at.result()
    current = [s for s in result.suggestions if s.kind is not Kind.HISTORY]
    codes = {s.code for s in current}
    for code in dict.fromkeys(pointed):
        if code in at.visit.supported:
            continue
        for anemias, deficiency in _COUPLES:
            if listed(anemias, code) and deficiency in codes and not any(listed(anemias, c) for c in codes):
                yield Hit("anemia", {"code": code, "supported": deficiency}, _of(at, deficiency))
                break
            found = next((c for c in sorted(codes) if listed(anemias, c)), None)
            if code == deficiency and found is not None and deficiency not in codes:
                yield Hit("deficiency", {"code": code, "supported": found}, _of(at, found))
                break


def manifestation_first(at: At) -> Iterator[Hit]:
    """C31: the first pointer is a manifestation code."""
    if not at.line.pointers:
        return
    pointed = at.pointed()
    if pointed and claim_rules()["C31"].group_of(pointed[0]) is not None:
        yield Hit(values={"code": pointed[0]})


def concerns_b12(at: At) -> bool:
    """Say whether the line is a B12 drug or an administration that serves it."""
    kind = at.visit.kind(at.line)
    if kind == "drug":
        return at.visit.drug_class(at.line) == B12
    return kind in ("injection", "infusion") and at.visit.serves(at.line) == B12


def _is_header_of(code: str, codes: frozenset[str]) -> bool:
    plain = code.replace(".", "")
    return len(plain) == 3 and any(c.startswith(plain) for c in codes)


def _of(at: At, code: str) -> tuple[Evidence, ...]:
    return next((s.evidence[:1] for s in at.result().suggestions if s.code == code), ())


def _withheld(at: At, code: str) -> tuple[Evidence, ...]:
    return next((w.evidence[:1] for w in at.result().withheld if w.code == code), ())
