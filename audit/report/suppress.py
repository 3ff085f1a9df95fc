"""Small cells: what fewer than eleven patients stand behind is left out, and what would give it away.

The bound is the one of CMS's cell size suppression policy: no cell of 1 to 10, and no cell or total from
which such a one can be worked out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LEAST = 11


@dataclass(slots=True)
class Cell:
    """A count, and the persons behind it as far as they matter: no more than eleven are told apart."""

    count: int = 0
    persons: set[int] = field(default_factory=set, repr=False)

    def add(self, person: int) -> None:
        """Count one more."""
        self.count += 1
        if len(self.persons) < LEAST:
            self.persons.add(person)

    @property
    def is_small(self) -> bool:
        """Say whether there is something behind it, and fewer than eleven persons."""
        return self.count > 0 and len(self.persons) < LEAST


Shown = Mapping[str, int | None]


def shown_alone(cells: Mapping[str, Cell]) -> dict[str, int | None]:
    """Return cells that make up no total: the small ones are None."""
    return {name: None if cell.is_small else cell.count for name, cell in cells.items()}


def shown_parts(cells: Mapping[str, Cell], total: int | None) -> dict[str, int | None]:
    """Return the parts of a total, None where they are small or would give a small one away.

    Where something is hidden, at least two parts are, with at least eleven persons behind them together:
    else the total less what is shown would tell. The smallest parts are hidden first. A total that is
    itself hidden (None) hides every part.
    """
    if total is None:
        return {name: None if cell.count else 0 for name, cell in cells.items()}
    hidden = {name for name, cell in cells.items() if cell.is_small}
    if not hidden:
        return {name: cell.count for name, cell in cells.items()}
    left = sorted(
        (n for n, c in cells.items() if c.count and n not in hidden), key=lambda n: (cells[n].count, n)
    )
    while left and (len(hidden) < 2 or sum(len(cells[name].persons) for name in hidden) < LEAST):
        hidden.add(left.pop(0))
    return {name: None if name in hidden else cell.count for name, cell in cells.items()}


def joined(cells: Mapping[str, Cell]) -> Cell:
    """Return the cell of all of them together."""
    whole = Cell()
    for cell in cells.values():
        whole.count += cell.count
        whole.persons |= cell.persons
    while len(whole.persons) > LEAST:
        whole.persons.pop()
    return whole
