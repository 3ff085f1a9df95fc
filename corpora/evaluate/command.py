"""What `corrin evaluate` does: read the gold, answer it, measure, and write what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpora.evaluate.agreement import agree
from corpora.evaluate.render.page import render_page
from corpora.evaluate.run import SAMPLES, SEED, Judged, answer_all, make_run
from corpora.load import HOME, corpus_files, fingerprint, load_codings, load_corpus, load_files
from corpora.splits import SPLITS
from nlp.errors import InputError, reason_of
from suggest.serialise import json_text
from suggest.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from corpora.evaluate.against import Comparison
    from corpora.gold import GoldEncounter

RUN_FILE, PAGE_FILE = "run.json", "evaluation.html"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run with the answers that it was made of."""

    run: dict[str, Any]
    judged: tuple[Judged, ...]


def evaluate(
    files: Sequence[Path] = (),
    *,
    split: str | None = None,
    samples: int = SAMPLES,
    seed: int = SEED,
    on_failure: Callable[[str, Exception], None] | None = None,
) -> Evaluation:
    """Answer the gold encounters of files, or of our corpus where none is named, and measure the answers.

    Args:
        files: JSONL of the shared schema (docs/evaluation.md).
        split: the part of our corpus; None for all of it.
        samples: bootstrap resamples for the intervals; 0 for none.
        seed: of the bootstrap.
        on_failure: told of each encounter that could not be answered, by id.

    Raises:
        InputError: a file cannot be used, the split is unknown, or there is nothing to measure on.
    """
    encounters = _gold(files, split)
    corpus = [
        {"file": path.name if files else path.relative_to(HOME).as_posix(), "sha256": fingerprint(path)}
        for path in files or corpus_files()
    ]
    judged = answer_all(encounters, on_failure)
    return Evaluation(make_run(judged, corpus, split=split, samples=samples, seed=seed), judged)


def measure_agreement(
    split: str | None = None, *, samples: int = SAMPLES, seed: int = SEED
) -> dict[str, Any]:
    """Return how the two blind codings of our corpus agree (see `agree`)."""
    return agree(_gold((), split), load_codings("first"), load_codings("second"), samples=samples, seed=seed)


def _gold(files: Sequence[Path], split: str | None) -> tuple[GoldEncounter, ...]:
    if split is not None and split not in SPLITS:
        raise InputError(f"unknown split; use {', '.join(SPLITS)}")
    if files and split is not None:
        raise InputError("--split is for our own corpus; leave it out where files are named")
    encounters = load_files(files) if files else load_corpus(split)
    if not encounters:
        raise InputError("there is no encounter to evaluate")
    return encounters


def write_report(folder: Path, evaluation: Evaluation, comparison: Comparison | None) -> None:
    """Write `run.json` and `evaluation.html`. Both are the owner's alone, since the page quotes notes.

    Raises:
        InputError: the folder cannot be written.
    """
    texts = {
        RUN_FILE: json_text(evaluation.run, indent=2) + "\n",
        PAGE_FILE: render_page(evaluation.run, evaluation.judged, comparison),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            write_whole(folder / name, text)
    except OSError as error:
        reason = reason_of(error)
        raise InputError(f"{folder}: cannot be written: {reason}") from None
