"""Hostile text: no crash, no hang, every place exact, and steps in line with the length.

Each part (tests/trust/targets.py) is given texts that others choke on, texts drawn by Hypothesis, and what a
coverage-guided fuzzer finds. Steps are counted and not timed: those that the stages tell (nlp/steps.py), and
every line of ours that Python runs, for a note and for one of twice its length.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nlp.steps import limited
from suggest import suggest_codes
from tests.properties.notes import any_text, notes
from tests.trust.tally import Tally
from tests.trust.targets import TARGETS, broken

ROOT = Path(__file__).resolve().parents[2]
DRAWN, FUZZED = (60, 3000), (2000, 200_000)  # bounded, long: texts a part, inputs of the fuzzer
ANCHOR = "A/P: anemia, vitamin B12 deficiency. "
GROWTH = 2.4  # steps of a note of twice the length, at most so many times those of the note
UNITS = (100, 200)  # repeats of a bait
FUZZ_MOST = 1800  # seconds after which the fuzzer is taken to hang

# What regular expressions, splitters and tables choke on; each is repeated.
BAIT = {
    "blanks": "     ",
    "tabs": "\t",
    "line ends": "\n",
    "carriage returns": "\r",
    "both line ends": "\r\n",
    "letters": "a",
    "digits": "1",
    "digits and commas": "1,",
    "digits and points": "1.",
    "dates": "1/1/26 ",
    "half dates": "1/",
    "open brackets": "(",
    "open square brackets": "[",
    "closed brackets": ")",
    "brackets": "(a) ",
    "hyphens": "-",
    "underscores": "_",
    "colons": ": ",
    "pipes": "| ",
    "commas": ", ",
    "semicolons": "; ",
    "full stops": ". ",
    "question marks": "? ",
    "quotes": '"',
    "angle brackets": "> ",
    "bullets": "\n- ",
    "numbers of a list": "\n1. ",
    "titles": "\nAssessment:\n",
    "half titles": "\nAssessment and plan and ",
    "words in capitals": "ANEMIA OF ",
    "no": "no ",
    "no anemia": "no anemia, ",
    "possible": "possible ",
    "possible anemia": "possible anemia or ",
    "history of": "history of ",
    "of": "of ",
    "due to": "due to ",
    "chain of causes": "anemia due to ",
    "deficiencies": "B12 deficiency ",
    "causes and effects": "iron deficiency anemia due to menorrhagia. ",
    "denied items": "\n- anemia, no anemia: resolved anemia",
    "mother": "mother had anemia, ",
    "results": "B12 142 pg/mL, ",
    "half results": "B12 ",
    "arrows": "Hgb 9 -> ",
    "rows": "\nFerritin   6   L   13-150",
    "columns": "Hgb  Hct  Plt  ",
    "drugs": "cyanocobalamin 1000 mcg IM monthly, ",
    "half drugs": "cyanocobalamin ",
    "codes": "E53.8, ",
    "half codes": "D51",
    "signatures": "Signed by J. Rowe, MD ",
    "names": "A. B. ",
    "masks": "[** ",
    "iron of nothing": "iron and b12 and folate and ",
    "stages": "CKD stage 3 ",
    "combining marks": "e\u0301",
    "bidi marks": "\u202e\u2066",
    "ligatures": "ﬁ ",
    "letters that grow": "İ",
    "odd spaces": "\u00a0\u2003",
    "lone surrogates": "\ud800",
    "NUL": "\x00",
    "marks of order": "\ufeff",
}
# Unicode of every kind, around words of ours.
ODD = {
    "lone surrogates": "\ud800B12 deficiency\udfff",
    "NUL within words": "B12\x00 deficiency \x00anemia",
    "BOM": "\ufeff\ufeffA/P: anemia",
    "bidi": "\u202eanemia\u202c \u2067B12 deficiency\u2069",
    "combining": "a\u0301n\u0302e\u0303mia, B12 de\u0301ficiency" + "\u0301" * 3000,
    "full width": "Ａ／Ｐ： Ｂ１２ ｄｅｆｉｃｉｅｎｃｙ",
    "grows in capitals": "ßİŉǰΐ B12 deficiency ﬃ",
    "joined emoji": "👩‍⚕️👨‍👩‍👧‍👦 anemia 🩸",
    "line separators": "A/P:\u2028anemia\u2029B12 deficiency\x85iron deficiency\x0b\x0c",
    "private and unassigned": "\ue000 anemia \U000f0000 \u0378 \U0010ffff",
    "controls": "".join(map(chr, range(32))) + "anemia",
    "all of the first plane": "anemia " + "".join(map(chr, range(0, 0x10000, 7))),
    "markup": "<script>alert('anemia')</script> {{7*7}} ${x} %s %n ../../etc/passwd",
    "nothing": "",
    "blanks": " \t\r\n\x00\ufeff",
}


def hostile(tally: Tally) -> None:
    """The texts of the lists, whole and with words of ours around them."""
    texts = {f"odd {name}": text for name, text in ODD.items()}
    for name, bait in BAIT.items():
        texts[name] = bait * 60
        texts[f"{name} behind an anchor"] = ANCHOR + bait * 60 + "anemia"
    for target in TARGETS:
        for name, text in texts.items():
            fault = broken(target, text)
            tally.check(f"{target}: listed", fault is None, f"{name}: {fault}")


def drawn(tally: Tally, count: int) -> None:
    """Notes and texts that Hypothesis draws, the same ones every time, given to each part."""

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(notes, any_text))
    def run(text: str) -> None:
        for target in TARGETS:
            fault = broken(target, text)
            tally.check(f"{target}: drawn", fault is None, f"{fault}: {text!a}")

    run()


def fuzzed(tally: Tally, count: int) -> None:
    """What the fuzzer tries, in a process of its own."""
    if importlib.util.find_spec("atheris") is None:
        tally.remark("atheris is not made for this Python: the coverage-guided part was left out")
        return
    call = [sys.executable, "-m", "tests.trust.fuzz", str(count)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False, timeout=FUZZ_MOST)
    line = next((x for x in done.stdout.splitlines() if x.startswith("RESULT ")), None)
    if line is None:
        tally.check("fuzzed", held=False, fault=f"the fuzzer ended with {done.returncode}")
        return
    result = json.loads(line.removeprefix("RESULT "))
    for target, tried in sorted(result["tried"].items()):
        faults = sum(n for name, n in result["faults"].items() if name.startswith(f"{target}:"))
        tally.tried[f"{target}: fuzzed"] += tried - faults
        for name, number in result["faults"].items():
            for _ in range(number if name.startswith(f"{target}:") else 0):
                tally.check(f"{target}: fuzzed", held=False, fault=name)


def lines_of(run: Callable[[], Any]) -> int:
    """Count the lines of ours that Python runs."""
    count = 0
    ours = tuple(str(ROOT / name) for name in ("nlp", "suggest"))

    def local(_: FrameType, event: str, __: Any) -> Any:
        nonlocal count
        count += event == "line"
        return local

    def opened(frame: FrameType, _: str, __: Any) -> Any:
        return local if frame.f_code.co_filename.startswith(ours) else None

    former = sys.gettrace()
    sys.settrace(opened)
    try:
        run()
    finally:
        sys.settrace(former)
    return count


def steps(tally: Tally) -> None:
    """A note of twice the length takes at most `GROWTH` times the steps, and so many lines of ours."""
    suggest_codes(ANCHOR)  # loads what is loaded once
    few, many = UNITS
    for name, bait in BAIT.items():
        told, ran = [], []
        for count in (few, many):
            text = ANCHOR + bait * count
            with limited(None) as budget:
                ran.append(lines_of(lambda text=text: suggest_codes(text)))  # type: ignore[misc]
            told.append(budget.taken)
        for part, (one, two) in (("steps told", told), ("lines run", ran)):
            fault = f"{name}: {one:,} and {two:,} for twice the length"
            tally.check(f"{part}: in line with the length", two <= GROWTH * one, fault)


def sizes(tally: Tally, *, long: bool) -> None:
    """10 MB on one line and 100,000 list items are read to the end, and their places are exact."""
    prose = "The patient is doing well and walks a mile a day. "
    ten = 10_000_000
    texts = {
        "10 MB on one line": prose * (ten // len(prose)),
        "10 MB of one word": "a" * ten + " B12 deficiency",
        "100,000 list items": "A/P:\n- B12 deficiency\n" + "- well\n" * 100_000,
    }
    if long:
        texts["10 MB on one line with an anchor"] = ANCHOR + prose * (ten // len(prose)) + "iron deficiency"
        texts["10 MB of blanks"] = ANCHOR + " " * ten + "iron deficiency"
        texts["100,000 list items of ours"] = "A/P:\n" + "- B12 deficiency, stable\n" * 100_000
        texts["100,000 statements on one line"] = ANCHOR + "no anemia, " * 100_000
    for name, text in texts.items():
        fault = broken("answers", text)
        tally.check("sizes", fault is None, f"{name}: {fault}")


def prove(long: bool = False) -> Tally:
    """Try all of it."""
    tally = Tally("text")
    hostile(tally)
    drawn(tally, DRAWN[long])
    steps(tally)
    sizes(tally, long=long)
    fuzzed(tally, FUZZED[long])
    return tally
