"""What `corrin train` does: read the corpus, learn, and write parameters and model cards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpora.load import fingerprint, load_corpus
from models.sections import from_mapping, speaking
from models.training import cards, ranking, sections
from models.training.material import half_read, read_contacts
from nlp.errors import InputError, reason_of
from suggest.features import names as feature_names
from suggest.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SEED = 20261127
CONTACTS = "first_contact.jsonl"


@dataclass(frozen=True, slots=True)
class Trained:
    """What was learned: the text of each file by its name, and a line about each model."""

    files: Mapping[str, str]
    lines: tuple[str, ...]


def train(corpus: Path, seed: int = SEED) -> Trained:
    """Return the files that a corpus gives. The same corpus and seed give the same bytes.

    Args:
        corpus: a folder such as `corpora`: notes/, encounters/ and first_contact.jsonl. Encounters of the
            test split, and what is known of their first contact, are left out.
        seed: of what is drawn at random.

    Raises:
        InputError: the folder holds no encounter, or a file cannot be used.
    """
    whole = load_corpus(home=corpus)
    if not whole:
        raise InputError(f"{corpus}: no encounter in notes/ or encounters/; name a folder such as corpora")
    held_back = {encounter.id for encounter in whole if encounter.split == "test"}
    encounters = tuple(encounter for encounter in whole if encounter.id not in held_back)
    path = corpus / CONTACTS
    if not path.is_file():
        raise InputError(f"{path}: no such file; bench/first_contact.sh collects it")
    names = feature_names()
    met = tuple(c for c in read_contacts(path, names) if c.id not in held_back)
    worded = sections.learn((e.id, note.text) for e in encounters for note in e.notes)
    with speaking(from_mapping(worded.content)):
        half = half_read(encounters, seed=seed)
    learned = ranking.learn(met, half, names, seed)
    source = cards.Source(len(encounters), len(met), fingerprint(path), seed)
    report = cards.ranking_report(learned)
    return Trained(
        {
            "ranking.json": _text(learned.content),
            "ranking.md": cards.ranking_card(learned, report, source),
            "sections.json": _text(worded.content),
            "sections.md": cards.sections_card(worded, source),
        },
        (cards.ranking_line(report), cards.sections_line(worded)),
    )


def write(out: Path, trained: Trained) -> None:
    """Write the files into a folder.

    Raises:
        InputError: the folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in trained.files.items():
            write_whole(out / name, text)
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {reason_of(error)}") from None


def _text(content: Mapping[str, Any]) -> str:
    """Return JSON that is read and compared line by line: one a key, weight or tree."""
    lines = []
    for key, value in content.items():
        if isinstance(value, dict):
            inner = ",\n".join(f"    {json.dumps(k)}: {_value(v)}" for k, v in value.items())
            lines.append(f"  {json.dumps(key)}: {{\n{inner}\n  }}")
        else:
            lines.append(f"  {json.dumps(key)}: {_value(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _value(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + ",\n".join("      " + json.dumps(item) for item in value) + "\n    ]"
    return json.dumps(value, ensure_ascii=False)
