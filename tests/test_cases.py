"""Runs every case of tests/cases/**/*.yaml; the names of the cases are the names of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.case_format import Case, CaseError, case_files, check_names, read_cases
from tests.case_judge import answer_to, disagreements


def _collected() -> Iterator[Any]:
    cases: list[Case] = []
    for path in case_files():
        try:
            found = read_cases(path)
            check_names([*cases, *found])
            cases.extend(found)
        except CaseError as error:
            # A wrong file fails as one test and leaves the others to run.
            yield pytest.param(error, id=path.stem)
    yield from (pytest.param(case, id=case.name) for case in cases)


@pytest.mark.parametrize("case", list(_collected()))
def test_case(case: Case | CaseError) -> None:
    if isinstance(case, CaseError):
        pytest.fail(str(case), pytrace=False)
    wrong = disagreements(case, answer_to(case))
    if wrong:
        pytest.fail(f"{case.where}\n  " + "\n  ".join(wrong), pytrace=False)
