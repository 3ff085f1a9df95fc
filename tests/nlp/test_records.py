"""Records that are made quickly are the records that `dataclasses` makes."""

from __future__ import annotations

import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace

import pytest

from nlp import facts
from nlp.records import quick

RECORDS = [kind for kind in vars(facts).values() if isinstance(kind, type) and is_dataclass(kind)]


@dataclass(frozen=True, slots=True)
class Plain:
    start: int
    text: str = field(repr=False)
    marker: str | None = None
    rows: tuple[int, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    start: int
    text: str = field(repr=False)
    marker: str | None = None
    rows: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((1, "a"), {}),
        ((1, "a", "2.", (3,)), {}),
        ((1,), {"text": "a", "rows": (1,)}),
        ((), {"start": 1, "text": "a"}),
    ],
)
def test_a_record_made_quickly_holds_what_a_plain_one_holds(given, named):
    plain, quickly = Plain(*given, **named), Quick(*given, **named)
    assert [getattr(quickly, f.name) for f in fields(quickly)] == [
        getattr(plain, f.name) for f in fields(plain)
    ]
    assert repr(quickly) == repr(plain).replace("Plain", "Quick")
    assert quickly == Quick(*given, **named)
    assert hash(quickly) == hash(plain)
    assert replace(quickly, start=9) == Quick(9, quickly.text, quickly.marker, quickly.rows)
    assert pickle.loads(pickle.dumps(quickly)) == quickly


@pytest.mark.parametrize(
    ("given", "named"), [((), {}), ((1,), {}), ((1, "a", None, (), 5), {}), ((1, "a"), {"x": 1})]
)
def test_what_a_plain_record_refuses_a_quick_one_refuses(given, named):
    with pytest.raises(TypeError):
        Plain(*given, **named)
    with pytest.raises(TypeError):
        Quick(*given, **named)


def test_a_record_made_quickly_does_not_change():
    with pytest.raises(FrozenInstanceError):
        Quick(1, "a").start = 2


def test_the_signature_is_that_of_the_plain_record():
    plain, quickly = inspect.signature(Plain), inspect.signature(Quick)
    assert str(quickly) == str(plain)


def test_the_records_of_a_note_are_made_quickly():
    assert len(RECORDS) > 8
    for kind in RECORDS:
        assert kind.__init__.__code__ is Quick.__init__.__code__


def test_a_list_that_a_record_begins_with_is_its_own() -> None:
    @quick
    @dataclass(frozen=True, slots=True)
    class Listing:
        rows: list[int] = field(default_factory=list)

    first = Listing()
    first.rows.append(1)
    assert Listing().rows == []


def test_a_record_that_cannot_be_made_quickly_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Checked:
        start: int

        def __post_init__(self) -> None:
            raise ValueError

    with pytest.raises(TypeError, match="Checked"):
        quick(Checked)
