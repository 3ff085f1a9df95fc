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
