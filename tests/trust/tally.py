"""Count what a trust command tried and what held, and print it in one form."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

SHOWN = 40  # faults that are printed in full; the rest are counted


@dataclass(slots=True)
class Tally:
    """What was tried under one promise. A fault names where and what, and quotes no note of others."""

    name: str
    tried: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)
    explained: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def check(self, part: str, held: bool, fault: str = "") -> bool:
        """Count one trial of a part, and keep what did not hold."""
        self.tried[part] += 1
        if not held:
            self.faults.append((part, fault))
        return held

    def explain(self, part: str, fault: str) -> None:
        """Count one trial that did not hold for a reason that is written down."""
        self.tried[part] += 1
        self.explained.append((part, fault))

    def add(self, other: Tally) -> None:
        """Take over what another counted."""
        self.tried += other.tried
        self.faults += other.faults
        self.explained += other.explained
        self.remarks += other.remarks

    def remark(self, text: str) -> None:
        """Say how the trials were made."""
        self.remarks.append(text)

    @property
    def survived(self) -> int:
        return self.tried.total() - len(self.faults) - len(self.explained)

    @property
    def held(self) -> bool:
        """Something was tried and nothing broke."""
        return bool(self.tried) and not self.faults

    def lines(self) -> list[str]:
        """The report: a line a part, then what broke, then the sum."""
        broken = Counter(part for part, _ in self.faults)
        excused = Counter(part for part, _ in self.explained)
        found = [f"  {remark}" for remark in self.remarks]
        for part, tried in self.tried.items():
            line = f"  {part}: tried {tried}, survived {tried - broken[part] - excused[part]}"
            found.append(line + (f", explained {excused[part]}" if excused[part] else ""))
        found += [f"  FAULT {part}: {fault}" for part, fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            found.append(f"  … and {len(self.faults) - SHOWN} faults more")
        line = f"{self.name}: tried {self.tried.total()}, survived {self.survived}"
        found.append(line + (f", explained {len(self.explained)}" if self.explained else ""))
        return found
