"""A store answered in parts gives the answer of the whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.store import parts, threads
from pytest_mixpanel.query.build.flow import build_flow_params
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.inputs.filters import Filter
from tests.engine.events import event, project

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SPAN: dict[str, Any] = {"from_date": "2026-01-01", "to_date": "2026-02-15", "today": date(2026, 3, 1)}
PAGED = [Filter.equals("page", ["one", "two"])]

QUESTIONS: dict[str, dict[str, Any]] = {
    "funnel": build_funnel_params(["A", "B", "C"], **SPAN),
    "funnel in totals, by page, with trends": build_funnel_params(
        ["A", "B"], math="conversion_rate_total", group_by="page", mode="trends", unit="week", **SPAN
    ),
    "funnel by best attempt": build_funnel_params(["A", "B", "C"], reentry_mode="optimized", **SPAN),
    "funnel by number": build_funnel_params(["A", "B"], group_by="n", where=PAGED, **SPAN),
    "retention": build_retention_params("A", "B", retention_unit="day", group_by="page", **SPAN),
    "retention by weeks": build_retention_params("A", "A", alignment="interval_start", **SPAN),
    "flow": build_flow_params("A", forward=2, reverse=1, count_type="total", **SPAN),
    "paths": build_flow_params("B", forward=2, mode="paths", collapse_repeated=True, **SPAN),
    "counts": build_params(["A", "B"], where=PAGED, group_by=["page", "list"], **SPAN),
    "uniques": build_params("A", math="unique", unit="week", group_by="page", **SPAN),
    "cumulative uniques": build_params("A", math="cumulative_unique", **SPAN),
    "active users": build_params("$all_events", math="wau", **SPAN),
    "active users in all": build_params("$all_events", math="mau", mode="total", **SPAN),
    "sums": build_params("C", math="total", math_property="n", group_by="page", **SPAN),
    "percentiles": build_params("C", math="p90", math_property="n", **SPAN),
    "distinct values": build_params("C", math="unique_values", math_property="page", **SPAN),
    "per user": build_params("C", math="average", math_property="n", per_user="total", **SPAN),
    "session starts by page": build_params("$session_start", math="total", group_by="page", **SPAN),
    "lengths of sessions": build_params(
        "$session_end", math="average", math_property="$duration_s", group_by="$origin_start", **SPAN
    ),
    "funnel from a session's start": build_funnel_params(["$session_start", "B"], **SPAN),
    "funnel in sessions": build_funnel_params(
        ["A", "B"],
        math="conversion_rate_session",
        conversion_window=1,
        conversion_window_unit="session",
        **SPAN,
    ),
    "retention between sessions": build_retention_params("$session_start", "$session_start", **SPAN),
    "flow from a session's start": build_flow_params("$session_start", forward=2, **SPAN),
    "flow in sessions": build_flow_params(
        "A", forward=2, count_type="session", conversion_window=1, conversion_window_unit="session", **SPAN
    ),
}


@pytest.fixture(scope="module")
def store() -> Any:
    random = np.random.default_rng(5)
    events = []
    for number in range(600):
        day, second = int(random.integers(0, 60)), int(random.integers(0, 86_400))
        moment = (datetime(2026, 1, 1) + timedelta(days=day, seconds=second)).isoformat()
        properties = {
            "page": ["one", "two", "three", None][number % 4],
            "n": number % 13 / 2,
            "list": ["a", "b"],
        }
        events.append(event("ABC"[number % 3], f"user {number % 37 or ''}", moment, **properties))
    return project(events, time_zone="Europe/Berlin")


@pytest.mark.parametrize("name", QUESTIONS)
def test_parts_together_give_the_answer_of_the_whole(
    name: str, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = answer(QUESTIONS[name], store, NOW)
    monkeypatch.setattr(parts, "PART_EVENTS", 40)
    monkeypatch.setenv(threads.THREADS_VARIABLE, "2")
    assert len(parts.cut(store, 40)) > 10
    assert answer(QUESTIONS[name], store, NOW) == whole


def test_parts_hold_every_event_and_user_once(store: Any) -> None:
    found = parts.cut(store, 100)
    assert sum(len(part.store) for part in found) == len(store)
    assert [user for part in found for user in part.store.users] == list(store.users)
    assert [part.first_user for part in found] == [store.users.index(part.store.users[0]) for part in found]


@pytest.mark.parametrize("said", ["0", "many", ""])
def test_a_number_of_threads_that_is_none_leaves_it_to_the_cores(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(threads.THREADS_VARIABLE, said)
    assert threads.thread_count() >= 1
