"""The model cards, written with the parameters so that their figures are those of the very run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from models.ranking import from_mapping
from models.training import measure
from models.training.ranking import DEPTH, HALF_READ_WEIGHT, Learned
from models.training.sections import PATH, Worded


@dataclass(frozen=True, slots=True)
class Source:
    """What a model was learned from."""

    encounters: int
    contacts: int
    fingerprint: str
    seed: int


@dataclass(frozen=True, slots=True)
class RankingReport:
    """Figures on authors that were not learned from; those ending in `_hand` are the hand-made score's."""

    suggestions: int
    base: float
    brier: float
    skill: float
    skill_hand: float
    error: float
    error_hand: float
    separation: float
    separation_hand: float
    precision: float
    precision_hand: float
    code_right: float
    code_share: float
    code_required: float
    required: int
    authors: tuple[tuple[str, int, float, float, float], ...]

    @property
    def lowest(self) -> float:
        """Return the share right of the author on whose notes the program erred most."""
        return min(row[2] for row in self.authors)

    @property
    def highest(self) -> float:
        """Return the share right of the author on whose notes the program erred least."""
        return max(row[2] for row in self.authors)


def ranking_report(learned: Learned) -> RankingReport:
    """Measure the scores that authors got from parameters learned without them."""
    table, scores = learned.table, learned.scores
    rows = table.counted & table.typical
    right, mine, hand = table.right[rows], scores[rows], table.hand_made[rows]
    seen = table.typical
    code = rows & ~table.care & (scores >= learned.content["code_from"])
    authors = []
    for author in sorted(set(table.author.tolist())):
        own = table.counted & (table.author == author)
        authors.append(
            (
                author,
                int(own.sum()),
                float(table.right[own].mean()),
                measure.brier(scores[own], table.right[own]),
                measure.calibration_error(scores[own], table.right[own]),
            )
        )
    return RankingReport(
        suggestions=int(rows.sum()),
        base=float(right.mean()),
        brier=measure.brier(mine, right),
        skill=measure.skill(mine, right),
        skill_hand=measure.skill(hand, right),
        error=measure.calibration_error(mine, right),
        error_hand=measure.calibration_error(hand, right),
        separation=measure.separation(mine, right),
        separation_hand=measure.separation(hand, right),
        precision=measure.mean_average_precision(scores[seen], table.right[seen], table.note[seen]),
        precision_hand=measure.mean_average_precision(
            table.hand_made[seen], table.right[seen], table.note[seen]
        ),
        code_right=float(table.right[code].mean()) if code.any() else float("nan"),
        code_share=float(table.right[code].sum() / np.maximum(1.0, right.sum())),
        code_required=float(table.right[code].sum() / max(1, learned.required)),
        required=learned.required,
        authors=tuple(authors),
    )


def ranking_line(report: RankingReport) -> str:
    """Return one line that says how well the score does on authors it has not seen."""
    return (
        f"ranking: Brier skill {report.skill:.3f} (hand-made {report.skill_hand:.3f}), calibration error "
        f"{report.error:.3f} ({report.error_hand:.3f}), mean average precision {report.precision:.3f} "
        f"({report.precision_hand:.3f}), right in band code {report.code_right:.3f}, of required codes there "
        f"{report.code_required:.3f}"
    )


def ranking_card(learned: Learned, report: RankingReport, source: Source) -> str:
    """Return the model card of the score."""
    return _fill(
        "ranking.md.j2",
        source=source,
        report=report,
        effects=effects(learned),
        code_from=learned.content["code_from"],
        trees=len(learned.content["trees"]),
        half=HALF_READ_WEIGHT,
        depth=DEPTH,
    )


def effects(learned: Learned) -> list[tuple[str, float, int]]:
    """Return of each feature how much the score of the same suggestion is higher with it than without.

    The mean over the suggestions of the first contacts, the feature set to 1 and to 0, all else as it is;
    and to how many of these suggestions the feature applies. In order of the difference.
    """
    model, rows = from_mapping(learned.content), learned.table.x.tolist()
    found = []
    for place, name in enumerate(model.names):
        total = 0.0
        for row in rows:
            held = row[place]
            row[place] = 1.0
            total += model.of_row(row)
            row[place] = 0.0
            total -= model.of_row(row)
            row[place] = held
        found.append((name, total / max(1, len(rows)), sum(row[place] > 0 for row in rows)))
    return sorted(found, key=lambda entry: (entry[1], entry[0]))


def sections_line(worded: Worded) -> str:
    """Return one line that says how well sentences of an assessment are found in notes that were left out."""
    return f"sections: F1 {worded.f1:.3f} over {worded.sentences} sentences of {worded.notes} notes"


def sections_card(worded: Worded, source: Source) -> str:
    """Return the model card of the assessment by wording."""
    weights = sorted(worded.content["weights"].items(), key=lambda pair: (-pair[1], pair[0]))
    return _fill(
        "sections.md.j2",
        worded=worded,
        source=source,
        path=PATH,
        pairs=list(zip(weights[:25], weights[::-1][:25], strict=True)),
    )


def _fill(name: str, **values: object) -> str:
    markdown = Environment(loader=PackageLoader("models.training", ""), undefined=StrictUndefined)  # noqa: S701
    return markdown.get_template(name).render(**values) + "\n"
