"""Write the figures of docs/evaluation.md anew: `python -m corpora.evaluate.refresh --date D --commit C`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.evaluate.command import evaluate, measure_agreement
from corpora.evaluate.render.words import NAMES, interval, number
from corpora.splits import SPLITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
GUIDE = Path("docs/evaluation.md")


def figures_block(
    runs: Mapping[str, Mapping[str, Any]], agreement: Mapping[str, Any], date: str, commit: str
) -> str:
    """Return the block of the guide: each split and the ceiling side by side.

    Args:
        runs: a run by the name of its split, in the order of the columns.
        agreement: of the same encounters (see `agree`).
        date: when it was measured.
        commit: of the sources.
    """
    one, kappa = next(iter(runs.values())), agreement["kappa"]
    ceilings = agreement["second_against_first"], agreement["second_against_settled"]
    notes = ", ".join(f"{run['counts']['notes']} {name}" for name, run in runs.items())
    made_by = f"version {one['version']}, {', '.join(one['releases'])}, policy {', '.join(one['policies'])}"
    spread = f"{kappa['low']:.3f} to {kappa['high']:.3f}"
    lines = [
        f"Measured on {date} at commit {commit}: {made_by}.",
        f"Encounters: {notes}; {agreement['notes']} of them coded twice. In brackets the 95 % interval.",
        "The ceiling is the blind second coder, over all that was coded twice: against the first coder,",
        "and against the settled gold.",
        "",
        "Commands: `corrin evaluate --split test` (and `train`, `tune`), `corrin evaluate --agreement`;",
        "this block: `python -m corpora.evaluate.refresh`.",
        "",
        "| figure | " + " | ".join([*runs, "second v. first", "second v. settled"]) + " |",
        "| --- |" + " --- |" * (len(runs) + 2),
    ]
    lines += [_line(name, words, runs, ceilings) for name, words in NAMES.items()]
    lines += ["", f"Cohen's kappa over all decisions of the two coders: {kappa['value']:.3f} ({spread}).", ""]
    return "\n".join(lines)


def _line(
    name: str, words: str, runs: Mapping[str, Mapping[str, Any]], ceilings: Sequence[Mapping[str, Any]]
) -> str:
    cells = [_cell(name, run["figures"][name]) for run in runs.values()]
    cells += [number(name, ceiling[name]["value"]) if name in ceiling else "" for ceiling in ceilings]
    return f"| {words} | " + " | ".join(cells) + " |"


def _cell(name: str, figure: Mapping[str, Any]) -> str:
    spread = interval(name, figure)
    return number(name, figure["value"]) + (f" ({spread})" if spread else "")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all splits and the agreement, and rewrite the block between the marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--date", required=True)
    parser.add_argument("--commit", required=True)
    parser.add_argument("--guide", type=Path, default=GUIDE)
    given = parser.parse_args(arguments)
    runs = {split: evaluate(split=split).run for split in SPLITS}
    unanswered = sum(run["counts"]["notes"] - run["counts"]["answered"] for run in runs.values())
    if unanswered:
        sys.exit(f"{unanswered} encounters could not be answered; mend that first")
    text = given.guide.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    block = figures_block(runs, measure_agreement(), given.date, given.commit)
    given.guide.write_text(head + BEGIN + block + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
