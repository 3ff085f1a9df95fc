"""What each claim rule decides: small functions from a line of a visit to what is found on it.

A check yields `Hit`s, or raises `LacksError` where an input is missing. It knows no
other rule; how rules stand together is the engine's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from audit.claims.checks import containers, coverage, encounter, identity, pairing, pointers, quantity, record
from audit.claims.visit import At, Hit

Check = Callable[[At], Iterator[Hit]]

CHECKS: Mapping[str, Check] = {
    "C01": pairing.injection_without_drug,
    "C02": pairing.drug_without_injection,
    "C03": quantity.units_of_cyanocobalamin,
    "C04": quantity.units_of_hydroxocobalamin,
    "C05": identity.drug_and_code,
    "C06": quantity.out_of_the_ordinary,
    "C07": pointers.supporting_diagnosis,
    "C08": pointers.symptom_or_history,
    "C09": coverage.wellness,
    "C10": coverage.accepted_list,
    "C11": coverage.coverage_wording,
    "C12": coverage.home_health,
    "C13": coverage.foot_tendons,
    "C14": coverage.frequency,
    "C15": encounter.nurse_visit,
    "C16": encounter.visit_beside_injection,
    "C17": encounter.misplaced_25,
    "C18": encounter.misplaced_distinct,
    "C19": encounter.two_syringes,
    "C20": record.supervision,
    "C21": coverage.facility,
    "C22": coverage.self_administered,
    "C23": coverage.under_the_skin,
    "C24": containers.discarded_modifier,
    "C25": containers.label,
    "C26": containers.impossible_modifier,
    "C27": record.injection_record,
    "C28": identity.intravenous_code,
    "C29": pointers.billable_diagnosis,
    "C30": pointers.deficiency_or_anemia,
    "C31": pointers.manifestation_first,
    "C32": quantity.above_limit,
    "C33": encounter.barred_pair,
    "C34": quantity.units_of_another_drug,
}
