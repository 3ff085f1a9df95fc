"""What ships is sound, the user's stands over it, public files are read as downloaded, old ones refused."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from audit.claims.tables import Tables, read_tables, shapes, shipped_tables
from audit.claims.tables.report import refusals
from cli import app
from nlp.errors import InputError

PART_B = "Medicare Part B"

NCCI = (
    "CPT only copyright American Medical Association\t\t\t\t\t\t\n"
    "Column1/Column2 Edits\t\t\t\t\t\t\n"
    "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date *=no data\t"
    "Modifier 0=not allowed 1=allowed 9=not applicable\tPTP Edit Rationale\n"
    "96372\t99211\t\t20200101\t*\t0\tStandards of practice\n"
    "96365\t96372\t\t20090101\t*\t1\tMore extensive procedure\n"
    "96374\t96372\t\t20090101\t20191231\t1\tMore extensive procedure\n"
    "0001A\t0593T\t\t20220101\t*\t1\tMisuse\n"
)
MUE = (
    '"CPT codes copyright AMA",,,\n'
    "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
    "96372,5,3 Date of Service Edit: Clinical,Clinical: Data\n"
    "J3420,1,3 Date of Service Edit: Clinical,Prescribing Information\n"
    "J9999,0,1 Line Edit,Code Descriptor\n"
)
ASP = (
    "Payment Allowance Limits for Medicare Part B Drugs\n"
    "Effective July 1, 2026 through September 30, 2026\n"
    "HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit,Co-insurance Percentage,Notes\n"
    "J3420,Vitamin b12 injection,1000 MCG,2.345,20,\n"
    "J3425,Hydroxocobalamin,10 MCG,0.05,20,\n"
    "J1756,Iron sucrose injection,1 MG,0.2,20,\n"
)
HCPCS = (
    "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,ADD DT,ACT EFF DT,TERM DT\n"
    'J3420,00100,7,"Injection, something of a vitamin, up to 1000 mcg",Short,19820101,19820101,\n'
    'J1756,00100,7,"Injection, some iron, 1 mg",Short,20030101,20030101,\n'
    'J0001,00100,7,"Injection, gone, 5 mg",Short,19900101,19900101,20101231\n'
)
PACKAGES = (
    "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\n"
    "1\t0517-0031\t0517-0031-25\t25 VIAL, MULTI-DOSE in 1 TRAY\t19720101\n"
    "2\t11111-222\t11111-222-01\t1 VIAL, SINGLE-DOSE in 1 CARTON\t20200101\n"
    "3\t68001-640\t68001-640-26\t25 VIAL in 1 CARTON / 1 mL in 1 VIAL\t20240101\n"
)


def put(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_table_of_the_schema_ships_and_says_where_its_rows_come_from():
    tables = shipped_tables()
    assert set(tables) == set(shapes())
    assert all(row.source for table in tables.values() for row in table.rows)


def test_what_ships_is_marked_as_example_unless_it_was_verified():
    assert {row.status for row in shipped_tables()["coverage"].rows} == {"example"}
    assert {row.status for row in shipped_tables()["pairs"].rows} == {"example"}
    assert shipped_tables()["unit_limits"].label == "unit_limits (example)"


def test_no_shipped_table_gives_a_unit_size_for_hydroxocobalamin():
    item = Tables(shipped_tables()).item("J3425", "2026-06-02")
    assert item is not None
    assert item.amount is None
    assert item.readings == ("10 mcg", "1 mg")


@pytest.mark.parametrize(
    ("name", "kind", "mac"),
    [
        ("Medicare Part B", "medicare_part_b", ""),
        ("MCR", "medicare_part_b", ""),
        ("MEDICARE B - NOVITAS", "medicare_part_b", "Novitas"),
        ("First Coast Service Options", "medicare_part_b", "First Coast"),
        ("Aetna", "commercial", ""),
        ("Aetna Medicare Advantage", "medicare_advantage", ""),
        ("UHC Medicare Complete", "medicare_advantage", ""),
        ("MCR ADV", "medicare_advantage", ""),
        ("BCBS of TX", "commercial", ""),
        ("TX Medicaid", "medicaid", ""),
        ("Self-Pay", "self_pay", ""),
        ("Tricare East", "government", ""),
        ("medicare_part_b", "medicare_part_b", ""),
    ],
)
def test_payers_are_known_by_the_names_they_go_by(name: str, kind: str, mac: str):
    payer = Tables(shipped_tables()).payer(name)
    assert payer is not None
    assert (payer.kind, payer.mac) == (kind, mac)


def test_a_payer_that_nobody_listed_is_not_guessed():
    assert Tables(shipped_tables()).payer("Zenith Mutual 42") is None


def test_ncci_pairs_are_read_as_downloaded(tmp_path: Path):
    tables = Tables(read_tables(put(tmp_path, "ccipra-v322r0-f1.txt", NCCI)))
    payer = tables.payer(PART_B)
    assert payer is not None
    nurse = tables.pair("96372", "99211", payer, "2026-06-02")
    assert nurse is not None
    assert nurse["indicator"] == "0"
    assert tables.pair("96365", "96372", payer, "2026-06-02") is not None
    assert tables.pair("96374", "96372", payer, "2019-06-02") is not None
    assert tables.pair("96374", "96372", payer, "2026-06-02") is None
    assert len(tables.tables["pairs"].rows) == 3  # pairs without a code of ours are left out


def test_unit_limits_are_read_as_downloaded_and_hold_for_their_quarter(tmp_path: Path):
    tables = Tables(read_tables(put(tmp_path, "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", MUE)))
    payer = tables.payer(PART_B)
    assert payer is not None
    row = tables.unit_limit("J3420", payer, "2026-08-01")
    assert row is not None
    assert row["limit"] == "1"
    assert tables.tables["unit_limits"].window == ("2026-07-01", "2026-09-30")
    refusal = tables.tables["unit_limits"].refusal("2026-10-01")
    assert refusal is not None
    assert "ended on 2026-09-30" in refusal


def test_unit_limits_without_a_quarter_are_refused(tmp_path: Path):
    with pytest.raises(InputError, match="from when it holds"):
        read_tables(put(tmp_path, "mue.csv", MUE))


def test_asp_gives_unit_sizes_and_the_drug_is_known_from_ours(tmp_path: Path):
    tables = Tables(read_tables(put(tmp_path, "asp.csv", ASP)))
    item = tables.item("J3425", "2026-07-15")
    assert item is not None
    assert (item.amount, item.unit, item.drugs, item.drug_class) == (10, "mcg", ("hydroxocobalamin",), "b12")


def test_hcpcs_gives_unit_sizes_with_their_dates(tmp_path: Path):
    tables = Tables(read_tables(put(tmp_path, "hcpcs.csv", HCPCS)))
    item = tables.item("J3420", "2026-07-15")
    assert item is not None
    assert (item.amount, item.unit) == (1000, "mcg")
    assert tables.item("J0001", "2026-07-15") is None


def test_packages_say_what_a_container_is(tmp_path: Path):
    tables = Tables(read_tables(put(tmp_path, "package.txt", PACKAGES)))
    kinds = {
        ndc: row["container"]
        for ndc in ("00517003125", "11111022201", "68001064026")
        if (row := tables.container(ndc))
    }
    assert kinds == {"00517003125": "multi_dose", "11111022201": "single_dose", "68001064026": "vial"}


def test_a_workbook_is_read_as_well(tmp_path: Path):
    book = openpyxl.Workbook()
    for line in MUE.splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "mue-2026-07-01.xlsx")
    assert len(read_tables(tmp_path)["unit_limits"].rows) == 2


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "pairs.csv",
            "column1,column2,indicator,payer_kind,source\n96372,99211,0,medicare,x\n",
            "lacks the column effective_from",
        ),
        ("pairs.csv", "column1,column2,sign,payer_kind,effective_from,source\n", "unknown column sign"),
        (
            "unit_limits.csv",
            "code,limit,payer_kind,effective_from,source\nJ3420,none,medicare,2026-01-01,x\n",
            "line 2: limit is no number",
        ),
        (
            "items.csv",
            "code,unit_amount,unit,effective_from,source\nJ3420,1000,mcg,soon,x\n",
            "line 2: effective_from is no date",
        ),
        (
            "items.csv",
            "code,unit_amount,unit,effective_from,effective_to,source\nJ3420,1,kg,2026-01-01,,x\n",
            "unknown unit kg",
        ),
        (
            "items.csv",
            "code,unit_amount,unit,effective_from,source\nJ3420,1000,mcg,2026-01-01,\n",
            "source is blank",
        ),
        ("notes.csv", "a,b\n1,2\n", "is no table of Corrin"),
    ],
)
def test_a_table_that_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, name: str, text: str, message: str
):
    with pytest.raises(InputError, match=message) as raised:
        read_tables(put(tmp_path, name, text))
    assert str(raised.value).startswith(name)


def test_tables_past_their_dates_are_refused_in_one_line_each(tmp_path: Path):
    folder = put(
        tmp_path,
        "pairs.csv",
        "column1,column2,indicator,payer_kind,effective_from,effective_to,source\n"
        "96372,99211,0,medicare,2026-01-01,2026-03-31,Q1\n",
    )
    [sentence] = [s for s in refusals(read_tables(folder), "2026-06-02") if "pairs" in s]
    assert sentence == (
        "table pairs (pairs.csv) ended on 2026-03-31, before 2026-06-02: refused; "
        "put the file in force into the tables folder"
    )
    done = CliRunner().invoke(app, ["tables", "check", str(folder), "--date", "2026-06-02"])
    assert done.exit_code == 2
    assert sentence in done.stderr


def test_tables_in_force_pass_the_check():
    done = CliRunner().invoke(app, ["tables", "check", "--date", "2026-06-02"])
    assert done.exit_code == 0
    assert done.stderr == ""
    assert "shipped example" in done.stdout
