"""What Corrin knows in words that people read: rules, rulings, phrases, queries and the policy.

    rule("R10").text, ruling("S05").citation, phrase("P07").codes, query("Q17").question
    find("rule:R10")            an Entry, or None

Every id has the shape of an ICD-10-CM code (R10, S05, P07, Q17), so `find` takes them with their kind only.
"""

from __future__ import annotations

from suggest.knowledge.load import FILES, Entry, QueryOption, entries

__all__ = [
    "Entry",
    "QueryOption",
    "all_entries",
    "find",
    "phrase",
    "phrases_for",
    "query",
    "rule",
    "ruling",
]


def rule(name: str) -> Entry:
    """Return a coding rule by its bare id.

    Raises:
        KeyError: there is no such rule.
    """
    return entries("rule")[name]


def ruling(name: str) -> Entry:
    """Return a ruling of the project by its bare id.

    Raises:
        KeyError: there is no such ruling.
    """
    return entries("ruling")[name]


def phrase(name: str) -> Entry:
    """Return a line of the phrase table by its bare id.

    Raises:
        KeyError: there is no such phrase.
    """
    return entries("phrase")[name]


def query(name: str) -> Entry:
    """Return a query to the provider by its bare id.

    Raises:
        KeyError: there is no such query.
    """
    return entries("query")[name]


def find(target: str) -> Entry | None:
    """Return the entry of an id with its kind, such as `rule:R10`; None where there is none.

    Case and blanks around it do not matter. A bare id is never taken: R10, S05, P60 and Q02 are
    legal codes of the classification too.
    """
    kind, colon, name = target.strip().partition(":")
    kind = kind.lower()
    if not colon or kind not in FILES:
        return None
    return entries(kind).get(name.upper())


def all_entries() -> tuple[Entry, ...]:
    """Return every rule, ruling, phrase and query, in this order and then as the files have them."""
    return tuple(entry for kind in FILES for entry in entries(kind).values())


def phrases_for(code: str) -> tuple[Entry, ...]:
    """Return the phrases whose preferred codes name a code or a family that it belongs to."""
    return tuple(
        entry for entry in entries("phrase").values() if any(_names(named, code) for named in entry.codes)
    )


def _names(named: str, code: str) -> bool:
    if named.endswith("-"):
        return code.startswith(named.removesuffix("-").removesuffix("."))
    return named == code
