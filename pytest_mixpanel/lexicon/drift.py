"""The difference between a tracking plan and what is observed, each change classed by what it endangers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.lexicon.naming import looks_like
from pytest_mixpanel.lexicon.observed import Observed, SeenEvent, SeenProperty, fits
from pytest_mixpanel.lexicon.plan import Plan, PlannedEvent, PlannedProperty

ChangeKind = Literal["missing", "unplanned", "retyped", "incomplete"]

TYPE_TOLERANCE = 0.01
"""The share of values of another type from which a property counts as retyped for good."""

ENOUGH_EVENTS = 100
"""Events from which the absence of a property that is not required says something."""

LOSS = 0.05
"""The drop in completeness, as a share of events, from which a property counts as newly incomplete."""

_SAME_PROPERTIES = 0.75


class Drift(StrEnum):
    """What a change endangers: *breaking* reports that rely on it, *risky* maybe some, *additive* none."""

    BREAKING = "breaking"
    RISKY = "risky"
    ADDITIVE = "additive"


@frozen
class Change:
    """One difference, ``detail`` in words; ``property_name`` is ``None`` for a change of the event itself.

    ``like`` is the planned name that an unplanned one probably means, or the other way round.
    """

    drift: Drift
    kind: ChangeKind
    event: str
    property_name: str | None
    detail: str
    like: str | None = None

    @property
    def name(self) -> str:
        return self.event if self.property_name is None else f"{self.event}.{self.property_name}"


def changes(plan: Plan, seen: Observed, before: Observed | None = None) -> tuple[Change, ...]:
    """Every difference, breaking ones first, then by name.

    ``before`` is what was seen in the stretch before: with it, a property that became rarer is told
    even where the plan does not require it.
    """
    unplanned = list(_unplanned_events(plan, seen))
    renames = {change.like: change.event for change in unplanned if change.like}
    found = [*_missing_events(plan, seen, renames), *unplanned]
    for name, planned in plan.events.items():
        event = seen.events.get(name)
        if event is not None:
            was = before.events.get(name) if before else None
            found += _planned_properties(plan, planned, event, was)
            found += _unplanned_properties(plan, name, event)
    order = list(Drift)
    return tuple(sorted(found, key=lambda change: (order.index(change.drift), change.name, change.kind)))


def _missing_events(plan: Plan, seen: Observed, renames: Mapping[str, str]) -> Iterator[Change]:
    for name, planned in plan.events.items():
        if name in seen.events or planned.dropped:
            continue
        drift = Drift.ADDITIVE if planned.optional else Drift.BREAKING
        yield Change(drift, "missing", name, None, "planned, not seen", renames.get(name))


def _unplanned_events(plan: Plan, seen: Observed) -> Iterator[Change]:
    unseen = {name: event for name, event in plan.events.items() if name not in seen.events}
    for name, event in seen.events.items():
        if name in plan.events or plan.ignores_event(name):
            continue
        like = looks_like(name, plan.events) or _same_properties(plan, event, unseen)
        detail = f"unplanned, {event.count:,} events"
        yield Change(Drift.RISKY if like else Drift.ADDITIVE, "unplanned", name, None, detail, like)


def _same_properties(plan: Plan, event: SeenEvent, unseen: dict[str, PlannedEvent]) -> str | None:
    """The unseen event that has the properties of this one: a rename that kept nothing of the name."""
    own = {
        name for name in event.properties if name not in plan.common and not plan.ignores_property("", name)
    }
    best: tuple[float, str] | None = None
    for name, planned in sorted(unseen.items()):
        either = own | set(planned.properties)
        overlap = len(own & set(planned.properties)) / len(either) if either else 0.0
        if len(planned.properties) > 1 and overlap >= _SAME_PROPERTIES and (not best or overlap > best[0]):
            best = (overlap, name)
    return best[1] if best else None


def _planned_properties(
    plan: Plan, planned: PlannedEvent, event: SeenEvent, before: SeenEvent | None
) -> Iterator[Change]:
    for wanted in {**plan.common, **planned.properties}.values():
        yield from _completeness(
            wanted, planned.name, event, before, is_own=wanted.name in planned.properties
        )
        seen = event.properties.get(wanted.name)
        if seen is not None and wanted.type is not None:
            yield from _retyped(wanted, planned.name, seen)


def _completeness(
    wanted: PlannedProperty, name: str, event: SeenEvent, before: SeenEvent | None, *, is_own: bool
) -> Iterator[Change]:
    share = event.share(wanted.name)
    lost = before.share(wanted.name) - share if before and before.count >= ENOUGH_EVENTS else 0.0
    required = wanted.present is not None and share < wanted.present
    if share == 0 and (required or (is_own and event.count >= ENOUGH_EVENTS)):
        detail = f"planned, on none of {event.count:,} events"
        yield Change(Drift.BREAKING if required else Drift.RISKY, "missing", name, wanted.name, detail)
    elif required and wanted.present is not None:
        detail = f"on {_percent(share)} of {event.count:,} events, planned on {_percent(wanted.present)}"
        yield Change(Drift.BREAKING, "incomplete", name, wanted.name, detail)
    elif lost >= LOSS and event.count >= ENOUGH_EVENTS:
        detail = f"on {_percent(share)} of {event.count:,} events, before on {_percent(share + lost)}"
        yield Change(Drift.RISKY, "incomplete", name, wanted.name, detail)


def _retyped(wanted: PlannedProperty, name: str, seen: SeenProperty) -> Iterator[Change]:
    assert wanted.type is not None
    strange = {kind: count for kind, count in seen.types.items() if not fits(wanted.type, kind)}
    if not strange:
        return
    share = sum(strange.values()) / seen.present
    others = ", ".join(sorted(strange))
    detail = f"{wanted.type} → {others} in {_percent(share)} of its values"
    drift = Drift.BREAKING if share >= TYPE_TOLERANCE else Drift.RISKY
    yield Change(drift, "retyped", name, wanted.name, detail)


def _unplanned_properties(plan: Plan, name: str, event: SeenEvent) -> Iterator[Change]:
    known = {*plan.events[name].properties, *plan.common}
    for key, seen in event.properties.items():
        if key in known or plan.ignores_property(name, key):
            continue
        like = looks_like(key, known)
        detail = f"new, on {_percent(event.share(key))} of events ({', '.join(sorted(seen.types))})"
        yield Change(Drift.RISKY if like else Drift.ADDITIVE, "unplanned", name, key, detail, like)


def _percent(share: float) -> str:
    """A share in percent, so that neither all nor none is claimed where it is only nearly so."""
    rounded = f"{share * 100:.1f}"
    if rounded == "100.0" and share < 1:
        rounded = "over 99.9"
    elif rounded == "0.0" and share > 0:
        rounded = "under 0.1"
    return f"{rounded.removesuffix('.0')} %"
