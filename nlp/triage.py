"""Tell from the raw text whether a note can hold an anchor at all; most notes cannot.

What is looked for is made of the very lexicon, analytes and drugs that the reading uses: it follows from
their patterns and names, so that an edit of the data changes both at once. The words of a note are held
against the letters that each anchor asks for; only where all of them stand is the text itself looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nlp.literals import fold
from nlp.scan import OF_EACH, places
from nlp.steps import spend
from nlp.suspects import Rank, ranks
from nlp.view import normalise


class Triage:
    """What the raw text of a note tells of whether it is ours.

    Attributes:
        may_name_anchor: False only where no drug, result or code can be found.
        may_hold_anchor: False only where no term of the lexicon can be found either, but for symptoms.
    """

    __slots__ = ("_folded", "_view", "may_hold_anchor", "may_name_anchor")

    def __init__(self, text: str) -> None:
        """Take a note as given."""
        spend(len(text))
        names, terms, _ = ranks()  # first, since it says what letters of a text are asked for
        self._view = normalise(text)
        folded = fold(self._view)
        self._folded = [(folded, OF_EACH.held(folded))]
        if not folded.isascii() and "\u0130" in folded:  # what ignore-case takes for an i and `fold` leaves
            plain = folded.replace("\u0130", "i")
            self._folded.append((plain, OF_EACH.held(plain)))
        self.may_name_anchor = any(True for _ in self._places(names))
        self.may_hold_anchor = (
            self.may_name_anchor or terms.everywhere or any(True for _ in self._places(terms))
        )

    def may_be_ours(self, counts: Callable[[int], bool] | None = None) -> bool:
        """Return False only where neither an anchor can be found nor a symptom that counts.

        Args:
            counts: whether a symptom at an offset can lead to an answer, where that is known already.
        """
        if self.may_hold_anchor:
            return True
        _, _, symptoms = ranks()
        return symptoms.everywhere or any(counts is None or counts(start) for start in self._places(symptoms))

    def _places(self, rank: Rank) -> Iterator[int]:
        """Yield where letters of suspects of a rank stand that may be one."""
        view = self._view
        for folded, held in self._folded:
            for letters, found in rank.alive(held):
                for start, end, _ in places(folded, letters):
                    for suspect in found:
                        if suspect.may_stand(view, folded, start, end):
                            yield start
                            break


def may_hold_anchor(text: str) -> bool:
    """Return False only where no anchor can be found; True says nothing."""
    return Triage(text).may_be_ours()
