"""The score of each candidate and the band that follows: learned, never a rule's part (docs/models.md)."""

from __future__ import annotations

from models.ranking import ranking
from suggest.engine.candidates import Candidate, Draft
from suggest.engine.chart import Chart
from suggest.features import feature_row, names, survey
from suggest.result import Band, Necessity


def rank(draft: Draft, chart: Chart) -> dict[str, float]:
    """Return the score of each candidate by code, and put those into band `care` that score low.

    A score can only add caution: what a rule put into `care` stays there whatever its score. Codes that
    a coder may leave out keep the band of their rule, since their score says how often they are left out.
    """
    if not draft.candidates:
        return {}
    model, around = ranking(), survey(chart)
    scores = {
        code: model.score(names(), feature_row(candidate, chart, around))
        for code, candidate in draft.candidates.items()
    }
    for code, value in scores.items():
        if _is_doubtful(draft.candidates[code], value, model.code_from):
            draft.change(code, band=Band.CARE)
    return scores


def _is_doubtful(candidate: Candidate, value: float, code_from: float) -> bool:
    return candidate.necessity is Necessity.REQUIRED and candidate.band is Band.CODE and value < code_from
