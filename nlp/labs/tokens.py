"""The words and signs around a number: units, ranges, marks, doses, durations; all bounded."""

from __future__ import annotations

import re

from nlp.expression import Expression
from nlp.facts import Flag

# "11 .2" is how scanners space a decimal.
NUMBER_TEXT = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[ ]?\.\d+)?|\.\d+)"
NUMBER = re.compile(rf"{NUMBER_TEXT}(?!\d|,\d{{3}}(?!\d)|\.\d)")

_COMPARATORS = {
    "<": ("<", "&lt;", "less than", "lower than", "under", "below"),
    ">": (">", "&gt;", "greater than", "more than", "higher than", "over", "above", "exceeding"),
    "<=": ("<=", "=<", "\u2264", "&lt;="),
    ">=": (">=", "=>", "\u2265", "&gt;=", "at least"),
}
_COMPARATOR_OF = {word: sign for sign, words in _COMPARATORS.items() for word in words}
COMPARATOR = re.compile(
    "(?i)(?:"
    + "|".join(re.escape(w) for w in sorted(_COMPARATOR_OF, key=len, reverse=True))
    + r")(?=[\s.\d])"
)


def comparator(text: str) -> str:
    """Return the sign for a comparator as written."""
    return _COMPARATOR_OF[text.lower()]


PLURAL = re.compile(r"'?s(?![A-Za-z])")  # behind "the 90": its decade
# A unit of a concentration or a count; doses (mg, mcg alone) are no units here.
UNIT = re.compile(
    r"""(?xi)
    (?: (?:mg|mcg|ug|\u00b5g|gms?|grams?|g|ng|pg|mmol|umol|mcmol|\u00b5mol|nmol|pmol|k?iu|m?iu|au|u|units?|eq)
        \s?(?:/|per)\s?(?:100\s?)?(?:dl|deciliters?|ml|l(?:iter)?)
      | x?\s?10\s?[e^*]?\s?\d{1,2}\s?/\s?(?:u|\u00b5|mc)?l
      | x?\s?10[e^*]\s?\d{1,2}
      | (?:k|m|thou(?:sand)?s?|mill?(?:ion)?s?|th)?\s?/\s?(?:(?:u|\u00b5|mc)l|cu\.?\s?mm|mm\^?3|cumm)
      | ml/min(?:/1\.73\s?(?:m\^?2|sq\.?\s?m|m2)?)?
      | femtoliters?|fl|gms?\s?%|g\s?%|l/l|cu\.?\s?(?:microns?|um)|um\^?3
      | %(?!ile|\s?sat)|percent
      | pg
    ) (?![a-z0-9%])
    """
)
COUNT_UNIT = re.compile(r"(?:K|k|M)(?![A-Za-z0-9])|(?:thousand|million)\b")  # 102K
GRAMS = re.compile(r"(?i)(?:g|gms?|grams?)\b(?!\s?/)")
ANTIBODY_UNIT = re.compile(r"(?i)(?:units?|U)\b")

