"""What a reader does with one request: bytes in, bytes out. Runs in a process of its own (`web.workers`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from nlp.errors import CorrinError
from nlp.steps import TooLongError, limited
from web.bodies import read_body
from web.refusals import RefusalError, sentence
from web.settings import NOTE_STEPS

if TYPE_CHECKING:
    from suggest.note import Note
    from suggest.result import Result

Task = Callable[[bytes, Mapping[str, str]], bytes]


def run(name: str, data: bytes, given: Mapping[str, str]) -> bytes:
    """Run a task.

    Args:
        name: a key of `TASKS`.
        data: the body of the request.
        given: what the server adds: a policy file, the name of an upload, a date.

    Raises:
        RefusalError: whatever goes wrong; an unforeseen error is named by its class alone.
    """
    try:
        return TASKS[name](data, given)
    except RefusalError:
        raise
    except TooLongError as error:
        raise RefusalError("too_long", sentence(error)) from None
    except CorrinError as error:
        raise RefusalError("not_a_note", sentence(error)) from None
    except Exception as error:  # noqa: BLE001 -- its message may quote the note: only its class is told
        kind = type(error).__name__
        raise RefusalError("failed", f"Corrin failed ({kind}); please report it without the note.") from None


def warm(policy: str | None) -> None:
    """Load all that the tasks need, so that the first request is answered at full speed."""
    note = "DOB: 1/2/1950\nLabs 1/1/2026: B12 142 pg/mL (200-900) L\nA/P: B12 deficiency due to metformin."
    given = {"policy": policy} if policy else {}
    answer(json.dumps({"text": note}).encode(), given)
    fhir(json.dumps({"text": note}).encode(), given)


def suggest(data: bytes, given: Mapping[str, str]) -> bytes:
    """Return the object that `corrin suggest --format json` prints."""
    from suggest.serialise import dumps

    return dumps(_result(read_body(data).notes, given)).encode("utf-8")


def answer(data: bytes, given: Mapping[str, str]) -> bytes:
    """Return what the page shows: the result, and its parts as HTML."""
    from web.asking import told, with_claim
    from web.page import render_answer

    asked = read_body(data)
    notes, said = with_claim(asked.notes, asked.body.get("setting"))
    result = _result(notes, given)
    shown = render_answer(result, notes, anyway=asked.body.get("anyway") is True)
    shown |= told(result, said)
    # ASCII: a lone surrogate in a note stays one on its way to the browser
    return json.dumps(shown, allow_nan=False).encode("ascii")


def fhir(data: bytes, given: Mapping[str, str]) -> bytes:
    """Return the suggestions as a FHIR bundle; `accepted` names the codes to keep, in their order."""
    from dataclasses import replace

    from suggest.render.fhir import to_fhir
    from suggest.serialise import json_text

    asked = read_body(data)
    result = _result(asked.notes, given)
    wanted = asked.body.get("accepted")
    if isinstance(wanted, list):
        by_code = {s.code: s for s in result.suggestions}
        chosen = dict.fromkeys(code for code in wanted if isinstance(code, str) and code in by_code)
        kept = (replace(by_code[code], rank=rank) for rank, code in enumerate(chosen, 1))
        result = replace(result, suggestions=tuple(kept))
    return json_text(to_fhir([result])).encode("utf-8")


def claim(data: bytes, given: Mapping[str, str]) -> bytes:
    """Return the findings on the claim lines of an encounter as HTML; `accepted` is the billed order."""
    from web.asking import with_claim
    from web.lines import render_lines

    asked = read_body(data)
    text, codes = asked.body.get("lines"), asked.body.get("accepted")
    if not isinstance(text, str):
        raise RefusalError("not_a_note", "The claim lines must be text.")
    billed = [code for code in codes if isinstance(code, str)] if isinstance(codes, list) else []
    notes, _ = with_claim(asked.notes, asked.body.get("setting"))
    return json.dumps({"html": render_lines(_result(notes, given), notes, text, billed)}).encode("ascii")


def read(data: bytes, given: Mapping[str, str]) -> bytes:
    """Return the text of a file that was dropped on the page."""
    from web.uploads import read_file

    return json.dumps(read_file(given.get("name", ""), data), allow_nan=False).encode("ascii")


def code(_: bytes, given: Mapping[str, str]) -> bytes:
    """Return what the release says of a code."""
    from web.codes import describe

    return json.dumps(describe(given["code"], given.get("date")), ensure_ascii=False).encode("utf-8")


def _result(notes: Sequence[Note], given: Mapping[str, str]) -> Result:
    from suggest import suggest_encounter
    from suggest.knowledge import default_policy, load_policy

    policy = load_policy(given["policy"]) if "policy" in given else default_policy()
    with limited(NOTE_STEPS):
        return suggest_encounter(notes, policy=policy)


TASKS: Mapping[str, Task] = {
    "suggest": suggest,
    "answer": answer,
    "fhir": fhir,
    "claim": claim,
    "read": read,
    "code": code,
}
