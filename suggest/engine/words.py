"""The words that go with a rule or a query: reasons, topics, questions, options, from suggest/knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from suggest import knowledge
from suggest.result import Reason

_KINDS = {"R": knowledge.rule, "S": knowledge.ruling, "P": knowledge.phrase, "Q": knowledge.query}


@dataclass(frozen=True, slots=True)
class QueryText:
    """The words of one query, options already limited to those that the note gives indicators for (G-3)."""

    topic: str
    question: str
    options: tuple[str, ...]
    changes: str
    rules: tuple[str, ...]


@lru_cache(maxsize=1024)  # more than there are rules
def reason(rule: str) -> Reason:
    """Return the reason of a rule, ruling or phrase by its bare id.

    Raises:
        KeyError: there is no such entry; a bug in the engine's tables.
    """
    entry = _KINDS[rule[0]](rule)
    return Reason(entry.prefixed, entry.text, entry.citation)


def query_text(query: str, fills: Mapping[str, str], indicators: frozenset[str]) -> QueryText:
    """Return the words of a query, placeholders filled and options without indicator left out."""
    entry = knowledge.query(query)
    options = tuple(_fill(o.text, fills) for o in entry.options if o.needs is None or o.needs in indicators)
    return QueryText(
        _fill(entry.topic, fills),
        _fill(entry.question, fills),
        options,
        entry.changes,
        (query, *entry.rules),
    )


def _fill(text: str, fills: Mapping[str, str]) -> str:
    for name, value in fills.items():
        text = text.replace("{" + name + "}", value)
    return (
        text.replace("{condition}", "the condition")
        .replace("{other}", "the other condition")
        .replace("{drug}", "the drug")
    )