_DOSE = (
    r"(?:(?:mcg|ug|\u00b5g|micrograms?|mgs?|milligrams?|cc|iu|units?(?!\s?:)|u)(?![a-z0-9/])|ml(?![a-z0-9])"
    r"|(?:mcg|ug|\u00b5g|mg|g|gm)\s?/\s?(?:\d|day|dose|week|tab)|m?l\b(?=\s*(?:im|sc|sq|vial|of)))"
)
_TIME = (
    r"(?:(?:weeks?|wks?|months?|mos?|mths?|days?|hours?|hrs?|years?|yrs?|minutes?|mins?|seconds?"
    r"|secs?)(?![a-z])"
    r"|y/?o(?![a-z])|y\.o\.|(?-i:[dwhmy])(?![A-Za-z0-9]))"
)
_COUNTED = (
    r"(?:tabs?|tablets?|caps?|capsules?|pills?|gumm(?:y|ies)|shots?|inj(?:ections?)?|doses?|vials?"
    r"|amp(?:ule)?s?|drops?"
    r"|refills?|times|mph|lbs?|pounds?|kg|cm|mm|inches|degrees|packs?|points?|bags?|percentile|%ile"
    r"|visits?|episodes?"
    r"|infusions?|transfusions?|courses?|cups?|servings?|(?:st|nd|rd|th)(?=\b)|g/day|g(?:ms?"
    r"|rams?)?\s(?:drop|daily))(?![a-z])"
)
_OFTEN = (
    r"(?:p\.?o\.?|daily|qd|qod|q\.?\s?o\.?d|q\s?\d|q\s?(?:day|wk|week|month|mo|am|pm|hs|d|w|m)|bid"
    r"|b\.i\.d|tid|t\.i\.d"
    r"|qid|weekly|biweekly|monthly|nightly|qhs|qam|prn|by\smouth|orally|sublingually|x\s?\d|twice|every"
    r"|a\sday"
    r"|per\s(?:day|week|month)|each\s(?:day|week|month)|once\s(?:a|daily|weekly|monthly|every))(?![a-z])"
)
_ROUTE = (
    r"(?:i\.?m\.?|s\.?c\.?|sq|subq|sub-?cut\w*|subcutaneous\w*|intramuscular\w*|s\.?l\.?|sublingual|i\.?v\.?"
    r"|intranasal|nasal|otc|once)(?![a-z])"
)
DURATION = re.compile(rf"(?i)[\s-]{{0,2}}{_TIME}")
REFUSE = re.compile(rf"(?i)[\s-]{{0,3}}(?:{_DOSE}|{_TIME}|{_COUNTED}|{_OFTEN})")
REFUSE_DRUG = re.compile(rf"(?i)[\s,-]{{0,3}}(?:{_ROUTE}|{_OFTEN})")

_DEGREE = (
    r"(?:(?:critically|very|markedly|mildly|slightly|borderline|significantly|severely|abnormally|quite"
    r"|extremely"
    r"|moderately|profoundly|a\sbit|a\slittle|somewhat|mild|still|too|also)\s+){0,2}"
)
RESULT = re.compile(
    rf"""(?xi){_DEGREE}(?:
      (?P<normal>low[\s-]normal|high[\s-]normal|normal(?!\s+saline)|nl|wnl
      |within\s+(?:the\s+)?normal\s+(?:limits?|range)
               |in\s+(?:the\s+)?normal\s+(?:limits?|range)|unremarkable)
    | (?P<undetectable>undetectabl[ey](?:\s+low)?|non-?detectable)
    | (?P<low>low|reduced|depressed|deficient)
    | (?P<high>high|elevated|raised)
    | (?P<negative>negative|neg|non-?reactive|-ve|\(-\))
    | (?P<positive>positive|pos|reactive|\+ve|\(\+\)|\+(?=[\s,.;)]))
    )(?![a-z-])"""
)
# What turns a result word into another noun: "low dose", "normal saline", "low iron diet".
NOT_A_RESULT = re.compile(
    r"(?i)[\s-]{1,2}(?:dose|diet|intake|foods?|rich|saline|range|limits?|reference|ref|value|values"
    r"|risk|for\b|potency|\d|[<>])"
)
FLAG_OF = {"low": Flag.LOW, "undetectable": Flag.LOW, "high": Flag.HIGH, "normal": Flag.NORMAL}

MARK = re.compile(
    r"""(?x)[ \t|,]{0,40}[(\[]?[ ]?
    (?P<mark>LL|HH|CL|CH|L|H|A|\*{1,3}|!{1,2}|\u2193{1,3}|\u2191{1,3}|\u25bc|\u25b2)\*?[ ]?[)\]]?
    (?![\w'/&]|-\w|[ ][a-z]|\.[ ]?[a-z])"""
)


