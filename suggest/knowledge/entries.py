"""The records of the readable knowledge: rules, rulings, phrases and queries."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A rule or a ruling, and what a phrase and a query share with them.

    `effective_from` and `effective_to` are the first and last date of service (ISO; None: no limit).
    """

    kind: str
    id: str
    title: str
    text: str
    citation: str
    basis: str | None = None
    fires: str | None = None
    nearly: str | None = None
    effective_from: str | None = None
    effective_to: str | None = None

    @property
    def prefixed(self) -> str:
        """The id as software writes it: `rule:R10`. The bare id has the shape of a code."""
        return f"{self.kind}:{self.id}"

    @property
    def is_house(self) -> bool:
        """Whether a house added the entry (`PH01`); the ids of the reference are fixed (`P01`)."""
        return self.id[1:2] == "H"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseEntry(Entry):
    """A documented assertion and its codes in reporting order; a hyphen stands for a family (`T38.3X5-`)."""

    codes: tuple[str, ...]
    alternatives: tuple[tuple[str, ...], ...]
    confidence: str
    queries: tuple[str, ...]

    def leads_to(self, code: str) -> bool:
        """Whether the preferred codes name this code or a family that it belongs to."""
        return _named(code, self.codes)

    def may_lead_to(self, code: str) -> bool:
        """Whether one of the alternatives does."""
        return any(_named(code, codes) for codes in self.alternatives)


def _named(code: str, codes: tuple[str, ...]) -> bool:
    return any(
        code.startswith(named.rstrip("-.")) if named.endswith("-") else code == named for named in codes
    )


@dataclass(frozen=True, slots=True)
class QueryOption:
    """A choice of a query; it stands only where the indicator that it needs is in the record (G-3, G-9)."""

    text: str
    needs: str | None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryEntry(Entry):
    """A question to the provider; `{condition}`, `{other}` and `{drug}` are filled from the note."""

    trigger: str
    question: str
    options: tuple[QueryOption, ...]
    changes: str
    rules: tuple[str, ...]

    @property
    def topic(self) -> str:
        """What the query is about, without an answer in it."""
        return self.title
