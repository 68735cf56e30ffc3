"""What a project was seen to send: counts of events, and of values by property and type."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.lexicon.plan import PropertyType

_DATETIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)

_BY_CLASS: Mapping[type, PropertyType] = {
    bool: "boolean",
    int: "number",
    float: "number",
    list: "list",
    tuple: "list",
}


@frozen
class SeenProperty:
    """How often a property was seen with a value, by the value's type. ``null`` counts as no value."""

    types: Mapping[PropertyType, int]

    @property
    def present(self) -> int:
        return sum(self.types.values())


@frozen
class SeenEvent:
    """How often an event was seen, and its properties."""

    count: int
    properties: Mapping[str, SeenProperty]

    def share(self, name: str) -> float:
        """The share of these events that carry ``name``, 0 for a property never seen."""
        seen = self.properties.get(name)
        return seen.present / self.count if seen and self.count else 0.0


@frozen
class Observed:
    """Everything seen in a stretch of time, by event name."""

    events: Mapping[str, SeenEvent]

    @property
    def total(self) -> int:
        return sum(event.count for event in self.events.values())


def observe(rows: Iterable[Mapping[str, Any]]) -> Observed:
    """Count raw events, as the export gives them: ``{"event": name, "properties": {…}}``."""
    counts: Counter[str] = Counter()
    types: defaultdict[str, defaultdict[str, Counter[PropertyType]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for row in rows:
        name = str(row["event"])
        counts[name] += 1
        seen = types[name]
        for key, value in row["properties"].items():
            if value is not None:
                seen[key][type_of(value)] += 1
    return Observed(
        {
            name: SeenEvent(count, {key: SeenProperty(dict(tally)) for key, tally in types[name].items()})
            for name, count in counts.items()
        }
    )


def type_of(value: Any) -> PropertyType:
    """The property type of a JSON value; text that spells an ISO 8601 date or time is a ``datetime``."""
    if isinstance(value, str):
        looks_dated = value[4:5] == "-" and value[:1].isdigit()
        return "datetime" if looks_dated and _DATETIME.fullmatch(value) else "string"
    return _BY_CLASS.get(type(value), "object")


def fits(planned: PropertyType, seen: PropertyType) -> bool:
    """Whether a value of type ``seen`` is what the plan calls ``planned``: a date is text as well."""
    return planned == seen or (planned == "string" and seen == "datetime")
