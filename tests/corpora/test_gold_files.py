"""The corpus that ships: every line keeps the schema, and every quote stands in its note."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpora.gold import Gold, GoldEncounter, Quote
from corpora.load import HOME, corpus_files, load_codings, load_corpus
from corpora.splits import SPLITS
from suggest.release.scope import scope_codes

ROW_KEYS = {"id", "author", "style", "setting", "encounter_date", "gold", "tags"}
GOLD_KEYS = {"code", "first", "optional", "query", "trap", "labs", "assertions"}
ENCOUNTERS = load_corpus()
BY_ID = {encounter.id: encounter for encounter in ENCOUNTERS}
CODINGS = {folder: load_codings(folder) for folder in ("first", "second")}


def rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line:
            yield json.loads(line)


def quotes(gold: Gold) -> Iterator[Quote]:
    for entry in (*gold.codes, *gold.queries):
        yield from entry.evidence


def codings() -> Iterator[tuple[str, GoldEncounter, Gold]]:
    for encounter in ENCOUNTERS:
        yield f"gold of {encounter.id}", encounter, encounter.gold
    for folder, found in CODINGS.items():
        for name, gold in found.items():
            yield f"{folder} of {name}", BY_ID[name], gold


def test_every_row_has_the_keys_of_the_schema_and_no_other():
    for path in corpus_files():
        for row in rows(path):
            assert set(row) in (ROW_KEYS | {"text"}, ROW_KEYS | {"notes"}), row["id"]
            assert set(row["gold"]) <= GOLD_KEYS, row["id"]
            assert row["gold"].keys() >= GOLD_KEYS - {"first"}, row["id"]
            # an unknown date is null
            assert row["encounter_date"] is None or date.fromisoformat(row["encounter_date"]), row["id"]
            assert row["style"], row["id"]


def test_a_file_holds_one_author_and_his_letter_begins_the_ids():
    for path in corpus_files():
        assert {row["author"] for row in rows(path)} == {path.stem}
        assert {row["id"].split("-")[0] for row in rows(path)} == {f"c{path.stem}"}


def test_every_quote_stands_in_the_note_it_names():
    missing = [
        f"{name}: quote {number}"
        for name, encounter, gold in codings()
        for number, quote in enumerate(quotes(gold), start=1)
        if not quote.text or quote.text not in encounter.texts.get(quote.note_id, "")
    ]
    assert missing == []


def test_every_code_of_the_gold_has_evidence():
    assert [
        f"{encounter.id} {entry.code}"
        for encounter in ENCOUNTERS
        for entry in encounter.gold.codes
        if not entry.evidence
    ] == []


def test_no_code_stands_in_two_lists_of_one_coding():
    twice = []
    for name, _, gold in codings():
        listed = [*(e.code for e in gold.codes), *gold.optional, *(trap.code for trap in gold.traps)]
        twice += [f"{name}: {code}" for code, count in Counter(listed).items() if count > 1]
    assert twice == []


def test_every_required_code_is_in_scope_and_what_leads_is_one_of_the_codes():
    for name, _, gold in codings():
        required = [entry.code for entry in gold.codes]
        assert set(required) <= set(scope_codes()), name
        assert set(gold.first) <= {*required, *gold.optional}, name


def test_the_other_codings_are_of_notes_that_are_there_and_the_first_differ_from_the_gold():
    for folder, found in CODINGS.items():
        assert set(found) <= set(BY_ID), folder
    assert [name for name, gold in CODINGS["first"].items() if gold == BY_ID[name].gold] == []
    assert set(CODINGS["first"]) <= set(CODINGS["second"])


def test_what_was_settled_is_written_down():
    settled = (HOME / "settled.md").read_text(encoding="utf-8")
    assert [name for name in CODINGS["first"] if f"| {name} |" not in settled] == []


@pytest.mark.parametrize("split", SPLITS)
def test_every_split_holds_encounters_with_and_without_codes(split: str):
    found = load_corpus(split)
    assert {encounter.split for encounter in found} == {split}
    assert {bool(encounter.gold.codes) for encounter in found} == {True, False}


def test_the_splits_part_the_corpus():
    parts = [encounter.id for split in SPLITS for encounter in load_corpus(split)]
    assert sorted(parts) == sorted(BY_ID)


def test_one_note_in_eight_or_more_has_nothing_to_code():
    nothing = sum(not encounter.gold.codes for encounter in ENCOUNTERS)
    assert nothing * 8 >= len(ENCOUNTERS)


def test_the_corpus_stays_small_enough_to_ship():
    assert sum(path.stat().st_size for path in HOME.rglob("*") if path.is_file()) < 4_000_000
