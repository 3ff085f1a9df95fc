"""A run as one self-contained page: figures, plots, and each note that differs with the evidence marked.

The page quotes whole notes. It is the user's own report and stays where the user puts it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from corpora.evaluate.places import find_quotes
from corpora.evaluate.render.plots import interval_plot, reliability_plot, share_plot
from corpora.evaluate.render.terminal import render_comparison
from corpora.evaluate.render.words import NAMES, SECTIONS, interval, number, share
from suggest.render.marks import Mark, Piece, cut_pieces
from suggest.render.places import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpora.evaluate.against import Comparison
    from corpora.evaluate.outcome import Outcome
    from corpora.evaluate.run import Judged

_PLOTTED = (
    *("exact", "precision", "recall", "f1", "macro_f1", "first_listed", "evidence_hit", "query_recall"),
    *("lab_recall", "band_code_precision", "band_code_share", "mean_average_precision"),
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """One encounter that differs, as the page shows it."""

    outcome: Outcome
    gold: tuple[tuple[str, str], ...]
    given: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str | None, tuple[Piece, ...]], ...] = field(repr=False)


def render_page(
    run: Mapping[str, Any], judged: Sequence[Judged], comparison: Comparison | None = None
) -> str:
    """Return the page of a run.

    Args:
        run: what `make_run` returned.
        judged: the encounters it was made of; those that differ are shown with their notes.
        comparison: with a former run, if there is one.
    """
    shown = [_shown(item) for item in judged if not item.outcome.is_clean]
    return _template().render(
        run=run,
        sections=SECTIONS,
        names=NAMES,
        number=number,
        interval=interval,
        share=share,
        printable=printable,
        reliability=Markup(reliability_plot(run["reliability"])),  # noqa: S704 made of numbers
        bars=Markup(interval_plot(run["figures"], _PLOTTED)),  # noqa: S704 made of numbers and our own words
        families=Markup(  # noqa: S704 escaped by the plot
            share_plot({name: row["f1"] for name, row in run["families"].items()}, "F1 by family of code")
        ),
        comparison="" if comparison is None else render_comparison(comparison),
        shown=shown,
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("corpora.evaluate.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("evaluation.html.j2")


def _shown(item: Judged) -> _Shown:
    gold = item.encounter.gold
    answer = item.answer or {"suggestions": [], "queries": [], "withheld": []}
    wanted = [(entry.code, "required") for entry in gold.codes]
    wanted += [(code, "optional") for code in gold.optional]
    wanted += [(query.topic, "query, optional" if query.optional else "query") for query in gold.queries]
    wanted += [(trap.code, f"trap: {trap.why}") for trap in gold.traps if trap.code in item.outcome.trap_hits]
    given = [
        (entry["code"], f"{entry['necessity']}, {entry['band']}, {entry['score']:.2f}: {_rules(entry)}")
        for entry in answer["suggestions"]
    ]
    given += [(entry["query"], f"query: {entry['topic']}") for entry in answer["queries"]]
    given += [
        (entry["code"], f"withheld: {_rules(entry)}")
        for entry in answer["withheld"]
        if entry["code"] in item.outcome.missed
    ]
    marks = list(_marks(item))
    notes = tuple(
        (note.note_id, tuple(cut_pieces(note.text, [mark for name, mark in marks if name == note.note_id])))
        for note in item.encounter.notes
    )
    return _Shown(item.outcome, tuple(wanted), tuple(given), notes)


def _rules(entry: Mapping[str, Any]) -> str:
    return ", ".join(dict.fromkeys(reason["rule"] for reason in entry["reasons"]))


def _marks(item: Judged) -> Iterator[tuple[str | None, Mark]]:
    texts = item.encounter.texts
    for entry in item.encounter.gold.codes:
        for note, start, end in find_quotes(texts, entry.evidence):
            yield note, Mark(start, end, f"gold {entry.code}", "gold", "")
    for query in item.encounter.gold.queries:
        for note, start, end in find_quotes(texts, query.evidence):
            yield note, Mark(start, end, "gold query", "gold", "")
    answer = item.answer or {}
    for key, name in (("suggestions", "code"), ("queries", "query")):
        for entry in answer.get(key, ()):
            for e in entry["evidence"]:
                yield e["note_id"], Mark(e["start"], e["end"], f"Corrin {entry[name]}", "ours", "")
