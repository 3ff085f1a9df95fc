"""Coverage-guided fuzzing of all parts: `python -m tests.trust.fuzz RUNS`; prints what it tried and broke.

atheris instruments our packages and mutates notes towards lines that none has reached. The words of our own
vocabulary are its dictionary. A bounded run is one of so many inputs from a fixed seed, not of seconds.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter

import atheris

with atheris.instrument_imports(include=["nlp", "readers", "suggest", "web"]):
    from tests.trust.targets import TARGETS, broken

from tests.properties.notes import ANCHORS, BULLETS, GAPS, HEADERS, SENTENCES

ODD = (
    "\x00",
    "\ud800",
    "\ufeff",
    "\r",
    "\u2028",
    "\u202e",
    "\u0301",
    "İ",
    "ﬁ",
    "🩸",
    "<",
    "{\\rtf1 ",
    "%PDF-",
)
_tried: Counter[str] = Counter()
_faults: Counter[str] = Counter()


def note_from(data: bytes) -> str:
    """Text from bytes: a byte below 64 is a piece of a note, any other starts a character of its own."""
    pieces = (*HEADERS, *SENTENCES, *ANCHORS, *BULLETS, *GAPS, *ODD)
    made: list[str] = []
    at = 0
    while at < len(data):
        byte = data[at]
        at += 1
        if byte < 96:
            made.append(pieces[byte % len(pieces)])
        elif byte < 224:
            made.append(chr(byte - 96 + 32))
        else:
            made.append(chr(int.from_bytes(data[at : at + 3], "big") % 0x110000))
            at += 3
    return "".join(made)


def main() -> None:
    """Run libFuzzer; the first byte of an input chooses the part that it is given to."""
    runs = int(sys.argv[1])
    names = list(TARGETS)

    def one(data: bytes) -> None:
        target = names[data[0] % len(names)] if data else names[0]
        fault = broken(target, note_from(data[1:]))
        _tried[target] += 1
        if fault:
            _faults[f"{target}: {fault}"] += 1
        if _tried.total() == runs:
            print("RESULT " + json.dumps({"tried": _tried, "faults": _faults}), flush=True)
            os._exit(0)  # libFuzzer would tell the words that it found

    atheris.Setup([sys.argv[0], "-runs=-1", "-seed=9", "-max_len=120", "-verbosity=0"], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
