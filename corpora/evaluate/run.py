"""Answer the encounters, judge the answers, and put a run into one JSON object."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from corpora.evaluate.figures import LEVEL, measure, reliability
from corpora.evaluate.outcome import Outcome, judge
from corpora.evaluate.slices import by_band, by_code, by_family, by_group, by_rule, by_tag, confusion
from nlp.errors import CorrinError
from suggest.serialise import to_json
from suggest.version import version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from corpora.gold import GoldEncounter

FORMAT = 1
SAMPLES, SEED = 1000, 20261120


@dataclass(frozen=True, slots=True)
class Judged:
    """An encounter, what Corrin answered (None where it failed) and how that compares with the gold."""

    encounter: GoldEncounter
    answer: Mapping[str, Any] | None = field(repr=False)
    outcome: Outcome


def answer_all(
    encounters: Iterable[GoldEncounter], on_failure: Callable[[str, Exception], None] | None = None
) -> tuple[Judged, ...]:
    """Return each encounter with its answer. One that fails is told of by id and counts as unanswered."""
    judged = []
    for encounter in encounters:
        answer = _answer(encounter, on_failure)
        judged.append(Judged(encounter, answer, judge(encounter, answer)))
    return tuple(judged)


def _answer(
    encounter: GoldEncounter, on_failure: Callable[[str, Exception], None] | None
) -> Mapping[str, Any] | None:
    from suggest import suggest_encounter

    try:
        return to_json(suggest_encounter(encounter.notes))
    except CorrinError:
        raise
    except Exception as error:  # noqa: BLE001 one note's failure must not stop the others
        if on_failure is not None:
            on_failure(encounter.id, error)
        return None


def make_run(
    judged: Sequence[Judged],
    corpus: Sequence[Mapping[str, str]],
    *,
    split: str | None = None,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> dict[str, Any]:
    """Return the object of `run.json`: what was measured, on what, and each encounter's codes.

    It holds no words of a note.

    Args:
        judged: the answered encounters, in the order of the corpus.
        corpus: name and hash of each file.
        split: the part of the corpus, None for all of it.
        samples: bootstrap resamples.
        seed: of the bootstrap.
    """
    outcomes = [item.outcome for item in judged]
    answers = [item.answer for item in judged if item.answer is not None]
    codes = by_code(outcomes)
    return {
        "format": FORMAT,
        "version": version(),
        "releases": sorted({answer["release"] for answer in answers}),
        "policies": sorted({answer["policy"]["name"] for answer in answers}),
        "corpus": [dict(entry) for entry in corpus],
        "split": split,
        "bootstrap": {"samples": samples, "seed": seed, "level": LEVEL},
        "counts": counts(outcomes),
        "figures": {name: asdict(f) for name, f in measure(outcomes, samples=samples, seed=seed).items()},
        "groups": by_group(outcomes),
        "families": by_family(codes),
        "codes": codes,
        "bands": by_band(outcomes),
        "rules": by_rule(outcomes),
        "tags": by_tag(outcomes),
        "history": confusion(outcomes),
        "reliability": reliability(outcomes),
        "encounters": [_row(outcome) for outcome in outcomes],
    }


def counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Return what the figures were counted on."""
    return {
        "notes": len(outcomes),
        "answered": sum(o.answered for o in outcomes),
        "required": sum(len(o.required) for o in outcomes),
        "suggested": sum(len(o.suggested) for o in outcomes),
        "nothing_required": sum(not o.required for o in outcomes),
        "traps": sum(len(o.traps) for o in outcomes),
        "trap_hits": sum(len(o.trap_hits) for o in outcomes),
        "history_notes": sum(o.is_history for o in outcomes),
        "history_confused": sum(o.is_history and o.history_confused for o in outcomes),
        "queries": sum(o.queries.asked + o.queries.missed for o in outcomes),
        "queries_unasked_for": sum(o.queries.unasked_for for o in outcomes),
        "labs": sum(o.labs.found + o.labs.missed for o in outcomes),
        "offsets": sum(o.offsets for o in outcomes),
        "offsets_wrong": sum(o.offsets_wrong for o in outcomes),
    }


def _row(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "answered": outcome.answered,
        "required": list(outcome.required),
        "suggested": list(outcome.suggested),
        "missed": list(outcome.missed),
        "added": list(outcome.added),
        "trap_hits": list(outcome.trap_hits),
        "queries": asdict(outcome.queries),
        "first_right": outcome.first_right,
    }
