"""The shop's user profiles."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from pytest_mixpanel.demo.days import FIRST_DAY
from pytest_mixpanel.demo.journeys import Journeys
from pytest_mixpanel.demo.people import CHANNELS, COUNTRIES, PLANS, PLATFORMS, TIERS, People
from pytest_mixpanel.demo.properties import mail_addresses
from pytest_mixpanel.engine.store.columns import Column, NumberColumn

_MIDNIGHT = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day)


def profiles(people: People, events: Journeys, revenue: Column, seed: int) -> list[dict[str, Any]]:
    """One profile per user, in the order of ``people``; ``revenue`` is the events' column of that name.

    ``lifetime_value`` is what the user spent in the days of the shop plus, for older users, before them.
    """
    rng = np.random.default_rng([seed, 6])
    assert isinstance(revenue, NumberColumn)
    spent = np.bincount(events.user, weights=np.nan_to_num(revenue.numbers), minlength=len(people))
    earlier = rng.lognormal(np.log(60), 0.9, len(people)) * people.activity * (people.signup_day < 0)
    value = np.round(spent + earlier, 2).tolist()
    seconds = rng.integers(0, 86_400, len(people)).tolist()
    mails = mail_addresses(people)
    return [
        {
            "$distinct_id": name,
            "$name": f"Shopper {row + 1}",
            "$email": mails[row],
            "$created": (_MIDNIGHT + timedelta(int(people.signup_day[row]), seconds[row])).isoformat(),
            "plan": PLANS[people.plan[row]],
            "lifetime_value": value[row],
            "loyalty_tier": TIERS[people.tier[row]],
            "platform": PLATFORMS[people.platform[row]],
            "country": COUNTRIES[people.country[row]],
            "channel": CHANNELS[people.channel[row]],
        }
        for row, name in enumerate(people.ids)
    ]
