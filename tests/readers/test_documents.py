"""Documents of one note: what a person sees in Word, RTF, PDF and C-CDA is what is read, in that order.

The files beside this one were made by other programs (tests/readers/files/make.sh); their broken twins are
made here, by cutting or spoiling them.
"""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from nlp.errors import InputError
from readers import read_sources, read_upload
from readers.documents import MAX_TEXT

FILES = Path(__file__).parent / "files"
PLAN = "Vitamin B12 deficiency due to metformin, start cyanocobalamin 1000 mcg IM"
KINDS = {"visit.rtf": "rtf", "visit.docx": "docx", "visit.pdf": "pdf", "visit.xml": "ccda"}


def data_of(name: str) -> bytes:
    return (FILES / name).read_bytes()


def lines_of(name: str, data: bytes) -> list[str]:
    return read_upload(name, data)[0].splitlines()


def a_pdf(words: str = "(B12 deficiency) Tj", count: int = 1, kids: str = "3 0 R") -> bytes:
    drawn = f"BT /F1 12 Tf 72 700 Td {words} ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    whole, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(whole))
        whole += f"{number} 0 obj{body}endobj\n"
    table = "0000000000 65535 f \n" + "".join(f"{place:010d} 00000 n \n" for place in places)
    return f"{whole}xref\n0 6\n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(whole)}\n%%EOF".encode()


def a_word_file(*xml: str) -> bytes:
    """A Word file of python-docx with raw elements put into its body."""
    file = docx.Document()
    for piece in xml:
        file.element.body.insert(-1, parse_xml(piece.replace(" ns>", f" {nsdecls('w')}>", 1)))
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def an_archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), body)
    return stream.getvalue()


@pytest.mark.parametrize("name", KINDS)
def test_a_real_file_reads_as_a_person_reads_it(name: str):
    text, kind, warnings = read_upload(name, data_of(name))
    assert (kind, warnings) == (KINDS[name], [])
    for words in (
        PLAN,
        "History of iron deficiency anemia, resolved in 2019.",
        "signed by Ana Rowe, MD",
        "142 pg/mL",
    ):
        assert words in text
    assert (
        text.index("numb feet")
        < text.index("Vitamin B12")
        < text.index("deficiency due")
        < text.index("Rowe")
    )


@pytest.mark.parametrize("name", ["visit.rtf", "visit.docx", "visit.xml"])
def test_a_table_row_is_one_line(name: str):
    assert "Vitamin B12 | 142 pg/mL | 200-900 | L" in lines_of(name, data_of(name))


@pytest.mark.parametrize("name", ["visit.docx", "visit.xml"])
def test_list_numbers_that_the_file_keeps_out_of_the_text_are_read(name: str):
    lines = lines_of(name, data_of(name))
    assert any(line.startswith(f"1. {PLAN}") for line in lines)
    assert any(line.startswith("2. History of") for line in lines)
    assert any(line.strip() == "- Recheck in three months." for line in lines)


@pytest.mark.parametrize("name", ["visit.rtf", "visit.docx", "visit.pdf"])
def test_letters_beyond_ascii_come_through(name: str):
    assert "– Sjögren’s" in read_upload(name, data_of(name))[0]


@pytest.mark.parametrize(
    ("name", "broken", "sentence"),
    [
        ("visit.rtf", data_of("visit.rtf")[:6000], "ends in the middle"),
        ("visit.docx", data_of("visit.docx")[:4000], "broken Word file"),
        (
            "visit.docx",
            data_of("visit.docx").replace(b"word/document.xml", b"word/documeXX.xml"),
            "broken Word file",
        ),
        ("visit.pdf", data_of("visit.pdf")[:900], "broken PDF"),
        ("visit.xml", data_of("visit.xml")[:1500], "broken XML"),
        ("visit.xml", data_of("visit.xml").replace(b"ClinicalDocument", b"ClinicalPaper"), "no C-CDA"),
        ("scan.pdf", data_of("scan.pdf"), "without text"),
        ("empty.pdf", b"", "is empty"),
        ("note.docx", b"A/P: B12 deficiency", "is no Word file"),
        ("note.rtf", b"A/P: B12 deficiency", "is no RTF file"),
        ("note.doc", b"\xd0\xcf\x11\xe0 old", "old Word file"),
        ("notes.zip", an_archive(a=b"x"), "no Word file"),
        ("notes.csv", b"a,b", "many notes"),
        ("note.html", b"<p>B12</p>", "does not read such files"),
    ],
)
def test_a_broken_file_gets_one_clear_sentence(name: str, broken: bytes, sentence: str):
    with pytest.raises(InputError, match=sentence) as caught:
        read_upload(name, broken)
    assert "\n" not in str(caught.value)
    assert "B12" not in str(caught.value)


def test_the_first_bytes_say_what_a_file_is_where_its_name_says_otherwise():
    assert read_upload("visit.txt", data_of("visit.rtf"))[1] == "rtf"
    assert read_upload("visit.docx", data_of("visit.pdf"))[1] == "pdf"
    assert read_upload("visit.txt", b"A/P: anemia\r\n") == ("A/P: anemia\r\n", "text", [])


def test_content_controls_insertions_and_boxes_of_a_word_file_are_read_and_deletions_are_not():
    text = read_upload(
        "note.docx",
        a_word_file(
            "<w:sdt ns><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            "<w:p ns><w:ins w:id='1'><w:r><w:t>inserted</w:t></w:r></w:ins>"
            "<w:del w:id='2'><w:r><w:delText>deleted</w:delText></w:r></w:del>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>",
            "<w:p ns><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent>"
            "</w:pict></w:r></w:p>",
        ),
    )[0]
    assert text.splitlines() == ["in a control", "inserted", "in a box"]


