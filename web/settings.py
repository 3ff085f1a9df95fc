"""What the server was started with, and what it does not allow."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MAX_BODY = 16 * 1024 * 1024  # bytes of a request, as of a note
MAX_WAITING = 500  # requests that wait for a reader at one time
BODY_SECONDS = 30.0
NOTE_STEPS = 100_000_000  # what some 2 MB of a note full of our terms take
NOTE_SECONDS = 180.0  # the watchdog, for what hangs
MIN_TOKEN = 16
COOKIE = "corrin_session"


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server guards itself.

    `names` are the host names that it answers for. With a `token`, every request must carry it and must
    come over TLS through a proxy; without one, only this machine can reach the server.
    """

    names: tuple[str, ...] = LOOPBACK
    token: str | None = field(default=None, repr=False)
    max_body: int = MAX_BODY
    policy: str | None = None
    workers: int = 2
    note_seconds: float = NOTE_SECONDS

    @property
    def session(self) -> str:
        """The value of the cookie that stands for the token in a browser; it does not tell the token."""
        assert self.token is not None
        return hmac.new(self.token.encode(), b"corrin page session", hashlib.sha256).hexdigest()

    def opens(self, bearer: str | None, cookie: str | None) -> bool:
        """Say whether what a request carries opens the door; compared in constant time."""
        if self.token is None:
            return True
        by_header = hmac.compare_digest((bearer or "").encode(), self.token.encode())
        by_cookie = hmac.compare_digest((cookie or "").encode(), self.session.encode())
        return by_header or by_cookie
