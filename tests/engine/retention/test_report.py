"""Retention: every criterion against a slow evaluator, and the rules the worked examples leave open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.answer import answer
from tests.engine.events import event, project
from tests.engine.published import published_client
from tests.oracles import retention

CRITERIA = ("none", "carry_back", "carry_forward", "consecutive_forward")
BIRTH = datetime(2025, 3, 3, 10, tzinfo=UTC)
NOW = datetime(2025, 3, 31, tzinfo=UTC)
ONE_DAY = {"retention_unit": "day", "from_date": "2025-03-03", "to_date": "2025-03-03"}


@given(
    users=st.lists(st.sets(st.integers(0, 27)), min_size=1, max_size=5),
    criterion=st.sampled_from(CRITERIA),
    same=st.booleans(),
    sizes=st.sampled_from([None, [1, 3, 7]]),
)
@settings(max_examples=150)
def test_every_criterion_counts_whom_the_table_counts(
    users: list[set[int]], criterion: str, same: bool, sizes: list[int] | None
) -> None:
    back = "Born" if same else "Back"
    events = [event("Born", f"u{number}", BIRTH.isoformat()) for number in range(len(users))]
    events += [
        event(back, f"u{number}", (BIRTH + timedelta(days=day, hours=1)).isoformat())
        for number, days in enumerate(users)
        for day in days
    ]
    params = published_client().build_retention_params(
        "Born", back, unbounded_mode=criterion, bucket_sizes=sizes, **ONE_DAY
    )
    (block,) = answer(params, project(events), NOW)["series"].values()
    found = block["2025-03-03T00:00:00+00:00"]["counts"]
    edges = [0, 1, 4, 11, 10**6] if sizes else list(range(100))
    returned = [
        {next(k for k in range(len(edges) - 1) if edges[k] <= day < edges[k + 1]) for day in days}
        for days in users
    ]
    assert found == [
        sum(retention.retained(buckets, bucket, criterion, same) for buckets in returned)
        for bucket in range(len(found))
    ]


def test_the_average_is_of_records_per_user_of_the_cohort() -> None:
    store = project(
        [
            event("Born", "a", "2025-03-03T10:00"),
            event("Born", "b", "2025-03-03T10:00"),
            event("Back", "a", "2025-03-04T11:00"),
            event("Back", "a", "2025-03-04T12:00"),
            event("Back", "a", "2025-03-04T13:00"),
        ]
    )
    params = published_client().build_retention_params("Born", "Back", math="average", **ONE_DAY)
    (block,) = answer(params, store, NOW)["series"].values()
    assert block["2025-03-03T00:00:00+00:00"]["counts"][:3] == [0, 1.5, 0]


def test_a_streak_of_records_is_refused() -> None:
    params = published_client().build_retention_params(
        "Born", "Back", math="total", unbounded_mode="consecutive_forward", **ONE_DAY
    )
    with pytest.raises(ParamValidationError, match="a streak is of users"):
        answer(params, project([]), NOW)
