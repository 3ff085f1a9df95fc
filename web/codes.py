"""What the release says of a code, as JSON."""

from __future__ import annotations

from typing import Any

from suggest.console import is_date
from suggest.release import code_key, dotted, family, load_release
from web.refusals import RefusalError

_NOTES = ("excludes1", "excludes2", "codeFirst", "useAdditionalCode", "codeAlso")


def describe(code: str, date: str | None) -> dict[str, Any]:
    """Return title, notes and scope of a code by the release that a date asks for.

    Raises:
        RefusalError: the release holds no such code, or the date is none.
    """
    if date is not None and not is_date(date):
        raise RefusalError("not_a_note", "The date is not of the form YYYY-MM-DD.")
    release = load_release(date)
    key = code_key(code)
    if key is None or not release.exists(code):
        raise RefusalError("not_found", f"{release.name} holds no such code.")
    name = dotted(key)
    return {
        "code": name,
        "title": release.title(name),
        "billable": release.is_billable(name),
        "in_scope": family(name) is not None,
        "family": family(name),
        "release": release.name,
        "inclusion_terms": list(release.inclusion_terms(name)),
        "notes": {
            kind: [{"at": note.at, "text": note.text} for note in release.notes(kind, name)]
            for kind in _NOTES
        },
    }
