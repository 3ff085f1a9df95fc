"""Case files: an encounter's findings with the words that speak for and against, in the notes themselves.

A case file holds health information, says so, needs no script and asks for nothing outside.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from suggest.render.places import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.finding import Finding, Proof
    from suggest.result import Result


def file_name(key: str) -> str:
    """Return the name of an encounter's case file: its id as far as a name may hold it, and a hash."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", key[2:])[:60].strip("._") or "encounter"
    digest = hashlib.sha256(key.encode("utf-8", errors="surrogatepass")).hexdigest()[:10]
    return f"{plain}-{digest}.html"


def case_file(
    key: str,
    name: str | None,
    result: Result,
    findings: Sequence[Finding],
    texts: Mapping[str | None, str],
) -> dict[str, str]:
    """Return name and content of the case file of an encounter."""
    spans = [proof for finding in findings for proof in finding.evidence]
    notes = [
        (note_id, _pieces(text, [p for p in spans if p.note_id == note_id]))
        for note_id, text in texts.items()
    ]
    page = _template().render(
        name=name or key[2:],
        result=result,
        findings=findings,
        notes=notes,
        printable=printable,
    )
    return {"name": file_name(key), "page": page}


def _pieces(text: str, spans: Sequence[Proof]) -> list[tuple[str, str | None]]:
    """Cut a note into pieces, each with the stance of the evidence that it is, None for the rest."""
    pieces: list[tuple[str, str | None]] = []
    place = 0
    for proof in sorted(spans, key=lambda p: (p.start, -p.end)):
        if proof.start < place or proof.end > len(text):
            continue
        pieces += [(text[place : proof.start], None), (text[proof.start : proof.end], proof.stance)]
        place = proof.end
    return [*pieces, (text[place:], None)]


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("audit", "templates"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("case.html.j2")
