"""Where a change comes from: what the rows add is the change, to the last digit shown."""

from __future__ import annotations

from datetime import date

from hypothesis import given, strategies as st

from pytest_mixpanel.baselines.daily import Daily
from pytest_mixpanel.core.time import DateRange
from pytest_mixpanel.dsl.spec import Compare, Segments
from pytest_mixpanel.dsl.units import parse_change
from pytest_mixpanel.kinds.segments import rate_table, volume_table

NOW = DateRange(date(2026, 8, 1), date(2026, 8, 14))
DROP = Compare("previous_period", "drop", parse_change("10%rel"))

sides = st.dictionaries(
    st.sampled_from(["Android", "iOS", "Web", "TV"]),
    st.integers(50, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n - 1))),
    min_size=2,
)


def daily(period: DateRange, segments: dict[str, tuple[int, int]]) -> Daily:
    """The same counts every day."""
    days = len(period)
    whole = [sum(column) for column in zip(*segments.values(), strict=True)]
    return Daily(
        tuple(period),
        {"in": (whole[0],) * days, "out": (whole[1],) * days},
        {name: {"in": (n,) * days, "out": (x,) * days} for name, (n, x) in segments.items()},
    )


def added(cell: str) -> float:
    return float(cell.removesuffix(" pp").replace("−", "-"))


@given(sides, sides)
def test_the_rows_add_up_to_the_change(
    now: dict[str, tuple[int, int]], before: dict[str, tuple[int, int]]
) -> None:
    one, two = daily(NOW, now), daily(NOW.before, before)
    table = rate_table(("in", "out"), one, two, Segments("platform", 1), DROP)
    if table is None:
        assert not set(now) & set(before)
        return
    change = one.total("out") / one.total("in") - two.total("out") / two.total("in")
    total = sum(added(row[3]) for row in table.rows)
    assert abs(total - change * 100) <= 0.01 * len(table.rows)


def test_the_segment_that_moved_is_named() -> None:
    now = {"Android": (200, 20), "iOS": (200, 50)}
    before = {"Android": (200, 50), "iOS": (200, 50)}
    table = rate_table(
        ("in", "out"), daily(NOW, now), daily(NOW.before, before), Segments("platform", 1), DROP
    )
    assert table is not None
    assert table.rows[0] == ("Android", "50 → 50 %", "25.0 → 10.0 %", "−7.50 pp")
    assert table.marks[:2] == ("◀ 100 % of the drop", "within noise")


def test_a_change_of_mix_is_not_put_on_a_segment() -> None:
    now = {"Android": (300, 30), "iOS": (100, 50)}
    before = {"Android": (100, 10), "iOS": (300, 150)}
    table = rate_table(
        ("in", "out"), daily(NOW, now), daily(NOW.before, before), Segments("platform", 1), DROP
    )
    assert table is not None
    assert [row[3] for row in table.rows] == ["+0.00 pp", "+0.00 pp", "−20.00 pp"]
    assert table.marks[-1] == "◀ 100 % of the drop"


def test_small_segments_are_one() -> None:
    now = {"Android": (200, 50), "iOS": (60, 15), "Web": (50, 10)}
    table = rate_table(
        ("in", "out"), daily(NOW, now), daily(NOW.before, now), Segments("platform", 1000), DROP
    )
    assert table is not None
    assert {row[0] for row in table.rows} == {"Android", "(others)", "traffic mix"}


counted = st.dictionaries(st.sampled_from(["Android", "iOS", "Web", "TV"]), st.integers(1, 400), min_size=2)


def sent(period: DateRange, segments: dict[str, int], outside: int = 0) -> Daily:
    """The same counts every day; ``outside`` belong to no segment."""
    days = len(period)
    parts = {name: {"count": (n,) * days} for name, n in segments.items()}
    return Daily(tuple(period), {"count": (sum(segments.values()) + outside,) * days}, parts)


@given(counted, counted, st.integers(0, 50))
def test_what_segments_add_to_a_volume_is_its_change(
    now: dict[str, int], before: dict[str, int], outside: int
) -> None:
    one, two = sent(NOW, now, outside), sent(NOW.before, before)
    table = volume_table("count", one, two, Segments("platform", 1), DROP)
    if table is None:
        assert not set(now) & set(before)
        return
    change = sum(now.values()) + outside - sum(before.values())
    assert abs(sum(float(row[2].replace("−", "-")) for row in table.rows) - change) <= 0.05 * len(table.rows)


def test_a_rise_is_not_called_noise() -> None:
    now, before = {"Android": 300, "iOS": 100}, {"Android": 200, "iOS": 200}
    table = volume_table("count", sent(NOW, now), sent(NOW.before, before), Segments("platform", 1), DROP)
    assert table is not None
    assert table.rows == (("iOS", "200 → 100", "−100.0"), ("Android", "200 → 300", "+100.0"))
    assert table.marks == ("", "")
