"""The parts that hostile text is given to, each a function that raises where its promise breaks.

Every part may refuse text by an `InputError`; no other exception is an answer, and every place that is told
must be exact.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from nlp.concepts import find_mentions
from nlp.context import assert_span, resolve
from nlp.errors import InputError
from nlp.labs import read_labs
from nlp.layout import read_layout
from nlp.links import read_links
from nlp.medications import read_medications
from nlp.pipeline import read_note
from readers import read_rows, read_upload
from suggest import suggest_codes
from suggest.result import Result
from suggest.serialise import to_json

# How files of each kind open.
HEADS = (b"", b"{\\rtf1 ", b"%PDF-1.4\n", b"PK\x03\x04", b"<?xml version='1.0'?><ClinicalDocument>")


class BrokenError(AssertionError):
    """A promise that did not hold; the message names it and quotes nothing."""


def exact(text: str, records: Any, what: str) -> None:
    """Each record quotes what stands at its place."""
    for record in records:
        if not 0 <= record.start < record.end <= len(text) or text[record.start : record.end] != record.text:
            raise BrokenError(f"{what}: a place is not exact")


def sections(text: str) -> None:
    """Sections tile the note and units lie in them, in order."""
    layout = read_layout(text)
    at = layout.sections[0].start if layout.sections else 0
    if text[:at].replace("\ufeff", "").strip():
        raise BrokenError("sections leave out the head of the note")
    for section in layout.sections:
        if section.start != at or not section.start <= section.body_start <= section.end:
            raise BrokenError("sections do not tile the note")
        at = section.end
    if layout.sections and at != len(text):
        raise BrokenError("sections do not reach the end of the note")


def sentences(text: str) -> None:
    """Units stand in order, do not overlap, and belong to the section that they lie in."""
    layout = read_layout(text)
    at = 0
    for unit in layout.units:
        section = layout.sections[unit.section]
        if not at <= unit.start < unit.end <= len(text) or not section.start <= unit.start < section.end:
            raise BrokenError("units overlap or leave their section")
        at = unit.end


def labs(text: str) -> None:
    exact(text, read_labs(text, read_layout(text)), "labs")


def medications(text: str) -> None:
    exact(text, read_medications(text, read_layout(text)), "medications")


def context(text: str) -> None:
    """Every mention is meant in some way, and the words that decided stand where it is said."""
    layout = read_layout(text)
    mentions = find_mentions(text, layout.units)
    meant = resolve(text, layout, [(m.start, m.end) for m in mentions])
    if len(meant) != len(mentions):
        raise BrokenError("a mention without a meaning")
    for each in meant:
        exact(text, [m for m in each.modifiers if m.source.value == "wording"], "context")
    if text:
        assert_span(text, 0, min(len(text), 9))


def linkage(text: str) -> None:
    """Links quote their words and join facts that are there."""
    facts = read_note(text)
    found = read_links(text, facts.units, facts.conditions, facts.medications)
    exact(text, found, "links")
    known = {x.id for x in (*facts.conditions, *facts.medications)}
    if any(link.cause not in known or link.effect not in known for link in found):
        raise BrokenError("a link to nothing")


def answers(text: str) -> None:
    """The whole answer: places, lists, and the object of the contract."""
    result: Result = suggest_codes(text)
    facts = result.facts
    for name in ("conditions", "labs", "medications", "links", "stated_codes", "authors", "dates"):
        exact(text, getattr(facts, name), name)
    for part in (result.suggestions, result.queries, result.withheld, result.checklist):
        for entry in part:
            exact(text, entry.evidence, "evidence")
    if {s.code for s in result.suggestions} & {w.code for w in result.withheld}:
        raise BrokenError("a code is suggested and withheld")
    to_json(result)


def readers(text: str) -> None:
    """Bytes of any kind, under every name that a file may have."""
    data = text.encode("utf-8", errors="surrogatepass")
    for name in ("note.txt", "note.rtf", "note.docx", "note.pdf", "note.xml", "note"):
        for prefix in (
            b"",
            b"{\\rtf1 ",
            b"%PDF-1.4\n",
            b"PK\x03\x04",
            b"<?xml version='1.0'?><ClinicalDocument>",
        ):
            try:
                told, _, _ = read_upload(name, prefix + data)
            except InputError:
                continue
            if not isinstance(told, str):
                raise BrokenError("a reader gave no text")
    for row in read_rows(data):
        if row is None:
            raise BrokenError("a row was lost")


@cache
def _client() -> Any:
    import warnings

    warnings.simplefilter("ignore")  # starlette's own client speaks of another one
    from starlette.testclient import TestClient

    from web.app import create_app
    from web.settings import Settings
    from web.workers import Inline

    chosen = Settings()
    client = TestClient(
        create_app(chosen, Inline(chosen)), base_url="http://127.0.0.1:8765", raise_server_exceptions=True
    )
    client.__enter__()
    return client


def api(text: str) -> None:
    """The server answers or refuses in its own form; it never fails."""
    import json

    bodies = (json.dumps({"text": text}).encode(), text.encode("utf-8", errors="surrogatepass"))
    for body in bodies:
        reply = _client().post("/api/suggest", content=body, headers={"content-type": "application/json"})
        if reply.status_code >= 500 or not isinstance(reply.json(), dict):
            raise BrokenError(f"the server answered {reply.status_code}")


TARGETS: dict[str, Callable[[str], None]] = {
    "sections": sections,
    "sentences": sentences,
    "labs": labs,
    "medications": medications,
    "context": context,
    "linkage": linkage,
    "answers": answers,
    "readers": readers,
    "api": api,
}


def broken(target: str, text: str) -> str | None:
    """What a part did wrong with a text; None where it answered, or refused it as it may."""
    try:
        TARGETS[target](text)
    except InputError:
        return None
    except BrokenError as error:
        return str(error)
    except Exception as error:
        return type(error).__name__
    return None
