"""Segments of a breakdown: buckets, groups and casts the client has no word for, and lists of profiles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_mixpanel import Filter, FrequencyBreakdown, FrequencyFilter, GroupBy, TimeComparison
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.parse.params import PlanError
from tests.engine.events import event, project

NOW = datetime(2025, 6, 30, tzinfo=UTC)
DAY = {"from_date": "2025-03-01", "to_date": "2025-03-01"}


def with_values(*values: Any) -> Any:
    return project(event("A", f"u{n}", "2025-03-01T10:00", v=value) for n, value in enumerate(values))


def segments(store: Any, group: Any = "v", where: Any = None, **changes: Any) -> dict[str, int]:
    params = build_params("A", group_by=group, where=where, mode="total", **DAY)
    params["sections"]["group"][0] |= changes
    (block,) = answer(params, store, NOW)["series"].values()
    return {name: leaf["all"] for name, leaf in block.items() if name != "$overall"}


def test_varied_buckets_begin_at_their_breakpoints() -> None:
    """Semantics E-53: below 10, from 10 to 20, 20 and more; other types apart."""
    store = with_values(9, 10, 19.5, 20, "7", None)
    assert segments(store, customBucket={"breakpoints": [10, 20]}) == {
        "10 - 20": 2,
        "(non-numeric values)": 1,
        "< 10": 1,
        "undefined": 1,
        "≥ 20": 1,
    }
    with pytest.raises(PlanError, match="ascend"):
        segments(store, customBucket={"breakpoints": [20, 10]})


def test_groups_of_values_take_the_first_that_holds_one() -> None:
    """Semantics E-54."""
    groups = [{"name": "North", "values": ["no", "se"]}, {"name": "Any", "values": ["se", "de"]}]
    found = segments(with_values("no", "se", "de", "NO", None), valueGroups=groups)
    assert found == {"North": 2, "(remaining values)": 1, "Any": 1, "undefined": 1}


@pytest.mark.parametrize(
    ("cast", "wanted"),
    [
        ("string", {"7": 2, "true": 2, "undefined": 1, "(empty string)": 1}),
        ("number", {"7": 2, "1": 1, "undefined": 3}),
        ("boolean", {"true": 4, "false": 2}),
    ],
)
def test_values_are_cast_where_a_type_is_told(cast: str, wanted: dict[str, int]) -> None:
    """Semantics E-39: "7" and 7, "true" and true, nothing, and an empty text."""
    assert segments(with_values("7", 7, "true", True, None, ""), typeCast=cast) == wanted


def test_a_date_cast_to_a_number_is_its_seconds() -> None:
    assert segments(with_values("2025-03-01T00:00:01"), typeCast="number") == {"1740787201": 1}


def test_many_numbers_are_put_into_even_ranges_and_few_stay() -> None:
    """Semantics E-55: 24 distinct numbers are few; of 100 the ranges are tens. As texts they stay."""
    many, few = with_values(*range(100)), with_values(*range(24))
    number = GroupBy("v", property_type="number")
    assert segments(few, number) == {str(value): 1 for value in range(24)}
    assert segments(many, number) == {f"{low} - {low + 10}": 10 for low in range(0, 100, 10)}
    assert len(segments(many, number, typeCast="string")) == len(segments(many)) == 100


def test_ranges_are_those_of_the_records_in_question_and_one_for_all_engines() -> None:
    store = project(
        event(name, f"u{value}", moment, v=value * (1 if name == "A" else 1_000))
        for value in range(100)
        for name, moment in (("A", "2025-03-01T10:00"), ("B", "2025-03-01T11:00"), ("A", "2025-02-01T10:00"))
    )
    number = GroupBy("v", property_type="number")
    tens = {f"{low} - {low + 10}" for low in range(0, 100, 10)}
    assert segments(store, number).keys() == tens
    (born,) = answer(
        build_retention_params("A", "B", retention_unit="day", group_by=number, **DAY), store, NOW
    )["series"].values()
    assert born.keys() == tens | {"$overall"}
    (funnel,) = answer(build_funnel_params(["A", "A"], group_by=number, **DAY), store, NOW)["series"].values()
    assert funnel.keys() == tens | {"$overall"}


def test_a_filter_on_every_item_of_a_list() -> None:
    """Semantics E-43: "all" holds if every item does; a negative operator of no item that matches."""
    store = with_values(["x", "x"], ["x", "y"], [], "x")

    def passing(condition: Filter) -> int:
        params = build_params("A", where=condition, mode="total", **DAY)
        params["sections"]["filter"][0]["listQuantifier"] = "all"
        (leaf,) = answer(params, store, NOW)["series"].values()
        return int(leaf["all"])

    assert passing(Filter.equals("v", "x")) == 2
    assert passing(Filter.not_equals("v", "y")) == 3


def test_a_list_of_a_profile_is_in_the_segment_of_each_item() -> None:
    store = project(
        [event("A", "u", "2025-03-01T10:00"), event("A", "v", "2025-03-01T10:00")],
        profiles=[{"$distinct_id": "u", "tags": ["x", "y"]}],
    )
    assert segments(store, "tags", resourceType="people") == {"undefined": 1, "x": 1, "y": 1}


def test_an_event_counts_once_in_the_whole_however_many_items_its_list_has() -> None:
    """Semantics E-48."""
    params = build_params("A", group_by="v", mode="total", **DAY)
    (block,) = answer(params, with_values(["x", "y"], ["x"], "y", None), NOW)["series"].values()
    assert {name: leaf["all"] for name, leaf in block.items()} == {
        "$overall": 4,
        "x": 2,
        "y": 2,
        "undefined": 1,
    }


def buying() -> Any:
    """u buys twice on the 1st and once on the 2nd, v once on the 2nd; both log in on both days."""
    bought = [("u", "01T09:00"), ("u", "01T09:30"), ("u", "02T09:00"), ("v", "02T09:00")]
    events = [event("Buy", user, f"2025-03-{moment}") for user, moment in bought]
    return project(
        [*events, *(event("Login", user, f"2025-03-0{day}T10:00") for user in "uv" for day in (1, 2))]
    )


def test_frequencies_are_counted_in_each_interval_of_a_line_and_in_the_whole_range_of_a_total() -> None:
    """Semantics I-31."""
    span: Any = {"from_date": "2025-03-01", "to_date": "2025-03-02"}

    def logins(**more: Any) -> dict[str, Any]:
        (block,) = answer(build_params("Login", **span, **more), buying(), NOW)["series"].values()
        found: dict[str, Any] = block
        return found

    twice = FrequencyFilter("Buy", 2)
    assert list(logins(where=twice).values()) == [1, 0]
    assert logins(where=twice, mode="total") == {"all": 2}
    assert list(logins(where=FrequencyFilter("Buy", 1)).values()) == [1, 2]
    by_times = logins(group_by=FrequencyBreakdown("Buy", bucket_size=1, bucket_min=0, bucket_max=3))
    del by_times["$overall"]
    assert {name: list(values.values()) for name, values in by_times.items()} == {
        "0 - 1": [1, 0],
        "1 - 2": [0, 2],
        "2 - 3": [1, 0],
    }
    span = {"from_date": "2025-03-02", "to_date": "2025-03-02"}
    assert list(logins(where=FrequencyFilter("Buy", 2), rolling=2).values()) == [0.5]


def test_a_comparison_counts_frequencies_in_its_own_range() -> None:
    params = build_params(
        "Login",
        where=FrequencyFilter("Buy", 2),
        mode="total",
        time_comparison=TimeComparison.relative("day"),
        from_date="2025-03-02",
        to_date="2025-03-02",
    )
    found = answer(params, buying(), NOW)
    (now,), (before,) = (each["series"].values() for each in (found, found["time_comparison"]))
    assert (now, before) == ({"all": 0}, {"all": 1})


def test_a_funnel_counts_how_often_from_the_entry_to_the_last_step() -> None:
    """Semantics E-65: step 1, step 1, step 2 is a frequency of 1; else it counts to the window's end."""
    moments = {
        "u": ["A 10:00", "X 10:01", "A 10:02", "B 10:03", "X 10:04"],
        "v": ["A 10:00", "X 10:05", "X 12:00"],
    }
    store = project(
        event(one.split()[0], user, f"2025-03-01T{one.split()[1]}")
        for user, each in moments.items()
        for one in each
    )

    def entrants(name: str) -> dict[str, list[int]]:
        by = FrequencyBreakdown(name, bucket_size=1, bucket_min=0, bucket_max=5)
        params = build_funnel_params(
            ["A", "B"], group_by=by, conversion_window=1, conversion_window_unit="hour", **DAY
        )
        (block,) = answer(params, store, NOW)["series"].values()
        return {
            segment: [leaf["all"] for leaf in part["count"].values()]
            for segment, part in block.items()
            if segment != "$overall"
        }

    assert entrants("A") == {"1 - 2": [1, 1], "0 - 1": [1, 0]}
    assert entrants("X") == {"1 - 2": [2, 1]}
    assert entrants("B") == {"0 - 1": [2, 1]}


def test_a_retention_counts_how_often_from_the_birth_until_its_window_expires() -> None:
    """Semantics R-32: the birth itself is none, and what follows the last bucket is none either."""
    moments = [("Born", "01T10:00"), ("X", "01T10:00"), ("X", "03T09:00"), ("X", "04T10:00")]
    store = project([event(name, "u", f"2025-03-{moment}") for name, moment in moments])

    def segment(name: str) -> str:
        by = FrequencyBreakdown(name, bucket_size=1, bucket_min=0, bucket_max=5)
        params = build_retention_params(
            "Born", "X", retention_unit="day", bucket_sizes=[1, 2], group_by=by, **DAY
        )
        (block,) = answer(params, store, NOW)["series"].values()
        (found,) = block.keys() - {"$overall"}
        return str(found)

    assert [segment("X"), segment("Born")] == ["2 - 3", "0 - 1"]
