"""The papers are true: SECURITY.md and the threat model name every proof, and each promise what keeps it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.trust.tally import Tally

ROOT = Path(__file__).resolve().parents[2]
SECURITY, MODEL = ROOT / "SECURITY.md", ROOT / "docs" / "threat-model.md"
WORDS = 1300  # of two pages
_PROOF = re.compile(r"`python -m tests\.trust ([a-z]+)`")
_TEST = re.compile(r"`(tests/[\w/.]+)`")
_MAKE = re.compile(r"`make ([a-z-]+)`")
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def _rows(page: str, heading: str) -> list[str]:
    """The rows of the table under a heading, without its head."""
    part = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line for line in part.splitlines() if line.startswith("| ")][2:] if part else []


def prove(long: bool = False) -> Tally:
    """Try every name on both pages; there is no longer form."""
    from tests.trust.__main__ import PROOFS

    tally = Tally("papers")
    security, model = (page.read_text(encoding="utf-8") for page in (SECURITY, MODEL))
    table = "\n".join(_rows(security, "Nine proofs"))
    red = _rows(security, "Each was seen to fail")
    for name in PROOFS:
        tally.check("each proof is named in SECURITY.md", f"`python -m tests.trust {name}`" in table, name)
        seen = any(row.startswith(f"| {name} |") for row in red)
        tally.check("each proof was seen to fail, and it says how", seen, name)
        tally.check("each proof keeps a promise", f"tests.trust {name}`" in model, name)
    for page, text in (("SECURITY.md", security), ("docs/threat-model.md", model)):
        for name in dict.fromkeys(_PROOF.findall(text)):
            tally.check("what is named is there", name in PROOFS, f"{page}: {name}")
        for name in dict.fromkeys(_TEST.findall(text)):
            tally.check("what is named is there", (ROOT / name).exists(), f"{page}: {name}")
        made = (ROOT / "Makefile").read_text(encoding="utf-8")
        for name in dict.fromkeys(_MAKE.findall(text)):
            tally.check("what is named is there", f"\n{name}:" in made, f"{page}: make {name}")
        home = (ROOT / page).parent
        for name in dict.fromkeys(_LINK.findall(text)):
            tally.check("what is named is there", (home / name).exists(), f"{page}: {name}")
    for row in _rows(model, "What is promised, and what keeps it"):
        kept = _PROOF.search(row) or _TEST.search(row)
        tally.check("each promise names what keeps it", kept is not None, row.split("|")[1].strip()[:60])
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    tally.check("CI runs the proofs", re.search(r"^for target in .*\btrust\b", ci, re.MULTILINE) is not None)
    tally.check("the threat model is of two pages", len(model.split()) <= WORDS, str(len(model.split())))
    return tally
