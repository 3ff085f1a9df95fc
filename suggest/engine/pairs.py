"""Codes that need a partner: manifestations, anemia in other disease, bleeding (R31, R35, P116-P119, P93)."""

from __future__ import annotations

import re

from suggest.engine.candidates import Candidate, Draft
from suggest.engine.chart import DOCUMENTED, Chart
from suggest.engine.combine import Picture
from suggest.engine.statement import Standing
from suggest.result import Band, Kind, Necessity

_BLEEDING = re.compile(r"bleed|h(?:a)?emorrhag", re.IGNORECASE)
_BEHIND = ("G63", "F02.80", "F06.70", "H46.2", "G32.89")
_MANIFESTATIONS = (*_BEHIND, "G32.0", "G62.9", "F03.90")


def manifestations(chart: Chart, draft: Draft) -> None:
    """Manifestation codes need their etiology before them (R35); unlinked, they stand alone or not at all."""
    if draft.candidates.keys().isdisjoint(_MANIFESTATIONS):
        return
    etiology = [
        c.code
        for c in draft.candidates.values()
        if c.kind is Kind.CONDITION and c.code.startswith(("E53", "D51", "D52", "E61", "D50", "D53", "B70"))
    ]
    b12 = [code for code in etiology if code.startswith(("E53.8", "D51", "D53.1"))]
    if "G32.0" in draft.candidates:
        if b12:
            draft.change("G32.0", after=tuple(b12))
        else:
            draft.drop("G32.0")
    for code in _BEHIND:
        if code in draft.candidates:
            draft.change(code, after=tuple(b12 or etiology))
    if "G62.9" in draft.candidates and chart.among(
        ("diabetes", "other_neuropathy"), *DOCUMENTED, Standing.WEAK
    ):
        draft.drop("G62.9")
    if "F03.90" in draft.candidates and chart.among(("other_dementia",), *DOCUMENTED, Standing.UNCERTAIN):
        draft.drop("F03.90")
    if "G62.9" in draft.candidates and not b12:
        draft.change("G62.9", necessity=Necessity.REQUIRED)
    if "F03.90" in draft.candidates and not b12:
        draft.change("F03.90", necessity=Necessity.REQUIRED)


def underlying(chart: Chart, picture: Picture, draft: Draft) -> None:
    """What anemia codes must follow that lies outside the scope; B70.0 before its anemia (A-14)."""
    if "D63.0" in draft.candidates:
        draft.change("D63.0", follows="the neoplasm (C00-D49)")
    if "D63.8" in draft.candidates:
        draft.change(
            "D63.8",
            **(
                {"after": ("B70.0",)}
                if "B70.0" in draft.candidates
                else {"follows": "the underlying chronic disease"}
            ),
        )
        if "fish_tapeworm_anemia" in picture.nodes and "B70.0" not in draft.candidates:
            node = picture.nodes["fish_tapeworm_anemia"]
            draft.add(
                Candidate(
                    "B70.0",
                    Kind.CAUSE,
                    "current",
                    Necessity.REQUIRED,
                    Band.CODE,
                    node.evidence[:1],
                    ("P49",),
                    node.place,
                    1,
                    concept="fish_tapeworm",
                )
            )
            draft.change("D63.8", after=("B70.0",), follows=None)
    if "D63.1" in draft.candidates:
        stages = tuple(c for c in draft.candidates if c.startswith("N18"))
        draft.change(
            "D63.1", **({"after": stages} if stages else {"follows": "the chronic kidney disease (N18.-)"})
        )
    if "D64.81" in draft.candidates and chart.among(("neoplasm",), *DOCUMENTED):
        draft.change(
            "D64.81",
            needs=("the neoplasm, C00-D49: documented here, not assessed by Corrin, follows D64.81",),
        )


def bleeding(chart: Chart, picture: Picture, draft: Draft) -> None:
    """A stated bleeding site makes K92.2 wrong (Excludes1); melena and a GI bleed are one bleeding."""
    if "K92.1" in draft.candidates and "R19.5" in draft.candidates:
        draft.drop("R19.5")
    if "K92.2" not in draft.candidates:
        return
    sites = chart.of("specific_gi_bleed", Standing.ASSESSED, Standing.TREATED)
    named = picture.is_linked(("specific_gi_bleed",), ("gi_bleed",))
    if named or any(_BLEEDING.search(s.condition.text) for s in sites):
        draft.drop("K92.2")
