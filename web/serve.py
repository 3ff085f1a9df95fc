"""Starting the server: what it may bind, with what guard, and what it says of itself."""

from __future__ import annotations

import logging
import os
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from nlp.errors import InputError, reason_of
from web.settings import LOOPBACK, MIN_TOKEN, Settings

TOKEN_VARIABLE = "CORRIN_TOKEN"  # noqa: S105 -- the name of a variable, not a token
_WHY = (
    "notes are health information, and beyond this machine anybody could read and send them: give a token "
    f"(--token-file FILE, or {TOKEN_VARIABLE}), put a proxy with TLS in front, and name the host that it is "
    "reached by (--name corrin.example.org); see docs/deploy.md"
)


def plan(
    host: str,
    names: Sequence[str],
    token_file: Path | None,
    policy: str | None,
    workers: int,
    environment: dict[str, str] | None = None,
) -> Settings:
    """Return the settings for what was asked.

    Raises:
        InputError: the server would be reachable from elsewhere without a token, the token is weak or cannot
            be read, or the policy is none.
    """
    from suggest.knowledge import load_policy

    token = read_token(token_file, os.environ if environment is None else environment)
    is_local = host.lower() in LOOPBACK and not names
    if not is_local and token is None:
        raise InputError(f"--host {host} is refused without a token: {_WHY}")
    if not is_local and not names:
        raise InputError(f"--host {host} needs --name: {_WHY}")
    if policy is not None:
        load_policy(policy)
    known = (*LOOPBACK, *(name.lower().rstrip(".") for name in names))
    settings = Settings(names=known, policy=policy, workers=workers)
    return settings if is_local else replace(settings, token=token)


def read_token(file: Path | None, environment: dict[str, str] | os._Environ[str]) -> str | None:
    """Return the token from a file or the environment; a command line would show it to every user.

    Raises:
        InputError: the file cannot be read, or the token is too short to be one.
    """
    if file is not None:
        try:
            token = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError("--token-file cannot be read") from error
    else:
        token = environment.get(TOKEN_VARIABLE, "").strip()
        if not token:
            return None
    if len(token) < MIN_TOKEN or not token.isascii() or any(sign.isspace() for sign in token):
        raise InputError(
            f"the token must be {MIN_TOKEN} or more letters and digits in one word; make one with "
            'python -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    return token


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that holds the port and does not listen yet: nobody is served before all is warm.

    Raises:
        InputError: the port is taken or not allowed, or there is no such address here.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    holder = socket.socket(family, socket.SOCK_STREAM)
    if os.name != "nt":  # on Windows the option would let two servers share the port
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        holder.bind((host, port))
    except (OSError, OverflowError) as error:
        holder.close()
        reason = reason_of(error) if isinstance(error, OSError) else "no such address or port"
        raise InputError(f"{host}:{port} cannot be served: {reason}; try another --port") from error
    return holder


def address(holder: socket.socket, host: str) -> str:
    """Return the address that a browser opens."""
    port = holder.getsockname()[1]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(
    settings: Settings, holder: socket.socket, url: str, *, show: bool, say: Callable[[str], None]
) -> None:
    """Serve until interrupted. No request is logged: a log would tell who asked when, and could quote.

    Raises:
        RefusalError: the pipeline could not be loaded.
    """
    import uvicorn

    from web.app import create_app

    app = create_app(settings)
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="critical",
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        lifespan="on",
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=64 * 1024,
    )
    logging.getLogger("uvicorn").disabled = True
    logging.getLogger("uvicorn.error").disabled = True
    server = uvicorn.Server(config)
    watcher = threading.Thread(target=_announce, args=(server, url, show, say), daemon=True)
    watcher.start()
    server.run(sockets=[holder])
    if not server.started:
        raise InputError("the server could not start: the pipeline cannot be loaded; run corrin doctor")


def _announce(server: object, url: str, show: bool, say: Callable[[str], None]) -> None:
    """Say where the page is once it is there, and open it where that was asked for."""
    import time

    while not getattr(server, "started", False):
        if getattr(server, "should_exit", False):
            return
        time.sleep(0.05)
    say(f"the page is at {url} (Ctrl-C ends it)")
    if show:
        webbrowser.open(url)
