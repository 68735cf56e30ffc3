"""What funnel, retention, volume and mix checks are about, and the words they add to the language."""

from __future__ import annotations

from typing import Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import Duration
from pytest_mixpanel.dsl.conditions import Metric
from pytest_mixpanel.dsl.grammar import Grammar, MetricRule
from pytest_mixpanel.dsl.shapes import Choice, DurationShape, Field, ListOf, Number, Record, Text
from pytest_mixpanel.kinds.event import EVENT, Event

FORTNIGHT = Duration(14 * 86_400)
UNIT_DAYS = {"day": 1, "week": 7, "month": 30}
"""Days in a retention bucket; the vendor's month is thirty days."""


@frozen
class FunnelSubject:
    """Users who do the steps in order, each entrant within ``within`` of the first."""

    steps: tuple[Event, ...]
    within: Duration = FORTNIGHT
    order: Literal["loose", "any"] = "loose"
    count: Literal["unique", "total"] = "unique"


def step_of(metric: Metric) -> int | None:
    """The step that ``conversion(step 2)`` names, 1-based; ``None`` without an argument."""
    if metric.argument is None:
        return None
    number = metric.argument.removeprefix("step").strip()
    return int(number) if number.isdecimal() else 0


def _funnel_objection(subject: FunnelSubject, metric: Metric) -> str | None:
    step = step_of(metric)
    if step is None or 2 <= step <= len(subject.steps):
        return None
    return f"'{metric}': the funnel has the steps 2 to {len(subject.steps)} to convert to"


FUNNEL = Grammar(
    "funnel",
    "users who convert through steps",
    Record(
        FunnelSubject,
        {
            "steps": Field(ListOf(EVENT, least=2), "two events or more, in order", required=True),
            "within": Field(DurationShape(), "the time an entrant has to convert, as 7d"),
            "order": Field(Choice(("loose", "any")), "whether the steps must come in order"),
            "count": Field(Choice(("unique", "total")), "users, or each time they convert"),
        },
        "a funnel",
    ),
    {
        "conversion": MetricRule("rate", "entrants who reach the last, or the named, step", "step 2"),
        "entrants": MetricRule("count", "users who entered, a day"),
    },
    {"drop": ("pp", "rel"), "rise": ("pp", "rel")},
    segmented=True,
    objection=_funnel_objection,
)


@frozen
class RetentionSubject:
    """Users who do ``born`` and come back to do ``returning``; ``buckets`` are those that are compared."""

    born: Event
    returning: Event
    unit: Literal["day", "week", "month"] = "day"
    buckets: tuple[int, ...] = (1, 7)


def _retention_objection(subject: RetentionSubject, metric: Metric) -> str | None:
    if metric.name == subject.unit:
        return None
    return f"'{metric}': the retention is counted by {subject.unit}; write '{subject.unit} {metric.index}'"


RETENTION = Grammar(
    "retention",
    "users who come back",
    Record(
        RetentionSubject,
        {
            "born": Field(EVENT, "the event that begins it", required=True),
            "return": Field(EVENT, "the event that counts as coming back", required=True),
            "unit": Field(Choice(("day", "week", "month")), "the length of a bucket"),
            "buckets": Field(ListOf(Number(0, 365), least=1), "the buckets that are compared, as [1, 7]"),
        },
        "a retention",
        names={"return": "returning"},
    ),
    {
        unit: MetricRule("rate", f"users who come back in the N-th {unit}", index=True)
        for unit in ("day", "week", "month")
    },
    {"drop": ("pp", "rel"), "rise": ("pp", "rel")},
    segmented=True,
    objection=_retention_objection,
)


@frozen
class VolumeSubject:
    """How often an event comes, or from how many users."""

    event: Event
    unit: Literal["day"] = "day"
    count: Literal["total", "unique"] = "total"


VOLUME = Grammar(
    "volume",
    "how often an event comes",
    Record(
        VolumeSubject,
        {
            "event": Field(EVENT, "the event", required=True),
            "unit": Field(Choice(("day",)), "the length of a bucket"),
            "count": Field(Choice(("total", "unique")), "events, or the users who send them"),
        },
        "a volume",
        short="event",
    ),
    {
        "count": MetricRule("count", "on the last complete day"),
        "mean": MetricRule("count", "a day, over the window"),
        "lowest": MetricRule("count", "on the weakest day of the window"),
        "highest": MetricRule("count", "on the strongest day of the window"),
    },
    {"drop": ("rel",)},
    segmented=True,
)


@frozen
class MixSubject:
    """How the users of an event divide over the values of a property; ``top`` values by name."""

    event: Event
    by: str
    top: int = 12


MIX = Grammar(
    "mix",
    "how users divide over the values of a property",
    Record(
        MixSubject,
        {
            "event": Field(EVENT, "the event whose users are divided", required=True),
            "by": Field(Text("the name of a property"), "the property that divides them", required=True),
            "top": Field(Number(2, 200), "values shown by name; the others are one segment"),
        },
        "a mix",
    ),
    {"share": MetricRule("rate", "the share of a value", "iOS", needs_argument=True)},
    {"shift": ("pp",)},
)
