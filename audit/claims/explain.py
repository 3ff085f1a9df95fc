"""Tell what stands behind a claim rule, for `corrin explain claim:C03`."""

from __future__ import annotations

import textwrap

from audit.claims.load import claim_rules
from nlp.errors import InputError


def explain_claim(target: str, width: int = 80) -> str:
    """Return the page of a claim rule: what it finds, why it is denied, what to do, and its source.

    Args:
        target: the id, as `claim:C03` or `C03`.
        width: columns to fill.

    Raises:
        InputError: there is no such rule.
    """
    name = target.strip().rpartition(":")[2].upper()
    rules = claim_rules()
    rule = rules.get(name)
    if rule is None:
        raise InputError(f"there is no claim rule {name}; they run from {min(rules)} to {max(rules)}")
    lines = [f"{rule.full_id}  {rule.title}", f"{rule.severity.value}, {rule.about}"]
    for kind, sentences in rule.sentences.items():
        lines += ["", *([] if kind == "default" else [f"{kind}:"])]
        for label, text in (
            ("finds", sentences.text),
            ("denial", sentences.denial),
            ("remedy", sentences.remedy),
        ):
            lines += textwrap.wrap(f"{label}: {text}", width, subsequent_indent="  ")
    lines += ["", *textwrap.wrap(f"fires: {rule.fires}", width, subsequent_indent="  ")]
    lines += textwrap.wrap(f"nearly: {rule.nearly}", width, subsequent_indent="  ")
    lines += [f"reads: {', '.join(rule.inputs)}", f"source: {rule.source}"]
    return "\n".join(lines) + "\n"
