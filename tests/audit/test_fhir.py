"""`--fhir`: what the notes support and where the claim differs, as resources of FHIR R4."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from audit.fhir import CONDITIONS, FOLDER, ISSUES
from suggest import suggest_codes
from suggest.render.fhir import to_fhir
from tests.audit.samples import DATE, findings, note, run

IDA = "A/P: Iron deficiency anemia, start iron."


def _resources(out: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / FOLDER / name).read_text(encoding="utf-8").splitlines()]


def test_conditions_are_those_of_suggest_and_name_the_patient(tmp_path: Path) -> None:
    run(tmp_path / "out", [note("a", IDA, "D50.9", setting="outpatient", patient_id="P7")], fhir=True)
    (found,) = _resources(tmp_path / "out", CONDITIONS)
    result = suggest_codes(IDA, note_id="a", setting="outpatient", encounter_date=DATE)
    (entry,) = to_fhir([result])["entry"]
    assert found == {**entry["resource"], "subject": {"identifier": {"value": "P7"}}}


def test_a_finding_is_a_preliminary_issue_with_its_words_and_the_better_condition(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(out, [note("a", IDA, "E61.1;I10", encounter_id="E1", patient_id="P7")], fhir=True)
    (condition,) = _resources(out, CONDITIONS)
    (issue,) = [i for i in _resources(out, ISSUES) if i["code"]["coding"][0]["code"] == "unsupported"]
    assert (issue["resourceType"], issue["status"], issue["severity"]) == (
        "DetectedIssue",
        "preliminary",
        "moderate",
    )
    assert issue["patient"] == {"identifier": {"value": "P7"}}
    assert issue["implicated"] == [{"reference": f"Condition/{condition['id']}"}]
    finding = next(f for f in findings(out) if f["billed_code"] == "E61.1")
    assert issue["detail"] == finding["reason"]
    told = {e["url"]: e for e in issue["extension"]}
    assert told["urn:corrin:fhir:billed"]["valueCoding"]["code"] == "E61.1"
    assert any("E1" in json.dumps(e) for e in issue["extension"])
    quotes = [
        {
            part["url"]: next(v for k, v in part.items() if k != "url")
            for part in e["extension"][0]["extension"]
        }
        for e in issue["evidence"]
        if "extension" in e
    ]
    assert quotes
    assert all(IDA[q["start"] : q["end"]] == q["text"] and q["stance"] in ("for", "against") for q in quotes)


def test_what_is_right_or_outside_the_scope_is_no_issue(tmp_path: Path) -> None:
    run(tmp_path / "out", [note("a", IDA, "D50.9;I10")], fhir=True)
    assert _resources(tmp_path / "out", ISSUES) == []


def test_ids_are_unlike_and_the_same_in_every_run(tmp_path: Path) -> None:
    rows = [note(f"n{i}", IDA, "E61.1;D51.9", encounter_id=f"E{i}") for i in range(3)]
    for name in ("one", "two"):
        run(tmp_path / name, rows, fhir=True, shards=1 if name == "one" else 3)
    one, two = (
        [_resources(tmp_path / name, file) for file in (CONDITIONS, ISSUES)] for name in ("one", "two")
    )
    assert one == two
    ids = [r["id"] for resources in one for r in resources]
    assert len(ids) == len(set(ids)) > 6


def test_the_files_are_the_owners_alone_and_there_only_where_asked_for(tmp_path: Path) -> None:
    run(tmp_path / "with", [note("a", IDA, "E61.1")], fhir=True)
    for path in (tmp_path / "with" / FOLDER, *(tmp_path / "with" / FOLDER).iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path
    run(tmp_path / "without", [note("a", IDA, "E61.1")])
    assert not (tmp_path / "without" / FOLDER).exists()
