"""What the ranking learns from: answers to unseen notes, and answers to notes that are half read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from corpora.evaluate.outcome import expected
from models.training.forget import forget
from models.training.hand_made import hand_made
from nlp.errors import InputError
from suggest.engine.candidates import Draft
from suggest.engine.chart import Chart
from suggest.features import features, survey
from suggest.release.scope import scope_families
from suggest.result import Necessity

if TYPE_CHECKING:
    from corpora.gold import GoldEncounter

UNFINISHED = frozenset({"1356dcf", "58f5bce", "56d589d", "3583f9f"})
"""Commits of the program's first day: their errors show what errors look like, not how many there are now."""
UNUSUAL = frozenset({"l", "m"})
"""Authors asked for the most unusual wordings they could think of: as above, what, but not how many."""
ROUNDS = 5  # times that each encounter is read by halves


@dataclass(frozen=True, slots=True)
class Example:
    """A suggestion and whether the gold requires its code. `counted`: the answer calls it required."""

    code: str
    right: bool
    counted: bool
    hand_made: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Contact:
    """The suggestions of one answer. `required` counts the codes of the gold; `commit` is the program's."""

    id: str
    author: str
    commit: str | None
    required: int
    examples: tuple[Example, ...]

    @property
    def is_typical(self) -> bool:
        """Whether its errors tell how many there are: neither an unfinished program nor an unusual author."""
        return self.commit not in UNFINISHED and self.author not in UNUSUAL


def read_contacts(path: Path, names: Sequence[str]) -> tuple[Contact, ...]:
    """Return the lines of first_contact.jsonl, features in full.

    Raises:
        InputError: a line is not of its form, or holds a feature that is no longer known.
    """
    contacts = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            contacts.append(
                Contact(
                    row["id"],
                    row["author"],
                    row["commit"],
                    row["required"],
                    tuple(
                        Example(
                            s["code"], s["right"], s["counted"], s["hand_made"], _full(s["features"], names)
                        )
                        for s in row["suggestions"]
                    ),
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            reason = "a feature that is not known" if isinstance(error, ValueError) else "not of its form"
            raise InputError(
                f"{path.name}, line {number}: {reason}; collect it anew (docs/models.md)"
            ) from None
    return tuple(contacts)


def _full(given: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    if not set(given) <= set(names):
        raise ValueError("unknown feature")
    return {name: float(given.get(name, 0.0)) for name in names}


def half_read(encounters: Iterable[GoldEncounter], *, seed: int, rounds: int = ROUNDS) -> tuple[Contact, ...]:
    """Answer encounters some of whose words go unread, each several times; see `forget`."""
    contacts = []
    for encounter in encounters:
        facts, known = _read(encounter)
        random = Random(f"{seed} {encounter.id}")  # noqa: S311 repeatable on purpose
        contacts += [
            _contact(encounter, [forget(note, random) for note in facts], known, None) for _ in range(rounds)
        ]
    return tuple(contacts)


def _read(encounter: GoldEncounter) -> tuple[list[Any], dict[str, Any]]:
    from suggest.api import read_encounter

    return read_encounter(encounter.notes)


def _contact(
    encounter: GoldEncounter, facts: Sequence[Any], known: Mapping[str, Any], commit: str | None
) -> Contact:
    from suggest.engine.run import answer

    required, optional = expected(encounter.gold)
    wanted, scope = set(required), scope_families()
    found: list[Example] = []

    def listen(draft: Draft, chart: Chart) -> dict[str, float]:
        around = survey(chart)
        found.extend(
            Example(
                code,
                code in wanted,
                candidate.necessity is Necessity.REQUIRED,
                hand_made(candidate),
                features(candidate, chart, around),
            )
            for code, candidate in draft.candidates.items()
            if code in scope and code not in optional
        )
        return dict.fromkeys(draft.candidates, 0.5)

    answer(facts, **known, ranker=listen)
    return Contact(encounter.id, encounter.author or "", commit, len(required), tuple(found))
