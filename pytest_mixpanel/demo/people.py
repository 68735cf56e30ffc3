"""The shop's users: when they came, from where, on what, and how keen they are."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.demo.days import DAYS, INCIDENT

PLATFORMS = ("Android", "iOS", "Web")
COUNTRIES = ("US", "DE", "IN", "BR", "GB", "FR")
CHANNELS = ("organic", "paid_search", "paid_social", "referral")
TIERS = ("bronze", "silver", "gold")
PLANS = ("free", "basic", "premium")

PLATFORM_SHARES = (0.45, 0.35, 0.20)
COUNTRY_SHARES = (0.38, 0.16, 0.14, 0.12, 0.11, 0.09)
CHANNEL_SHARES = (0.38, 0.25, 0.22, 0.15)

USERS = 20_000
CAMPAIGN_USERS = 1_080
"""Extra sign-ups through paid social, who exist in the incident only."""

OLDEST = 180
"""Users have signed up evenly since this many days before the first."""

PAID_SOCIAL = CHANNELS.index("paid_social")


@dataclass(frozen=True, slots=True)
class People:
    """One row per user; ``*_code`` index the tuples above. ``signup_day`` counts from the first day."""

    signup_day: NDArray[np.int64]
    platform: NDArray[np.int8]
    second_platform: NDArray[np.int8]
    country: NDArray[np.int8]
    channel: NDArray[np.int8]
    tier: NDArray[np.int8]
    plan: NDArray[np.int8]
    activity: NDArray[np.float64]
    appetite: NDArray[np.float64]
    campaign: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.signup_day)

    @property
    def ids(self) -> tuple[str, ...]:
        """Distinct ids, in order."""
        return tuple(f"user-{number:05d}" for number in range(1, len(self) + 1))

    def only(self, kept: NDArray[np.bool_]) -> People:
        """The users where ``kept``."""
        rows: dict[str, Any] = {field.name: getattr(self, field.name)[kept] for field in fields(self)}
        return People(**rows)


def people(rng: np.random.Generator) -> People:
    """Everyone, the campaign's users last; a gold tier goes with activity, paid social with less appetite."""
    n = USERS + CAMPAIGN_USERS
    campaign = np.arange(n) >= USERS
    signup = np.where(campaign, rng.integers(INCIDENT, DAYS, n), rng.integers(-OLDEST, DAYS, n))
    activity = np.clip(rng.gamma(2.5, 1 / 2.5, n), 0.05, 2.2)
    channel = np.where(campaign, PAID_SOCIAL, _draw(rng, CHANNEL_SHARES, n)).astype(np.int8)
    loyalty = activity * rng.uniform(0.6, 1.4, n)
    return People(
        signup_day=signup,
        platform=_draw(rng, PLATFORM_SHARES, n),
        second_platform=_draw(rng, PLATFORM_SHARES, n),
        country=_draw(rng, COUNTRY_SHARES, n),
        channel=channel,
        tier=np.digitize(loyalty, [1.1, 1.9]).astype(np.int8),
        plan=_draw(rng, (0.6, 0.25, 0.15), n),
        activity=activity,
        appetite=np.clip(rng.gamma(6.0, 1 / 6.0, n), 0.2, 2.2) * np.where(channel == PAID_SOCIAL, 0.8, 1.0),
        campaign=campaign,
    )


def _draw(rng: np.random.Generator, shares: tuple[float, ...], n: int) -> NDArray[np.int8]:
    codes = np.searchsorted(np.cumsum(shares), rng.random(n), side="right")
    return np.minimum(codes, len(shares) - 1).astype(np.int8)
