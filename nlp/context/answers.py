"""What context reads across a unit's border: a short answer, or a denial of what was just said."""

from __future__ import annotations

import re

from nlp.patterns import spaced

# "Pernicious anemia? No - that is her sister": to the layout the answer is a sentence of its own.
_ANSWER = re.compile(
    r"\s{0,3}(?:no|yes|nope|never|denied|denies|negative)\b(?=[ \t]*(?:[.,;:!\r-]|$))",
    re.IGNORECASE | re.MULTILINE,
)
# "… 'acute blood loss anemia'. This was not borne out."
_TAKEN_BACK = spaced(
    r"\s{0,3}(?:this|that|it)(?: \w+){0,3} (?:borne out|confirmed|substantiated|correct|ruled out|excluded"
    r"|retracted|disproved|entered in error)\b",
    re.IGNORECASE,
)
# "3. Vitamin B12 deficiency\n   Resolved, injections stopped": a problem's heading,
# and what became of it on the next line.
_BECAME = spaced(
    r"[ \t]*\r?\n[ \t]*(?:[-*\u2022][ \t]*)?(?:now |since |has )?(?:resolved|ruled out|excluded)\b"
    r"(?=[ \t]*(?:[.,;\r-]|$)| (?:in|by|per|after|with|on|since|last|at|following|spontaneously|and)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_BEHIND = {"?": _ANSWER, ".": _TAKEN_BACK, ")": _BECAME}


def with_answer(view: str, end: int) -> int:
    """Return where the unit ends that ends at `end`, counting in what answers it or takes it back.

    Args:
        view: the text, from `nlp.view.normalise`.
        end: where the unit ends, exclusive.
    """
    last = view[max(0, end - 3) : end].rstrip()[-1:]
    pattern = _BECAME if last.isalnum() else _BEHIND.get(last)
    found = pattern.match(view, end) if pattern else None
    return found.end() if found else end
