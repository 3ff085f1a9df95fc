"""The licences of what Corrin installs: `python -m tests.trust.licences` writes docs/licences.md anew."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "licences.md"
MINORS = ("311", "312", "313")
_PIN = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)
_ROW = re.compile(r"^\| ([a-z0-9-]+) \| ([^|]+) \| ([^|]*)\|$", re.MULTILINE)
_NAMES = {
    "MIT License": "MIT",
    "The MIT License (MIT)": "MIT",
    "BSD License": "BSD",
    "BSD 3-Clause License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "ISC License (ISCL)": "ISC",
    "ISC License": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "PSFL": "PSF-2.0",
}
# What lets us pass it on under any terms, and what needs a word.
PERMISSIVE = re.compile(
    r"(?:(?:MIT|BSD|BSD-[23]-Clause|Apache-2\.0|ISC|PSF-2\.0|MPL-2\.0|CNRI-Python)(?: AND | OR |$))+"
)
NOTES = {
    "unidecode": "GPL: required by medspaCy's QuickUMLS, which Corrin never imports; it is not in our wheel",
    "pysimstring": "its package declares no licence; required by medspaCy's QuickUMLS, never imported",
    "pypdfium2": "BSD-3-Clause or Apache-2.0; PDFium within it under the licences that it carries",
    "medspacy-unqlite": "MIT; with words of its own on what it is derived from",
}


def locked() -> set[str]:
    """The names in the locks of all Pythons, without development tools."""
    return {
        name
        for minor in MINORS
        for name in _PIN.findall((ROOT / "locks" / f"py{minor}.txt").read_text(encoding="utf-8"))
    }


def declared(name: str) -> str | None:
    """The licence that an installed package declares; None where it is not installed."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    expression = told.get("License-Expression")
    if expression:
        return str(expression)
    classes = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or [] if c.startswith("License")]
    line = (told.get("License") or "").split("\n")[0].strip()
    short = line if 0 < len(line) <= 60 and not line.startswith("Copyright") else ""
    chosen = next((c for c in classes if c in _NAMES), None) or short
    return _NAMES.get(chosen, chosen) or "none declared"


def listed() -> dict[str, tuple[str, str]]:
    """Licence and note of each package of docs/licences.md."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    rows = page.partition("| --- |")[2]
    return {name: (licence.strip(), note.strip()) for name, licence, note in _ROW.findall(rows)}


def written() -> str:
    """The page, from what is installed; a package that is not keeps the line that it had."""
    known = listed()
    rows = []
    for name in sorted(locked()):
        licence = declared(name) or known.get(name, ("unknown", ""))[0]
        rows.append(f"| {name} | {licence} | {NOTES.get(name, '')} |".replace("|  |", "| |"))
    return HEAD + "\n".join(rows) + "\n"


HEAD = """\
# Licences of the dependencies

What `pip install corrin` brings with it, on any of the three Pythons (`locks/`), with the licence that each
package declares. Corrin itself is under Apache-2.0, and its wheel holds no code of others. Written by
`python -m tests.trust.licences` from what is installed; `python -m tests.trust supply` fails where this page
and the packages differ, or where a licence that is not permissive has no note.

Two need a word before you **pass on** an environment with all of them (an image, an appliance): `unidecode`
is under the GPL, version 2 or later, and `pysimstring` declares no licence. Both come through
`medspacy-quickumls`, which medspaCy asks for and Corrin never imports.

| package | licence | note |
| --- | --- | --- |
"""

if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
