"""Exports as they come from a records system, made of coded encounters with planted errors and their key.

Same encounters, seed and number: same rows.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from corpora.exports.plant import PLANTERS
from corpora.load import HOME, load_corpus
from suggest.release import load_release

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpora.exports.planted import Planted
    from corpora.gold import GoldEncounter

SEED = 20261127
_EACH = 40  # encounters of one kind of error
_PROVIDERS = ("Abara", "Bisset", "Coyle", "Dunmore", "Estrin", "Farrow")
_CODERS = ("c1", "c2", "c3", "c4")
_PAYERS = ("Acme Health", "Northway", "Medicare")


@dataclass(slots=True)
class Export:
    """Rows of notes, rows of billed codes without a note, and the key: encounter, code → verdict.

    The code of a missed one stands in the key beside the verdict `missed-code`; `better` is the right code of
    one that was billed in its place.
    """

    notes: list[dict[str, Any]] = field(default_factory=list, repr=False)
    billed: list[dict[str, Any]] = field(default_factory=list, repr=False)
    key: dict[tuple[str, str], str] = field(default_factory=dict)
    better: dict[tuple[str, str], str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    open: set[tuple[str, str]] = field(default_factory=set)  # codes that the gold leaves open


def gold_encounters() -> tuple[GoldEncounter, ...]:
    """Return the encounters of our corpus that people may read, of dates that a release covers."""
    found = (*load_corpus("train"), *load_corpus("tune"))
    release = load_release(None)
    return tuple(e for e in found if all(release.covers(n.encounter_date) for n in e.notes))


def make_export(
    encounters: Sequence[GoldEncounter] | None = None,
    *,
    seed: int = SEED,
    each: int = _EACH,
    written: bool = True,
) -> Export:
    """Return an export in which every kind of error is planted up to `each` times.

    Args:
        encounters: coded encounters; default our own.
        seed: chooses encounters and errors.
        each: how many encounters of one kind of error there are at most.
        written: put in the notes of written.yaml too.
    """
    given = gold_encounters() if encounters is None else tuple(encounters)
    chance = random.Random(seed)  # noqa: S311 for choosing, not for secrets
    export = Export()
    for planter in PLANTERS:
        order = list(given)
        chance.shuffle(order)
        made = ((e, p) for e in order if (p := planter(e, chance)) is not None)
        for number, (encounter, planted) in enumerate(made):
            if number == each:
                break
            _put(export, f"{planted.kind}-{encounter.id}", encounter, planted, chance)
    for entry in _written() if written else ():
        _put_written(export, entry, chance)
    chance.shuffle(export.notes)
    return export


def plain_export(encounters: Iterable[GoldEncounter], copies: int = 1) -> Iterator[dict[str, Any]]:
    """Yield the rows of encounters billed as coded, over and over where more are wanted."""
    for copy in range(copies):
        chance = random.Random(copy)  # noqa: S311
        for encounter in encounters:
            name = f"{encounter.id}-{copy}" if copies > 1 else encounter.id
            codes = [gold.code for gold in encounter.gold.codes]
            yield from _rows(name, encounter, codes, None, None, chance)


def _put(
    export: Export, name: str, encounter: GoldEncounter, planted: Planted, chance: random.Random
) -> None:
    export.kinds[name] = planted.kind
    export.key |= {(name, code): verdict for code, verdict in planted.expect.items()}
    export.key |= {(name, code): "missed-code" for code in planted.missed}
    export.better |= {(name, code): right for code, right in planted.better.items()}
    open_ones = {(name, code) for code in encounter.gold.optional}
    if planted.kind in ("optional", "right", "left-out"):
        for place in open_ones & set(export.key):
            del export.key[place]  # the gold scores it neither way
    export.open |= open_ones - set(export.key)
    if planted.without_notes:
        export.billed.append({"encounter_id": name, "codes": ";".join(planted.billed)})
        return
    export.notes += _rows(name, encounter, planted.billed, planted.date, planted.text, chance)


def _rows(
    name: str,
    encounter: GoldEncounter,
    billed: Sequence[str],
    date: str | None,
    text: str | None,
    chance: random.Random,
) -> Iterator[dict[str, Any]]:
    who = {
        "provider": chance.choice(_PROVIDERS),
        "coder": chance.choice(_CODERS),
        "payer": chance.choice(_PAYERS),
        "patient_id": f"P{chance.randrange(10**6):06d}",
    }
    for number, note in enumerate(encounter.notes):
        yield {
            "encounter_id": name,
            "note_id": f"{name}:{note.note_id}",
            "text": note.text if text is None else text,
            "codes": ";".join(billed) if number == 0 else None,
            "encounter_date": date or note.encounter_date,
            "setting": note.setting,
            "note_type": note.note_type,
            "author": note.author,
            "credential": note.credential,
            "signed": note.signed,
            "role": note.role,
            "amends": f"{name}:{note.amends}" if note.amends else None,
            "note_date": note.note_date,
            **who,
        }


def _written() -> list[dict[str, Any]]:
    text = (HOME / "exports" / "written.yaml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = yaml.safe_load(text)
    return entries


def _put_written(export: Export, entry: dict[str, Any], chance: random.Random) -> None:
    name = str(entry["id"])
    export.kinds[name] = "written"
    export.key |= {(name, code): verdict for code, verdict in entry["expect"].items()}
    export.key |= {(name, code): "missed-code" for code in entry.get("missed", ())}
    export.better |= {(name, code): right for code, right in entry.get("better", {}).items()}
    export.notes.append(
        {
            "encounter_id": name,
            "note_id": f"{name}:1",
            "text": entry["text"],
            "codes": ";".join(entry["billed"]),
            "encounter_date": "2026-06-03",
            "setting": "outpatient",
            "provider": chance.choice(_PROVIDERS),
            "coder": chance.choice(_CODERS),
            "payer": chance.choice(_PAYERS),
        }
    )
