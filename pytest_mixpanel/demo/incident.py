"""What goes wrong in ``demo:incident``, all of it from ``INCIDENT_DAY``, and where it should show.

- 55 % of the purchases on Android fail at payment: shows in purchase funnels (Android alone), and in the
  volume of purchases.
- ``Purchase`` loses the property ``deal_sweet_spot``: shows in the tracking plan.
- ``Search`` is renamed ``Search Performed``: shows in the tracking plan, one event missing and one unplanned,
  and in the volume of searches.
- A paid-social campaign brings half as many sign-ups again, of users who look more than they buy: shows in
  the mix of sign-ups by channel, and is no regression, as no channel converts worse than before.

Everything else is the same shop, event for event: the campaign's users are drawn in both variants and
left out of the healthy one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.demo.days import DAY_MS, INCIDENT, START_MS
from pytest_mixpanel.demo.journeys import CODE, Journeys
from pytest_mixpanel.demo.people import PLATFORMS
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column

LOST_PROPERTY = "deal_sweet_spot"
OLD_NAME = "Search"
NEW_NAME = "Search Performed"

Flags = NDArray[np.bool_]


def begun(events: Journeys) -> Flags:
    """Which events happen on or after the incident's day."""
    return events.time >= START_MS + INCIDENT * DAY_MS


def failed_purchases(events: Journeys) -> Flags:
    """The Android purchases that do not go through."""
    android = events.platform == PLATFORMS.index("Android")
    failed: Flags = begun(events) & (events.event == CODE["Purchase"]) & android & events.unlucky
    return failed


def without_lost_property(columns: dict[str, Column], events: Journeys) -> dict[str, Column]:
    """The columns with ``deal_sweet_spot`` absent since the incident."""
    column = columns[LOST_PROPERTY]
    assert isinstance(column, CodedColumn)
    codes = np.where(begun(events), UNDEFINED, column.codes).astype(column.codes.dtype)
    return {**columns, LOST_PROPERTY: CodedColumn(codes, column.values)}


def renamed(events: Journeys, names: tuple[str, ...]) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Event codes and names with searches since the incident under their new name."""
    moved = begun(events) & (events.event == names.index(OLD_NAME))
    return np.where(moved, len(names), events.event).astype(np.uint8), (*names, NEW_NAME)
