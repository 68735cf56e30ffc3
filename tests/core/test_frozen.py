"""A frozen class behaves as the standard library's does, which is the oracle here."""

from __future__ import annotations

import copy
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from inspect import signature
from types import FunctionType
from typing import Any

import pytest

from pytest_mixpanel.core.frozen import frozen


@frozen
class Ours:
    """A pair with a remark."""

    one: int
    other: Any = None
    remark: str = field(default="", compare=False)
    hidden: str = field(default="", repr=False, hash=False)


@dataclass(frozen=True, slots=True)
class Theirs:
    """A pair with a remark."""

    one: int
    other: Any = None
    remark: str = field(default="", compare=False)
    hidden: str = field(default="", repr=False, hash=False)


@frozen
class Heir(Ours):
    """It checks, and overrules, what it is given."""

    more: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "more", self.more + 1)

    def __repr__(self) -> str:
        return "an heir"


@frozen(kw_only=True)
class Named:
    """Its fields are named."""

    first: int
    second: int = 2


ARGUMENTS: list[tuple[Any, ...]] = [
    (1,),
    (1, "a"),
    (1, "a", "said"),
    (1, "a", "", "h"),
    (2, (1, 2)),
    (2, None, "x"),
]


@pytest.mark.parametrize("left", ARGUMENTS)
@pytest.mark.parametrize("right", ARGUMENTS)
def test_equality_and_hash_are_those_of_the_compared_fields(
    left: tuple[Any, ...], right: tuple[Any, ...]
) -> None:
    assert (Ours(*left) == Ours(*right)) is (Theirs(*left) == Theirs(*right))
    assert (hash(Ours(*left)) == hash(Ours(*right))) is (hash(Theirs(*left)) == hash(Theirs(*right)))


@pytest.mark.parametrize("given", ARGUMENTS)
def test_it_is_shown_alike(given: tuple[Any, ...]) -> None:
    assert repr(Ours(*given)).replace("Ours", "Theirs") == repr(Theirs(*given))


def test_another_class_is_never_equal() -> None:
    assert Ours(1) != Heir(1)
    assert Ours(1) != (1, None)
    assert Heir(1) == Heir(1) != Heir(1, more=5)


def test_it_never_changes() -> None:
    ours = Ours(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'one'"):
        ours.one = 2  # type: ignore[misc]  # refused
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'one'"):
        del ours.one  # type: ignore[misc]  # refused
    with pytest.raises(AttributeError):
        ours.another = 2  # type: ignore[attr-defined]  # refused
    assert ours == Ours(1)
    assert not hasattr(ours, "__dict__")


def test_the_standard_library_takes_it_for_a_dataclass() -> None:
    assert is_dataclass(Ours)
    assert [one.name for one in fields(Heir)] == ["one", "other", "remark", "hidden", "more"]
    assert replace(Ours(1, "a"), one=3) == Ours(3, "a")
    assert Ours.__match_args__ == Theirs.__match_args__


def test_copies_and_pickles_are_equal() -> None:
    ours = Heir(1, [2], "said", more=3)
    for same in (copy.copy(ours), copy.deepcopy(ours), pickle.loads(pickle.dumps(ours))):
        assert same == ours
        assert (same.remark, same.more) == ("said", 4)


def test_what_a_class_defines_itself_stays() -> None:
    assert repr(Heir(1)) == "an heir"
    assert Heir(1, more=1).more == 2


def test_fields_may_have_to_be_named() -> None:
    assert repr(Named(first=1)) == "Named(first=1, second=2)"
    with pytest.raises(TypeError):
        Named(1)  # type: ignore[misc]  # refused


def test_what_is_the_same_object_is_equal_even_where_it_does_not_equal_itself() -> None:
    nowhere = float("nan")
    by_identity = sys.version_info < (3, 13)  # later ones compare field by field
    assert (Theirs(1, nowhere) == Theirs(1, nowhere)) is by_identity
    assert Ours(1, nowhere) == Ours(1, nowhere)


def test_the_constructor_is_written_when_it_is_first_looked_at() -> None:
    made: list[Any] = []

    @frozen
    class Late(Ours):
        """A pair whose constructor nobody has looked at."""

        later: list[int] = field(default_factory=list)

        def __post_init__(self) -> None:
            made.append(self)

    @dataclass(frozen=True, slots=True)
    class Early(Theirs):
        later: list[int] = field(default_factory=list)

    assert not isinstance(vars(Late)["__init__"], FunctionType)
    assert str(signature(Late)) == str(signature(Early))
    assert isinstance(vars(Late)["__init__"], FunctionType)
    assert Late(1, later=[2]).later == [2]
    assert Late(1).later is not Late(1).later
    assert len(made) == 3


def test_threads_may_be_the_first_together() -> None:
    @frozen
    class Shared:
        """A number."""

        number: int

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda number: Shared(number).number, range(64))) == list(range(64))
