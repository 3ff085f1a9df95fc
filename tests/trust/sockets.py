"""Note every address beyond this machine that a process asks for, and refuse it where nothing else would."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

NOTES = "CORRIN_TRUST_SOCKETS"  # the file that the addresses are written to
GUARD = "CORRIN_TRUST_GUARD"  # set where no namespace stands between us and the network
_ASKS = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname")
_HERE = ("localhost", "::1", "0.0.0.0", "::", "")


def watch() -> None:
    """Watch this process and those forked from it."""
    notes = os.environ.get(NOTES)
    if notes is None:
        return

    def heard(event: str, given: tuple[Any, ...]) -> None:
        if event in _ASKS and (host := beyond(event, given)) is not None:
            with Path(notes).open("a") as file:
                file.write(f"{event} {host}\n")
            if os.environ.get(GUARD):
                raise PermissionError(f"{host} is not this machine")

    sys.addaudithook(heard)


def beyond(event: str, given: tuple[Any, ...]) -> str | None:
    """The host that is asked for, where it is not this machine."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = given[0]
    else:
        address = given[1]
        if given[0].family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
            return None
        host = address[0]
    name = host.decode(errors="replace") if isinstance(host, bytes) else str(host or "")
    return None if name in _HERE or name.startswith("127.") else name
