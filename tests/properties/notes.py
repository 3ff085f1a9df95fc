"""Strategies for Hypothesis: notes as they come, and text of any kind with something of ours in it."""

from __future__ import annotations

from hypothesis import strategies as st

HEADERS = (
    "HPI:",
    "PMH:",
    "Past Medical History",
    "MEDICATIONS:,",
    "Family History:",
    "Labs",
    "LABORATORY DATA:",
    "Assessment/Plan:",
    "A/P",
    "IMPRESSION:,",
    "Plan:",
    "Allergies:",
    "Hospital Course",
    "Discharge Diagnoses:",
    "INDICATION:",
    "ROS:",
)
SENTENCES = (
    "Vitamin B12 deficiency, on monthly injections.",
    "No anemia, no B12 deficiency",
    "Pernicious anemia – stable on cyanocobalamin 1000 mcg IM monthly.",
    "iron deficiency anemia due to menorrhagia",
    "Denies melena, hematochezia, or anemia.",
    "h/o folate deficiency in 2019, resolved, off therapy",
    "mother had pernicious anemia",
    "Possible B12 deficiency; check MMA.",
    "Anemia of CKD stage 3b.",
    "Macrocytic anemia, likely due to metformin",
    "B12 142 pg/mL (ref 200-900) L",
    "Ferritin 6 ng/mL, Hgb 9.8 g/dL, MCV 71 fL",
    "ferrous sulfate 325 mg daily",
    "s/p gastric bypass 2015",
    "Neuropathy secondary to B12 deficiency.",
    "Acute blood loss anemia after surgery, 2 units PRBC.",
    "E53.8",
    "Screening for iron deficiency.",
    "The patient is doing well.",
    "Type 2 diabetes, continue metformin.",
    "positive IF antibody",
    "Electronically signed by J. Rowe, MD",
    "fatigue and paresthesias",
)
BULLETS = ("", "- ", "1. ", "2) ", "# ", "• ", "* ", "\t")
GAPS = ("\n", "\n\n", " ", ", ", ".,", "\t", "  | ", "\n   ")
ANCHORS = (
    "B12 deficiency",
    "iron deficiency anemia",
    "ferritin 6",
    "pernicious anemia",
    "cyanocobalamin 1000 mcg IM",
)

SETTINGS = st.sampled_from(("professional", "outpatient", "inpatient"))

_line = st.builds(
    lambda bullet, sentence: bullet + sentence, st.sampled_from(BULLETS), st.sampled_from(SENTENCES)
)
_piece = st.one_of(st.sampled_from(HEADERS), _line, _line)

# Notes as they come: headers, list items, sentences and results, joined by whatever parts them in real notes.
notes = st.lists(st.tuples(_piece, st.sampled_from(GAPS)), min_size=1, max_size=14).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)
# The same with line ends only where lines end, for the properties about line ends.
lined_notes = st.lists(_piece, min_size=1, max_size=14).map("\n".join)

# Any code point, lone surrogates and NUL among them.
_any_text = st.text(
    alphabet=st.characters(min_codepoint=0, max_codepoint=0x10FFFF, exclude_categories=()), max_size=60
)
_odd = st.sampled_from(
    (
        "\x00",
        "\ud800",
        "\udfff",
        "\ufeff",
        "\r",
        "\r\n",
        "\u2028",
        "\x85",
        "İ",
        "ß",
        "ﬁ",
        "🩸",
        "e\u0301",
        "\u202e",
    )
)
_bit = st.one_of(_any_text, _odd, st.sampled_from(ANCHORS), st.sampled_from(SENTENCES))
# A text of nothing but blanks and NULs is refused at the door (suggest/note.py), so it is not among them.
any_text = (
    st.lists(_bit, max_size=8).map("".join).filter(lambda text: text.strip("\ufeff \t\r\n\f\v\0") != "")
)
