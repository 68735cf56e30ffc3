"""The embedded demo project: a subscription shop, drawn from seeded generators rather than shipped.

Every machine draws the same shop as long as NumPy keeps its generators' streams, which it seldom changes.

``open_demo()`` gives the store of the healthy shop, ``open_demo("incident")`` that of the same shop after a
bad release; see ``incident`` for what is planted and where it should show. About 20,000 users, 120 days up
to ``NOW``, a million events, with weekdays, days that differ by more than chance, buyers who wait, cohorts
that decay.
"""

from pytest_mixpanel.demo.days import DAYS, FIRST_DAY, INCIDENT_DAY, NOW, TIME_ZONE
from pytest_mixpanel.demo.project import build_store, open_demo
from pytest_mixpanel.demo.shop import VERSION, Shop, Variant, export_lines, generate

__all__ = [
    "DAYS",
    "FIRST_DAY",
    "INCIDENT_DAY",
    "NOW",
    "TIME_ZONE",
    "VERSION",
    "Shop",
    "Variant",
    "build_store",
    "export_lines",
    "generate",
    "open_demo",
]
