"""C20, C27: what the record of an office injection must show."""

from __future__ import annotations

from collections.abc import Iterator

from audit.claims.visit import B12, At, Hit, LacksError
from nlp.facts import AuthorRole

_PARTS = (("ordered", "order"), ("site", "site"), ("lot", "lot"), ("giver", "who gave it"))
_PROVIDERS = (AuthorRole.PROVIDER, AuthorRole.RESIDENT)


def supervision(at: At) -> Iterator[Hit]:
    """C20: an office injection under Medicare needs somebody who supervises, present as the date allows."""
    visit = at.visit
    if visit.kind(at.line) not in ("injection", "minimal_visit"):
        return
    if at.place() != "office" or not at.payer().is_in("medicare"):
        return
    result, date = at.result(), at.date()
    table = at.tables.label("supervision")
    for name, kind in (("unsupervised", "none"), ("supervised_by_phone", "phone")):
        words = visit.signal(name)
        if words is not None:
            yield Hit(kind, {"words": f'"{words.text}"'}, (words,), table)
            return
    words = visit.signal("supervised_by_video")
    if words is not None:
        if at.tables.presence(at.payer(), "audio_video", date) == "not_allowed":
            yield Hit("video", {"words": f'"{words.text}"', "date": date}, (words,), table)
        return
    roles = {author.role for author in result.facts.authors}
    if visit.signal("supervised") is not None or roles & set(_PROVIDERS):
        return
    if not roles - {AuthorRole.UNKNOWN, AuthorRole.PATIENT}:
        raise LacksError("credential", "who wrote the note is not known, nor who supervised", grave=False)
    if visit.signal("provider_named") is not None:
        raise LacksError("note", "who supervised is not in this note", grave=False, elsewhere=True)
    yield Hit("unnamed", table=table)


def injection_record(at: At) -> Iterator[Hit]:
    """C27: order, dose, route, site, lot and who gave it; told once, on the administration."""
    visit = at.visit
    if visit.served_class != B12 or not _tells(at):
        return
    result = at.result()
    if visit.patient_gives is not None or visit.signal("given_elsewhere") is not None:
        return
    given = visit.injected(B12)
    if not given:
        yield Hit("absent")
        return
    missing = [word for name, word in _PARTS if visit.signal(name) is None]
    if "who gave it" in missing and any(a.role is not AuthorRole.UNKNOWN for a in result.facts.authors):
        missing.remove("who gave it")
    if "order" in missing and any(a.role in _PROVIDERS for a in result.facts.authors):
        missing.remove("order")  # the provider's own note is the order
    if not any(g.low is not None or g.written for g in given):
        missing.insert(0, "dose")
    if not any(g.route for g in given):
        missing.append("route")
    if visit.date is None:
        missing.append("date of service")
    if missing:
        yield Hit(values={"missing": ", ".join(missing)}, evidence=(given[0].evidence,))


def _tells(at: At) -> bool:
    """Whether the record is told on this line: the first injection of the visit, else its first drug."""
    lines = [o for o in at.visit.lines if at.visit.kind(o) == "injection"]
    lines = lines or [o for o in at.visit.lines if at.visit.drug_class(o) == B12]
    return bool(lines) and lines[0] is at.line
