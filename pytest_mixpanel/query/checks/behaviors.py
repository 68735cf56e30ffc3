"""Funnels and retention, asked for themselves or as metrics: steps, windows, exclusions, buckets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from pytest_mixpanel.query.checks.filters import check_filters, check_property, items_of
from pytest_mixpanel.query.checks.problems import Problems, check_choice, check_name, is_whole, problem
from pytest_mixpanel.query.inputs.events import Exclusion, FunnelStep, HoldingConstant, RetentionEvent
from pytest_mixpanel.query.inputs.metrics import AGGREGATES
from pytest_mixpanel.query.inputs.require import among
from pytest_mixpanel.query.inputs.vocabulary import (
    ConversionWindowUnit,
    FunnelOrder,
    FunnelReentryMode,
    RetentionAlignment,
    RetentionUnboundedMode,
    TimeUnit,
)

MOST_STEPS = 100
MOST_HELD = 3
MOST_BUCKETS = 730
LONGEST_WINDOW = {
    "second": 31_708_800,
    "minute": 528_480,
    "hour": 8_808,
    "day": 367,
    "week": 52,
    "month": 12,
    "session": 12,
}
STEP_CODES = ("F2_EMPTY_STEP_EVENT", "F2_CONTROL_CHAR_STEP_EVENT", "F2_INVISIBLE_STEP_EVENT")
BORN_CODES = ("R1_EMPTY_BORN_EVENT", "R1_CONTROL_CHAR_BORN_EVENT", "R1_INVISIBLE_BORN_EVENT")
BACK_CODES = ("R2_EMPTY_RETURN_EVENT", "R2_CONTROL_CHAR_RETURN_EVENT", "R2_INVISIBLE_RETURN_EVENT")


def check_steps(path: str, steps: Sequence[Any], wire: str) -> Problems:
    """Problems of the steps of a funnel; ``path`` ends in a dot, or is empty."""
    if len(steps) < 2:
        yield problem(f"{path}steps", "a funnel needs two steps or more", "F1_MIN_STEPS")
    if len(steps) > MOST_STEPS:
        yield problem(f"{path}steps", f"at most {MOST_STEPS} steps, not {len(steps)}", "F1_MAX_STEPS")
    for place, step in enumerate(steps):
        name = step.event if isinstance(step, FunnelStep) else step
        yield from check_name(f"{path}steps[{place}]", name, *STEP_CODES)
        if isinstance(step, FunnelStep):
            yield from check_filters(
                f"{path}steps[{place}]", step.filters, f"{wire}.behavior.behaviors[{place}].filters"
            )


def check_order(path: str, order: Any, steps: Sequence[Any]) -> Problems:
    """A problem where the order of a funnel, or of a step, is none."""
    yield from check_choice(f"{path}order", order, FunnelOrder, "F15_INVALID_ORDER")
    for place, step in enumerate(steps):
        if isinstance(step, FunnelStep):
            yield from check_choice(
                f"{path}steps[{place}].order", step.order, FunnelOrder, "F15_INVALID_ORDER", optional=True
            )


def check_window(path: str, window: Any, unit: Any, math: Any) -> Problems:
    """Problems of a conversion window; only rates of sessions take several sessions."""
    where = f"{path}conversion_window"
    yield from check_choice(f"{where}_unit", unit, ConversionWindowUnit, "F7_INVALID_WINDOW_UNIT")
    if not is_whole(window):
        yield problem(where, f"a whole number, not {window!r}", "F3_CONVERSION_WINDOW_TYPE")
        return
    if window < 1:
        yield problem(where, f"1 or more, not {window}", "F3_CONVERSION_WINDOW_POSITIVE")
    elif window > (longest := LONGEST_WINDOW.get(str(unit), window)):
        yield problem(where, f"at most {longest} {unit}s, not {window}", "F3_CONVERSION_WINDOW_MAX")
    elif unit == "second" and window < 2:
        yield problem(where, "two seconds or more", "F7_SECOND_MIN_WINDOW", ["2"])
    if math == "conversion_rate_session":
        if unit != "session":
            yield problem(
                f"{path}math",
                "rates of sessions need conversion_window_unit='session'",
                "F9_SESSION_MATH_REQUIRES_SESSION_WINDOW",
            )
    elif unit == "session" and window != 1:
        yield problem(where, "a session window is one session", "F9_SESSION_WINDOW_REQUIRES_ONE")


def check_exclusions(path: str, exclusions: Any, steps: int) -> Problems:
    """Problems of the events that end attempts."""
    for place, item in enumerate(items_of(exclusions)):
        where = f"{path}exclusions[{place}]"
        if not isinstance(item, str | Exclusion):
            yield problem(where, f"an event or an Exclusion, not {item!r}", "F4_EMPTY_EXCLUSION_EVENT")
        if not isinstance(item, Exclusion):
            continue
        if item.to_step is not None and item.to_step <= item.from_step:
            yield problem(where, "to_step lies after from_step", "F4_EXCLUSION_STEP_ORDER")
        for name in ("from_step", "to_step"):
            step = getattr(item, name)
            if step is not None and step >= max(steps, 1):
                yield problem(
                    where,
                    f"{name} {step} lies past the {steps} steps, which count from 0",
                    "F4_EXCLUSION_STEP_BOUNDS",
                )


def check_held(path: str, held: Any) -> Problems:
    """Problems of the properties held constant."""
    listed = items_of(held)
    for place, item in enumerate(listed):
        if not isinstance(item, str | HoldingConstant):
            yield problem(
                f"{path}holding_constant[{place}]",
                f"a property or a HoldingConstant, not {item!r}",
                "F8_EMPTY_HOLDING_CONSTANT_PROPERTY",
            )
    if len(listed) > MOST_HELD:
        yield problem(
            f"{path}holding_constant", f"at most {MOST_HELD}, not {len(listed)}", "F8_MAX_HOLDING_CONSTANT"
        )


def check_reentry(path: str, mode: Any) -> Problems:
    """A problem where the way of entering again is none."""
    yield from check_choice(
        f"{path}reentry_mode", mode, FunnelReentryMode, "F12_INVALID_REENTRY_MODE", optional=True
    )


def check_funnel_property(math: Any, property: Any) -> Problems:
    """Problems of a funnel's aggregate; without a property most work on the time to convert."""
    yield from check_property("math_property", property)
    if property is not None and not among(math, AGGREGATES | {"total"}):
        yield problem("math_property", f"math {math!r} takes no property", "F11_MATH_REJECTS_PROPERTY")
    elif math == "histogram" and property is None:
        yield problem("math_property", "a histogram needs a property", "F10_MATH_MISSING_PROPERTY")
    elif isinstance(property, str) and not property.strip():
        yield problem("math_property", "a property needs a name", "F10_MATH_MISSING_PROPERTY")