# A small letter is a mark only where another result or the end of the line follows: "Hgb 104.6 h plt 168".
SMALL_MARK = re.compile(r"[ ](?P<mark>[hl])(?=[ ]{0,3}(?:[,;|\r\n]|\Z))")
SMALL_MARK_LAST = re.compile(r"[ ](?P<mark>[hl])(?=[ ]{1,3}[A-Za-z]{2,9}[ :]?[ ]?\d)")


def mark_flag(text: str) -> Flag | None:
    """Return the side that a printed mark means, None for a mark that only says abnormal."""
    text = text.upper()
    if text in ("L", "LL", "CL") or text[0] in "\u2193\u25bc":
        return Flag.LOW
    if text in ("H", "HH", "CH") or text[0] in "\u2191\u25b2":
        return Flag.HIGH
    return None


WORD_MARK = re.compile(
    rf"(?xi)[ \t]{{0,20}}[,;(\[-]{{0,2}}[ \t]{{0,2}}(?:which\s+)?(?:(?:is|was"
    rf"|remains)\s+)?{RESULT.pattern[5:]}(?:[ ]?[)\]])?"
)
REF_WORDS = re.compile(
    r"""(?xi)(?:(?:the|a|with|our|lab|laboratory|lab's|gives|quotes|reports|ref|reference|rr|nl|normal|nml|norm|range|ranges
    |interval|values?|limits?|is|of|being|for|nr|to|our|labcorp|quest|standard|lower|upper|adult|cutoff
    |cut-off)(?:[\s.:=,]{1,3}|(?=[<>\d]))){1,7}"""
)
REF_CUE = re.compile(
    r"(?i)\b(?:ref|reference|rr|nl|normal|nml|norm|standard|ranges?|interval|limits?|gives|quotes|nr)\b"
)
RANGE = re.compile(rf"(?P<low>{NUMBER_TEXT})\s{{0,2}}(?:-|to)\s{{0,2}}(?P<high>{NUMBER_TEXT})(?![\d/-]|\.\d)")
BOUND = re.compile(rf"(?P<sign><=|>=|=<|=>|\u2264|\u2265|<|>|&lt;|&gt;)\s?(?P<bound>{NUMBER_TEXT})(?![\d/])")

