"""`corrin claim`: one visit, its lines, and what would deny them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from tests.audit.claims.case_reader import note_of

HEAD = "encounter_id,line,procedure,units,modifiers,diagnosis_pointers,payer,service_date,codes\n"


@pytest.fixture
def visit(tmp_path: Path) -> tuple[Path, Path]:
    note, lines = tmp_path / "note.txt", tmp_path / "lines.csv"
    note.write_text(str(note_of({})), encoding="utf-8")
    lines.write_text(
        HEAD
        + "e1,1,96372,1,,A,Medicare Part B,06/02/2026,E53.8;I10\n"
        + "e1,2,J3420,2,JZ,A,Medicare Part B,06/02/2026,E53.8;I10\n",
        encoding="utf-8",
    )
    return note, lines


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["claim", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_the_terminal_says_what_is_wrong_why_and_what_to_do(visit: tuple[Path, Path]):
    code, out, err = run(visit[0], "--lines", visit[1])
    assert (code, err) == (0, "")
    words = " ".join(out.split())
    assert "Line 2 J3420-JZ x 2 2026-06-02 ERROR" in words
    assert "2 unit(s) of J3420 are billed; 1000 mcg makes 1" in words
    assert "denied because:" in words
    assert "do: Bill 1 unit(s)" in words
    assert "coding: error; coverage: ok" in words
    assert max(map(len, out.splitlines())) <= 80


def test_json_has_evidence_that_quotes_the_note(visit: tuple[Path, Path]):
    code, out, _ = run(visit[0], "--lines", visit[1], "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == ["release", "version", "visit_id", "lines", "refused_tables"]
    [finding] = found["lines"][1]["findings"]
    assert finding["rule"] == "claim:C03"
    [evidence] = finding["evidence"]
    assert visit[0].read_text(encoding="utf-8")[evidence["start"] : evidence["end"]] == evidence["text"]
    assert {o["missing"] for o in found["lines"][0]["not_assessed"]} == {"place_of_service"}


def test_two_runs_give_the_same_bytes(visit: tuple[Path, Path]):
    one, two = (run(visit[0], "--lines", visit[1], "-f", "json")[1] for _ in range(2))
    assert one == two


def test_notes_of_several_visits_get_their_own_lines(tmp_path: Path, visit: tuple[Path, Path]):
    notes = tmp_path / "notes.jsonl"
    rows = [
        {"encounter_id": f"e{n}", "note_id": f"n{n}", "text": note_of({}), "codes": "E53.8"} for n in (1, 2)
    ]
    notes.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    visit[1].write_text(
        HEAD + "e1,1,96372,1,,A,,06/02/2026,\ne2,1,J3420,1,,A,,06/03/2026,\ne9,1,J3420,1,,A,,06/03/2026,\n",
        encoding="utf-8",
    )
    code, out, err = run(notes, "--lines", visit[1], "-f", "json")
    assert code == 1
    assert "1 claim lines belong to none of the notes given" in err
    fired = [[f["rule"] for f in visit_["lines"][0]["findings"]] for visit_ in json.loads(out)]
    assert fired == [["claim:C01"], ["claim:C02"]]


def test_a_table_past_its_dates_is_told_on_standard_error(tmp_path: Path, visit: tuple[Path, Path]):
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "items.csv").write_text(
        "code,drug,drug_class,unit_amount,unit,effective_from,effective_to,source\n"
        "J3420,cyanocobalamin,b12,1000,mcg,2025-01-01,2025-12-31,last year\n",
        encoding="utf-8",
    )
    code, out, err = run(visit[0], "--lines", visit[1], "--tables", folder)
    assert code == 0
    assert err.count("\n") == 1
    assert "table items (items.csv) ended on 2025-12-31, before 2026-06-02: refused" in err
    assert "claim:C03 error" not in out


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("nowhere.csv", "there is no such file of claim lines"),
        ("empty.csv", "holds no claim line"),
        ("wrong.csv", "no column holds the procedure"),
    ],
)
def test_lines_that_cannot_be_used_end_the_call(
    tmp_path: Path, visit: tuple[Path, Path], lines: str, message: str
):
    (tmp_path / "empty.csv").write_text(HEAD, encoding="utf-8")
    (tmp_path / "wrong.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    code, out, err = run(visit[0], "--lines", tmp_path / lines)
    assert (code, out) == (2, "")
    assert message in err
