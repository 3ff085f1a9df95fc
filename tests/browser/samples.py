"""One short note as a file of each kind that the page takes; all are made here."""

from __future__ import annotations

import io
import json

WORDS = "A/P: Vitamin B12 deficiency, start cyanocobalamin."


def txt() -> bytes:
    return WORDS.encode()


def rtf() -> bytes:
    return rb"{\rtf1\ansi{\fonttbl\f0 Arial;}\f0 " + WORDS.encode() + rb"\par}"


def docx() -> bytes:
    from docx import Document

    made = Document()
    made.add_paragraph(WORDS)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def pdf() -> bytes:
    """The smallest PDF with a text layer: objects, their table, the trailer."""
    drawn = f"BT /F1 12 Tf 72 720 Td ({WORDS}) Tj ET".encode()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return (
        out
        + b"xref\n0 7\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start
    )


def ccda() -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Note</title><component><structuredBody><component><section>
<title>Assessment and plan</title><text><paragraph>{WORDS.removeprefix("A/P: ")}</paragraph></text>
</section></component></structuredBody></component></ClinicalDocument>""".encode()


def jsonl() -> bytes:
    rows = [
        {"note_id": "a", "text": WORDS},
        {"note_id": "b", "text": "A/P: Ankle sprain, right."},
    ]
    return "\n".join(json.dumps(row) for row in rows).encode()
