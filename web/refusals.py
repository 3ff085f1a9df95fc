"""How the page's server says no: one shape for every error, whatever went wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of refusal as the documentation lists it."""

    status: int
    kind: str
    means: str


KINDS: tuple[Kind, ...] = (
    Kind(400, "bad_json", "the body is not JSON, or not an object"),
    Kind(400, "bad_request", "the request is not whole"),
    Kind(401, "token_needed", "the server wants its token and did not get it"),
    Kind(403, "foreign_host", "the Host header names a machine that this server does not answer for"),
    Kind(403, "foreign_origin", "a page of another site sent the request"),
    Kind(403, "no_tls", "the request did not come over TLS through the proxy"),
    Kind(404, "not_found", "there is no such address, or no such code in the release"),
    Kind(405, "wrong_method", "the address does not take this method"),
    Kind(408, "slow_body", "the body did not arrive in time"),
    Kind(413, "too_large", "the body is larger than the limit"),
    Kind(415, "wrong_type", "the content type is not the one that the address takes"),
    Kind(422, "not_a_note", "what was sent is no note or cannot be read; the message says what to do"),
    Kind(422, "too_long", "reading the note takes more steps than are allowed; split it"),
    Kind(500, "failed", "Corrin failed on this note; it is a bug, please report it without the note"),
    Kind(503, "busy", "too many requests wait, or the pipeline is not warm yet; try again"),
    Kind(504, "too_slow", "reading the note was stopped by the watchdog: this machine is too slow or hangs"),
)
_STATUS = {kind.kind: kind.status for kind in KINDS}


_ABOUT_THE_FILE = ("is ", "holds ", "says ")


def sentence(error: Exception) -> str:
    """Return a message of ours as a sentence; one that begins with its verb is about the file."""
    text = str(error).rstrip(".")
    if text.startswith(_ABOUT_THE_FILE):
        return f"The file {text}."
    return f"{text[:1].upper()}{text[1:]}."


class RefusalError(Exception):
    """A request that is answered with an error. The message never quotes what was sent."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = _STATUS[kind]

    def __reduce__(self) -> tuple[type[RefusalError], tuple[str, str]]:
        """Travel between processes by what it was made of."""
        return RefusalError, (self.kind, self.message)

    def body(self) -> bytes:
        """Return the JSON body: `{"error": {"status", "kind", "message"}}`."""
        error = {"status": self.status, "kind": self.kind, "message": self.message}
        return json.dumps({"error": error}, ensure_ascii=False).encode()
