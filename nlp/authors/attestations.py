"""Find the words by which somebody takes a note as his own: "I saw and examined the patient and agree …"."""

from __future__ import annotations

import re

from nlp.patterns import spaced
from nlp.sieve import Sieve

# A surname, with initials before it, or what masking left of one.
_SURNAME = r"(?:[a-z]\. ){0,2}(?:[a-z][a-z'-]{0,39}|_{2,40}|x{2,8}|\[\*\*[^\]\n]{1,40}\*\*\]|\*{3,8})"
# Words by which somebody takes a note as his own, each family by letters of its own.
_ATTESTS = (
    Sieve(
        spaced(
            r"(?:(?:attending|teaching physician|supervising physician|"
            r"faculty)(?: physician)?(?:'s)? (?:attestation|addendum|statement|note)|"
            r"attestation)(?=[ \t]{0,2}[:\n-])",
            re.IGNORECASE,
        )
    ),
    Sieve(
        spaced(
            r"i (?:have )?(?:personally )?reviewed[^.\n]{0,40}\b(?:accurate|correct|agree|edited)"
            r"|(?:the )?(?:provider|physician|attending|doctor|i) (?:has |have )?(?:personally )?"
            r"reviewed(?:,| and| &){1,4} ?"
            r"(?:edited|verified|confirmed|approved|agree|attest|corrected|signed)",
            re.IGNORECASE,
        )
    ),
    Sieve(
        spaced(
            rf"(?:i|dr\.? {_SURNAME})(?:,? (?:dr\.? {_SURNAME}|the (?:provider|physician|undersigned)),?)?"
            r" (?:hereby |do )?"
            r"(?:attest|confirm|certify|affirm|verify)s?"
            r"[^.\n]{0,60}\b(?:record|note|documentation|entries|scribed?|accurate|accuracy)\b",
            re.IGNORECASE,
        )
    ),
)
# "I saw the patient … and agree": the verb is looked for, and then who saw.
_SAW = Sieve(
    spaced(
        r"(?<![A-Za-z0-9])(?:saw|seen|interviewed|evaluated|"
        r"examined)(?:,? (?:and|&) (?:personally )?(?:examined|evaluated|interviewed))? (?:the |"
        r"this )?(?:patient|pt)"
        r"(?=[^.\n]{0,160}\b(?:agree|resident|student|concur|scribe|pa|np))",
        re.IGNORECASE,
    )
)
_I_HAVE = spaced(r"i (?:have )?(?:personally |also |independently )?\Z", re.IGNORECASE)
_I_HAVE_REACH = 32


def attestations(view: str) -> list[tuple[int, int]]:
    """Return the places of all attestations, in text order."""
    places = [match.span() for family in _ATTESTS for match in family.finditer(view)]
    for match in _SAW.finditer(view):
        spoken = _I_HAVE.search(view, max(0, match.start() - _I_HAVE_REACH), match.start())
        if spoken is not None:
            places.append((spoken.start(), match.end()))
    return sorted(places)
