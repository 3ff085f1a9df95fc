"""Codes that ask for more than a table: kidney stages, pregnancy, drugs, surgery, symptoms, status, examinations, history."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.facts import Medication, MedicationStatus, SectionCategory
from suggest.engine.candidates import CHAIN, Candidate, Draft, node_candidate
from suggest.engine.chart import Chart, Standing, Statement, is_reason
from suggest.engine.combine import Picture
from suggest.engine.current import heads_its_item, in_assessment, is_contradicted
from suggest.result import Alternative, Band, Evidence, Kind, Necessity, Role

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_DOCUMENTED = (Standing.ASSESSED, Standing.TREATED, Standing.NARRATED, Standing.LISTED, Standing.HISTORY_TREATED, Standing.HISTORY)
NUTRIENT_STATES = ("b12_state", "iron_state", "folate_state")


# ---------------------------------------------------------------- kidney (P114, P115, S10)
def stage_code(stage: str | None) -> str:
    """The N18 code of a stage as written ("3b", "IV", "G3a", "stage 3 (b)")."""
    if not stage:
        return "N18.9"
    plain = re.sub(r"[^0-9a-z]", "", stage.lower())
    plain = plain.removeprefix("g")
    match = re.match(r"(iii|ii|iv|i|v|[1-5])([ab]?)", plain)
    if match is None:
        return "N18.9"
    number, letter = _ROMAN.get(match.group(1), match.group(1)), match.group(2)
    if number == "3":
        return {"a": "N18.31", "b": "N18.32"}.get(letter, "N18.30")
    return f"N18.{number}"


def _attribute(statement: Statement, name: str) -> str | None:
    return next((v for k, v in statement.condition.attributes if k == name), None)


def kidney(chart: Chart, picture: Picture, draft: Draft) -> None:
    """CKD stages, and anemia in CKD by the classification's own presumption (R31, R32)."""
    documented = chart.among(("ckd", "esrd", "ckd_anemia", "dialysis"), *_DOCUMENTED)
    kidneys = [s for s in documented if s.concept != "dialysis"]
    anemia = next((c for c in ("anemia", "normocytic_anemia", "acute_on_chronic_anemia") if c in picture.nodes), None)
    if anemia is not None and kidneys and "ckd_anemia" not in picture.nodes and _may_presume(chart, picture, anemia, kidneys):
        node = picture.nodes.pop(anemia)
        lead = kidneys[0]
        picture.nodes["ckd_anemia"] = replace(
            node,
            concept="ckd_anemia",
            rules=("P114", "R31", *node.rules),
            evidence=(*node.evidence[:2], chart.evidence(lead)),
            band=node.band if any(s.standing is Standing.ASSESSED for s in kidneys) else Band.CARE,
        )
        picture.absorbed[anemia] = "ckd_anemia"
    beside = "ckd_anemia" in picture.nodes
    if not kidneys or not (beside or any(s.standing in (Standing.ASSESSED, Standing.TREATED) for s in kidneys)):
        return
    stages = {code: s for s in reversed(kidneys) if (code := _kidney_code(s)) != "N18.9"}
    if stages:
        order = list(stages)
        best = next((c for c in order if stages[c].standing is Standing.ASSESSED), order[-1])
        code, chosen = ("N18.6", stages["N18.6"]) if "N18.6" in stages else (best, stages[best])
    else:
        code, chosen = "N18.9", kidneys[0]
    needs = []
    if chart.among(("hypertension",), *_DOCUMENTED):
        needs.append("hypertensive CKD, I12.- or I13.-: documented here, not assessed by Corrin, must precede N18")
    if chart.among(("diabetes",), *_DOCUMENTED):
        needs.append("diabetic CKD, E08-E13 with .22, where the diabetes is its cause: not assessed by Corrin, must precede N18")
    draft.add(
        Candidate(
            code, Kind.CAUSE, "current", Necessity.REQUIRED if beside else Necessity.OPTIONAL, Band.CODE,
            (chart.evidence(chosen),), ("P114", "S10"), chosen.place, 1, needs=tuple(needs), concept="ckd",
        )
    )  # fmt: skip


