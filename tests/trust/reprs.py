"""Records that hold text do not show it: the `repr` of every record that comes up with planted files.

Whoever prints a record while looking for a fault, or logs one, would otherwise print the note.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.trust.apart import forked
from tests.trust.calls import asks, calls, request, run_command
from tests.trust.planted import SECRETS
from tests.trust.tally import Tally

PACKAGES = ("nlp", "suggest", "readers", "audit", "web", "models", "corpora")
EACH = 60  # records of one class that are looked at
# What such a field holds can be words of a note, so it is kept out of the repr whether it came up or not.
TEXTUAL = frozenset("text texts words quote quotes given page body".split())
OF_OURS = {  # classes whose field of that name holds our own words
    "suggest.doctor:Check.text": "what the doctor says",
    "suggest.knowledge.entries:Entry.text": "the text of a rule",
    "suggest.knowledge.entries:PhraseEntry.text": "the text of a phrase",
    "suggest.knowledge.entries:QueryEntry.text": "the text of a query",
    "suggest.knowledge.entries:QueryOption.text": "the text of an option",
    "suggest.knowledge.policy:Choice.text": "the text of a choice",
    "suggest.result:Conflict.text": "our sentence on what stands against a code",
    "suggest.release.release:InstructionalNote.text": "a note of the classification",
}


def classes() -> Iterator[type]:
    """Every dataclass of ours."""
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if "spark" in module.name:  # Spark is not there for everybody
                continue
            for found in vars(importlib.import_module(module.name)).values():
                if (
                    inspect.isclass(found)
                    and dataclasses.is_dataclass(found)
                    and found.__module__ == module.name
                ):
                    yield found


def records(tally: Tally, folder: Path, made: dict[str, Path], good: Path) -> None:
    """Look at the records that all commands and requests make, and at the fields of those that none makes."""

    def work() -> None:
        kept = keep()
        for call in calls(made, good):
            with contextlib.suppress(SystemExit):
                run_command(call)
        for ask in asks():
            request(ask)()
        (folder / "records").write_text(json.dumps(list(shown(kept))))

    ran = forked(work, folder / "reprs", seconds=240)
    if not (folder / "records").exists():
        tally.check("records of a class", False, f"they were not looked at: {ran.err[-300:]}")
        return
    for name, count, words in json.loads((folder / "records").read_text()):
        told = f"{name}: its repr shows {', '.join(words)} ({count} looked at)"
        tally.check("records of a class" if count else "classes of which no record came up", not words, told)


def keep() -> dict[type, list[Any]]:
    """Have every record of ours kept from now on, some of each class."""
    kept: dict[type, list[Any]] = {}
    for found in dict.fromkeys(classes()):
        kept[found] = []
        _listen(found, kept[found])
    return kept


def _listen(found: Any, kept: list[Any]) -> None:
    original = found.__init__

    def init(self: Any, *given: Any, **named: Any) -> None:
        original(self, *given, **named)
        if len(kept) < EACH:
            kept.append(self)

    found.__init__ = init


def shown(kept: dict[type, list[Any]]) -> Iterator[tuple[str, int, list[str]]]:
    """What of the planted words each class shows; of one that never came up, its fields named for text."""
    for found, some in kept.items():
        name = f"{found.__module__}:{found.__qualname__}"
        if some:
            text = "".join(map(repr, some)).lower()
            yield name, len(some), [what for what, word in SECRETS.items() if word.lower() in text]
            continue
        held = (f for f in dataclasses.fields(found) if f.repr and f.name in TEXTUAL)
        fields = (
            f.name for f in held if any(kind in str(f.type) for kind in ("str", "Any", "object", "bytes"))
        )
        yield name, 0, [field for field in fields if f"{name}.{field}" not in OF_OURS]
