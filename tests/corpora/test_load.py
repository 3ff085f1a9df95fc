"""Gold files are read with their lines named, and each encounter of ours belongs to one split."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpora.load import load_files
from corpora.splits import split_of, split_rules
from nlp.errors import InputError, KnowledgeError
from tests.corpora.samples import TEXT, encounter, gold_row

RARE = "Quorvexland"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_note_is_an_encounter_of_one_note_of_the_hospital_outpatient_claim_unless_it_says(tmp_path: Path):
    row = {key: value for key, value in gold_row().items() if key != "setting"}
    (one,) = load_files([written(tmp_path, json.dumps(row), "")])
    assert (one.id, one.setting, one.texts) == ("n1", "outpatient", {"n1": TEXT})
    assert one.gold.queries[0].evidence[0].note_id == "n1"


def test_an_encounter_of_several_notes_keeps_their_roles_and_its_quotes_name_them(tmp_path: Path):
    notes = [
        {"note_id": "v", "text": "B12 injection given.", "role": "primary", "credential": "RN"},
        {"note_id": "o", "text": "Dx: B12 deficiency", "role": "context", "signed": True},
    ]
    gold = {"code": [{"code": "E53.8", "evidence": [{"note_id": "o", "quote": "B12 deficiency"}]}]}
    row = {"id": "e1", "notes": notes, "gold": gold, "encounter_date": "2026-05-12"}
    (one,) = load_files([written(tmp_path, json.dumps(row))])
    assert [(n.role, n.encounter_id, n.encounter_date) for n in one.notes] == [
        ("primary", "e1", "2026-05-12"),
        ("context", "e1", "2026-05-12"),
    ]
    assert one.gold.codes[0].evidence[0].note_id == "o"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": "n1", "text": "' + RARE, "not JSON"),
        ('["' + RARE + '"]', "not a JSON object"),
        (json.dumps({"id": "n1", "text": RARE}), "it has no 'gold'"),
        (json.dumps({"id": "n1", "gold": {"code": []}}), "it has no 'text'"),
        (json.dumps({"id": "n1", "text": RARE, "gold": {"code": [RARE]}}), "wrong kind"),
        (json.dumps({"id": "n1", "text": RARE, "gold": []}), "wrong kind"),
        (json.dumps({"id": "n1", "text": "", "gold": {"code": []}}), "the note is empty"),
        (json.dumps({"id": "n1", "text": RARE, "setting": "spa", "gold": {"code": []}}), 'unknown "setting"'),
    ],
)
def test_a_line_that_is_no_gold_is_named_and_not_quoted(tmp_path: Path, line: str, problem: str):
    path = written(tmp_path, json.dumps(gold_row()), line)
    with pytest.raises(InputError) as refused:
        load_files([path])
    assert f"{path}, line 2: " in str(refused.value)
    assert problem in str(refused.value)
    assert RARE not in str(refused.value)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="line 2: the id stands twice"):
        load_files([written(tmp_path, json.dumps(gold_row()), json.dumps(gold_row()))])


def test_a_file_that_is_missing_or_not_text_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"none\.jsonl: cannot be read: no such file"):
        load_files([tmp_path / "none.jsonl"])
    (tmp_path / "odd.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"odd\.jsonl: cannot be read: not UTF-8 text"):
        load_files([tmp_path / "odd.jsonl"])


@pytest.mark.parametrize(
    ("author", "style", "split"),
    [
        ("a", "soap", "tune"),
        ("b", "soap", "train"),
        ("c", "soap", "tune"),
        ("e", "ed", "tune"),
        ("e", "consult", "tune"),
    ],
)
def test_author_and_style_decide_the_split(author: str, style: str, split: str):
    assert split_of(encounter(author=author, style=style)) == split


@pytest.mark.parametrize(("name", "split"), [("cd-001", "tune"), ("cd-075", "tune"), ("cd-076", "test")])
def test_ids_split_the_notes_of_an_author(name: str, split: str):
    assert split_of(encounter(name, author="d")) == split


@pytest.mark.parametrize(("name", "split"), [("ch-060", "tune"), ("ch-061", "test")])
def test_the_last_twenty_notes_of_author_h_are_test(name: str, split: str):
    assert split_of(encounter(name, author="h")) == split


def test_an_author_without_a_line_is_an_error_that_says_where_to_add_one():
    with pytest.raises(KnowledgeError, match=r'splits.yaml: no entry fits encounter n1 of author "zz"'):
        split_of(encounter(author="zz"))


def test_each_line_of_the_splits_can_be_reached():
    seen: set[Any] = set()
    for rule in split_rules():
        assert (rule.author, None) not in seen, rule.id
        seen.add((rule.author, rule.styles or rule.ids))
