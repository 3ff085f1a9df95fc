"""Anemia of chronic disease whose disease the words name, known to the lexicon or not (P116, P117)."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.patterns import spaced
from suggest.engine.chart import Chart
from suggest.engine.combine import Picture
from suggest.engine.statement import Statement
from suggest.result import Role

# "anemia of chronic disease due to her bronchiectasis": any disease will do, only that one is named.
# A hedge before the disease leaves it unnamed on an outpatient claim (S08).
_NAMED = spaced(
    r"\s*(?:\((?:ACD|AOCD|AoCD)\)\s*)?,?\s*(?:which is |is |felt to be |clearly )?"
    r"(?P<link>due to|secondary to|2/2|d/t|from|related to|attributed to|attributable to|of|with|in|"
    r"because of|\()\s*"
    r"(?:(?:an?|the|her|his|their|chronic|long-?standing|known|active|severe|moderate|mild|ongoing|underlying|"
    r"advanced|multiple|recurrent|refractory|poorly controlled)\s+)*"
    r"(?P<disease>[A-Za-z][A-Za-z'-]{2,})",
    re.IGNORECASE,
)
_NO_NAME = frozenset(
    (
        "unknown unclear uncertain undetermined several many disease diseases illness illnesses "
        "inflammation inflammatory state above this that these those likely probable possible suspected "
        "presumed and kind which patient acd aocd setting part view remission hgb hemoglobin ferritin "
        "low high normal elevated iron stable labs workup today etiology source cause causes origin mcv "
        "transfusion erythropoietin comorbidities medical conditions baseline "
    ).split()
)


def name_chronic_disease(chart: Chart, picture: Picture) -> None:
    """Make anemia of chronic disease that of a named one where the words go on to name any (P116)."""
    node = picture.nodes.get("chronic_disease_anemia")
    if node is None:
        return
    for statement in node.statements:
        found = _disease_behind(chart, statement)
        if found is None:
            continue
        start, end = found
        linkage = chart.cut(statement.note, start, end, statement.condition.section.value, Role.LINKAGE)
        del picture.nodes["chronic_disease_anemia"]
        picture.absorbed["chronic_disease_anemia"] = "named_chronic_disease_anemia"
        picture.nodes["named_chronic_disease_anemia"] = replace(
            node,
            concept="named_chronic_disease_anemia",
            rules=tuple(dict.fromkeys(("P116", *node.rules))),
            linkage=(*node.linkage, linkage),
        )
        return


def _disease_behind(chart: Chart, statement: Statement) -> tuple[int, int] | None:
    """Return the span from the linking word to the first word of the disease, None for none."""
    note = chart.notes[statement.note]
    index = statement.condition.unit
    if not 0 <= index < len(note.units):
        return None
    end = note.units[index].end
    match = _NAMED.match(note.text, statement.condition.end, end)
    if match is None or match.group("disease").lower() in _NO_NAME:
        return None
    return match.start("link"), match.end("disease")