WORD = re.compile(r"[A-Za-z][A-Za-z']*\.?")
TIGHT = frozenset(
    """
    a about again almost an approx approximately are around as assay at back be been being between blood both
    came come comes coming concentration count counts currently equal equals estimation from had has
    have high hovered hovering hovers in initial interval is just last latest level levels low lvl lvls
    nadir nearly normalised normalized now of on only peak plasma ran range ranged ranges ranging
    reading ref reference remain remained remains repeat respectively result resulted results returned
    rng roughly running runs serum stable stayed stays still the this to today total trend trending
    value values very was were
    """.split()
)
CHANGE = frozenset(
    """
    climbed climbing decreased down dropped dropping fallen falling fell gone improved improving increased
    recovered risen rising rose trended trending up went worsened
    """.split()
)
COPULA = frozenset(
    """
    about approx approximately are around as at back be between equal equals from hovered hovering
    hovers is of ran ranged ranges ranging reads resulted returned running runs showed shows to was were
    """.split()
)
RUNS = frozenset("between hovered hovering hovers ran ranged ranges ranging running runs".split())
STOP = frozenset(
    """
    absorption aim aiming aims anemia concentrate continue continued could crash daily def deficiency
    deficient desire desired diet dose doses drop drops due expect expected falls foods gave given goal
    goals gummies gummy if im infusion infusions inj injection injections intake iv malabsorption mcg
    metabolism mg monthly must needs neuropathy once oral orally ordered panel pending pill pills po
    received recheck rechecked replacement sc sent shot shots should sl sq start started starting status
    stores studies sublingual supplement supplementation supplements tablet tablets tabs take takes
    taking target therapy threshold transfused transfusion treatment unless until vitamin weekly when
    will would
    """.split()
)
# Words on the left that make a number a wish or a condition, and those that make it a dose.
LEFT_HYPOTHETICAL = Expression(
    r"(?i)\b(?:if|once|until|unless|(?<!at )goal|target|aim|aiming|transfuse|whether|whenever|threshold"
    r"|notify|provided|as long as)\b(?!\s+ab\b)"
    # words of everyday use: "keep Hgb > 7", but not "could not keep up, B12 84"
    r"|(?<!not )(?<!n't )\b(?:keep|keeping|maintain|hold|call|ensure|to get|bring)\b[^.;\n]{0,60}$"
)
LEFT_WHEN = re.compile(r"(?i)\b(?:when|for|should)\s+(?:[a-z]+\s+){0,2}$")
JOINS_THRESHOLD = re.compile(r"(?i)[\s,]*(?:or|and|and/or)?\s*(?:the\s|her\s|his\s)?")
LEFT_DRUG = re.compile(
    r"(?i)\b(?:takes?|taking|took|start(?:s|ed|ing)?|begin|began|on|continu(?:e|es|ed|ing)|giv(?:e|en"
    r"|ing)|gave|received|inject(?:ed|ion)?"
    r"|increase|administer(?:ed)?|oral|po|im|sublingual|otc|rx|sig|supplement|add|with|refill"
    r"|prescribed|daily)\s*(?:[a-z']+\s+){0,2}$"
)
LEFT_ORDER = Expression(
    r"(?i)\b(?:check|recheck|repeat|order|obtain|send|draw|get|will|plan|await|awaiting|pending|needs?"
    r"|due|monitor|follow|consider|test for)\b"
)
LEFT_ELSEWHERE = Expression(
    r"(?i)\b(?:csf|urine|urinalysis|ua|u/a|lumbar puncture|lp|pleural|ascit\w+|peritoneal|synovial"
    r"|fluid|hpf|led)\b"
)
RELATIVE = re.compile(
    r"(?i)\b(?:mother|father|mom|dad|parents?|brothers?|sisters?|siblings?|sons?|daughters?|aunts?|uncles?|cousins?"
    r"|grand\w+|maternal|paternal|family|famil\w+|fhx?|[mp]g[mf]|nieces?|nephews?|twin|child\w*|half-\w+)\b"
)
LEFT_RELATIVE = Expression(
    r"(?i)\b(?:mother|father|mom|dad|brother|sister|son|daughter|aunt|uncle|husband|wife|baby|infant"
    r"|twin|cousin)(?:'s\s*|\s(?:has|had|with)\s)(?:[a-z]+\s+){0,2}$"
)
ONLY_IF = re.compile(
    r"(?i)\s{0,3}(?:->|,?\s{0,2}(?:then|we)\s)?\s{0,3}(?:(?:usually|generally|often|typically|strongly|always|by\sitself)\s)?"
    r"(?:suggests?|defines?|indicates?|means?|would|will|warrants?|should|consider|prompts?|triggers?|treat|transfuse"
    r"|start|give|call|are|needs?|requires?|desired|preferred|recommended|ideal|diagnos\w+"
    r"|is\s{1,2}(?:the\s{1,2})?(?:goal|target|diagnostic|considered|defined))\b"
)
# What makes even a plain number a bound: "100 is the threshold", "a B12 of 400 would be reassuring".
IS_BOUND = re.compile(
    r"(?i)\s{1,2}(?:(?:would|should|could)\sbe|is\s(?:the|our|a|my)\s(?:usual\s)?(?:thresholds?|cut-?offs?|goals?|targets?|limit))\b"
)
# Words on the left that make a number with a comparator a rule.
LEFT_RULE = re.compile(
    r"(?i)\b(?:defin\w+|criteri\w+|guidelines?|recommend\w*|cut-?offs?|thresholds?)\b[^.;]{0,50}$"
)
