"""The checks language in Python: ``funnel("A", "B").within("7d").fail_if("conversion < 18%")``.

A builder holds what a checks file would hold; ``spec`` reads it as a checks file is read, so that both
spellings mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from typing import Any, Self

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.dsl.checks import Surroundings, read_check
from pytest_mixpanel.dsl.document import node_of
from pytest_mixpanel.dsl.shapes import Problems
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.kinds.registry import grammars

EventLike = str | Mapping[str, Any]


@frozen
class Check:
    """A check being written. Every method returns a new one; ``spec`` is the check it comes to."""

    kind: str
    subject: Mapping[str, Any]
    keys: Mapping[str, Any]
    path: str | PathLike[str] = ""
    line: int = 0

    @property
    def spec(self) -> CheckSpec:
        """The check as a value. Raises ``ParamValidationError`` with every problem of it."""
        __tracebackhide__ = True
        problems = Problems()
        keys = {"id": self._id(), **self.keys, "measure": {self.kind: dict(self.subject)}}
        around = Surroundings(str(self.path), None, (), {}, grammars())
        spec = read_check(node_of(keys), around, problems)
        if spec is None:
            told = "; ".join(f"{found.message} ({found.hint})".replace(" ()", "") for found in problems.found)
            raise ParamValidationError(told)
        return replace(spec, path=self.path, line=self.line)

    def named(self, id: str, *, title: str | None = None) -> Self:
        """Give it the id, and the title, that reports show."""
        named = self._with("id", id)
        return named._with("title", title) if title else named

    def last(self, window: str) -> Self:
        """The days that are judged: ``"28d"``."""
        return self._with("window", window)

    def where(self, **conditions: Any) -> Self:
        """The events that count: ``where(platform="iOS", order_total="> 0")``."""
        return self._with("where", {**self.keys.get("where", {}), **conditions})

    def fail_if(self, *conditions: str) -> Self:
        """What is wrong; any of several."""
        return self._with("fail_if", [*self.keys.get("fail_if", ()), *conditions])

    def warn_if(self, *conditions: str) -> Self:
        """What is not right; any of several."""
        return self._with("warn_if", [*self.keys.get("warn_if", ()), *conditions])

    def compare(self, to: str) -> Self:
        """Judge the change since ``"previous_period"`` or the ``"snapshot"``."""
        return self._with("compare", {"to": to})

    def max_drop(self, size: str) -> Self:
        """The largest drop tolerated: ``"2pp"`` or ``"10%rel"``."""
        return self._with("max_drop", size)

    def max_rise(self, size: str) -> Self:
        """The largest rise tolerated."""
        return self._with("max_rise", size)

    def max_shift(self, size: str) -> Self:
        """The largest share of users in other segments than before: ``"5pp"``."""
        return self._with("max_shift", size)

    def segments(self, by: str, *, min_n: int | None = None) -> Self:
        """Say which segment moved, of those with ``min_n`` entrants."""
        return self._with("segments", {"by": by} if min_n is None else {"by": by, "min_n": min_n})

    def with_keys(self, **keys: Any) -> Self:
        """Any other key of a check: ``severity="warn"``, ``owner=…``, ``drift={…}``."""
        return replace(self, keys={**self.keys, **keys})

    def within(self, duration: str) -> Self:
        """The time an entrant of a funnel has to convert: ``"7d"``."""
        return replace(self, subject={**self.subject, "within": duration})

    def _with(self, key: str, value: Any) -> Self:
        return replace(self, keys={**self.keys, key: value})

    def _id(self) -> str:
        """An id from what is measured, where none was given."""
        words = " ".join([self.kind, *_names(self.subject.values())])
        return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:80]


def _names(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, Mapping):
            yield str(value.get("event", ""))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from _names(value)
        else:
            yield str(value)


def funnel(*steps: EventLike, **options: Any) -> Check:
    """Users who do the steps in order; a step is a name or ``{"event": …, "where": {…}}``."""
    return Check("funnel", {"steps": list(steps), **options}, {})


def retention(born: EventLike, returning: EventLike, **options: Any) -> Check:
    """Users who do ``born`` and come back; ``unit="day"``, ``buckets=[1, 7]``."""
    return Check("retention", {"born": born, "return": returning, **options}, {})


def volume(event: EventLike, **options: Any) -> Check:
    """How often an event comes; ``count="unique"`` for its users."""
    return Check("volume", {"event": event, **options}, {})


def mix(event: EventLike, by: str, **options: Any) -> Check:
    """How the users of an event divide over the values of the property ``by``."""
    return Check("mix", {"event": event, "by": by, **options}, {})


def lexicon(plan: str, **options: Any) -> Check:
    """The tracking plan against what the project sends."""
    return Check("lexicon", {"plan": plan, **options}, {})


def properties(event: str, **options: Any) -> Check:
    """The properties of an event; ``last="7d"``."""
    return Check("properties", {"event": event, **options}, {})