def check_retention_event(path: str, event: Any, codes: tuple[str, str, str], wire: str) -> Problems:
    """Problems of a birth or a return."""
    name = event.event if isinstance(event, RetentionEvent) else event
    yield from check_name(path, name, *codes)
    if isinstance(event, RetentionEvent):
        yield from check_filters(path, event.filters, wire)


def check_buckets(path: str, sizes: Any) -> Problems:
    """Problems of custom buckets: ascending whole numbers from 1."""
    where = f"{path}bucket_sizes"
    if sizes is None:
        return
    if not isinstance(sizes, list | tuple):
        yield problem(where, f"a list of whole numbers, not {sizes!r}", "R5_BUCKET_SIZES_INTEGER")
        return
    strange = [place for place, size in enumerate(sizes) if not is_whole(size)]
    for place in strange:
        code = "R5_BUCKET_SIZES_INTEGER" if isinstance(sizes[place], float) else "R5_BUCKET_SIZES_POSITIVE"
        path_of = f"{where}[{place}]" if isinstance(sizes[place], float) else where
        yield problem(path_of, f"a whole number, not {sizes[place]!r}", code)
    if strange:
        return
    small = [place for place, size in enumerate(sizes) if size < 1]
    for place in small:
        yield problem(
            f"{where}[{place}]", f"sizes start at 1, not {sizes[place]}", "R5_BUCKET_SIZES_POSITIVE"
        )
    if len(sizes) > MOST_BUCKETS:
        yield problem(where, f"at most {MOST_BUCKETS} buckets, not {len(sizes)}", "R5_BUCKET_SIZES_TOO_MANY")
    if not small and any(later <= earlier for earlier, later in pairwise(sizes)):
        yield problem(where, "sizes ascend", "R6_BUCKET_SIZES_ASCENDING")


def check_retention_choices(path: str, unit: Any, alignment: Any, unbounded: Any) -> Problems:
    """Problems of the words that shape a retention."""
    yield from check_choice(f"{path}retention_unit", unit, TimeUnit, "R7_INVALID_RETENTION_UNIT")
    yield from check_choice(f"{path}alignment", alignment, RetentionAlignment, "R8_INVALID_ALIGNMENT")
    yield from check_choice(
        f"{path}unbounded_mode",
        unbounded,
        RetentionUnboundedMode,
        "R13_INVALID_UNBOUNDED_MODE",
        optional=True,
    )
