"""report.html: one page that may be mailed. Counts alone, no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from audit.report.count import GROUPS, OPEN, RIGHT, WRONG, Counts, count
from audit.report.suppress import LEAST, Cell, joined, shown_alone, shown_parts
from suggest.whole import write_whole

REPORT = "report.html"
_MOST_RULES = 20
GROUP_NAMES = {WRONG: "not as documented", OPEN: "open", RIGHT: "supported"}
FAMILY_NAMES = {
    "b12": "Vitamin B12",
    "iron": "Iron",
    "folate": "Folate",
    "other-anemia": "Other anemia",
    "cause": "Causes",
    "manifestation": "Manifestations",
    "symptom-finding": "Symptoms and findings",
    "history-status": "History and status",
    "screening": "Screening",
    "other": "Other",
}
NOTE_NAMES = {
    "read": "read",
    "superseded": "an older version of another note",
    "unreadable": "could not be read",
    "failed": "failed while being read",
    "hung": "took too long and was set aside",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: its name, the counts (None: suppressed), widths in per cent of the longest."""

    name: str
    detail: str
    counts: tuple[int | None, ...]
    widths: tuple[float, ...]


def write_report(folder: Path, told: Mapping[str, Any], out: Path | None = None) -> Path:
    """Write the report of a finished run.

    Args:
        folder: with findings.parquet and notes.parquet.
        told: what run.json says of the run: version, policy, releases, options.
        out: where; default report.html in the folder.
    """
    path = out or folder / REPORT
    page = render_report(count(folder), told)
    write_whole(path, page)
    return path


def render_report(counts: Counts, told: Mapping[str, Any]) -> str:
    """Return the page. Nothing in it names a patient, an encounter, a note, a provider or a file."""
    groups = {
        group: joined({name: counts.verdicts[name] for name in verdicts if name in counts.verdicts})
        for group, verdicts in GROUPS.items()
    }
    # A group that is small is left out with the total of all, so that the large ones can be shown.
    totals = shown_alone(groups)
    is_whole = None not in totals.values()
    total = sum(cell.count for cell in groups.values())
    return _template().render(
        told=told,
        least=LEAST,
        denominators=_denominators(counts, rounded=not is_whole),
        notes=_bars(shown_parts(counts.notes, sum(c.count for c in counts.notes.values())), NOTE_NAMES),
        any_finding=total > 0,
        total=total if is_whole else None,
        totals=[(group, GROUP_NAMES[group], totals[group]) for group in GROUPS],
        verdicts=[(group, GROUP_NAMES[group], _verdicts(counts, group, totals[group])) for group in GROUPS],
        families=_stacked(counts.families, totals, list(FAMILY_NAMES), FAMILY_NAMES),
        months=_stacked(counts.months, totals, sorted(counts.months), {}),
        group_names=list(GROUP_NAMES.items()),
        rules=_rules(counts.rules),
        lines=_bars(shown_parts(counts.lines, _total(counts.lines)), {}),
        holds=_bars(shown_alone(counts.holds), {}),
    )


def _denominators(counts: Counts, *, rounded: bool) -> list[tuple[str, str, str]]:
    """Return the three denominators; one that tells a small difference is left out.

    They are rounded where a group of findings is left out, which their number could give away.
    """
    rows: list[tuple[str, str, str]] = []
    before: int | None = None
    for name, value, what in (
        ("read", counts.read, "encounters with a note that was read"),
        (
            "in scope",
            counts.in_scope,
            "of these, with a code of the hematinic deficiencies billed or supported",
        ),
        ("assessed", counts.assessed, "of these, with a code on which Corrin has a view"),
    ):
        small = 0 < value < LEAST or (before is not None and 0 < before - value < LEAST)
        before = before if small else value
        text = f"about {value // 10 * 10:,}" if rounded and value >= LEAST else f"{value:,}"
        rows.append((name, "s" if small else text, what))
    return rows


def _verdicts(counts: Counts, group: str, total: int | None) -> list[Bar]:
    cells = {name: counts.verdicts[name] for name in GROUPS[group] if name in counts.verdicts}
    longest = max((cell.count for cell in counts.verdicts.values()), default=1)
    return _bars(shown_parts(cells, total), {}, longest)


def _total(cells: Mapping[str, Cell]) -> int | None:
    whole = joined(cells)
    return None if whole.is_small else whole.count


def _bars(shown: Mapping[str, int | None], names: Mapping[str, str], longest: int | None = None) -> list[Bar]:
    most = longest or max((value or 0 for value in shown.values()), default=0) or 1
    ordered = sorted(shown.items(), key=lambda pair: (pair[1] is None, -(pair[1] or 0), pair[0]))
    return [
        Bar(names.get(name, name), "", (value,), (round(100 * (value or 0) / most, 2),))
        for name, value in ordered
        if value != 0
    ]


def _stacked(
    table: Mapping[str, Mapping[str, Cell]],
    totals: Mapping[str, int | None],
    order: list[str],
    names: Mapping[str, str],
) -> list[Bar]:
    """Return a row for each name with its counts by group; each group's column adds up to its total."""
    columns = {
        group: shown_parts({name: table[name].get(group, Cell()) for name in table}, totals[group])
        for group in GROUPS
    }
    most = max((sum(columns[group][name] or 0 for group in GROUPS) for name in table), default=0) or 1
    return [
        Bar(
            names.get(name, name),
            "",
            tuple(columns[group][name] for group in GROUPS),
            tuple(round(100 * (columns[group][name] or 0) / most, 2) for group in GROUPS),
        )
        for name in order
        if name in table
    ]


def _rules(cells: Mapping[str, Cell]) -> list[Bar]:
    from suggest.knowledge import find

    bars = _bars(shown_alone(cells), {})
    listed = [bar for bar in bars if bar.counts[0] is not None][:_MOST_RULES]
    titles = {}
    for bar in listed:
        entry = find(bar.name)
        titles[bar.name] = entry.title if entry is not None else ""
    return [Bar(bar.name, titles[bar.name], bar.counts, bar.widths) for bar in listed]


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("audit", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda value: "s" if value is None else f"{value:,}"
    return environment.get_template("report.html.j2")
