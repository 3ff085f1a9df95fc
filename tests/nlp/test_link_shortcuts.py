"""Where the letters of a linking word are looked for first, no linking word is passed over in any text."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.links.load import link_rules
from nlp.links.process import _WORD, _may_stand
from nlp.literals import fold
from nlp.view import normalise

_WRITTEN = sorted({word for cue in link_rules().cues for word in re.findall(r"\w+|[^\w\s]", cue.example)})
_WORDS = (
    *("due to", "Due\r\nto", "not related to", "2/2", "d/t", "2\u00b0", "sec. to", "is that of her", "from"),
    *("associated with", "->", "\u2192", "is causing", "which has", "likely", "the cause of", "explains why"),
    *("chemo-induced", "related", "s/p", "w/", "of", "in", "because she", "reason for", "given her", "gave"),
    *(" ", "-", ",", "\0", "\u00e9", "\u017f", "\u212a", "\u0130", "x", "X9", "\n"),
)
_parts = st.sampled_from((*_WORDS, *_WRITTEN))
_texts = st.lists(_parts, max_size=9).map(" ".join) | st.lists(_parts, max_size=9).map("".join)


@given(_texts, st.integers(0, 12), st.integers(0, 12))
@settings(max_examples=400, deadline=None)
def test_no_linking_word_is_passed_over_for_its_letters(text: str, ahead: int, behind: int) -> None:
    view = normalise(text)
    start, end = min(ahead, len(view)), max(len(view) - behind, 0)  # a unit may cut words
    rules, folded = link_rules(), fold(view)
    stretch = folded[start:end]
    words = frozenset(_WORD.findall(stretch))
    likely = {cue.id: letters for cue, letters in rules.cues_among([*rules.groups, "drug:b12"], folded)}
    for cue in rules.cues:
        if cue.pattern.search(view, start, end):
            assert cue.id in likely
            assert _may_stand(likely[cue.id], words, stretch)
