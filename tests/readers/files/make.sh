#!/usr/bin/env bash
# Makes the documents of this folder from visit.html with LibreOffice 7.4, poppler and pandoc (Debian: apt-get install
# libreoffice-writer-nogui poppler-utils pandoc). visit.xml is written by hand after HL7's C-CDA R2.1 progress note,
# since no free program that writes C-CDA could be had from the registries.
set -euo pipefail
cd "$(dirname "$0")"
soffice --headless --convert-to odt:writer8 visit.html >/dev/null
soffice --headless --convert-to 'docx:MS Word 2007 XML' visit.odt >/dev/null
soffice --headless --convert-to 'rtf:Rich Text Format' visit.odt >/dev/null
soffice --headless --convert-to pdf:writer_pdf_Export visit.docx >/dev/null
# A scan: the same page as a picture, and nothing else.
pdftoppm -r 30 -gray -png visit.pdf page
pandoc -f html -o scan.docx <<<"<p><img src=\"$(ls page-*.png | head -1)\"></p>"
soffice --headless --convert-to pdf:writer_pdf_Export scan.docx >/dev/null
rm -f visit.odt scan.docx page-*.png
# Tables, by LibreOffice Calc (libreoffice-calc-nogui): comma, tab and semicolon in UTF-8, comma in UTF-16.
python - <<'PY'
import openpyxl
book = openpyxl.Workbook()
for row in (["Note ID", "Encounter ID", "Note Text", "Billed Codes", "Provider"],
            ["N1", "E1", 'A/P: B12 deficiency, "severe"; start IM B12.\nSjögren’s – stable', "E53.8;D51.3", "P1"],
            ["N2", "E2", "A/P: iron deficiency anemia | stable", "D50.9", "P2"], ["N3", "E3", "Well visit.", "", "P1"]):
    book.active.append(row)
book.save("export.xlsx")
PY
mkdir -p made
for form in 44,34,76:export.csv 9,34,76:export.tsv 59,34,76:export-semicolon.csv 44,34,65535:export-utf16.csv; do
  soffice --headless --convert-to "csv:Text - txt - csv (StarCalc):${form%%:*}" --outdir made export.xlsx >/dev/null
  mv made/export.csv "${form##*:}"
done
rm -rf made export.xlsx
# bulk/ is made by make_fhir.py.