def _kidney_code(statement: Statement) -> str:
    if statement.concept == "esrd":
        return "N18.6"
    return stage_code(_attribute(statement, "stage"))


def _may_presume(chart: Chart, picture: Picture, anemia: str, kidneys: list[Statement]) -> bool:
    members = {anemia} | {c for c in picture.absorbed if picture.final(c) == anemia}
    if picture.is_linked(("ckd", "esrd"), members, denied=True):
        return False
    if any(e.effect in members and e.cause not in ("ckd", "esrd") for e in (*picture.edges, *picture.hedged)):
        return False
    if picture.has(("pregnancy_anemia", "postpartum_anemia")):
        return False
    # two presumed causes compete (R33): a deficiency assessed beside CKD
    return not picture.has(chart.tables.group("deficiency"))


# ---------------------------------------------------------------- pregnancy (S09, P120, P121)
_POSTPARTUM = re.compile(r"post-? ?partum|puerper|\bpp\b|ppd", re.IGNORECASE)


def trimester(weeks: int) -> str:
    """The digit of O99.01-: first below 14 w 0 d, second to 27 w 6 d, third after (S09)."""
    return "1" if weeks < 14 else "2" if weeks < 28 else "3"


def pregnancy(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Anemia in pregnancy: chapter 15 first, then the type (R51)."""
    anemias = [c for c in chart.tables.group("anemia_any") if c in picture.nodes]
    if not anemias:
        return
    standing = (Standing.ASSESSED, Standing.NARRATED, Standing.TREATED, Standing.WEAK)
    pregnant = chart.of("pregnancy", *standing) or chart.of("pregnancy_anemia", Standing.ASSESSED, Standing.NARRATED)
    weeks_statements = chart.among(("pregnancy_weeks", "pregnancy"), *standing)
    after = chart.of("postpartum", *standing) or chart.of("postpartum_anemia", Standing.ASSESSED)
    typed = [c for c in anemias if c not in ("anemia", "normocytic_anemia", "pregnancy_anemia", "postpartum_anemia", "childbirth_anemia", "nutritional_anemia")]
    lead = picture.nodes[min(anemias, key=lambda c: picture.nodes[c].place)]
    if after and "pregnancy_anemia" not in picture.nodes:
        if not ("postpartum_anemia" in picture.nodes or any(in_assessment(chart, s) or is_reason(s.condition) or s.standing is Standing.ASSESSED for s in after) or _ob_note(chart)):
            return
        preexisting = bool(chart.of("pregnancy_anemia", Standing.ASSESSED, Standing.NARRATED, Standing.LISTED)) or any(re.search(r"pre-?existing|antepartum|during (?:the )?pregnancy|before delivery", chart.item_text(s), re.IGNORECASE) for c in anemias for s in picture.nodes[c].statements)
        code = "O99.03" if preexisting else "O90.81"
        draft.drop("O90.81")
        draft.add(_obstetric(chart, code, lead.evidence[:2] + (chart.evidence(after[0], Role.CONTEXT),), ("P121", "S09"), lead.place))
        _type_behind(draft, typed, code)
        return
    if not pregnant and not (weeks_statements and _ob_note(chart)):
        return
    stated = next((v for s in weeks_statements for k, v in s.condition.attributes if k == "trimester"), None) or next(
        (v for s in chart.of("pregnancy_anemia") for k, v in s.condition.attributes if k == "trimester"), None
    )
    weeks = [(int(v), s) for s in weeks_statements for k, v in s.condition.attributes if k == "weeks" and v.isdigit() and 3 <= int(v) <= 43]
    evidence = lead.evidence[:2]
    if stated:
        digit = {"f": "1", "1": "1", "s": "2", "2": "2", "t": "3", "3": "3"}[stated[0]]
    elif weeks:
        digit = trimester(weeks[0][0])
        evidence = (*evidence, chart.evidence(weeks[0][1], Role.CONTEXT))
    else:
        return
    code = f"O99.01{digit}"
    draft.add(_obstetric(chart, code, evidence, ("P120", "S09", "R51"), lead.place))
    _type_behind(draft, typed, code)


def _ob_note(chart: Chart) -> bool:
    return any(re.search(r"\bOB\b|obstetric|prenatal|antenatal|gravid|\bG\d ?P\d|\bIUP\b|fetal|\bFHT\b|\bFHR\b", n.text[:6000]) for n in chart.notes)


def _obstetric(chart: Chart, code: str, evidence: tuple[Evidence, ...], rules: tuple[str, ...], place: tuple[int, int]) -> Candidate:
    return Candidate(code, Kind.CONDITION, "current", Necessity.REQUIRED, Band.CODE, evidence, rules, place, 0, concept="obstetric")


def _type_behind(draft: Draft, typed: list[str], code: str) -> None:
    if not typed:
        draft.change("D64.9", necessity=Necessity.OPTIONAL)
    for candidate in list(draft.candidates.values()):
        if candidate.code.startswith(("D5", "D6")):
            draft.change(candidate.code, after=(*candidate.after, code))


# ---------------------------------------------------------------- drugs (R27-R29, P30-P33, P119, P123, S02)
_ADVERSE = {
    "metformin": ("T38.3X5", "Z79.84"),
    "oral_hypoglycemic": ("T38.3X5", "Z79.84"),
    "ppi": ("T47.1X5", "Z79.899"),
    "antacid": ("T47.1X5", "Z79.899"),
    "h2ra": ("T47.0X5", "Z79.899"),
    "hydantoin": ("T42.0X5", None),
    "antineoplastic": ("T45.1X5", None),
}
_ONLY_INITIAL = ("T47.0X5", "T42.0X5", "T45.1X5")
_RECOVERY = re.compile(r"\b(?:recover(?:y|ed|ing)|aftercare|routine follow-?up after)\b", re.IGNORECASE)


def drugs(chart: Chart, picture: Picture, draft: Draft) -> None:
    """An adverse effect where the provider names the drug as the cause; drug status codes beside it."""
    effects = {c for name in NUTRIENT_STATES for c in chart.tables.group(name)} | {"chemotherapy_anemia", "polyneuropathy", "pancytopenia", "macrocytosis"} | set(chart.tables.group("anemia_any"))
    for edge in picture.edges:
        if not edge.cause.startswith("drug:") or edge.cause[5:] not in _ADVERSE:
            continue
        target = picture.final(edge.effect)
        if target not in effects or target not in picture.nodes:
            continue
        stem, status = _ADVERSE[edge.cause[5:]]
        node = picture.nodes[target]
        coding = chart.coding(target)
        effect_code = coding.code if coding is not None else None
        drug = next(d for d in chart.notes[edge.note].medications if d.id == edge.link.cause)
        code = stem + "A"
        section = drug.section.value
        draft.add(
            Candidate(
                code, Kind.ADVERSE_EFFECT, "current", Necessity.REQUIRED, Band.CODE,
                (chart.cut(edge.note, edge.link.start, edge.link.end, section, Role.LINKAGE), chart.drug_evidence(edge.note, drug)),
                ("R28", "R29", "R27"), node.place, CHAIN[Kind.ADVERSE_EFFECT],
                after=(effect_code,) if effect_code else (), concept=edge.cause,
            )
        )  # fmt: skip
        if status and drug.status is not MedicationStatus.STOPPED:
            draft.add(_drug_status(chart, status, edge.note, drug, node.place, Necessity.REQUIRED))
    if "chemotherapy_anemia" in picture.nodes and "T45.1X5A" not in draft:
        node = picture.nodes["chemotherapy_anemia"]
        draft.add(
            Candidate(
                "T45.1X5A", Kind.ADVERSE_EFFECT, "current", Necessity.REQUIRED, Band.CODE,
                tuple(replace(e, role=Role.LINKAGE) for e in node.evidence[:1]), ("P119", "R28"), node.place,
                CHAIN[Kind.ADVERSE_EFFECT], after=("D64.81",), concept="drug:antineoplastic",
            )
        )  # fmt: skip


def _drug_status(chart: Chart, code: str, note: int, drug: Medication, place: tuple[int, int], necessity: Necessity) -> Candidate:
    evidence = (replace(chart.drug_evidence(note, drug), role=Role.CONTEXT),)
    return Candidate(code, Kind.STATUS, "current", necessity, Band.CODE, evidence, ("S02",), place, 6, concept="drug_status")


# ---------------------------------------------------------------- surgery (P35-P40, S04)
def surgery(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Surgical status where the operation bears on what is coded here or is the reason for the visit; complications only where worded so."""
    coded = picture.has(c for name in NUTRIENT_STATES for c in chart.tables.group(name)) or picture.has(("malabsorption", "postsurgical_malabsorption", "megaloblastic_anemia", "macrocytic_anemia", "anemia"))
    postsurgical = picture.nodes.get("postsurgical_malabsorption")
    bariatric = chart.among(("bariatric_surgery", "gastric_band"), *_DOCUMENTED)
    if postsurgical is not None and bariatric:
        band = any(s.concept == "gastric_band" for s in bariatric)
        text = " ".join(chart.item_text(s) for s in postsurgical.statements)
        if _is_bariatric_malabsorption(chart, picture, text):
            code = "K95.09" if band else "K95.89"
            draft.add(
                Candidate(
                    code, Kind.CAUSE, "current", Necessity.REQUIRED, Band.CODE,
                    (*postsurgical.evidence[:2], chart.evidence(bariatric[0])), ("P37", "R49"), postsurgical.place, 1, concept="bariatric_complication",
                )
            )  # fmt: skip
            draft.change("K91.2", after=(code,))
            return
    for concept in ("bariatric_surgery", "gastric_band", "gastrectomy", "ileal_resection", "intestinal_bypass"):
        statements = chart.of(concept, *_DOCUMENTED)
        if not statements:
            continue
        coding = chart.coding(concept)
        assert coding is not None and coding.code is not None
        assessed = [s for s in statements if (in_assessment(chart, s) or is_reason(s.condition)) and _is_status(chart, s)]
        if not coded and not assessed:
            continue
        if concept in ("ileal_resection", "gastrectomy") and "short_bowel" in picture.nodes and concept == "ileal_resection":
            pass
        lead = (assessed or list(statements))[0]
        draft.add(
            Candidate(
                coding.code, Kind.STATUS, "current", Necessity.REQUIRED, Band.CODE,
                (chart.evidence(lead, Role.CONTEXT),), (coding.phrase or "P35", "S04"), lead.place, CHAIN[Kind.STATUS], concept=concept,
            )
        )  # fmt: skip
    if picture.is_linked(("bariatric_surgery", "gastric_band"), {c for name in NUTRIENT_STATES for c in chart.tables.group(name)}):
        for code in ("E53.8", "D51.8", "D50.8", "E61.1"):
            if code in draft:
                other = "K95.09" if chart.of("gastric_band") else "K95.89"
                alternative = Alternative((other, code), "The surgery read as a complication: its code first, then the deficiency, without the status code (P36).", "option.p36")
                draft.change(code, alternatives=(*draft.candidates[code].alternatives, alternative))


def _is_status(chart: Chart, statement: Statement) -> bool:
    """An operation that is done (not planned, not done today)."""
    text = chart.item_text(statement).lower()
    return bool(re.search(r"s/p|status post|status|history of|h/o|hx|after|post|prior|previous|since|\b(?:19|20)\d\d\b|ago|adjustment|band", text))


def _is_bariatric_malabsorption(chart: Chart, picture: Picture, text: str) -> bool:
    if picture.is_linked(("bariatric_surgery", "gastric_band"), ("malabsorption", "postsurgical_malabsorption")):
        return True
    return bool(re.search(r"bypass|bariatric|sleeve|band|roux|rny|switch", text, re.IGNORECASE))


def short_bowel(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Short bowel syndrome by what is said of the colon; then not K91.2 (A-9)."""
    node = picture.nodes.get("short_bowel")
    coding = chart.coding("short_bowel")
    if node is None or coding is None:
        return
    colon = next((v for s in node.statements for k, v in s.condition.attributes if k == "colon"), None)
    code = {"with": "K90.821", "without": "K90.822"}.get(colon or "", "K90.829")
    candidate = node_candidate(chart, node, coding, code=code)
    assert candidate is not None
    draft.add(candidate)


# ---------------------------------------------------------------- Crohn (P46)
def crohn(chart: Chart, picture: Picture, draft: Draft) -> None:
    """A deficiency that the provider calls due to Crohn's disease makes it "with other complication"."""
    nutrient = {c for name in NUTRIENT_STATES for c in chart.tables.group(name)}
    site = chart.of("crohn_small", *_DOCUMENTED)
    if "K50.90" in draft and site:
        old = draft.drop("K50.90")
        assert old is not None
        draft.add(replace(old, code="K50.00", evidence=(*old.evidence[:2], chart.evidence(site[0]))))
    if not picture.is_linked(("crohn", "crohn_small"), nutrient):
        return
    old = draft.drop("K50.90")
    if old is not None:
        draft.add(replace(old, code="K50.918", rules=("P46", *old.rules), band=Band.CARE))


# ---------------------------------------------------------------- symptoms and findings (S11, R25, R26)
def symptoms(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Symptoms beside a coded disease are left out or optional; alone they count where they head a problem."""
    anemia = picture.has(chart.tables.group("anemia_any"))
    deficiency = picture.has(chart.tables.group("deficiency"))
    for concept in list(picture.nodes):
        coding = chart.coding(concept)
        if coding is None or coding.symptom is None or coding.code is None or coding.code not in draft:
            continue
        node = picture.nodes[concept]
        caused = _caused_by_ours(chart, picture, concept)
        assessed = [s for s in node.statements if s.standing is Standing.ASSESSED]
        heads = any(heads_its_item(chart, s) and s.condition.section is not SectionCategory.HOSPITAL_COURSE for s in assessed)
        if caused and coding.symptom == "kept":
            draft.change(coding.code, rules=("P73", *draft.candidates[coding.code].rules), chain=3)
        elif coding.symptom == "absorbed" and (anemia or deficiency):
            draft.drop(coding.code)
        elif not heads:
            draft.drop(coding.code)
        elif (anemia or deficiency) or _explained_elsewhere(picture, concept):
            draft.change(coding.code, necessity=Necessity.OPTIONAL)
    if anemia:
        for code in ("R71.0", "R71.8"):
            draft.drop(code)


def _caused_by_ours(chart: Chart, picture: Picture, concept: str) -> bool:
    ours = {c for name in NUTRIENT_STATES for c in chart.tables.group(name)} | set(chart.tables.group("anemia_any"))
    return bool(picture.causes_of(concept) & ours)


def _explained_elsewhere(picture: Picture, concept: str) -> bool:
    return any(e.effect == concept for e in picture.edges)


# ---------------------------------------------------------------- manifestations (R31, R33, S12, S32)
def manifestations(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Manifestation codes need their etiology before them (R35); without a link they stand without cause or not at all."""
    etiology = [
        c.code for c in draft.candidates.values() if c.kind is Kind.CONDITION and c.code.startswith(("E53", "D51", "D52", "E61", "D50", "D53", "B70"))
    ]
    b12 = [code for code in etiology if code.startswith(("E53.8", "D51", "D53.1"))]
    if "G32.0" in draft:
        if b12:
            draft.change("G32.0", after=tuple(b12))
        else:
            draft.drop("G32.0")
    for code in ("G63", "F02.80", "F06.70", "H46.2", "G32.89"):
        if code in draft:
            draft.change(code, after=tuple(b12 or etiology))
    if "G62.9" in draft and chart.among(("diabetes", "other_neuropathy"), *_DOCUMENTED, Standing.WEAK):
        draft.drop("G62.9")
    if "F03.90" in draft and chart.among(("other_dementia",), *_DOCUMENTED, Standing.UNCERTAIN):
        draft.drop("F03.90")
    if "G62.9" in draft and not b12:
        draft.change("G62.9", necessity=Necessity.REQUIRED)
    if "F03.90" in draft and not b12:
        draft.change("F03.90", necessity=Necessity.REQUIRED)


# ---------------------------------------------------------------- neoplasm and chronic disease (P116-P119, R52)
def underlying(chart: Chart, picture: Picture, draft: Draft) -> None:
    """What anemia codes must follow that lies outside the scope; B70.0 before its anemia (A-14)."""
    if "D63.0" in draft:
        draft.change("D63.0", follows="the neoplasm (C00-D49)")
    if "D63.8" in draft:
        draft.change("D63.8", **({"after": ("B70.0",)} if "B70.0" in draft else {"follows": "the underlying chronic disease"}))
        if "fish_tapeworm_anemia" in picture.nodes and "B70.0" not in draft:
            node = picture.nodes["fish_tapeworm_anemia"]
            draft.add(Candidate("B70.0", Kind.CAUSE, "current", Necessity.REQUIRED, Band.CODE, node.evidence[:1], ("P49",), node.place, 1, concept="fish_tapeworm"))
            draft.change("D63.8", after=("B70.0",), follows=None)
    if "D63.1" in draft:
        stages = tuple(c for c in draft.candidates if c.startswith("N18"))
        draft.change("D63.1", **({"after": stages} if stages else {"follows": "the chronic kidney disease (N18.-)"}))
    if "D64.81" in draft and chart.among(("neoplasm",), *_DOCUMENTED):
        draft.change("D64.81", needs=("the neoplasm, C00-D49: documented here, not assessed by Corrin, follows D64.81",))


def bleeding(chart: Chart, picture: Picture, draft: Draft) -> None:
    """A stated bleeding site makes K92.2 wrong (Excludes1); melena and a GI bleed are one bleeding."""
    sites = chart.of("specific_gi_bleed", Standing.ASSESSED, Standing.TREATED)
    if "K92.2" in draft and any(re.search(r"bleed|h(?:a)?emorrhag|ulcer|angio|avm|divertic|varic|ectasia", s.condition.text, re.IGNORECASE) for s in sites):
        linked = picture.is_linked(("specific_gi_bleed",), ("gi_bleed",)) or any(re.search(r"bleed|h(?:a)?emorrhag", s.condition.text, re.IGNORECASE) for s in sites)
        if linked:
            draft.drop("K92.2")
    if "K92.1" in draft and "R19.5" in draft:
        draft.drop("R19.5")


# ---------------------------------------------------------------- examinations and screening (R48, R54, P149-P151)
_NEW = re.compile(r"\bnew(?:ly)?\b|\bfound\b|abnormal|incidental|discovered|picked up|today'?s labs|\bstart|\bbegin|initiat", re.IGNORECASE)


def examinations(chart: Chart, picture: Picture, draft: Draft) -> None:
    """A general examination with an abnormal finding leads; screening codes only for a test without sign or diagnosis."""
    conditions = [c for c in draft.candidates.values() if c.kind is Kind.CONDITION]
    exam = [s for s in chart.of("general_exam") if s.standing in (Standing.ASSESSED, Standing.NARRATED, Standing.WEAK) and (in_assessment(chart, s) or is_reason(s.condition) or s.condition.start < 400)]
    draft.drop("Z00.01")
    if exam and conditions:
        lead = min(exam, key=lambda s: not in_assessment(chart, s))
        texts = " ".join(chart.item_text(s) for n in picture.nodes.values() for s in n.statements[:3]) + chart.item_text(lead)
        draft.add(
            Candidate(
                "Z00.01", Kind.STATUS, "current", Necessity.REQUIRED if _NEW.search(texts) else Necessity.OPTIONAL, Band.CODE,
                (chart.evidence(lead, Role.CONTEXT),), ("R54",), (-1, 0), 0, concept="general_exam",
            )
        )  # fmt: skip
    ours = bool(conditions)
    for code, rule in (("Z13.0", "P150"), ("Z13.21", "P149")):
        if code not in draft:
            continue
        signs = [c for c in draft.candidates.values() if c.kind is Kind.FINDING and c.necessity is Necessity.REQUIRED]
        if ours or signs:
            draft.drop(code)
        else:
            evidence = tuple(replace(e, role=Role.CONTEXT) for e in draft.candidates[code].evidence)
            draft.change(code, evidence=evidence, rules=(rule, "R48"))


# ---------------------------------------------------------------- history and family (R10-R13, R16, S05, P140-P148)
_BLOOD = re.compile(r"^D[5-8]")


def history(chart: Chart, picture: Picture, draft: Draft) -> None:
    """Personal history of what is gone and untreated; family history of what relatives have."""
    for concept, statements in sorted(chart.by_concept.items()):
        coding = chart.coding(concept)
        if coding is None or coding.past is None:
            continue
        _family(chart, picture, draft, coding.family, [s for s in statements if s.standing is Standing.FAMILY])
        if concept in picture.nodes or concept in picture.absorbed or coding.lifelong:
            continue
        if _current_relative(chart, picture, concept):
            continue
        past = [s for s in statements if s.standing in (Standing.HISTORY, Standing.RESOLVED)]
        gone = [s for s in past if s.standing is Standing.RESOLVED and in_assessment(chart, s)]
        if not past or (chart.of(concept, Standing.HISTORY_TREATED) and not gone) or is_contradicted(chart, concept):
            continue
        if coding.nutrient and chart.treated_today(coding.nutrient) and not any(s.standing is Standing.RESOLVED for s in past):
            continue  # R10: under treatment it is not a history
        assessed = [s for s in past if in_assessment(chart, s)]
        reason = [s for s in past if is_reason(s.condition)]
        lead = (assessed or reason or past)[0]
        shown = ([*assessed, *reason] or past)[:2]
        draft.add(
            Candidate(
                coding.past, Kind.HISTORY, "historical" if lead.standing is Standing.HISTORY else "resolved",
                Necessity.REQUIRED if assessed or reason else Necessity.OPTIONAL, Band.CODE,
                tuple(chart.evidence(s, Role.HISTORY) for s in shown), ("P141" if coding.past == "Z86.2" else "P140", "R13", "S05"),
                lead.place, CHAIN[Kind.HISTORY], concept=f"past:{concept}",
            )
        )  # fmt: skip
    if "Z09" in draft:
        stays = any(c in draft for c in ("Z86.2", "Z86.39")) and not any(c.kind is Kind.CONDITION for c in draft.candidates.values())
        if not stays:
            draft.drop("Z09")
        else:
            evidence = tuple(replace(e, role=Role.CONTEXT) for e in draft.candidates["Z09"].evidence)
            draft.change("Z09", evidence=evidence, place=(-1, 0), chain=0, rules=("P163",))
            for code in ("Z86.2", "Z86.39"):
                draft.change(code, after=("Z09",), necessity=Necessity.REQUIRED) if code in draft and draft.candidates[code].necessity is Necessity.REQUIRED else None


def _current_relative(chart: Chart, picture: Picture, concept: str) -> bool:
    """Whether a fuller or plainer form of the same condition is current (a resolved "anemia" beside current IDA)."""
    coding = chart.coding(concept)
    for name in picture.nodes:
        other = chart.coding(name)
        if other is None:
            continue
        if concept in other.covers or (coding is not None and name in coding.covers and other.nutrient is not None):
            return True
    return False


_FAMILY_WORDS = re.compile(r"\bfamily\b|\bfamilial\b|\bf\.?h\.?x?\b", re.IGNORECASE)


def _family(chart: Chart, picture: Picture, draft: Draft, code: str | None, statements: list[Statement]) -> None:
    if code is None or not statements:
        return
    assessed = [s for s in statements if in_assessment(chart, s) and _FAMILY_WORDS.search(chart.item_text(s)) and heads_its_item(chart, s)]
    lead = (assessed or statements)[0]
    draft.add(
        Candidate(
            code, Kind.HISTORY, "historical", Necessity.REQUIRED if assessed else Necessity.OPTIONAL, Band.CODE,
            tuple(chart.evidence(s, Role.HISTORY) for s in (assessed or statements)[:2]), ("P147" if code == "Z83.2" else "P148", "R16", "S05"),
            lead.place, CHAIN[Kind.HISTORY] + 1, concept="family",
        )
    )  # fmt: skip
