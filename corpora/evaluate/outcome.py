"""One answer against the gold of its encounter: what was right, missed, added, and how well it was borne out.

An answer is the object that `corrin suggest --format json` prints. Only codes in scope count. A code that
the gold calls optional, that is free by scoring.yaml, or that the answer itself calls optional is left out:
it neither gains nor costs, save where it is a trap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpora.evaluate.labs import LabCounts, count_labs
from corpora.evaluate.places import SpanCounts, count_offsets, count_spans
from corpora.evaluate.scoring import scoring
from suggest.release.scope import scope_families

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpora.gold import Gold, GoldEncounter, GoldQuery

MAX_ASKED = 6  # codes that a query may name; one that names everything asks nothing
EMPTY_ANSWER: Mapping[str, Any] = {"suggestions": [], "queries": []}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A suggested code that is judged. `counted`: the answer calls it required, so that it is scored."""

    code: str
    right: bool
    counted: bool
    band: str | None
    score: float | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryCounts:
    """Questions that the gold raises and that were asked or not, and questions that it does not raise."""

    asked: int
    missed: int
    unasked_for: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one encounter was answered.

    `required` keeps the order of the gold, `suggested` that of the answer. `states` tells for each group
    of scoring.yaml what the gold and what the answer say: current, history, both or neither.
    `first_right` is None where nothing is required.
    """

    id: str
    split: str | None
    author: str | None
    style: str | None
    setting: str
    tags: tuple[str, ...]
    answered: bool
    required: tuple[str, ...]
    suggested: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    traps: tuple[str, ...]
    trap_hits: tuple[str, ...]
    is_history: bool
    history_confused: bool
    states: tuple[tuple[str, str, str], ...]
    queries: QueryCounts
    spans: SpanCounts
    offsets: int
    offsets_wrong: int
    first_right: bool | None
    labs: LabCounts

    @property
    def found(self) -> set[str]:
        """Required codes that were suggested."""
        return set(self.required) & set(self.suggested)

    @property
    def missed(self) -> tuple[str, ...]:
        """Required codes that were not suggested: under-coding."""
        return tuple(sorted(set(self.required) - set(self.suggested)))

    @property
    def added(self) -> tuple[str, ...]:
        """Suggested codes that nobody requires: over-coding."""
        return tuple(sorted(set(self.suggested) - set(self.required)))

    @property
    def is_exact(self) -> bool:
        """Whether the set of codes is the very one of the gold."""
        return self.answered and not self.missed and not self.added

    @property
    def is_clean(self) -> bool:
        """Whether nothing of the codes, traps, queries or the first place differs."""
        asks_right = not self.queries.missed and not self.queries.unasked_for
        return self.is_exact and not self.trap_hits and asks_right and self.first_right is not False


def expected(gold: Gold) -> tuple[list[str], set[str]]:
    """Return the codes that the gold requires, in its order, and those that are left out of the score."""
    named = {entry.code for entry in gold.codes}
    optional = set(gold.optional) | (scoring().free - named - {trap.code for trap in gold.traps})
    scope = scope_families()
    required = [entry.code for entry in gold.codes if entry.code in scope and entry.code not in optional]
    return required, optional


def judge(encounter: GoldEncounter, answer: Mapping[str, Any] | None) -> Outcome:
    """Compare an answer with the gold. None is an encounter that could not be answered."""
    gold, scope, rules = encounter.gold, scope_families(), scoring()
    given = EMPTY_ANSWER if answer is None else answer
    required, optional = expected(gold)
    wanted = set(required)
    shown = [entry for entry in given["suggestions"] if entry["code"] in scope]
    judged = [entry for entry in shown if entry["code"] not in optional]
    counted = [entry for entry in judged if entry.get("necessity") != "optional"]
    suggested = [entry["code"] for entry in counted]
    traps = {trap.code for trap in gold.traps} - wanted
    hits = traps & {entry["code"] for entry in shown}
    past = {trap.code for trap in gold.traps if rules.past.search(trap.why)} - wanted
    differing = set(suggested) ^ wanted
    evidence = {entry.code: entry.evidence for entry in gold.codes if entry.evidence}
    first = gold.first or tuple(required[:1])
    offsets, offsets_wrong = count_offsets(encounter, given)
    return Outcome(
        id=encounter.id,
        split=encounter.split,
        author=encounter.author,
        style=encounter.style,
        setting=encounter.setting,
        tags=encounter.tags,
        answered=answer is not None,
        required=tuple(required),
        suggested=tuple(suggested),
        candidates=tuple(_candidate(entry, wanted) for entry in judged),
        traps=tuple(sorted(traps)),
        trap_hits=tuple(sorted(hits)),
        is_history=bool((wanted | traps) & rules.history or past),
        history_confused=bool(differing & rules.history or set(suggested) & past),
        states=_states(wanted, past, optional, {entry["code"] for entry in shown}),
        queries=_count_queries(gold.queries, given),
        spans=count_spans(encounter, {code: evidence[code] for code in wanted if code in evidence}, counted),
        offsets=offsets,
        offsets_wrong=offsets_wrong,
        first_right=(bool(suggested) and suggested[0] in first) if required else None,
        labs=_labs(encounter, given),
    )


def _candidate(entry: Mapping[str, Any], wanted: set[str]) -> Candidate:
    return Candidate(
        entry["code"],
        entry["code"] in wanted,
        entry.get("necessity") != "optional",
        entry.get("band"),
        entry.get("score"),
        tuple(dict.fromkeys(reason["rule"] for reason in entry.get("reasons", ()))),
    )


def _states(
    wanted: set[str], past: set[str], optional: set[str], shown: set[str]
) -> tuple[tuple[str, str, str], ...]:
    """Tell present from past for each group.

    The gold says history where it requires a history code or calls a condition past; where it leaves the
    code open, as much as the answer says. An optional code of the present says nothing.
    """
    judged = shown - optional
    return tuple(
        (
            group.name,
            _state(
                group.has_current(wanted),
                group.has_current(past) or bool((wanted | optional & shown) & group.history),
            ),
            _state(group.has_current(judged), bool(shown & group.history)),
        )
        for group in scoring().groups
    )


def _labs(encounter: GoldEncounter, answer: Mapping[str, Any]) -> LabCounts:
    """Count laboratory values; encounters of several notes are not coded for them unless they list some."""
    if len(encounter.notes) > 1 and not encounter.gold.labs:
        return LabCounts(0, 0, 0, 0)
    return count_labs(encounter.gold.labs, answer, scoring().analytes)


def _state(current: bool, history: bool) -> str:
    return ("both" if history else "current") if current else ("history" if history else "neither")


def _count_queries(gold: tuple[GoldQuery, ...], answer: Mapping[str, Any]) -> QueryCounts:
    """Pair each question that the gold requires with one that was asked about a code of it."""
    scope = scope_families()
    asked = [{code for code in query.get("codes", ()) if code in scope} for query in answer["queries"]]
    asked = [codes if len(codes) <= MAX_ASKED else set() for codes in asked]
    raised = [(query, {code for code in query.codes if code in scope}) for query in gold]
    left, found, missed = list(asked), 0, 0
    for query, codes in raised:
        if not codes or query.optional:
            continue
        pair = next((one for one in left if one & codes), None)
        if pair is None:
            missed += 1
        else:
            left.remove(pair)
            found += 1
    known = set().union(*(codes for _, codes in raised))
    return QueryCounts(found, missed, sum(not codes & known for codes in asked))
