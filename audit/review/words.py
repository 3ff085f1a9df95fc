"""The figures of a review as a person reads them, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from audit.review.figures import Figures, Group
from audit.review.issue import Issue
from audit.review.rates import Rate

_METHOD = (
    "Limits are exact: Clopper–Pearson, and for a random sample of the frame those of the hypergeometric "
    "distribution, which take its size into account."
)


def render_figures(found: Figures, issue: Issue) -> str:
    """Return the figures as text for a terminal; it holds no note, note id or encounter id."""
    level = f"{found.confidence:.0%}"
    lines = [
        issue.words(),
        f"Encounters: {found.read} read, {found.in_scope} in scope, {found.assessed} assessed by reviewers.",
    ]
    if found.sampled is not None:
        lines.append(f"Sample: {found.used} of {found.sampled} encounters can be used, spares included.")
    for count, what in (
        (found.waiting, "not reviewed in full yet"),
        (found.not_settled, "on which two reviewers differ (a tie-break is missing)"),
        (found.need_record, "that need a record"),
    ):
        if count:
            lines.append(f"Not counted: {count} {what}.")
    lines += ["", f"Encounters in error: {_rate(found.errors, level)}"]
    if found.weighted is not None:
        lines.append(
            f"Weighted by the strata: {found.weighted:.1%} (a point estimate; see the strata for limits)"
        )
    lines.append(
        f"of these {found.over} with a code too many or too high, {found.under} with one too few or too low"
    )
    if not found.is_random:
        lines.append(
            "These encounters were not drawn at random: the rate is theirs, and not that of the export."
        )
    for title, groups in (
        ("Strata", found.by_stratum),
        ("Providers", found.by_provider),
        ("Coders", found.by_coder),
    ):
        lines += _groups(title, groups, found.least, level)
    if found.by_verdict:
        lines += ["", "Reviewers agree with the finding, by verdict:"]
        lines += [f"  {name:<26}{_rate(value, level)}" for name, value in found.by_verdict]
    if found.dispositions:
        lines += ["", "Dispositions: " + ", ".join(f"{count} {name}" for name, count in found.dispositions)]
    if found.agreement.rows:
        kappa = "not defined" if found.agreement.kappa is None else f"{found.agreement.kappa:.2f}"
        lines.append(
            f"Two reviewers: {found.agreement.alike} of {found.agreement.rows} findings alike, Cohen's kappa "
            f"{kappa}"
        )
    return "\n".join([*lines, "", _METHOD]) + "\n"


def to_mapping(found: Figures, issue: Issue) -> dict[str, Any]:
    """Return the figures as plain values."""
    sample = {k: v for k, v in (issue.sample or {}).items() if k != "drawn"} or None
    return {
        "universe": issue.universe,
        "frame": issue.frame,
        "unit": "encounter",
        "sample": sample,
        "method": _METHOD,
        **asdict(found),
    }


def _groups(title: str, groups: Sequence[Group], least: int, level: str) -> list[str]:
    if not groups:
        return []
    ranked = [group for group in groups if group.ranked]
    others = [group for group in groups if not group.ranked]
    lines = ["", f"{title} with {least} or more encounters reviewed, by rate:" if ranked else f"{title}:"]
    lines += [f"  {group.name:<26}{_rate(group.rate, level)}" for group in ranked]
    if others:
        lines.append(f"  fewer than {least} reviewed, not ranked:")
        lines += [f"  {group.name:<26}{_rate(group.rate, level)}" for group in others]
    return lines


def _rate(found: Rate, level: str) -> str:
    if found.value is None or found.low is None or found.high is None:
        return f"{found.count} of {found.of}"
    text = f"{found.count} of {found.of} = {found.value:.1%} ({level} {found.low:.1%} to {found.high:.1%}"
    if found.finite_low is not None and found.finite_high is not None:
        text += f"; of {found.frame} in all {found.finite_low:.1%} to {found.finite_high:.1%}"
    return text + ")"
