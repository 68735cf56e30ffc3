"""What happens during a visit: a table of events, not yet with properties.

A visitor logs in, looks around, and may put something into the cart, check out and buy. A third of the
carts wait: the buyer returns hours or days later, which is why conversion windows and maturity matter here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.demo.days import NOW, Rhythm
from pytest_mixpanel.demo.people import People
from pytest_mixpanel.demo.visits import Visits

EVENTS = (
    "Signup",
    "Login",
    "Page View",
    "Search",
    "View Item",
    "Add to Cart",
    "Checkout",
    "Purchase",
    "Support Ticket",
    "Logout",
)
CODE = {name: code for code, name in enumerate(EVENTS)}

BROWSES = 0.80
CART = 0.30
CHECKOUT = 0.72
BUYS = 0.78
WAITS = 0.33
UNLUCKY = 0.55
"""The share of visits whose purchase fails on Android in the incident."""

Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Journeys:
    """One row per event: ``event`` code, ``time`` (ms UTC), ``user`` index, ``platform`` code.

    ``unlucky`` marks the events of visits whose purchase the incident would break.
    """

    event: NDArray[np.uint8]
    time: NDArray[np.int64]
    user: NDArray[np.int64]
    platform: NDArray[np.int8]
    unlucky: Flags

    def __len__(self) -> int:
        return len(self.event)

    def only(self, kept: Flags) -> Journeys:
        """The events where ``kept``."""
        return Journeys(*(getattr(self, column.name)[kept] for column in fields(self)))


def journeys(people: People, visits: Visits, rhythm: Rhythm, rng: np.random.Generator) -> Journeys:
    """All events up to ``NOW``, each user's in the order of time."""
    unlucky = rng.random(len(visits)) < UNLUCKY
    parts = [*_browsing(visits, rng), *_buying(people, visits, rhythm, rng)]
    event = np.concatenate([np.full(len(who), CODE[name], np.uint8) for name, who, _ in parts])
    who = np.concatenate([who for _, who, _ in parts])
    seconds = np.concatenate([seconds for _, _, seconds in parts])
    time = visits.start[who] + (seconds * 1000).astype(np.int64)
    order = np.lexsort((time, visits.user[who]))
    order = order[time[order] <= int(NOW.timestamp()) * 1000]
    seen = who[order]
    return Journeys(event[order], time[order], visits.user[seen], visits.platform[seen], unlucky[seen])


Part = tuple[str, Indices, NDArray[np.float64]]


def _browsing(visits: Visits, rng: np.random.Generator) -> list[Part]:
    """Everything but shopping: (event, visit of each row, seconds since the visit began)."""
    n = len(visits)
    everyone = np.arange(n)

    def some(name: str, counts: Indices, earliest: float, latest: float) -> Part:
        who = np.repeat(everyone, counts)
        return name, who, rng.uniform(earliest, latest, len(who))

    signed_up = np.flatnonzero(visits.signup)
    left = np.flatnonzero(rng.random(n) < 0.35)
    trouble = np.flatnonzero(rng.random(n) < 0.02)
    return [
        ("Signup", signed_up, np.full(len(signed_up), 0.0)),
        ("Login", everyone, np.full(n, 2.0)),
        some("Page View", rng.poisson(2.3, n), 5, 1500),
        some("Search", rng.poisson(0.8, n), 20, 400),
        ("Support Ticket", trouble, rng.uniform(600, 2000, len(trouble))),
        ("Logout", left, rng.uniform(2100, 2700, len(left))),
    ]


def _buying(people: People, visits: Visits, rhythm: Rhythm, rng: np.random.Generator) -> list[Part]:
    """From the item to the order."""
    n = len(visits)
    browses = rng.random(n) < BROWSES
    views = np.where(browses, 1 + rng.poisson(1.1, n), 0)
    wants = np.minimum(CART * people.appetite[visits.user] * rhythm.appetite[visits.day], 0.95)
    fills = browses & (rng.random(n) < wants)
    checks_out = fills & (rng.random(n) < CHECKOUT)
    buys = checks_out & (rng.random(n) < BUYS)
    waits = rng.random(n) < WAITS
    delay = np.where(waits, np.clip(rng.lognormal(np.log(26.0), 0.9, n), 1.0, 300.0) * 3600, 0.0)
    cart_at, checkout_at = rng.uniform(605, 900, n), rng.uniform(905, 1200, n)
    bought_at = checkout_at + rng.lognormal(np.log(150.0), 0.5, n)
    viewing = np.repeat(np.arange(n), views)
    returns = np.flatnonzero(checks_out & waits)
    at = np.flatnonzero
    return [
        ("View Item", viewing, rng.uniform(60, 600, len(viewing))),
        ("Add to Cart", at(fills), cart_at[fills]),
        ("Login", returns, delay[returns] + 600),
        ("Checkout", at(checks_out), (delay + checkout_at)[checks_out]),
        ("Purchase", at(buys), (delay + bought_at)[buys]),
    ]
