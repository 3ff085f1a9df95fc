"""When the provider must be asked: the triggers of Q01-Q21 (section G, S03, S27, S36, S39)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from suggest.engine.asks.causes import open_causes
from suggest.engine.asks.common import Ask
from suggest.engine.asks.hedged import hedged_causes
from suggest.engine.asks.links import unlinked
from suggest.engine.asks.results import unexplained_results
from suggest.engine.asks.status import conflicts, denied_pairs, doubtful_status
from suggest.engine.asks.treatment import unexplained_treatment
from suggest.engine.candidates import Draft
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.engine.statement import Statement
from suggest.engine.validation import Doubt

__all__ = ["Ask", "asks", "denied_pairs"]


def asks(
    chart: Chart,
    picture: Picture,
    draft: Draft,
    current_denied: Iterable[tuple[Statement, Statement]],
    doubted: Iterable[Doubt],
) -> Iterator[Ask]:
    """Yield the queries that the encounter calls for, one for each topic, in a fixed order."""
    yield from unexplained_results(chart, picture)
    yield from unlinked(chart, picture)
    yield from hedged_causes(chart, picture)
    yield from open_causes(chart, picture)
    yield from doubtful_status(chart, picture)
    yield from conflicts(chart, picture, draft, current_denied)
    yield from unexplained_treatment(chart, picture, draft)
    for doubt in doubted:
        code = chart.tables.coding[doubt.concept].code
        assert code is not None
        yield Ask("Q20", (code,), doubt.evidence, indicators=frozenset({"conflict"}))
