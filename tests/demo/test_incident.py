"""The incident plants four things and nothing else, and the statistics see each of them where they should."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from pytest_mixpanel import stats
from pytest_mixpanel.demo import DAYS, INCIDENT_DAY, Shop, generate
from pytest_mixpanel.engine.store.columns import CodedColumn
from tests.demo.reckoning import WEEKDAYS, Entries, between, day_of, funnel, position, rows

CHECKOUT = ["View Item", "Add to Cart", "Purchase"]
LAST = position(date(2025, 3, 22))
"""The last day whose entrants had seven days and one for settling when the shop's clock stands still."""


def coded(shop: Shop, name: str) -> CodedColumn:
    column = shop.columns[name]
    assert isinstance(column, CodedColumn)
    return column


def compared(entries: Entries, kept: np.ndarray | None = None, margin: float = 0.1) -> stats.Comparison:
    n, x = (between(series, LAST, 56) for series in entries.daily(kept))
    return stats.compare_conversion(n, x, between(WEEKDAYS, LAST, 56), 28, margin_rel=margin)


def on(shop: Shop, entries: Entries, platform: str) -> np.ndarray:
    column = coded(shop, "platform")
    return np.isin(column.codes[entries.row], column.values.index(platform))


def test_is_the_same_shop_but_for_what_is_planted(shop: Shop, incident: Shop) -> None:
    assert incident.users[: len(shop.users)] == shop.users
    old = incident.user < len(shop.users)
    missing = len(shop) - int(old.sum())
    before = day_of(incident) < position(INCIDENT_DAY)
    assert (incident.time[before] == shop.time[day_of(shop) < position(INCIDENT_DAY)]).all()
    assert missing == len(rows(shop, "Purchase")) - int(old[rows(incident, "Purchase")].sum())
    newcomers = incident.user[~old]
    assert day_of(incident)[np.isin(incident.user, newcomers)].min() >= position(INCIDENT_DAY)


def test_only_android_purchases_fail(shop: Shop, incident: Shop) -> None:
    for platform, lost in (("Android", True), ("iOS", False), ("Web", False)):
        counts = [
            int(((coded(each, "platform").codes == code) & (each.user < len(shop.users)))[purchases].sum())
            for each in (shop, incident)
            for code in [coded(each, "platform").values.index(platform)]
            for purchases in [rows(each, "Purchase")]
        ]
        assert (counts[1] < counts[0]) is lost


def test_the_healthy_shop_passes_and_the_struck_one_fails_on_android_alone(
    shop: Shop, incident: Shop
) -> None:
    healthy, struck = funnel(shop, CHECKOUT, 7), funnel(incident, CHECKOUT, 7)
    assert compared(healthy).verdict == "pass"
    assert compared(struck).verdict == "fail"
    verdicts = {
        each: compared(struck, on(incident, struck, each)).verdict for each in ("Android", "iOS", "Web")
    }
    assert verdicts["Android"] == "fail"
    assert "fail" not in (verdicts["iOS"], verdicts["Web"])


def test_the_drop_lies_within_segments_not_in_their_mix(incident: Shop) -> None:
    struck = funnel(incident, CHECKOUT, 7)
    sides: list[list[float]] = [[], [], [], []]
    for platform in ("Android", "iOS", "Web"):
        n, x = struck.daily(on(incident, struck, platform))
        for side, days in zip(sides, (x, n), strict=False):
            side.append(sum(between(days, LAST, 28)))
        for side, days in zip(sides[2:], (x, n), strict=True):
            side.append(sum(between(days, LAST - 28, 28)))
    split = stats.kitagawa(*sides)
    assert split.rate_effect / split.total == pytest.approx(1, abs=0.1)
    assert split.rate_by_segment[0] / split.total > 0.85


def test_the_campaign_moves_the_mix_of_signups_but_is_no_regression(shop: Shop, incident: Shop) -> None:
    channel, signups, day = coded(incident, "channel"), rows(incident, "Signup"), day_of(incident)
    daily = np.zeros((DAYS, len(channel.values)))
    np.add.at(daily, (day[signups], channel.codes[signups]), 1)
    shift = stats.daily_mix_shift(
        daily[LAST - 55 : LAST - 27].tolist(), daily[LAST - 27 : LAST + 1].tolist(), list(channel.values)
    )
    assert shift is not None
    assert shift.p_value < 1e-4
    assert shift.shift.tvd > 0.1
    first_cart = funnel(incident, ["Signup", "View Item", "Add to Cart"], 7)
    assert compared(first_cart, margin=0.2).verdict == "pass"


def test_searches_go_on_under_another_name(shop: Shop, incident: Shop) -> None:
    since = position(INCIDENT_DAY)
    assert day_of(incident)[rows(incident, "Search")].max() < since
    assert day_of(incident)[rows(incident, "Search Performed")].min() >= since
    assert "Search Performed" not in shop.event_names


def test_the_deals_sweet_spot_is_no_longer_sent(incident: Shop) -> None:
    later = day_of(incident) >= position(INCIDENT_DAY)
    assert (coded(incident, "deal_sweet_spot").codes[later] < 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 15))
def test_what_the_demo_shows_does_not_hang_on_its_seed(seed: int) -> None:
    assert compared(funnel(generate("shop", seed), CHECKOUT, 7)).verdict != "fail"
    assert compared(funnel(generate("incident", seed), CHECKOUT, 7)).verdict == "fail"
