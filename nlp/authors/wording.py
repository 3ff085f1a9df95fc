"""How notes say who wrote, signed, saw or sent them: the wordings by which people are found."""

from __future__ import annotations

import re

from nlp.expression import Expression
from nlp.facts import AuthorRole
from nlp.heads import Head, Named, heads_of
from nlp.literals import required
from nlp.pattern_nodes import width
from nlp.patterns import spaced, spaced_out
from nlp.sieve import Sieve, heads

# A name: capitalised words and initials, or what masking left of one.
WORD = r"(?:[A-Z][\w'.-]{0,24}|X{2,8}|_{2,40}|\[\*\*[^\]\n]{1,40}\*\*\]|\*{3,8})"
WORD_OPENS = r"(?=[A-Z_*\[])"  # asked first: what else is asked of a word takes long
GAP_ENDS = tuple(", (")
GAP = rf"[ ]?[{''.join(GAP_ENDS)}]{{1,3}}"  # between a name and a credential
_NAME = rf"(?:Dr\.? )?{WORD}(?:,? {WORD}){{0,3}}"
NAMED = re.compile(rf"{WORD}{GAP}\Z")
NAMED_REACH = width(NAMED)
SIGNS = (
    r"(?:electronically |digitally |e-)?(?:co-?)?signed(?: electronically)?(?: by)?|"
    r"e-?signature|authenticated by|/s/|/es/|attested by|electronically authenticated by|"
    r"finalized by|"
    r"(?:reviewed|read) and signed by|signature|verified by|approved by"
)
WRITES = (
    r"dictated by|dictated|dictating provider|author|written by|note by|note written by|"
    r"entered by|documented by|transcribed for|recorded by|prepared by|completed by|charted by"
)
SEES = (
    r"(?:seen|evaluated|examined)(?: (?:&|and) (?:examined|"
    r"evaluated))?(?: today)?(?: in clinic)? by|rendering provider|treating provider|"
    r"(?:visit |encounter |billing |attending )?provider(?: name)?|performed by|"
    r"performing provider|"
    r"attending(?: physician| provider| md)?|attg|physician|clinician|practitioner|surgeon|"
    r"hospitalist|consultant|examiner|resident|intern|medical student|scribe|scribed by|nurse|"
    r"(?:rn|lpn|ma)(?!\w)|given by|administered by|injected by|"
    r"injection given by|vaccinator|dietitian|pharmacist"
)
QUOTED = Expression(
    spaced_out(
        r"(?:\bcc|copy to|copies to|sent to|pcp|primary(?: care)?(?: provider| physician)?|"
        r"referring|referred by|referral from|ordering|ordered by|orders?(?:ed)?(?: from| of)?|"
        r"standing order|script|rx|per|"
        r"d/w|discussed with|consult(?:ing|ed)?(?: with)?|supervising|"
        r"under|on behalf of|refer(?:red)? to|followed by|family|requesting|requested by|f/u with|"
        r"follow up with|surgeon|reviewed with|results to|spoke with|seen previously by|"
        r"last seen by|previously seen by|copied from|dear|re|attn|prescribing|collaborating|"
        r"billed under|not)"
        r"[ \t]{0,2}(?:md|provider|physician|doctor|dr\.?)?[ \t]{0,2}[:,(]?[ \t]{0,3}$"
    ),
    re.IGNORECASE,
)
# "She was seen by Dr. Hale" tells a story; "Walk-in, seen by L. Orme, FNP" tells who writes.
BY = re.compile(r"(?:seen|evaluated|examined|performed|dictated|completed|prepared)\b.*\bby", re.IGNORECASE)
OPENING = re.compile(
    r"(?:^|[\r\n.;:,()!|*-]|\b(?:pt|patient|note|visit|report|summary|consult|draft))[ \t]{0,4}$",
    re.IGNORECASE,
)
TOLD = spaced(r"\b(?:was|were|been|be|being|previously|last|to be|will be)[ \t]{1,2}$", re.IGNORECASE)
ROLES = (
    (re.compile(r"student", re.I), AuthorRole.STUDENT),
    (re.compile(r"scrib", re.I), AuthorRole.SCRIBE),
    (re.compile(r"resident|intern(?!a)", re.I), AuthorRole.RESIDENT),
    (
        re.compile(
            r"provider|attending|attg|physician|clinician|practitioner|surgeon|hospitalist|consultant", re.I
        ),
        AuthorRole.PROVIDER,
    ),
    (re.compile(r"nurse|rn|lpn", re.I), AuthorRole.NURSE),
    (re.compile(r"dietitian|pharmacist|^ma$", re.I), AuthorRole.OTHER_CLINICIAN),
)
DOCTOR = spaced(r"Dr\.? ")
PATIENT = Sieve(
    spaced(
        r"(?:(?<![^\r\n])[ \t]{0,4}(?:(?:patient|pt)[- ]portal|portal|mychart|patient gateway|secure)"
        r" (?:message|msg|encounter|advice request)"
        r"(?=[ \t]{0,3}(?:[^\w \t']|\d|from|by|received|thread|encounter|sent (?:by|from|on)|to dr|\Z))"
        r"|(?:message|msg)(?: sent| received)? (?:from|by):?(?: the)? (?:patient|pt)"
        r"|(?:questionnaire|form) (?:completed|filled out|submitted) by (?:the )?(?:patient|pt)"
        r"|(?<![^\r\n])[ \t]{0,4}(?:patient|pt)(?:'s)? (?:questionnaire|self-?report form|intake form))(?!\w)"
        r"|(?:patient|pt) (?:wrote|writes):",
        re.IGNORECASE,
    )
)
FROM_PATIENT = Sieve(
    spaced(r"(?<![A-Za-z0-9])from(?:: ?|(?= \w{1,80} \d)(?: ))(?:the )?(?:patient|pt)(?!\w)", re.IGNORECASE)
)
LINE_OPENS = re.compile(r"(?<![^\r\n])[ \t]{0,4}\Z")  # before that
LINE_OPENS_REACH = width(LINE_OPENS)
# The words of an unsigned note, by the first of them.
_UNSIGNED_WORDS = {
    "unsigned": "",
    "not": r" (?:(?:yet )?(?:been )?(?:electronically )?signed|yet authenticated)",
    "draft": r"(?: note)?(?! (?:letter|of|a|beer))",
    "pended": r"(?: note)?",
    "awaiting": r" (?:\w+ )?signature",
    "signature": r" pending",
    "pending": r" (?:\w+ )?(?:signature|cosignature|co-signature|review and signature)",
    "dictated": r" (?:but )?not (?:read|signed|reviewed)",
    "preliminary": r" note",
    "note": r" status: (?:pended|draft|incomplete|unsigned)",
}
UNSIGNED = Named(
    spaced(rf"(?<!\w)(?:{'|'.join(map(''.join, _UNSIGNED_WORDS.items()))})(?!\w)", re.IGNORECASE),
    (
        Head(letters, other)
        for word, behind in _UNSIGNED_WORDS.items()
        for letters in heads(word, whole=True)
        for other in next(iter(required(spaced(behind, re.IGNORECASE), whole=True)), (None,))
    ),
)
TAIL_SHARE = 400  # code points before the note's end within which a bare signature may stand
STUDENT = Sieve(
    spaced(
        r"^[ \t]{0,8}((?:(?:first|second|third|fourth)[ -]year |[1-4](?:st|nd|rd|th)[ -]year |ms-?[1-4] |"
        r"medical |nursing |pa |np )?student(?:'s)?(?: progress| clinic)? note)\b",
        re.I | re.M,
    )
)
# A note whose title says that a nurse or assistant wrote it: a provider named in it ordered or is quoted.
_NURSES = (
    "nurse|nursing|nutrition|dietitian|dietician|rn|lpn|lvn|ma|medical assistant|infusion nurse|clinic nurse"
)
_NURSE_TITLE = (
    rf"((?:{_NURSES})[ -]{{1,3}}(?:only[ -]{{1,3}})?"
    r"(?:visit|note|encounter|injection|inj|clinic|progress note|communication|(?:initial )?assessment"
    r"|follow-?up))\b"
)
NURSE_ANYWHERE = Named(
    spaced(rf"(?<!\w){_NURSE_TITLE}", re.IGNORECASE),
    heads_of(_NURSES.split("|"), 3),
)
NURSE_NOTE = spaced(rf"\A[^\n]{{0,60}}?\b{_NURSE_TITLE}", re.IGNORECASE)
# The same behind a line or four that name the patient: a line of its own, and no story of a nurse visit.
NURSE_LINE = spaced(
    rf"\A(?:[^\n]{{0,160}}\n){{1,4}}[ \t]{{0,8}}{_NURSE_TITLE}"
    r"(?=[ \t]{0,3}(?:[\r\n|:\u2013\u2014-]|\d{1,2}[/-]\d)|[ \t]{2}|[ \t]{0,3}\Z)",
    re.IGNORECASE,
)
TO_BE_FILLED = spaced(
    r"[ \t:-]{0,8}(?:_{3,}|\[ ?\]|\(?(?:not (?:yet )?(?:completed|done|signed)|pending|blank|none)\b)", re.I
)
CLOSES_NOTE = re.compile(r"[ \t.]{0,3}(?:[\r\n]|$|,? ?\d|[/&|;+][ \t]{0,2}[A-Z]|and [A-Z])")
INITIAL = re.compile(r"(?<![\w.])[A-Z]\.(?=[ A-Z,]|$)")
SAME_ATTESTATION = 60  # "Attending attestation: I saw and examined …" is one
OPENS = re.compile(r"(?:^|[\r\n.;:,?!)-])[ \t]{0,3}$")  # before "A. Bui, MA", not before "in Fall River, MA"
# "TELEPHONE TRIAGE   9/17/26  14:22   K. Dray RN": a first line with kind, day and hour, then who writes;
# lines that name the patient may stand before it.
TITLE_LINE = re.compile(
    r"(?:\s*(?i:name|patient|pt|unit no|mrn|dob)\b[^\n]{0,160}\n){0,4}"
    r"\s*(?!(?i:[^\n]*\b(?:refer|order|cc\b|pcp\b|attn|fax|copy|copied)))"
    r"[^\n]{0,60}?(?:\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?|\d{1,2}:?\d\d)[ \t|,-]{1,12}"
    r"(?:\d{1,3}[ ]min(?:utes|s)?\.?[ \t|,-]{1,12})?"
)
TITLE_MOST = 900  # code points from the start within which a first line of that kind ends
HOME = re.compile(r"\s*\d{5}(?:-\d{4})?(?!\d)")