def test_page_headers_and_footers_of_a_word_file_are_read_once():
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "Clinic letter 06/02/2026"
    file.sections[0].footer.paragraphs[0].text = "signed by Ana Rowe, MD"
    file.add_paragraph("B12 deficiency")
    file.add_section()
    stream = io.BytesIO()
    file.save(stream)
    lines = [line for line in lines_of("a.docx", stream.getvalue()) if line]
    assert lines == ["Clinic letter 06/02/2026", "B12 deficiency", "signed by Ana Rowe, MD"]


def test_a_c_cda_gives_the_day_its_encounter_ended_and_leaves_entries_alone(tmp_path: Path):
    (given,) = read_sources([str(FILES / "visit.xml")])
    assert given.values is not None
    assert given.values["encounter_date"] == "2026-06-02"
    assert "entries are not read" not in given.values["text"]
    assert "ALLERGIES" not in given.values["text"]


@pytest.mark.parametrize("inner", [b"A/P: B12 deficiency", data_of("visit.pdf"), data_of("visit.rtf")])
def test_the_body_of_an_unstructured_c_cda_is_read(inner: bytes):
    body = base64.b64encode(inner).decode()
    wrapped = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3"><component><nonXMLBody>'
        f'<text mediaType="text/plain" representation="B64">{body}</text>'
        "</nonXMLBody></component></ClinicalDocument>"
    )
    text, kind, _ = read_upload("note.xml", wrapped.encode())
    assert kind == "ccda"
    assert "B12 deficiency" in text


def test_pages_without_text_are_told():
    both = a_pdf(count=2, kids="3 0 R 6 0 R")
    _, _, warnings = read_upload("a.pdf", both)
    assert warnings == ["page 2 is broken, not read"]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(10))
HOSTILE = {
    "a thousand million laughs": (
        "a.xml",
        f"<?xml version='1.0'?><!DOCTYPE x [{LAUGHS}]><x>&l9;</x>".encode(),
    ),
    "an entity of this machine": (
        "a.xml",
        b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><ClinicalDocument>&e;</ClinicalDocument>",
    ),
    "XML without a bottom": ("a.xml", b"<?xml version='1.0'?>" + b"<a>" * 5000 + b"</a>" * 5000),
    "a C-CDA without a bottom": (
        "a.xml",
        b"<ClinicalDocument xmlns='urn:hl7-org:v3'>" + b"<a>" * 500 + b"</a>" * 500 + b"</ClinicalDocument>",
    ),
    "a zip bomb": ("a.docx", an_archive(word__document_xml=b" " * (65 * 1024 * 1024))),
    "a Word file of a thousand parts": (
        "a.docx",
        an_archive(word__document_xml=b"<x/>", **{f"part{n}": b"" for n in range(5001)}),
    ),
    "a million pages": ("a.pdf", a_pdf(count=1_000_000)),
    "RTF without a bottom": ("a.rtf", b"{\\rtf1 " + b"{" * 50000 + b"}" * 50001),
    "RTF with fonts without an end": ("a.rtf", b"{\\rtf1{\\fonttbl" + b"{\\f0\\fcharset0 }" * 50000 + b"}}"),
    "RTF with links without an end": (
        "a.rtf",
        b"{\\rtf1 " + b'{\\field{\\*\\fldinst{HYPERLINK "}}}' * 5000 + b"}",
    ),
    "a file of many megabytes": ("a.rtf", b"{\\rtf1 " + b"x" * (64 * 1024 * 1024)),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused(what: str):
    name, data = HOSTILE[what]
    with pytest.raises(InputError):
        read_upload(name, data)


def test_a_word_file_that_declares_entities_is_refused():
    source = a_word_file("<w:p ns><w:r><w:t>B12</w:t></w:r></w:p>")
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.namelist():
            body = old.read(part)
            if part == "word/document.xml":
                body = body.replace(
                    b"<w:document", b"<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><w:document"
                )
            new.writestr(part, body)
    with pytest.raises(InputError, match="declares entities"):
        read_upload("a.docx", stream.getvalue())


def test_a_note_above_sixteen_megabytes_of_text_is_refused():
    with pytest.raises(InputError, match="larger than 16 MiB"):
        read_upload("a.txt", b"x" * (MAX_TEXT + 1))


@pytest.mark.parametrize("name", KINDS)
def test_suggest_reads_the_file_and_writes_the_text_that_offsets_refer_to(name: str, tmp_path: Path):
    import json

    from typer.testing import CliRunner

    from cli import app

    out, answer = tmp_path / "text", tmp_path / "answer"
    done = CliRunner().invoke(
        app,
        ["suggest", "-f", "json", "--text-out", str(out), "--out", str(answer), str(FILES / name)],
    )
    assert done.exit_code == 0, done.output
    assert out.stat().st_mode & 0o077 == 0
    text, result = out.read_text(encoding="utf-8"), json.loads(answer.read_text(encoding="utf-8"))
    codes = {found["code"]: found["evidence"] for found in result["suggestions"]}
    assert {"E53.8", "Z86.2"} <= set(codes)
    for evidence in (piece for pieces in codes.values() for piece in pieces):
        assert text[evidence["start"] : evidence["end"]] == evidence["text"]


def test_text_out_takes_one_note(tmp_path: Path):
    from typer.testing import CliRunner

    from cli import app

    files = [str(FILES / "visit.xml"), str(FILES / "visit.rtf")]
    done = CliRunner().invoke(app, ["suggest", "--text-out", str(tmp_path / "text"), *files])
    assert done.exit_code == 2
    assert not (tmp_path / "text").exists()
