"""What may stand between a name and its number, and what the words there tell."""

from __future__ import annotations

import re

from nlp.labs import tokens as t

BLANK = re.compile(
    r"(?:[ \t|:=~_\"]|'(?!\d\d\b))+|\^LN(?=\|)|[,;](?=\"?\d)(?<=[\"\w][,;])|\.{3,}|-{1,3}(?=[\s\d<>.])"
)
PAREN = re.compile(r"[(\[]([^()\[\]\n]{1,100})[)\]]")
LINE_BREAK = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*(?:(?:\r\n?|\n)[ \t]*)?")
LED_BY = re.compile(r"(?i)(?:(?:on|in|from|of|as of|dated|drawn|collected|checked|done|this|last)\s+){0,3}")
NUMBER_FOLLOWS = re.compile(rf"\)?[\s:=|-]{{0,12}}[<>]?\s?{t.NUMBER_TEXT}")
YEAR_COLUMN = re.compile(rf"(\d{{4}})[:\s]{{1,9}}{t.NUMBER_TEXT}")
PAIR = re.compile(rf"({t.NUMBER_TEXT})\s?[%a-zA-Z]{{0,2}}\s?/\s?({t.NUMBER_TEXT})(?![\d/])")
LEVEL_OR_RANGE = re.compile(r"\s(?:level|range)\b")
SPECIMEN = re.compile(r"(?i),\s{0,2}(?:serum|plasma|total|blood|quant\w{0,9}|poc|random|s|ser)\b")
GOAL = re.compile(r"(?i)\b(?:goal|target|aim\w*)\b")
CODE = re.compile(r"(?=\w{0,7}\d)[A-Za-z][A-Za-z0-9]{3,7}\.?|\d\d[A-Z][A-Za-z0-9]\.?|\d{4,6}-\d")
FOOTNOTE = re.compile(r"0\d(?=[ \t]{2,40}[<>]?\d)")  # the laboratory's number: "Ferritin 01     8"
ALONE = re.compile(
    rf"""(?xi)(?:(?:value|result)s?:?\s{{0,9}})?[<>]?\s?{t.NUMBER_TEXT}\s{{0,4}}(?:[a-z%/\u00b5]{{1,8}}(?:/[a-z]{{1,3}})?)?
    \s?[(\[]?(?:LL?|HH?|\*|low|high|normal)?[)\]]?(?:\s{{1,9}}[\[(]?[\d.,]{{1,9}}\s?-\s?[\d.,]{{1,9}}.{{0,12}})?"""
)
# A time of day, or behind a date four digits before the value: "6/2 0710 14".
CLOCK = re.compile(
    r"(?i)\d{1,2}:[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b\.?)?(?![\d:])|[0-2]\d[0-5]\d\s?(?:hrs?|hours|h)\b"
    r"|0\d[0-5]\d(?![\d.,])"
)
CLOCK_COLUMN = re.compile(r"[0-2]\d[0-5]\d(?=[\s|:]{1,12}[<>]?\d)")
MOMENT = re.compile(
    r"""(?xi)(?:(?:on|off|after)\s(?:treatment|therapy|replacement|supplements?|supplementation|shots|injections)\b(?!\sfor\b)
    |(?:at|on|upon|since|prior\sto)\s(?:the\s)?(?:time\sof\s|hospital\s|initial\s)?
    (?:referral|admission|admit|presentation|diagnosis|baseline|discharge|booking|intake|arrival|screening|delivery
    |enrol?lment|onset|dx|nadir|(?:pre|post)-?(?:treatment|infusion)|follow-?up|recheck|repeat|outside\s(?:lab|hospital)|our\slab|(?:last|first|that|this)\svisit)\b)"""
)
COMMA_NUMBER = re.compile(rf",[ ]{{1,2}}(?:[<>]\s?)?{t.NUMBER_TEXT}")
ENDS_STATEMENT = re.compile(rf",[ ]{{1,2}}(?:[<>]\s?)?{t.NUMBER_TEXT}\s?(?:[.;)](?:\s|\Z)|\r?\n|\Z)")
ONLY_NUMBER = re.compile(rf"[<>]?\s?{t.NUMBER_TEXT}[)\]]")
DECADE_LEAD = (
    r"(?:in\s{1,2})?(?:(?:the|her|his)\s{1,2})?(?:very\s)?(?:(?:low|mid|middle|high|upper|lower)"
    r"(?:\sto\s(?:mid|high|upper))?[\s-]{1,2})?"
)
DECADE = re.compile(rf"(?i){DECADE_LEAD}(?P<number>\d{{1,3}}(?=s(?![a-z])|'s(?![a-z])))")
TOLD_AFTER = re.compile(r"(?i)[\s,:]{1,2}(?:was|is|at|to|showed|now)\b|:\s")
NUMBERED = re.compile(r"\d+[.)]\s")
VALUE_FOLLOWS = re.compile(r"[\s|]{1,12}[<>]?\d")
AGO = re.compile(r"\s{1,2}(?:ago|later|earlier)\b")
TO_NUMBER = re.compile(r"\s?(?:to|->)\s?\d")
OF_REFERENCE = frozenset({"ref", "reference", "rng"})
TELLING = frozenset({"been", "remained", "stayed"})
DATE_WORDS = frozenset("in from of on since last this during late early mid by dated drawn".split())
