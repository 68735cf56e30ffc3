"""Rules on one property of an event: present, of a type, between bounds, one of, unique, matching a pattern.

A rule counts the values that break it; the counts are exact for the events at hand, so a rule is decided
by them alone. Values themselves are not kept: they may be personal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.words import counted
from pytest_mixpanel.lexicon.observed import fits, type_of
from pytest_mixpanel.lexicon.plan import PropertyType

MAX_PATTERN = 500


@frozen
class Tally:
    """What a rule counted: of ``total`` values (of events, for ``present``), ``bad`` break it.

    ``note`` says more about them, without naming a value.
    """

    total: int
    bad: int
    note: str = ""

    @property
    def good_share(self) -> float:
        """The share that keeps the rule; 1 where there was nothing to judge."""
        return 1.0 - self.bad / self.total if self.total else 1.0


class Rule(Protocol):
    """A rule on one property. ``label`` and ``limit`` are for its line in the message."""

    @property
    def label(self) -> str: ...

    @property
    def limit(self) -> str: ...

    def tally(self, values: Sequence[Any]) -> Tally:
        """Judge the property's values, one an event, ``None`` where the event lacks it."""

    def holds(self, tally: Tally) -> bool: ...


@frozen
class Present:
    """At least the share ``least`` of the events carry the property."""

    least: float

    @property
    def label(self) -> str:
        return "present"

    @property
    def limit(self) -> str:
        return f"≥ {self.least * 100:g} %" if self.least < 1 else "100 %"

    def tally(self, values: Sequence[Any]) -> Tally:
        return Tally(len(values), sum(value is None for value in values))

    def holds(self, tally: Tally) -> bool:
        return tally.total - tally.bad >= self.least * tally.total


class _EveryValue:
    """A rule that every value present must keep."""

    __slots__ = ()

    limit = "100 %"

    def holds(self, tally: Tally) -> bool:
        return tally.bad == 0


@frozen
class OfType(_EveryValue):
    """Every value is of the type."""

    type: PropertyType

    @property
    def label(self) -> str:
        return f"type {self.type}"

    def tally(self, values: Sequence[Any]) -> Tally:
        kinds = Counter(type_of(value) for value in values if value is not None)
        strange = {kind: count for kind, count in kinds.items() if not fits(self.type, kind)}
        note = ", ".join(f"{count:,} {kind}" for kind, count in sorted(strange.items()))
        return Tally(kinds.total(), sum(strange.values()), note)


@frozen
class Between(_EveryValue):
    """Every value is a number from ``low`` to ``high``, bounds included."""

    low: float
    high: float

    @property
    def label(self) -> str:
        return f"between {self.low:g} and {self.high:g}"

    def tally(self, values: Sequence[Any]) -> Tally:
        present = [value for value in values if value is not None]
        numbers = [value for value in present if type_of(value) == "number"]
        below = sum(value < self.low for value in numbers)
        above = sum(value > self.high for value in numbers)
        unordered = sum(value != value for value in numbers)  # NaN is neither below nor above
        strange = len(present) - len(numbers) + unordered
        counts = {"below": below, "above": above, "no number": strange}
        note = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
        return Tally(len(present), below + above + strange, note)


@frozen
class OneOf(_EveryValue):
    """Every value is one of ``allowed``; ``1`` and ``1.0`` are the same value, ``1`` and ``True`` are not."""

    allowed: tuple[Any, ...]

    @property
    def label(self) -> str:
        return f"one of {len(self.allowed)}"

    def tally(self, values: Sequence[Any]) -> Tally:
        known = {_key(value) for value in self.allowed}
        keys = Counter(_key(value) for value in values if value is not None)
        others = {key: count for key, count in keys.items() if key not in known}
        note = counted(len(others), "other value") if others else ""
        return Tally(keys.total(), sum(others.values()), note)


@frozen
class Unique(_EveryValue):
    """No two events carry the same value."""

    @property
    def label(self) -> str:
        return "unique"

    def tally(self, values: Sequence[Any]) -> Tally:
        keys = Counter(_key(value) for value in values if value is not None)
        repeated = {key: count for key, count in keys.items() if count > 1}
        note = f"{counted(len(repeated), 'value')} more than once" if repeated else ""
        return Tally(keys.total(), sum(count - 1 for count in repeated.values()), note)


@frozen
class Matches(_EveryValue):
    """Every value is text in which ``pattern`` is found; RE2 syntax, so that no pattern runs away."""

    pattern: str

    @property
    def label(self) -> str:
        return f"matches {self.pattern}"

    def tally(self, values: Sequence[Any]) -> Tally:
        """Raises ``ConfigError`` for a pattern that RE2 cannot read."""
        present = [value for value in values if value is not None]
        texts = Counter(value for value in present if isinstance(value, str))
        matching = sum(texts[text] for text in _found(self.pattern, list(texts)))
        return Tally(len(present), len(present) - matching)


def _found(pattern: str, texts: Sequence[str]) -> list[str]:
    import duckdb

    if len(pattern) > MAX_PATTERN:
        raise ConfigError(f"a pattern of more than {MAX_PATTERN} characters is refused")
    query = "select text from (select unnest(?::varchar[]) as text) where regexp_matches(text, ?)"
    try:
        rows = duckdb.execute(query, [list(texts), pattern]).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise ConfigError(f"the pattern {pattern!r} cannot be read (RE2 syntax): {reason}") from error
    return [text for (text,) in rows]


def _key(value: Any) -> tuple[str, Any]:
    """A value as something that can be counted and is equal only to what JSON would call equal."""
    if isinstance(value, list | tuple | dict):
        import json

        return "json", json.dumps(value, sort_keys=True, default=str)
    return type_of(value), value
