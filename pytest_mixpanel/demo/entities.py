"""What the shop's people have made in their project: reports on dashboards, cohorts, flags, alerts, notes.

They are made as the client makes them, call by call, each at its moment; so ids are the same every time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pytest_mixpanel.api.entities.alerts import AlertFrequencyPreset, CreateAlertParams
from pytest_mixpanel.api.entities.annotations import CreateAnnotationParams, CreateAnnotationTagParams
from pytest_mixpanel.api.entities.cohorts import CreateCohortParams
from pytest_mixpanel.api.entities.dashboards import CreateDashboardParams, DashboardRow, DashboardRowContent
from pytest_mixpanel.api.entities.webhooks import CreateWebhookParams
from pytest_mixpanel.api.surfaces.alerts import Alerts
from pytest_mixpanel.api.surfaces.annotations import Annotations
from pytest_mixpanel.api.surfaces.cohorts import Cohorts
from pytest_mixpanel.api.surfaces.dashboards import Dashboards
from pytest_mixpanel.api.surfaces.webhooks import Webhooks
from pytest_mixpanel.demo.days import INCIDENT_DAY, NOW
from pytest_mixpanel.demo.deeds import Deed, deed
from pytest_mixpanel.demo.governance import keeping
from pytest_mixpanel.demo.rollouts import rollouts
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.inputs.cohorts import CohortCriteria, CohortDefinition

TODAY = NOW.date()
BEGINNING = NOW - timedelta(days=110)


def deeds() -> Iterator[Deed]:
    """Everything that was made, in order."""
    yield from _boards()
    yield from _cohorts()
    yield from rollouts()
    yield from _alerts()
    yield from _notes()
    yield from keeping()
    hook = CreateWebhookParams(name="On call", url="https://oncall.shop.example/mixpanel")
    yield deed(BEGINNING, Webhooks.create_webhook, hook)


def _boards() -> Iterator[Deed]:
    """Reports 1 to 4 are the checkout's, 5 to 7 growth's."""
    buying = ["View Item", "Add to Cart", "Purchase"]
    funnel = build_funnel_params(buying, conversion_window=7, last=28, today=TODAY)
    paying = build_funnel_params(
        ["Checkout", "Purchase"], conversion_window=1, conversion_window_unit="hour", last=28, today=TODAY
    )
    orders = build_params("Purchase", last=28, today=TODAY)
    revenue = build_params(
        "Purchase", math="total", math_property="revenue", unit="week", last=84, today=TODAY
    )
    yield _board(
        "Checkout",
        "From the item to the paid order",
        [_text("<h2>Checkout</h2><p>Owner: checkout@shop.test</p>")],
        [
            _report("From item to purchase", "funnels", funnel),
            _report("From checkout to payment", "funnels", paying),
        ],
        [_report("Orders a day", "insights", orders), _report("Revenue a week", "insights", revenue)],
    )
    signups = build_params("Signup", group_by="channel", last=28, today=TODAY)
    visits = build_params("Login", math="dau", last=28, today=TODAY)
    coming_back = build_retention_params("Signup", "Login", retention_unit="week", last=56, today=TODAY)
    yield _board(
        "Growth",
        "Who comes and who stays",
        [_report("Sign-ups by channel", "insights", signups), _report("Visitors a day", "insights", visits)],
        [_report("Weeks after sign-up", "retention", coming_back)],
    )


def _board(title: str, description: str, *rows: list[DashboardRowContent]) -> Deed:
    params = CreateDashboardParams(
        title=title, description=description, rows=[DashboardRow(contents=row) for row in rows]
    )
    return deed(BEGINNING, Dashboards.create_dashboard, params)


def _text(markdown: str) -> DashboardRowContent:
    return DashboardRowContent(content_type="text", content_params={"markdown": markdown})


def _report(name: str, kind: str, params: dict[str, Any]) -> DashboardRowContent:
    whole = {"name": name, "type": kind, "params": json.dumps(params)}
    return DashboardRowContent(content_type="report", content_params={"bookmark": whole})


def _cohorts() -> Iterator[Deed]:
    """Cohorts 1 to 3."""
    bought = CohortCriteria.did_event("Purchase", at_least=1, within_days=30)
    premium = CohortCriteria.has_property("plan", "premium")
    lapsed = (
        CohortCriteria.did_event("Purchase", at_least=1, within_days=90),
        CohortCriteria.did_not_do_event("Purchase", within_days=30),
    )
    for name, description, criteria in (
        ("Buyers", "Bought in the last 30 days", (bought,)),
        ("Premium subscribers", "On the premium plan", (premium,)),
        ("Lapsed buyers", "Bought in the last 90 days, not in the last 30", lapsed),
    ):
        definition = CohortDefinition.all_of(*criteria).to_dict()
        params = CreateCohortParams(name=name, description=description, definition=definition)
        yield deed(NOW, Cohorts.create_cohort, params)


def _alerts() -> Iterator[Deed]:
    """Alerts on reports 3 (orders) and 5 (sign-ups)."""
    for report, event, name, least in ((3, "Purchase", "Few orders", 100), (5, "Signup", "Few sign-ups", 50)):
        condition = {
            "keys": [{"header": event, "value": event}],
            "type": "absolute",
            "op": "<",
            "value": least,
        }
        params = CreateAlertParams(
            bookmark_id=report,
            name=name,
            condition=condition,
            frequency=AlertFrequencyPreset.DAILY,
            paused=False,
            subscriptions=[{"type": "email", "value": "oncall@shop.test"}],
        )
        yield deed(BEGINNING, Alerts.create_alert, params)


def _notes() -> Iterator[Deed]:
    """Tags 1 (release) and 2 (campaign), and a note on each."""
    for name in ("release", "campaign"):
        yield deed(BEGINNING, Annotations.create_annotation_tag, CreateAnnotationTagParams(name=name))
    for day, text, tag in (
        (INCIDENT_DAY, "App 4.2 for Android is out", 1),
        (INCIDENT_DAY, "Paid-social campaign begins", 2),
        (INCIDENT_DAY - timedelta(days=60), "App 4.1 is out", 1),
    ):
        params = CreateAnnotationParams(date=day.isoformat(), description=text, tags=[tag])
        yield deed(datetime.combine(day, NOW.timetz()), Annotations.create_annotation, params)
