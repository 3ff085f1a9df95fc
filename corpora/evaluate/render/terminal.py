"""A run, a comparison with a former one, and the agreement of two coders as plain text of 80 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from corpora.evaluate.render.words import NAMES, SECTIONS, interval, number, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpora.evaluate.against import Comparison, NoteChange

WIDTH = 80
_GROUPS = ("split", "author", "setting")


def render_run(run: Mapping[str, Any]) -> str:
    """Return the report of a run. It names notes by id and quotes none."""
    parts = [_head(run)]
    parts += [_figures(title, names, run["figures"]) for title, names in SECTIONS.items()]
    parts += [_group(name, run["groups"][name]) for name in _GROUPS if len(run["groups"][name]) > 1]
    parts += [
        _styles(run["groups"]["style"]),
        _families(run),
        _bands(run),
        _history(run),
        _reliability(run),
        _rules(run),
        _differing(run),
    ]
    return "\n".join(part for part in parts if part)


def render_comparison(comparison: Comparison) -> str:
    """Return what changed since a former run, note by note."""
    lines = ["Against the former run"]
    if not comparison.same_corpus:
        lines.append("  The corpus is another one: what changed may be the gold's doing.")
    lines += [
        f"  {NAMES.get(name, name):<36}{number(name, then):>9} -> {number(name, now)}"
        for name, then, now in comparison.figures
    ]
    for change in comparison.changes:
        lines += [f"  {change.id}", *(f"    {words}" for words in _change(change))]
    for title, ids in (("only then", comparison.only_then), ("only now", comparison.only_now)):
        if ids:
            lines += _wrapped(f"  notes {title}: ", ids)
    if len(lines) == 1:
        lines.append("  Nothing changed.")
    return "\n".join(lines) + "\n"


def render_agreement(agreement: Mapping[str, Any]) -> str:
    """Return how two blind codings agree."""
    if not agreement["notes"]:
        return "No encounter of these was coded twice.\n"
    blind, settled = agreement["second_against_first"], agreement["second_against_settled"]
    rows = [
        (NAMES[name], number(name, blind[name]["value"]), number(name, settled[name]["value"]))
        for name in blind
    ]
    kappa = agreement["kappa"]
    spread = f" ({kappa['low']:.3f} to {kappa['high']:.3f})" if kappa["low"] is not None else ""
    lines = [
        f"Agreement of two blind codings of {agreement['notes']} encounters",
        *_table(("second coder against", "the first", "the settled gold"), rows),
        "" if kappa["value"] is None else f"  Cohen's kappa over all decisions: {kappa['value']:.3f}{spread}",
    ]
    low = {c: row for c, row in agreement["kappa_by_code"].items() if row["kappa"] != 1}
    lines += [
        f"    {code:<9}first {row['first']}, second {row['second']}, both {row['both']}, kappa {_kappa(row)}"
        for code, row in low.items()
    ]
    if agreement["differing"]:
        lines.append("  Differing (first only / second only):")
    lines += [
        f"    {row['id']:<9}{', '.join(row['first_only']) or '-'} / {', '.join(row['second_only']) or '-'}"
        for row in agreement["differing"]
    ]
    return "\n".join(lines) + "\n"


def _kappa(row: Mapping[str, Any]) -> str:
    return "-" if row["kappa"] is None else f"{row['kappa']:.3f}"


def _head(run: Mapping[str, Any]) -> str:
    counts = run["counts"]
    releases, policies = (", ".join(run[key]) or "none" for key in ("releases", "policies"))
    part = f" of the {run['split']} split" if run["split"] else ""
    lines = [
        f"Corrin {run['version']}, {releases}, policy {policies}",
        f"{counts['notes']} encounters{part}, {counts['answered']} answered",
        f"{counts['required']} codes required, {counts['nothing_required']} encounters with nothing to code",
        f"{'':<40}{'value':>9}   {run['bootstrap']['level']:.0%} interval",
    ]
    return "\n".join(lines)


def _figures(title: str, names: Mapping[str, str], figures: Mapping[str, Any]) -> str:
    rows = [
        f"  {words:<38}{number(name, figures[name]['value']):>9}   {interval(name, figures[name])}".rstrip()
        for name, words in names.items()
        if name in figures
    ]
    return "\n".join([title, *rows])


def _group(name: str, rows: Mapping[str, Mapping[str, Any]]) -> str:
    shown = ("exact", "precision", "recall", "f1", "trap_rate")
    table = [
        (key, str(row["notes"]), *(number(figure, row[figure]) for figure in shown))
        for key, row in rows.items()
    ]
    head = (f"By {name}", "notes", "exact", "precision", "recall", "F1", "traps")
    return "\n".join(_table(head, table))


def _styles(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """List the styles in which something differs; the page and the JSON hold all."""
    differing = {name: row for name, row in rows.items() if row["exact"] < 1 or row["trap_rate"]}
    if not differing:
        return f"All of {len(rows)} styles came out exact." if rows else ""
    rest = len(rows) - len(differing)
    return _group("style", differing) + (f"\n  and {rest} styles that came out exact" if rest else "")


def _families(run: Mapping[str, Any]) -> str:
    rows = [
        (name, *(str(row[what]) for what in ("found", "missed", "added")), *(share(row[x]) for x in _RATES))
        for name, row in run["families"].items()
    ]
    head = ("By family of code", "found", "missed", "added", "precision", "recall", "F1")
    return "\n".join(_table(head, rows))


_RATES = ("precision", "recall", "f1")


def _bands(run: Mapping[str, Any]) -> str:
    rows = [
        (name, str(row["suggestions"]), share(row["precision"]), share(row["share_of_required"]))
        for name, row in run["bands"].items()
    ]
    return "\n".join(_table(("By band", "codes", "right", "of required"), rows))


def _history(run: Mapping[str, Any]) -> str:
    blocks = []
    for group, table in run["history"].items():
        head = (f"Time, {group}: gold down", *table)
        blocks += _table(head, [(row, *map(str, cells.values())) for row, cells in table.items()])
    return "\n".join(blocks)


def _reliability(run: Mapping[str, Any]) -> str:
    rows = [
        (
            f"{entry['from']:.1f} to {entry['to']:.1f}",
            str(entry["suggestions"]),
            share(entry["mean_score"]),
            share(entry["right"]),
        )
        for entry in run["reliability"]
    ]
    return "\n".join(_table(("Score", "codes", "mean score", "right"), rows))


def _rules(run: Mapping[str, Any]) -> str:
    """List the rules behind a wrong code; those that were always right are in the page and the JSON."""
    rows = [
        (name, str(row["suggestions"]), str(row["wrong"]), share(row["precision"]))
        for name, row in run["rules"].items()
        if row["wrong"]
    ]
    if not rows:
        return f"{len(run['rules'])} rules stand behind codes; none behind a wrong one."
    return "\n".join(_table(("Rules behind a wrong code", "codes", "wrong", "right"), rows))


def _differing(run: Mapping[str, Any]) -> str:
    rows = [row for row in run["encounters"] if row["missed"] or row["added"] or row["trap_hits"]]
    if not rows:
        return "Every encounter has the codes of the gold, and no trap."
    lines = [f"{len(rows)} encounters differ (missing / too many / trap)"]
    for row in rows:
        parts = (", ".join(row[key]) or "-" for key in ("missed", "added", "trap_hits"))
        lines.append(f"  {row['id']:<20} {' / '.join(parts)}")
    return "\n".join(lines) + "\n"


def _change(change: NoteChange) -> Iterable[str]:
    for title, codes in (
        ("found now", change.gained),
        ("no longer found", change.lost),
        ("wrong code gone", change.mended),
        ("wrong code new", change.spoiled),
    ):
        if codes:
            yield f"{title}: {', '.join(codes)}"
    if change.queries:
        yield f"queries: {change.queries[0]} -> {change.queries[1]}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines with the first column to the left and the others to the right."""
    if not rows:
        return []
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    first = max(26, widths[0] + 2)

    def line(cells: Sequence[str], indent: str) -> str:
        return f"{indent + cells[0]:<{first}}" + "".join(
            f"{cell:>{width + 2}}" for cell, width in zip(cells[1:], widths[1:], strict=True)
        )

    return [line(head, ""), *(line(row, "  ") for row in rows)]


def _wrapped(label: str, ids: Iterable[str]) -> list[str]:
    return textwrap.wrap(label + ", ".join(ids), WIDTH, subsequent_indent="    ")
