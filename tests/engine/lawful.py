"""Random events and how often a law is tried on them.

``MIXPANEL_LAW_CASES`` says how many cases each law is tried on in the suite.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.store import Store

CASES = int(os.environ.get("MIXPANEL_LAW_CASES", "200"))
AT_LENGTH = 2_000

SOME = settings(max_examples=CASES)
MANY = settings(
    max_examples=max(CASES, AT_LENGTH),
    derandomize=False,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)

NOW = datetime(2025, 6, 30, tzinfo=UTC)
START = datetime(2025, 3, 1, tzinfo=UTC)
RANGE = {"from_date": "2025-03-03", "to_date": "2025-03-08"}
MINUTE = 60_000
DAY = 86_400_000


def milliseconds(day: str) -> int:
    """The beginning of a day in UTC."""
    return round(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


_LONG: dict[str, Callable[[], None]] = {}


def law(*drawn: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """A test tried on a few hundred cases, that ``at_length`` tries on thousands."""

    def tried(body: Callable[..., None]) -> Callable[[], None]:
        _LONG[body.__name__] = MANY(given(*drawn)(body))
        some: Callable[[], None] = SOME(given(*drawn)(body))
        return some

    return tried


def at_length(test: Callable[[], None]) -> None:
    """Try a law on two thousand cases, others each time."""
    _LONG[test.__name__]()


def record(user: str, name: str, minutes: float, **properties: Any) -> dict[str, Any]:
    at = round((START + timedelta(minutes=minutes)).timestamp() * 1000)
    return {"event": name, "properties": {"time": at, "distinct_id": user, **properties}}


def asked(params: dict[str, Any], store: Store, now: datetime = NOW) -> Any:
    """The first block of an answer's series."""
    (block, *_) = answer(params, store, now)["series"].values()
    return block


VALUES = st.sampled_from(["a", "B", 1, 2.5, True, None, "1", "true"])

GAPS = st.sampled_from(
    [0, 1_000, 2_000, 3_000, 30_000, MINUTE, MINUTE + 1_000, 10 * MINUTE, 180 * MINUTE, DAY // 2, DAY]
)
"""Between two records of a user: ties, grace, sessions and days come often."""


@st.composite
def histories(
    draw: st.DrawFn, names: Sequence[str] = ("A", "B", "C", "D"), first: str = "2025-03-02", most: int = 14
) -> list[dict[str, Any]]:
    """The events of up to three users and of nobody, user by user and in the order of time."""
    events = []
    for user in draw(st.sampled_from([("u1",), ("u1", "u2"), ("u1", "u2", "u3"), ("u1", "")])):
        time = milliseconds(first) + draw(st.integers(0, 8)) * 3 * 60 * MINUTE
        for gap in draw(st.lists(GAPS, max_size=most)):
            time += gap
            told = {"p": draw(VALUES), "q": draw(st.sampled_from(["x", "y", None]))}
            told = {name: value for name, value in told.items() if value is not None or draw(st.booleans())}
            properties = {"time": time, "distinct_id": user, **told}
            events.append({"event": draw(st.sampled_from(names)), "properties": properties})
    return events
