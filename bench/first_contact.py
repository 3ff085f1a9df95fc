"""How the program answered notes when it first met them: one line an encounter, numbers and codes alone.

    python bench/first_contact.py TREE NOTES.jsonl COMMIT [FIRST_ID LAST_ID] >> corpora/first_contact.jsonl

TREE is a checkout of the commit that was there before anybody had read the notes (`git worktree add --detach
/tmp/then COMMIT`), `.` for this one. The engine is the tree's own, the features are today's, so the lines can
be collected anew when a feature changes (`bash bench/first_contact.sh`). No words of a note are written.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

HERE = Path(__file__).resolve().parent.parent


def load(name: str, path: Path) -> ModuleType:
    """Load one of today's modules beside the tree's own."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def main(tree: str, notes: str, commit: str, first: str = "", last: str = "~") -> None:
    """Print the lines of one file of notes."""
    sys.path.insert(0, str(Path(tree).resolve()))
    import yaml

    import nlp.knowledge
    from suggest.engine import run

    def read(package: str, name: str) -> object:  # today's words for today's features
        if name == "features.yaml":
            return yaml.safe_load((HERE / "suggest" / name).read_text(encoding="utf-8"))
        return own(package, name)

    own, nlp.knowledge.load_yaml = nlp.knowledge.load_yaml, read
    # what today's features need of today, while they are loaded; the tree keeps its own
    needed = {name: sys.modules.get(name) for name in ("nlp.literals", "nlp.sieve")}
    for name in needed:
        load(name, HERE / f"{name.replace('.', '/')}.py")
    today = load("todays_features", HERE / "suggest" / "features.py")
    for name, module in needed.items():
        sys.modules.pop(name)
        if module is not None:
            sys.modules[name] = module
    hand = load("hand_made", HERE / "models" / "training" / "hand_made.py")
    seen = SimpleNamespace(chart=None, rows={})
    listen(run, today, hand, seen)
    from suggest import suggest_codes

    scoring = yaml.safe_load((HERE / "corpora/evaluate/scoring.yaml").read_text(encoding="utf-8"))
    free = {code for entry in scoring if entry["id"] == "free" for code in entry["codes"]}
    lines = (HERE / "suggest/release/scope.csv").read_text(encoding="utf-8").splitlines()[1:]
    scope = {line.split(",")[0] for line in lines if not line.startswith("#")}
    for line in Path(notes).read_text(encoding="utf-8").splitlines():
        note = json.loads(line)
        if not first <= note["id"] <= last:
            continue
        seen.rows = {}
        setting = note.get("setting") or "outpatient"
        suggest_codes(note["text"], setting=setting, encounter_date=note.get("encounter_date"))
        required, optional = expected(note["gold"], free)
        required &= scope
        author = note.get("author") or note["id"][1]
        row = {"id": note["id"], "author": author, "commit": commit, "required": len(required)}
        row["suggestions"] = [
            {"code": code, "right": code in required, **values}
            for code, values in seen.rows.items()
            if code in scope - optional
        ]
        print(json.dumps(row))


def expected(gold: dict, free: set[str]) -> tuple[set[str], set[str]]:  # type: ignore[type-arg]
    """Return what the gold requires and what is left out, as corpora/evaluate/outcome.py does."""
    named = {entry["code"] for entry in gold["code"]}
    optional = set(gold.get("optional") or ()) | (free - named - {t["code"] for t in gold.get("trap") or ()})
    return named - optional, optional


def listen(run: ModuleType, today: ModuleType, hand: ModuleType, seen: SimpleNamespace) -> None:
    """Hear the chart when it is settled and the candidates when they are ordered."""
    for name in ("build_chart", "settle"):
        if hasattr(run, name):
            setattr(run, name, keep(getattr(run, name), seen))
    own = run.order

    def order(candidates: list, scores: dict) -> list:  # type: ignore[type-arg]
        around = today.survey(seen.chart)
        for c in candidates:
            values = {k: v for k, v in today.features(c, seen.chart, around).items() if v}
            counted = c.necessity.value == "required"
            seen.rows[c.code] = {"counted": counted, "hand_made": hand.hand_made(c), "features": values}
        return own(candidates, scores)

    run.order = order  # type: ignore[attr-defined]


def keep(function: object, seen: SimpleNamespace) -> object:
    """Return the function, remembering the chart that it gives."""

    def call(*args: object, **named: object) -> object:
        seen.chart = function(*args, **named)  # type: ignore[operator]
        return seen.chart

    return call


if __name__ == "__main__":
    main(*sys.argv[1:])
