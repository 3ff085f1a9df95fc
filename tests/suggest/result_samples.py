"""Hand-made results for the tests of serialising and rendering."""

from __future__ import annotations

from nlp import facts as f
from suggest import result as r

NOTE = (
    "HPI: 61 yo with numb feet. Mother had pernicious anemia.\n"
    "LABS: B12 142 pg/mL (200-900) 05/28/2026\n"
    "A/P:\n1. Pernicious anemia <on IM B12> with polyneuropathy due to it. E53.8 stands in the list.\n"
    "2. h/o iron deficiency, resolved.\n"
)


def evidence(words: str, role: r.Role = r.Role.DIAGNOSIS, section: str = "assessment_plan", note: str = NOTE,
             note_id: str | None = "n1") -> r.Evidence:  # fmt: skip
    start = note.index(words)
    return r.Evidence.cut(note_id, note, start, start + len(words), section, role)


def _at(words: str) -> tuple[int, int, str]:
    start = NOTE.index(words)
    return start, start + len(words), words


REASON = r.Reason("rule:R21", "The words name the condition.", "OCG FY2026 I.A.19")

FACTS = r.Facts(
    sections=(f.Section("n1", f.SectionCategory.HPI, "HPI:", 0, 57, 4),),
    conditions=(
        f.Condition(
            "c1", "n1", "pernicious_anemia", f.ConditionCategory.CONDITION, *_at("Pernicious anemia"),
            f.SectionCategory.ASSESSMENT_PLAN, author="a1",
            modifiers=(f.Modifier("historical", *_at("h/o"), f.ModifierSource.WORDING),),
        ),
    ),
    labs=(
        f.LabValue(
            "l1", "n1", "b12", 142.0, None, None, "pg/mL", 200.0, 900.0, f.Flag.LOW, True, "2026-05-28",
            *_at("B12 142 pg/mL"), f.SectionCategory.LABS,
        ),
    ),
    medications=(
        f.Medication(
            "m1", "n1", "cyanocobalamin", "IM", f.Amount(1000.0, "mcg"), None, None, "monthly",
            f.MedicationStatus.GIVEN, *_at("IM B12"), f.SectionCategory.ASSESSMENT_PLAN,
        ),
    ),
    links=(f.Link("c1", "c2", False, False, "n1", *_at("due to")),),
    stated_codes=(f.StatedCode("n1", "E53.8", None, *_at("E53.8")),),
    authors=(f.Author("a1", "n1", "MD", f.AuthorRole.PROVIDER, True, *_at("61 yo")),),
    dates=(f.NoteDate("n1", "visit", "2026-05-28", *_at("05/28/2026")),),
)  # fmt: skip


def suggestion(code: str, title: str, band: r.Band = r.Band.CODE, **more: object) -> r.Suggestion:
    values: dict[str, object] = {
        "rank": 1,
        "kind": r.Kind.CONDITION,
        "temporality": "current",
        "necessity": r.Necessity.REQUIRED,
        "score": 0.9,
        "evidence": (),
        "reasons": (REASON,),
    }
    return r.Suggestion(code=code, title=title, band=band, **{**values, **more})  # type: ignore[arg-type]


FULL = r.Result(
    encounter_id="e7",
    note_id="n1",
    note_ids=("n1",),
    setting=r.Setting.PROFESSIONAL,
    encounter_date="2026-06-02",
    release="ICD-10-CM April 2026",
    policy=r.PolicyStamp("default", "0" * 64),
    version="0.1.0",
    scope=r.SCOPE,
    facts=FACTS,
    suggestions=(
        suggestion(
            "D51.0",
            "Vitamin B12 deficiency anemia due to intrinsic factor deficiency",
            evidence=(evidence("Pernicious anemia"), evidence("anemia <on IM B12>", r.Role.TREATMENT)),
            score=0.97,
        ),
        suggestion(
            "G63",
            "Polyneuropathy in diseases classified elsewhere",
            r.Band.CARE,
            rank=2,
            kind=r.Kind.MANIFESTATION,
            evidence=(evidence("polyneuropathy"), evidence("polyneuropathy due to it", r.Role.LINKAGE)),
            sequence_after="D51.0",
            needs=("diabetes, E11.-: documented here, not assessed by Corrin",),
            alternatives=(r.Alternative(("G62.9",), "read as unlinked", "neuropathy_link"),),
            conflicts=(r.Conflict("G62.9", "barred", "rule:R40", (evidence("numb feet"),)),),
        ),
        suggestion(
            "Z86.39",
            "Personal history of other endocrine, nutritional and metabolic disease",
            rank=3,
            kind=r.Kind.HISTORY,
            temporality="resolved",
            necessity=r.Necessity.OPTIONAL,
            evidence=(evidence("h/o iron deficiency, resolved", r.Role.HISTORY),),
            sequence_after=r.SequenceAfter(None, "the neoplasm (C00-D49)", (evidence("numb feet"),)),
        ),
    ),
    queries=(
        r.Query(
            "query:Q17", "iron deficiency: status", ("E61.1", "Z86.39"), "What is the status?",
            ("Current, under treatment", "Resolved"), "code",
            (evidence("h/o iron deficiency, resolved", r.Role.HISTORY),), (REASON,),
            "A draft for the provider.",
        ),
    ),
    withheld=(
        r.Withheld("E53.8", "Deficiency of other specified B group vitamins",
                   (evidence("B12 142 pg/mL", r.Role.LAB, "labs"),), (REASON,)),
    ),
    checklist=(
        r.ChecklistItem("signed", False, "No signature is shown.", "Sign the note.", ()),
        r.ChecklistItem("assessment_present", True, "The assessment names it."),
    ),
    warnings=(r.Warning("release_window", "No release covers 2026-10-02; April 2026 speaks."),),
)  # fmt: skip

EMPTY = r.Result(
    encounter_id=None, note_id="n2", note_ids=("n2",), setting=r.Setting.INPATIENT, encounter_date=None,
    release="ICD-10-CM April 2026", policy=r.PolicyStamp("default", "0" * 64), version="0.1.0", scope=r.SCOPE,
    facts=r.Facts(),
)  # fmt: skip
