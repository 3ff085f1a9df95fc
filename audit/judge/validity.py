"""Whether a code can be judged at all, and whether it is a code of its date (R41)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.judge.billed import is_in_scope, is_of_our_categories
from audit.judge.ruling import Ruling

if TYPE_CHECKING:
    from audit.judge.billed import BilledCode
    from audit.judge.case import Case


def not_assessed(case: Case, billed: BilledCode) -> Ruling | None:
    """Outside the scope, no release for the date, or the record could not be read."""
    code = billed.code
    if code is None:
        return Ruling("not-assessed.no_code")
    ours = is_in_scope(code)
    valid = case.release.is_billable(code)
    if not ours and (valid or not is_of_our_categories(code)):
        return Ruling("not-assessed.outside")
    if not case.covered:
        return Ruling("not-assessed.no_release", fills=(("release", case.release.name),))
    if not valid:
        return None  # wrong whatever the record says
    if case.result is None:
        return Ruling("not-assessed.unread")
    if case.unread and case.suggestion(code) is None:
        # the note that could not be read may be the one that states it
        return Ruling("not-assessed.part_unread", fills=(("notes", ", ".join(case.unread[:3])),))
    return None


def invalid_code(case: Case, billed: BilledCode) -> Ruling | None:
    """The release of the date does not hold the code, or holds it as a header (R41)."""
    code = billed.code
    if code is None or case.release.is_billable(code):
        return None
    better = None
    if case.result is not None:
        better = next(
            (s.code for s in case.result.suggestions if s.code.startswith(code) or s.code[:3] == code[:3]),
            None,
        )
    ground = "invalid-code.header" if case.release.exists(code) else "invalid-code.unknown"
    return Ruling(ground, better, fills=(("release", case.release.name),))
