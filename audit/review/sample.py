"""Samples of encounters: simple or stratified with a floor, numbered, with spares, from a seed or a list.

The frame is every encounter with at least one code that was assessed, in the order of the findings; its
numbers begin at 1, so that a list of an outside generator (RAT-STATS and its like) can be used as it is.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nlp.errors import InputError, shown

UNSAID = "(not said)"


@dataclass(frozen=True, slots=True)
class Drawn:
    """An encounter of a sample: `order` counts from 1, `number` is its place in the frame.

    A spare takes the place of one that cannot be reviewed, in their order.
    """

    order: int
    number: int
    unit: str
    stratum: str | None = field(default=None, repr=False)
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How a sample is drawn: its size, seed, spares, and for a stratified one the column and the floor.

    `numbers` are those of an outside list, in its order; then nothing is drawn here.
    """

    size: int
    seed: int = 0
    spares: int = 0
    by: str | None = None
    floor: int = 1
    numbers: tuple[int, ...] = ()


def draw(frame: Sequence[str], plan: Plan, strata: Mapping[str, str] | None = None) -> list[Drawn]:
    """Draw a sample from a frame of units.

    Args:
        frame: the units in the order of their numbers.
        plan: how to draw.
        strata: unit → stratum, for a plan with `by`.

    Raises:
        InputError: the plan asks for more than the frame holds, or a list names what it does not.
    """
    if plan.numbers:
        return _from_list(frame, plan)
    if not 0 < plan.size <= len(frame):
        raise InputError(f"a sample of {plan.size} cannot be drawn from {len(frame)} encounters")
    spares = min(plan.spares, len(frame) - plan.size)
    if plan.by is None or strata is None:
        chosen = random.Random(plan.seed).sample(range(len(frame)), plan.size + spares)  # noqa: S311 no secret
        return [
            Drawn(order, place + 1, frame[place], None, order > plan.size)
            for order, place in enumerate(chosen, start=1)
        ]
    return _stratified(frame, plan, strata)


def allocate(sizes: Mapping[str, int], total: int, floor: int) -> dict[str, int]:
    """Share a sample among strata: the floor for each, the rest by size, the largest remainders first.

    A stratum that holds less than its share gives all it has. Ties go by name.

    Raises:
        InputError: the floors alone need more than the sample holds.
    """
    shares = {name: min(floor, size) for name, size in sizes.items()}
    left = total - sum(shares.values())
    if left < 0:
        raise InputError(
            f"a floor of {floor} in {len(sizes)} strata needs {total - left} and the sample has {total}"
        )
    while left > 0:
        room = {name: size - shares[name] for name, size in sizes.items() if size > shares[name]}
        if not room:
            break
        whole = sum(room.values())
        exact = {name: left * count / whole for name, count in room.items()}
        given = {name: min(int(share), room[name]) for name, share in exact.items()}
        rest = left - sum(given.values())
        for name in sorted(room, key=lambda n: (given[n] - exact[n], n)):
            if rest == 0:
                break
            if given[name] < room[name]:
                given[name] += 1
                rest -= 1
        for name, count in given.items():
            shares[name] += count
        left = total - sum(shares.values())
    return shares


def read_numbers(lines: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of an outside random list: one a line or parted by commas or blanks, in its order.

    Raises:
        InputError: a line holds what is no number, or a number stands twice.
    """
    numbers: list[int] = []
    for place, line in enumerate(lines, start=1):
        for word in line.replace(",", " ").replace(";", " ").split():
            if not word.isdecimal() or len(word) > 12:
                raise InputError(f"the list of numbers, line {place}: {shown(word)} is no number")
            numbers.append(int(word))
    doubled = {number for number in numbers if numbers.count(number) > 1} if len(numbers) < 20000 else set()
    if doubled or len(set(numbers)) < len(numbers):
        raise InputError("the list of numbers names one twice; a sample without replacement does not")
    if not numbers:
        raise InputError("the list of numbers is empty")
    return tuple(numbers)


def _from_list(frame: Sequence[str], plan: Plan) -> list[Drawn]:
    wrong = next((n for n in plan.numbers if not 1 <= n <= len(frame)), None)
    if wrong is not None:
        raise InputError(f"the list of numbers names {wrong}, and the frame holds 1 to {len(frame)}")
    size = plan.size or len(plan.numbers)
    return [
        Drawn(order, number, frame[number - 1], None, order > size)
        for order, number in enumerate(plan.numbers, start=1)
    ]


def _stratified(frame: Sequence[str], plan: Plan, strata: Mapping[str, str]) -> list[Drawn]:
    places: dict[str, list[int]] = {}
    for place, unit in enumerate(frame):
        places.setdefault(strata.get(unit) or UNSAID, []).append(place)
    shares = allocate({name: len(found) for name, found in places.items()}, plan.size, plan.floor)
    generator = random.Random(plan.seed)  # noqa: S311 no secret
    first: list[tuple[int, str]] = []
    rest: list[tuple[int, str]] = []
    for name in sorted(places):
        mixed = generator.sample(places[name], len(places[name]))
        first += [(place, name) for place in mixed[: shares[name]]]
        rest += [(place, name) for place in mixed[shares[name] :]]
    generator.shuffle(first)
    generator.shuffle(rest)
    ordered = [*first, *rest[: plan.spares]]
    return [
        Drawn(order, place + 1, frame[place], name, order > len(first))
        for order, (place, name) in enumerate(ordered, start=1)
    ]
