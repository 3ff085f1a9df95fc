"""Gold and answers of our own making for the tests of the evaluation, and gold answers spoilt on purpose."""

from __future__ import annotations

import random
from typing import Any

from corpora.evaluate.agreement import as_answer
from corpora.gold import GoldEncounter, read_encounter

TEXT = (
    "Seen for tiredness. B12 140 pg/mL, MCV 104 fL.\n"
    "A/P: 1. Vitamin B12 deficiency, start injections.\n2. Paresthesia of the feet.\n"
    "Mother had pernicious anemia."
)


def gold_row(name: str = "n1", **changes: Any) -> dict[str, Any]:
    """A note with two codes, a free code, a trap of the past, a query and two laboratory values."""
    gold: dict[str, Any] = {
        "code": [
            {"code": "E53.8", "evidence": ["Vitamin B12 deficiency"]},
            {"code": "R20.2", "evidence": ["Paresthesia of the feet"]},
        ],
        "optional": ["Z83.2"],
        "query": [
            {"topic": "cause of the paresthesia", "codes": ["G63", "R20.2"], "evidence": ["Paresthesia"]}
        ],
        "trap": [{"code": "D51.0", "why": "her mother's"}, {"code": "D64.9", "why": "no anemia stated"}],
        "labs": [{"analyte": "B12", "value": "140"}, {"analyte": "MCV", "value": "104"}],
        "assertions": [],
    }
    gold.update(changes.pop("gold", {}))
    row = {"id": name, "author": "x", "style": "soap", "setting": "outpatient", "text": TEXT, "gold": gold}
    return {**row, **changes}


def encounter(name: str = "n1", **changes: Any) -> GoldEncounter:
    return read_encounter(gold_row(name, **changes))


def suggestion(code: str, words: str | None = None, text: str = TEXT, **changes: Any) -> dict[str, Any]:
    """A suggestion as the contract prints it, with one evidence where words are given."""
    start = text.index(words) if words else 0
    evidence = [{"start": start, "end": start + len(words), "text": words}] if words else []
    base = {"code": code, "necessity": "required", "band": "code", "score": 0.9, "evidence": evidence}
    return {**base, "reasons": [{"rule": "rule:R21", "text": "", "citation": ""}], **changes}


def answer(*suggestions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"suggestions": list(suggestions), "queries": [], "withheld": [], "facts": {"labs": []}, **changes}


def lab(analyte: str, value: float | None) -> dict[str, Any]:
    return {"analyte": analyte, "value": value}


def spoilt(one: GoldEncounter, seed: int) -> dict[str, Any]:
    """The gold as an answer, with codes dropped and added, order, evidence, queries and values spoilt."""
    rng = random.Random(f"{seed} {one.id}")
    given: dict[str, Any] = as_answer(one.gold, one)
    kept = [entry for entry in given["suggestions"] if rng.random() > 0.12]
    kept += [
        {"code": trap.code, "necessity": rng.choice(["required", "optional"]), "evidence": []}
        for trap in one.gold.traps
        if rng.random() < 0.08 and trap.code not in {entry["code"] for entry in kept}
    ]
    if rng.random() < 0.2:
        rng.shuffle(kept)
    for entry in kept:
        entry["score"] = round(rng.uniform(0.3, 1.0), 3)
        entry["band"] = "code" if entry["score"] > 0.7 else "care"
        entry["reasons"] = []
        if entry["evidence"] and rng.random() < 0.2:
            entry["evidence"] = [{**entry["evidence"][0], "start": 0, "end": 4}]
    queries = [query for query in given["queries"] if rng.random() > 0.2]
    if rng.random() < 0.1:
        queries.append({"codes": [rng.choice(["E61.1", "D52.9"])], "evidence": []})
    labs = [
        {"analyte": value.analyte.lower(), "value": float(number) + (rng.random() < 0.1)}
        for value in one.gold.labs
        if (number := (value.value or "").replace(",", "").lstrip("<>=~ ")).replace(".", "", 1).isdigit()
    ]
    return {"suggestions": kept, "queries": queries, "withheld": [], "facts": {"labs": labs}}
