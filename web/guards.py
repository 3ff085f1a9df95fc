"""The guards at the door: who asks, from which page, how much, and what a browser may do with the answer.

Plain ASGI, in front of everything else, so that a refused request is never read. Nothing here is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from web.refusals import RefusalError
from web.settings import BODY_SECONDS, COOKIE, Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), interest-cohort=()"),
)
_OPEN = ("/healthz", "/login", "/static/")  # what needs no token; the page itself leads to /login
_FETCH_SITES = ("", "same-origin", "none")


class Guard:
    """Refuse what must not be answered, and put the headers on what is."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        started = False

        async def guarded_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                ours = {name for name, _ in HEADERS}
                kept = [(n, v) for n, v in message.get("headers", []) if n.lower() not in {*ours, b"server"}]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        try:
            self._check(scope)
            await self._app(scope, self._limited(receive), guarded_send)
        except RefusalError as refusal:
            if not started:
                await refuse(guarded_send, refusal)
        except Exception:  # noqa: BLE001 -- a message may quote the note: it goes nowhere
            if not started:
                await refuse(guarded_send, RefusalError("failed", "Corrin failed; please report it."))

    def _check(self, scope: Scope) -> None:
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key = name.decode("latin-1").lower()
            if key == "host" and key in headers:
                raise RefusalError("bad_request", "The request names two hosts.")
            headers[key] = value.decode("latin-1")
        host = headers.get("host", "")
        if host_name(host) not in self._settings.names:
            raise RefusalError(
                "foreign_host",
                "This server does not answer for the host that was named; open it by the address it printed.",
            )
        scheme = self._scheme(headers, scope)
        self._check_origin(headers, f"{scheme}://{host}", scope["path"])
        self._check_token(headers, scope["path"])
        self._check_length(headers)

    def _scheme(self, headers: dict[str, str], scope: Scope) -> str:
        if self._settings.token is None:
            return str(scope.get("scheme", "http"))
        if headers.get("x-forwarded-proto", "").lower() != "https" and scope["path"] != "/healthz":
            raise RefusalError(
                "no_tls",
                "Notes are health information and must not cross a network in clear: ask the proxy by https "
                "(it must send X-Forwarded-Proto: https).",
            )
        return "https"

    def _check_origin(self, headers: dict[str, str], own: str, path: str) -> None:
        origin = headers.get("origin")
        # A link on another site may open the page; it may not call the API or send a form.
        site = "" if path == "/" else headers.get("sec-fetch-site", "")
        if (origin is not None and origin.lower() != own.lower()) or site not in _FETCH_SITES:
            raise RefusalError(
                "foreign_origin", "A page of another site sent this request; it is not answered."
            )

    def _check_token(self, headers: dict[str, str], path: str) -> None:
        if self._settings.token is None or path == "/" or path.startswith(_OPEN):
            return
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        bearer = bearer.strip() if scheme.lower() == "bearer" else ""
        if not self._settings.opens(bearer, _cookie(headers.get("cookie", ""))):
            raise RefusalError(
                "token_needed",
                "This server wants its token: sign in at /login, or send Authorization: Bearer.",
            )

    def _check_length(self, headers: dict[str, str]) -> None:
        length = headers.get("content-length")
        if length is None:
            return
        if not (length.isascii() and length.isdigit()):
            raise RefusalError("bad_request", "The length of the body is no number.")
        if len(length) > 15 or int(length) > self._settings.max_body:
            raise self._too_large()

    def _limited(self, receive: Receive) -> Receive:
        """Return a `receive` that counts, so that a body without a length cannot grow past the limit."""
        seen, whole = 0, False

        async def limited() -> Message:
            nonlocal seen, whole
            try:  # once the body is whole, what is waited for is the end of the connection
                message = await asyncio.wait_for(receive(), None if whole else BODY_SECONDS)
            except TimeoutError:
                raise RefusalError("slow_body", "The body did not arrive in time.") from None
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > self._settings.max_body:
                    raise self._too_large()
                whole = not message.get("more_body", False)
            return message

        return limited

    def _too_large(self) -> RefusalError:
        limit = self._settings.max_body
        size = f"{limit // (1024 * 1024)} MiB" if limit >= 1024 * 1024 else f"{limit} bytes"
        return RefusalError("too_large", f"The request is larger than {size}; split the note.")


async def refuse(send: Send, refusal: RefusalError) -> None:
    """Send an error."""
    body = refusal.body()
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    if refusal.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if refusal.status in (408, 413):  # the rest of the body is not read
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def host_name(host: str) -> str:
    """Return the name of a Host header without its port, in small letters."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].rstrip(".").lower()


def _cookie(header: str) -> str | None:
    try:
        jar = SimpleCookie(header)
    except CookieError:
        return None
    return jar[COOKIE].value if COOKIE in jar else None
