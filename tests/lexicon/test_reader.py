"""Tracking plans in YAML, and what is said of a plan that cannot be read."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.lexicon.plan import PlannedEvent, PlannedProperty
from pytest_mixpanel.lexicon.reader import parse_plan, read_plan

PLAN = """\
version: 1
description: The shop
owner: growth-analytics
properties: {platform: string}
ignore: {events: ["debug_*"], properties: [ab_*]}
events:
  Purchase:
    description: An order that was paid
    owner: checkout
    properties:
      order_total: {type: number, present: ">= 99.5%", description: In EUR}
      order_id: {type: string, present: 100%}
      coupon: string
      note: {}
  Refund: {optional: true}
  Login:
"""


def test_a_plan_is_read() -> None:
    file = parse_plan(PLAN, "tracking_plan.yaml")
    assert file.problems == ()
    assert file.plan.events == {
        "Purchase": PlannedEvent(
            "Purchase",
            {
                "order_total": PlannedProperty("order_total", "number", 0.995, "In EUR"),
                "order_id": PlannedProperty("order_id", "string", 1.0),
                "coupon": PlannedProperty("coupon", "string"),
                "note": PlannedProperty("note"),
            },
            "An order that was paid",
            "checkout",
        ),
        "Refund": PlannedEvent("Refund", optional=True),
        "Login": PlannedEvent("Login"),
    }
    assert file.plan.common == {"platform": PlannedProperty("platform", "string")}
    assert file.plan.ignores_event("debug_click")
    assert file.plan.ignores_property("Purchase", "ab_test")
    assert not file.plan.ignores_property("Purchase", "coupon")


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("events: {}", "1:1", "a plan needs the key 'version'", "write version: 1"),
        ("version: 2\nevents: {}", "1:10", "2 stands where version: 1 is expected", ""),
        ("version: 1", "1:1", "a plan needs the key 'events'", "write events: {Purchase: {}}"),
        (
            "version: 1\nevent: {}\nevents: {}",
            "2:1",
            "'event' is not a key of a plan",
            "did you mean 'events'?",
        ),
        ("version: 1\nevents: [Buy]", "2:9", "a list stands where a map is expected", ""),
        ("version: 1\nevents: {Buy: yes}", "2:15", "'yes' stands where a map", ""),
        ("version: 1\nevents: {Buy: {a: 1}}", "2:16", "'a' is not a key of an event", "known: description"),
        (
            "version: 1\nevents: {Buy: {properties: {a: nubmer}}}",
            "2:32",
            "'nubmer' is not",
            "did you mean 'number'?",
        ),
        (
            "version: 1\nevents: {Buy: {properties: {a: {present: 0.9}}}}",
            "2:42",
            "0.9 stands where a share of the events as 99.5%",
            "",
        ),
        (
            "version: 1\nevents: {Buy: {properties: {a: {present: 101%}}}}",
            "2:42",
            "'101%' stands where a share",
            "",
        ),
        (
            "version: 1\nevents: {Buy: {properties: {a: {present: most}}}}",
            "2:42",
            "'most' stands where a share",
            "",
        ),
        ("version: 1\nevents: {Buy: {optional: 1}}", "2:26", "1 stands where true or false is expected", ""),
        ("version: 1\nevents: {Buy: {owner: [a]}}", "2:23", "a list stands where a text is expected", ""),
        ("version: 1\nignore: {events: a}\nevents: {}", "2:18", "'a' stands where a list is expected", ""),
        ("version: 1\nevents: {Buy: {}, Buy: {}}", "2:19", "the key 'Buy' is here twice", "remove one"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_to_write(
    text: str, place: str, message: str, hint: str
) -> None:
    (found,) = parse_plan(text, "plan.yaml").problems
    assert f"{found.line}:{found.column}" == place
    assert found.message.startswith(message)
    assert hint in found.hint


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = dedent(
        """\
        version: 1
        owners: x
        events:
          Buy: {properties: {a: text}}
          Sell: {option: true}
        """
    )
    assert [problem.line for problem in parse_plan(text, "plan.yaml").problems] == [2, 4, 5]


def test_a_plan_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    (problem,) = read_plan(tmp_path / "plan.yaml", "plan.yaml").problems
    assert problem.message == "the plan cannot be read: No such file or directory"
    (tmp_path / "latin.yaml").write_bytes(b"\xff\xfe")
    (problem,) = read_plan(tmp_path / "latin.yaml").problems
    assert problem.message == "the plan is UTF-16"


def test_a_plan_that_is_no_yaml_is_a_problem() -> None:
    (problem,) = parse_plan("events: [", "plan.yaml").problems
    assert problem.code == "not-yaml"


@given(st.text(alphabet="version:1 \n{}[]eventspropertiesignore,-'\"%", max_size=60))
def test_of_any_text_the_problems_can_be_shown(text: str) -> None:
    for problem in parse_plan(text, "plan.yaml").problems:
        assert problem.render().startswith("error[")
        assert 1 <= problem.line <= text.count("\n") + 1
