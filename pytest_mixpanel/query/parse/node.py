"""A place in params JSON: reads a value of one type, or says where and what is wrong."""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.plan.times import Range


@frozen
class Saved:
    """What params may refer to by id, in the wire's form: cohorts, custom properties, custom events."""

    cohorts: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    custom_properties: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    custom_events: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def __or__(self, other: Saved) -> Saved:
        """Both; of equal ids the other's. Nothing is looked up before params name it."""
        return Saved(
            _first_of(other.cohorts, self.cohorts),
            _first_of(other.custom_properties, self.custom_properties),
            _first_of(other.custom_events, self.custom_events),
        )


def _first_of(*maps: Mapping[int, Mapping[str, Any]]) -> Mapping[int, Mapping[str, Any]]:
    return ChainMap(*maps)  # type: ignore[arg-type]  # it is only read


NOTHING_SAVED = Saved()


class PlanError(ParamValidationError):
    """Params that cannot be read; ``path`` is the place in the JSON."""

    default_code = "PLAN_ERROR"

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}", details={"path": path})
        self.path = path


class Node:
    """A place in the params, which knows its own path and, from the root, the range of the query.

    ``asked``: the objects that were read so far and which of their keys, by path; all places share it.
    """

    def __init__(
        self, value: Any, path: str = "$", saved: Saved | None = None, period: Range | None = None
    ) -> None:
        self.value = value
        self.path = path
        self.saved = saved or Saved()
        self.period = period
        self.asked: dict[str, tuple[Mapping[str, Any], set[str]]] = {}

    def at(self, value: Any, path: str) -> Node:
        """Another place in the same params."""
        place = Node(value, path, self.saved, self.period)
        place.asked = self.asked
        return place

    def fail(self, problem: str) -> PlanError:
        return PlanError(self.path, problem)

    def get(self, key: str) -> Node:
        """A key that may be absent (its value is then ``None``)."""
        if not isinstance(self.value, Mapping):
            raise self.fail("is not an object")
        self.asked.setdefault(self.path, (self.value, set()))[1].add(key)
        return self.at(self.value.get(key), f"{self.path}.{key}")

    def items(self) -> list[Node]:
        """The items of a list; none where it is absent."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise self.fail("is not a list")
        return [self.at(item, f"{self.path}[{position}]") for position, item in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.fail(f"should be a text, not {self.value!r}")
        return self.value

    def whole(self, least: int | None = None, most: int | None = None) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.fail(f"should be a whole number, not {self.value!r}")
        if (least is not None and self.value < least) or (most is not None and self.value > most):
            raise self.fail(f"should lie between {least} and {most}, not at {self.value}")
        return self.value

    def label(self) -> str | None:
        """A text that may be absent."""
        return None if self.value is None else self.text()

    def number(self) -> float:
        value = self.value
        finite = not isinstance(value, float) or math.isfinite(value)
        if not isinstance(value, int | float) or isinstance(value, bool) or not finite:
            raise self.fail(f"should be a number, not {value!r}")
        return value

    def choice(self, *allowed: str) -> str:
        if self.value not in allowed:
            raise self.fail(f"should be one of {', '.join(allowed)}, not {self.value!r}")
        return str(self.value)

    def day(self) -> date:
        try:
            return date.fromisoformat(self.text()[:10])
        except ValueError:
            raise self.fail(f"should be a day like 2026-03-01, not {self.value!r}") from None
