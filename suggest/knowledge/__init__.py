"""What Corrin knows in words that people read: rules, rulings, phrases, queries and the policy.

    rule("R10").text, ruling("S05").citation, phrase("P07").codes, query("Q17").question
    find("rule:R10")                        an Entry, or None
    default_policy().choice("option.s05")   what a compliance policy decides

Every bare id (R10, S05, P60, Q02) has the shape of an ICD-10-CM code, so `find` takes ids with
their kind only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from suggest.knowledge import load
from suggest.knowledge.entries import Entry, PhraseEntry, QueryEntry, QueryOption
from suggest.knowledge.policy import Choice, Policy, PolicyOption, default_policy
from suggest.knowledge.policy_file import PolicyLike, find_policy, load_policy, read_policy

__all__ = [
    "Choice",
    "Entry",
    "PhraseEntry",
    "Policy",
    "PolicyLike",
    "PolicyOption",
    "QueryEntry",
    "QueryOption",
    "all_entries",
    "default_policy",
    "find",
    "find_policy",
    "load_policy",
    "phrase",
    "phrases_for",
    "query",
    "read_policy",
    "rule",
    "ruling",
]

_READ: Mapping[str, Callable[[], Mapping[str, Entry]]] = {
    "rule": load.rules,
    "ruling": load.rulings,
    "phrase": load.phrases,
    "query": load.queries,
}


def rule(name: str) -> Entry:
    """Return a coding rule by its bare id.

    Raises:
        KeyError: there is no such rule.
    """
    return load.rules()[name]


def ruling(name: str) -> Entry:
    """Return a ruling of the project by its bare id.

    Raises:
        KeyError: there is no such ruling.
    """
    return load.rulings()[name]


def phrase(name: str) -> PhraseEntry:
    """Return a line of the phrase table by its bare id.

    Raises:
        KeyError: there is no such phrase.
    """
    return load.phrases()[name]


def query(name: str) -> QueryEntry:
    """Return a query to the provider by its bare id.

    Raises:
        KeyError: there is no such query.
    """
    return load.queries()[name]


def find(target: str) -> Entry | None:
    """Return the entry of an id with its kind, such as `rule:R10`; None where there is none.

    Case and blanks around it do not matter. A bare id is never taken: R12, S05, P60 and Q02 are
    legal codes or categories of the classification too.
    """
    kind, _, name = target.strip().partition(":")
    read = _READ.get(kind.lower())
    return read().get(name.upper()) if read is not None else None


def all_entries() -> tuple[Entry, ...]:
    """Return every rule, ruling, phrase and query, in this order and then as the files have them."""
    return tuple(entry for read in _READ.values() for entry in read().values())


def phrases_for(code: str) -> tuple[PhraseEntry, ...]:
    """Return the phrases that lead to a code: those that prefer it first, then those that allow it."""
    entries = load.phrases().values()
    prefer = tuple(entry for entry in entries if entry.leads_to(code))
    return (*prefer, *(entry for entry in entries if entry.may_lead_to(code) and not entry.leads_to(code)))
