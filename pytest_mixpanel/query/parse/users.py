"""Params of user queries → a plan. They are flat, and what is nested comes as JSON text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pytest_mixpanel.query.parse.node import Node, Saved
from pytest_mixpanel.query.parse.parts import cohort_reference
from pytest_mixpanel.query.plan.selecting import Cohort
from pytest_mixpanel.query.plan.times import UNIT_MS
from pytest_mixpanel.query.plan.users import NamedBehavior, UsersPlan

EXECUTION = ("project_id", "session_id", "query_origin")
KEYS = (
    "where",
    "selector",
    "filter_by_cohort",
    "include_all_users",
    "output_properties",
    "sort_key",
    "sort_order",
    "as_of_timestamp",
    "distinct_id",
    "distinct_ids",
    "data_group_id",
    "search",
    "action",
    "segment_by_cohorts",
    "limit",
    "page",
    "behaviors",
)
WINDOW = re.compile(r"(\d{1,5})\s*([hdwm])")
UNITS = {"h": "hour", "d": "day", "w": "week", "m": "month"}


def parse_users(params: Mapping[str, Any], saved: Saved | None = None) -> UsersPlan:
    """The plan of a user query; raises ``PlanError``."""
    root = Node(params, saved=saved)
    for key in params:
        if key not in KEYS + EXECUTION:
            raise root.get(key).fail("is no parameter of a user query")
    selector = root.get("where") if root.get("where").value else root.get("selector")
    order = root.get("sort_order")
    as_of = root.get("as_of_timestamp")
    cohort = _decoded(root.get("filter_by_cohort"))
    page, limit = root.get("page"), root.get("limit")
    return UsersPlan(
        where=selector.text() if selector.value else None,
        cohort=cohort_reference(cohort) if cohort.value else None,
        include_all_users=root.get("include_all_users").value in (True, "true"),
        properties=_texts(root.get("output_properties")),
        sort_key=root.get("sort_key").text() if root.get("sort_key").value else None,
        ascending=order.value is not None and order.choice("ascending", "descending") == "ascending",
        as_of=as_of.number() if as_of.value is not None else None,
        distinct_ids=_identities(root),
        search=root.get("search").text() if root.get("search").value else None,
        action=root.get("action").text() if root.get("action").value else None,
        segments=_segments(_decoded(root.get("segment_by_cohorts"))),
        limit=limit.whole() if limit.value is not None else None,
        page=page.whole() if page.value is not None else 0,
        behaviors=tuple(_behavior(item) for item in _decoded(root.get("behaviors")).items()),
    )


def _behavior(node: Node) -> NamedBehavior:
    window = node.get("window")
    found = WINDOW.fullmatch(window.text())
    if found is None:
        raise window.fail("should be a number and a unit, like 30d")
    events = tuple(_selected(item) for item in node.get("event_selectors").items())
    return NamedBehavior(node.get("name").text(), int(found[1]) * UNIT_MS[UNITS[found[2]]], events)


def _selected(node: Node) -> tuple[str, str | None]:
    selector = node.get("selector")
    return node.get("event").text(), selector.text() if selector.value else None


def _decoded(text: Node) -> Node:
    if not isinstance(text.value, str) or not text.value:
        return text
    try:
        return text.at(json.loads(text.value), text.path)
    except ValueError as error:
        raise text.fail(f"should be JSON: {error}") from error


def _texts(node: Node) -> tuple[str, ...] | None:
    listed = _decoded(node)
    return tuple(item.text() for item in listed.items()) if listed.value is not None else None


def _identities(root: Node) -> tuple[str, ...] | None:
    one = root.get("distinct_id")
    return (one.text(),) if one.value is not None else _texts(root.get("distinct_ids"))


def _segments(named: Node) -> tuple[tuple[str, Cohort], ...]:
    if named.value is None:
        return ()
    if not isinstance(named.value, dict):
        raise named.fail("should be an object of cohort ids")
    for number in named.value:
        if not number.isdecimal():
            raise named.fail(f"{number!r} is no cohort's id")
    return tuple(
        (number, cohort_reference(named.at({"id": int(number)}, named.path))) for number in named.value
    )
