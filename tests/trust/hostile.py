"""Files that mean harm: archives that swell, documents without a bottom, tables that do not pair."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.readers.test_documents import FILES, LAUGHS, a_pdf, a_word_file, an_archive

WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
MIB = 1024 * 1024
SECRET = "Plimquartz"  # stands in a file of this machine that hostile documents ask for


def swelling(name: str, *, mib: int = 300, lies: bool = False) -> bytes:
    """An archive of a few hundred kilobytes whose one part unpacks to very much; it may lie about that."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as part:
        for _ in range(mib):
            part.write(b" " * MIB)
    data = stream.getvalue()
    return data.replace((mib * MIB).to_bytes(4, "little"), (4096).to_bytes(4, "little")) if lies else data


def altered(source: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An archive with one part changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            body = old.read(part)
            new.writestr(part, change(body) if part == name else body)
    return stream.getvalue()


def word(doctype: str = "", depth: int = 0) -> bytes:
    """A Word file that declares entities, or whose tables are nested."""
    source = a_word_file("<w:p ns><w:r><w:t>B12</w:t></w:r></w:p>")
    if doctype:
        return altered(
            source,
            "word/document.xml",
            lambda b: b.replace(b"<w:document", doctype.encode() + b"<w:document"),
        )
    nest = b"<w:tbl><w:tr><w:tc>" * depth + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * depth
    return altered(source, "word/document.xml", lambda b: b.replace(b"<w:p>", nest + b"<w:p>", 1))


def ccda(body: str) -> bytes:
    return f'<ClinicalDocument xmlns="urn:hl7-org:v3">{body}</ClinicalDocument>'.encode()


def wrapped(inner: bytes) -> bytes:
    """A C-CDA whose body is another file."""
    coded = base64.b64encode(inner).decode()
    return ccda(f'<component><nonXMLBody><text representation="B64">{coded}</text></nonXMLBody></component>')


def flate_pdf() -> bytes:
    """A PDF of a hundred kilobytes whose page unpacks to a hundred megabytes."""
    drawn = zlib.compress(b" " * (100 * MIB), 9)
    head, tail = a_pdf(words="%s").split(b"<</Length ")[0], b"endobj\n"
    body = b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(drawn) + drawn + b"\nendstream" + tail
    return head.rpartition(b"4 0 obj")[0] + body + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"


def documents(here: Path) -> dict[str, tuple[str, bytes, str]]:
    """Documents of one note: file name, bytes, and a part of the sentence that each gets."""
    (here / "secret.txt").write_text(SECRET)
    file = f"<!ENTITY e SYSTEM 'file://{here / 'secret.txt'}'>"
    loop = a_pdf(kids="2 0 R 2 0 R", count=2)
    return {
        "a Word file that swells": ("a.docx", swelling("word/document.xml"), "far more than a note"),
        "a Word file that swells and lies": ("b.docx", swelling("word/document.xml", lies=True), "Word file"),
        "a picture in a Word file that swells": (
            "c.docx",
            an_archive(word__document_xml=WORD.encode(), media=b" " * (260 * MIB)),
            "far more than a note",
        ),
        "a Word file of thousands of parts": (
            "d.docx",
            an_archive(word__document_xml=b"<x/>", **{f"p{n}": b"" for n in range(6000)}),
            "far more than a note",
        ),
        "laughs in a Word file": ("e.docx", word(f"<!DOCTYPE d [{LAUGHS}]>"), "Word file"),
        "an entity of this machine in a Word file": (
            "f.docx",
            word(f"<!DOCTYPE d [{file}]>"),
            "declares entities",
        ),
        "a Word file without a bottom": ("g.docx", word(depth=3000), "Word file"),
        "a Word file cut short": ("h.docx", (FILES / "visit.docx").read_bytes()[:3000], "broken Word file"),
        "another archive": ("i.docx", an_archive(a=b"x"), "no Word file"),
        "laughs in XML": (
            "a.xml",
            f"<?xml version='1.0'?><!DOCTYPE x [{LAUGHS}]><x>&l9;</x>".encode(),
            "entities",
        ),
        "an entity of this machine in XML": (
            "b.xml",
            f"<?xml version='1.0'?><!DOCTYPE x [{file}]><x>&e;</x>".encode(),
            "entities",
        ),
        "an entity of the network in XML": (
            "c.xml",
            b"<?xml version='1.0'?><!DOCTYPE x SYSTEM 'http://192.0.2.1/x.dtd'><x/>",
            "entities",
        ),
        "XML without a bottom": ("d.xml", ccda("<a>" * 60000 + "</a>" * 60000), "XML"),
        "a C-CDA that holds a Word file that swells": (
            "e.xml",
            wrapped(swelling("word/document.xml")),
            "far more",
        ),
        "a C-CDA within a C-CDA": ("f.xml", wrapped(ccda("<title/>")), "another XML file"),
        "a PDF without text": ("a.pdf", (FILES / "scan.pdf").read_bytes(), "without text"),
        "a PDF that claims a million pages": ("b.pdf", a_pdf(count=1_000_000), "1000000 pages"),
        "a PDF whose pages hold themselves": ("c.pdf", loop, "PDF"),
        "a PDF whose page swells": ("d.pdf", flate_pdf(), "PDF"),
        "a PDF cut short": ("e.pdf", a_pdf()[:200], "PDF"),
        "RTF without a bottom": ("a.rtf", b"{\\rtf1 " + b"{" * 500_000 + b"}" * 500_001, "nested"),
        "RTF with fonts without an end": (
            "b.rtf",
            b"{\\rtf1{\\fonttbl" + b"{\\f0\\fcharset0 }" * 50000 + b"}}",
            "holds no text",
        ),
        "RTF with a part of a size it has not": ("c.rtf", b"{\\rtf1 \\bin999999999 x}", "ends in the middle"),
        "a text of 65 megabytes": ("a.txt", b"x " * (33 * MIB), "larger than 16 MiB"),
        "binary data": ("b.txt", bytes(range(32)) * 3000, "binary data"),
        "a program": ("c.txt", b"\x7fELF\x02\x01\x01" + bytes(4000), "binary data"),
        "UTF-16 cut in the middle": ("d.txt", "B12 deficiency".encode("utf-16")[:-1], "not whole UTF-16"),
        "a picture": ("e.txt", b"\x89PNG\r\n\x1a\n" + bytes(400), "a picture"),
        "a compressed file": ("f.txt", b"\x1f\x8b\x08" + bytes(400), "compressed"),
        "an empty file": ("g.txt", b"", "empty"),
        "JSON without a bottom": (
            "a.jsonl",
            b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n",
            "not JSON",
        ),
        "a number without an end": (
            "b.jsonl",
            b'{"text": "B12 deficiency", "note_id": ' + b"9" * 100_000 + b"}\n",
            "not JSON",
        ),
        "a broken line of JSON": ("c.jsonl", b'{"text": "B12 def\n', "not JSON"),
    }


ROW = "n{0},E{0},2026-06-02,A/P: Vitamin B12 deficiency.,E53.8\n"
HEAD = "note_id,encounter_id,encounter_date,text,codes\n"


def parquet(columns: dict[str, object]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, compression="zstd")
    return stream.getvalue()


def tables() -> dict[str, tuple[str, bytes, str, int, int]]:
    """Exports: file name, bytes, a part of what is said, exit code, findings that say `supported`."""
    good = "A/P: Vitamin B12 deficiency."
    lone = HEAD + ROW.format(1) + 'n2,E2,2026-06-02,"A/P: B12 deficiency,E53.8\n' + ROW.format(3)
    mixed = (
        HEAD.encode()
        + ROW.format(1).encode()
        + "n2,E2,2026-06-02,Sjögren’s. A/P: B12 deficiency.,E53.8\n".encode("cp1252")
    )
    mixed += (
        "n3,E3,2026-06-02,Sjögren’s. A/P: B12 deficiency.,E53.8\n".encode() + b"n4,E4,,\xff\xfe\x00,E53.8\n"
    )
    lines = [json.dumps({"note_id": n, "text": good, "codes": "E53.8"}) for n in "abc"]
    wide = HEAD + ROW.format(1) + "n2,E2," + "x," * 100_000 + "\n" + ROW.format(3)
    long = HEAD + ROW.format(1) + "n2,E2,2026-06-02," + "x" * (70 * MIB) + ",E53.8\n" + ROW.format(3)
    same = pa.array(["x" * (4 * MIB), good]).dictionary_encode()
    many = pa.DictionaryArray.from_arrays(pa.array([0] * 400 + [1], pa.int32()), same.dictionary)
    return {
        "a lone quote": ("a.csv", lone.encode(), "quotes do not pair", 1, 2),
        "three encodings": ("b.csv", mixed, "errors.jsonl", 1, 3),
        "a row of a hundred thousand cells": ("c.csv", wide.encode(), "cells where the header", 1, 2),
        "a cell of 70 megabytes": ("d.csv", long.encode(), "cells where the header", 1, 2),
        "NULs all over": ("e.csv", HEAD.encode() + bytes(90_000), "no table of text", 2, 0),
        "a broken line of JSON": (
            "a.jsonl",
            "\n".join([lines[0], lines[1][:30], lines[2]]).encode(),
            "not JSON",
            1,
            2,
        ),
        "Parquet with numbers for text": (
            "a.parquet",
            parquet({"note_id": ["a"], "text": [7]}),
            "must be text",
            2,
            0,
        ),
        "Parquet with wrong types beside the text": (
            "b.parquet",
            parquet(
                {
                    "note_id": [1.5, 2.5],
                    "text": [good, good],
                    "codes": [[7], [None]],
                    "encounter_date": [1, 2],
                }
            ),
            "errors.jsonl",
            1,
            0,
        ),
        "Parquet with lists for ids": (
            "c.parquet",
            parquet({"note_id": [["a", "b"]], "text": [good], "codes": ["E53.8"]}),
            "",
            0,
            1,
        ),
        "Parquet that swells": (
            "d.parquet",
            parquet({"note_id": [str(n) for n in range(401)], "text": many, "codes": ["E53.8"] * 401}),
            "",
            0,
            1,
        ),
        "Parquet cut short": ("e.parquet", parquet({"text": [good]})[:60], "no whole Parquet file", 2, 0),
        "a Word file named as a table": (
            "f.csv",
            (FILES / "visit.docx").read_bytes(),
            "no table of text",
            2,
            0,
        ),
    }
