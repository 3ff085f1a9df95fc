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
from nlp.suspects import NAME, SYMPTOM, TERM, Suspect, suspects
from nlp.view import normalise


class Triage:
    """What the raw text of a note tells of whether it is ours.

    Attributes:
        may_name_anchor: False only where no drug, result or code can be found.
        may_hold_anchor: False only where no term of the lexicon can be found either, but for symptoms.
    """

    __slots__ = ("_alive", "_view", "may_hold_anchor", "may_name_anchor")

    def __init__(self, text: str) -> None:
        """Take a note as given."""
        spend(len(text))
        self._view = normalise(text)
        folded = fold(self._view)
        self._alive = [(folded, _complete(folded))]
        if not folded.isascii() and "\u0130" in folded:  # what ignore-case takes for an i and `fold` leaves
            plain = folded.replace("\u0130", "i")
            self._alive.append((plain, _complete(plain)))
        self.may_name_anchor = any(True for _ in self._places(NAME))
        self.may_hold_anchor = (
            self.may_name_anchor or suspects().everywhere or any(True for _ in self._places(TERM))
        )

    def may_be_ours(self, counts: Callable[[int], bool] | None = None) -> bool:
        """Return False only where neither an anchor can be found nor a symptom that counts.

        Args:
            counts: whether a symptom at an offset can lead to an answer, where that is known already.
        """
        return self.may_hold_anchor or any(counts is None or counts(start) for start in self._places(SYMPTOM))

    def _places(self, rank: int) -> Iterator[int]:
        """Yield where letters of suspects of a rank stand that may be one."""
        view = self._view
        for folded, alive in self._alive:
            for letters, found in alive[rank].items():
                for start, end, _ in places(folded, letters):
                    for suspect in found:
                        if suspect.may_stand(view, folded, start, end):
                            yield start
                            break


def _complete(folded: str) -> tuple[dict[str, list[Suspect]], ...]:
    """Return, by rank, the suspects whose letters may all stand in a text, under those they are tried at."""
    by_letters = suspects().by_letters
    held = OF_EACH.held(folded)
    found: tuple[dict[str, list[Suspect]], ...] = ({}, {}, {})
    for letters in held:
        for suspect in by_letters.get(letters, ()):
            if not any(map(held.isdisjoint, suspect.asked)):
                found[suspect.rank].setdefault(letters, []).append(suspect)
    return found


def may_hold_anchor(text: str) -> bool:
    """Return False only where no anchor can be found; True says nothing."""
    return Triage(text).may_be_ours()
