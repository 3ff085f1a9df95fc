"""How far a run is: a line that changes on a terminal, a quiet line now and then in a log."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

_QUIET = 30.0  # seconds between two lines of a log
_LIVELY = 0.5


@dataclass(slots=True)
class Progress:
    """Counts encounters; `total` is 0 while it is not known."""

    total: int = 0
    done: int = 0
    unit: str = "encounters"
    quiet: bool = False
    _begun: float = field(default_factory=time.monotonic)
    _told: float = 0.0
    _first: int = 0

    def start(self, total: int, done: int) -> None:
        """Begin to count, behind what was done before."""
        self.total, self.done, self._first = total, done, done
        self._begun = self._told = time.monotonic()

    def add(self, number: int) -> None:
        """Count what was done, and tell it where it is time."""
        self.done += number
        now = time.monotonic()
        if not self.quiet and now - self._told >= (_LIVELY if sys.stderr.isatty() else _QUIET):
            self._told = now
            self._tell(now)

    def _tell(self, now: float) -> None:
        rate = (self.done - self._first) / max(now - self._begun, 1e-6)
        left = (self.total - self.done) / rate if rate > 0 else 0.0
        line = f"{self.done:,} of {self.total:,} {self.unit}, {rate:.0f} a second, {_span(left)} left"
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[Kcorrin: {line}")
            sys.stderr.flush()
        else:
            sys.stderr.write(f"corrin: {line}\n")

    def end(self) -> None:
        """Leave the terminal's line."""
        if not self.quiet and sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _span(seconds: float) -> str:
    minutes = int(seconds) // 60
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes} min" if minutes else f"{int(seconds)} s"
