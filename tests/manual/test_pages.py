"""Pages of the manual are about the objects themselves."""

from __future__ import annotations

import dataclasses
import enum
import inspect
from typing import Any, Literal, get_args

import pytest
from syrupy.assertion import SnapshotAssertion

import pytest_mixpanel as mp
from pytest_mixpanel.manual.help import help_text
from pytest_mixpanel.manual.names import entries, entry_of
from pytest_mixpanel.manual.pages import page

NAMES = sorted(entries())


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_has_a_page_with_a_summary(name: str) -> None:
    entry = entries()[name]
    assert entry.summary, f"{name} has no docstring"
    assert name in page(entry)
    assert entry.summary in " ".join(page(entry).split()) or entry.summary in page(entry)


def test_every_method_of_the_workspace_is_listed() -> None:
    methods = {
        name
        for name, value in inspect.getmembers(mp.Workspace, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods <= {name.removeprefix("Workspace.") for name in entries()}


def test_a_page_of_words_lists_every_one() -> None:
    text = help_text("MathType")
    assert all(str(word) in text for word in get_args(mp.MathType))


def test_a_page_of_a_dataclass_lists_its_fields() -> None:
    text = help_text("Metric")
    assert all(f"  {field.name}: " in text for field in dataclasses.fields(mp.Metric))


def test_a_signature_names_no_alias_that_cannot_be_imported() -> None:
    text = help_text("Workspace.query_funnel")
    assert "where: Filter | FrequencyFilter | Sequence[Filter | FrequencyFilter] | None = None" in text


class Colour(enum.Enum):
    """What it looks like."""

    RED = "red"
    GREEN = "green"


@dataclasses.dataclass(frozen=True)
class Basket:
    """What somebody carries; ``fruit`` by name.

    Raises nothing.
    """

    fruit: list[str]
    colour: Colour = Colour.RED
    owner: str | None = None

    @classmethod
    def empty(cls, *, owner: str | None = None) -> Basket:
        """Nothing in it."""
        return cls([], owner=owner)

    @property
    def size(self) -> int:
        """How much is in it."""
        return len(self.fruit)

    def with_fruit(self, *names: str) -> Basket:
        """More in it."""
        return dataclasses.replace(self, fruit=[*self.fruit, *names])


class Spilt(ValueError):
    """The basket fell."""

    default_code = "SPILT"

    @property
    def fruit(self) -> int:
        """How much fell."""
        return len(self.args)


Size = Literal["small", "large", 3]


def weigh(
    basket: Basket, /, size: Size = "small", *, in_kilograms: bool = True, **notes: str
) -> float | None:
    """The weight of a basket."""


@pytest.mark.parametrize("value", [Colour, Basket, Basket.empty, Spilt, weigh], ids=lambda v: v.__name__)
def test_pages_read_well(value: Any, snapshot: SnapshotAssertion) -> None:
    assert page(entry_of(value.__qualname__, value)) == snapshot


UNSHOWN = {
    "FilterPropertyType": "the constructors of Filter choose it",
    "FlowAnchorType": "a word that the service answers with",
    "FlowNodeType": "a word that the service answers with",
    "FrequencyFilterOperator": "FrequencyFilter takes it as a plain word",
    "InvalidArgumentError": "kept for callers who catch it by name; nothing raises it",
}
"""Why a page has no example."""


@pytest.mark.parametrize("name", NAMES)
def test_every_page_shows_an_example(name: str) -> None:
    assert ("Example:\n" in help_text(name)) is (name not in UNSHOWN)
