"""Properties checks, from the words of a checks file to the message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.explanation import Explanation
from pytest_mixpanel.core.verdict import Outcome, Verdict
from pytest_mixpanel.dsl.reader import CheckFile, read_text
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.kinds.context import Context
from pytest_mixpanel.kinds.properties import KIND, frame_of
from pytest_mixpanel.kinds.registry import grammars
from pytest_mixpanel.report.terminal import panel

CONTEXT = Context(datetime(2026, 8, 28, 0, 0, tzinfo=UTC))


def read(check: str) -> CheckFile:
    text = "version: 1\nsuite: shop\nchecks:\n  - id: values\n    measure: {properties: Purchase}\n"
    return read_text(text + check, "shop.checks.yaml", grammars(), {})


def spec_of(check: str) -> CheckSpec:
    file = read(check)
    assert [problem.render() for problem in file.problems] == []
    (spec,) = file.checks
    return spec


def purchases(n: int = 1, **properties: Any) -> list[dict[str, Any]]:
    return [{"event": "Purchase", "properties": properties}] * n


def judge(spec: CheckSpec, rows: list[dict[str, Any]]) -> tuple[Verdict, Explanation]:
    measurement = KIND.measure(spec, {"now": rows}, CONTEXT)
    verdict = KIND.decide(spec, measurement, CONTEXT)
    return verdict, KIND.explain(spec, measurement, verdict, CONTEXT)


RULES = """\
    properties:
      price: {present: ">= 99.5%", type: number, between: [0, 5000]}
      currency: {one_of: [USD, EUR]}
      order_id: {unique: true, matches: "^ord_"}
"""
EXPECTED = """\
    expectations:
      - ExpectColumnMedianToBeBetween: {column: price, min_value: 20, max_value: 60}
"""


def test_sound_values_pass() -> None:
    rows = [row for n in range(200) for row in purchases(price=n, currency="USD", order_id=f"ord_{n}")]
    verdict, explanation = judge(spec_of(RULES), rows)
    assert verdict.outcome is Outcome.PASS
    assert explanation.headline == "6 rules hold on 200 Purchase events"


def test_the_message_shows_every_rule_and_leads_with_the_first_that_breaks() -> None:
    rows = [
        *purchases(888, currency="USD"),
        *purchases(49_102, price=34.9, currency="USD"),
        *purchases(9, price=34.9, currency="usd"),
        *purchases(1, price=34.9, currency=""),
    ]
    spec = spec_of(
        "    properties:\n"
        '      price: {present: ">= 99.5%", between: [0, 5000]}\n'
        "      currency: {one_of: [USD, EUR, GBP]}\n" + EXPECTED
    )
    verdict, explanation = judge(spec, rows)
    assert verdict.estimate == pytest.approx(49_112 / 50_000)
    assert panel(spec.name, verdict.outcome, explanation) == (
        """\
FAIL  shop::values   price is missing in 888 of 50,000 Purchase events (1.776 %)
  rules     rule                                     got      limit   result
            price present                        98.22 %   ≥ 99.5 %   FAIL
            price between 0 and 5000               100 %      100 %   ok
            currency one of 3                    99.98 %      100 %   FAIL   2 other values
            column median to be between(price)      34.9    20 – 60   ok
  seen      50,000 Purchase events
  window    2026-08-27 → 08-27 (1 d, UTC)"""
    )


def test_of_a_property_that_no_event_carries_the_nearest_is_told() -> None:
    spec = spec_of("    properties: {prize: {present: 99%}}\n")
    verdict, explanation = judge(spec, purchases(5, price=3))
    assert verdict.outcome is Outcome.FAIL
    assert "did you mean 'price'?" in panel("values", verdict.outcome, explanation)


def test_a_property_that_need_not_be_present_must_be_known() -> None:
    spec = spec_of("    properties: {price: {present: 99%}, prize: {type: number}, time: {type: number}}\n")
    assert KIND.properties(spec) == {"prize": ("Purchase",)}


def test_an_expectation_that_does_not_hold_fails_the_check() -> None:
    verdict, explanation = judge(spec_of(EXPECTED), purchases(3, price=10))
    assert verdict.outcome is Outcome.FAIL
    assert explanation.headline == (
        "column median to be between(price) does not hold for Purchase: 10, asked for 20 – 60"
    )


def test_an_expectation_that_cannot_be_evaluated_makes_the_check_an_error() -> None:
    check = "    properties: {price: {present: 100%}}\n    expectations: [ExpectNonsense]\n"
    verdict, explanation = judge(spec_of(check), purchases(3))
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "expectation-error")
    assert "there is no expectation 'ExpectNonsense'" in explanation.headline


def test_of_no_events_nothing_is_decided() -> None:
    verdict, explanation = judge(spec_of(RULES + EXPECTED), [])
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, "no-data")
    assert explanation.headline.startswith("no Purchase events arrived on 2026-08-27")


def test_it_asks_for_the_raw_events_up_to_the_sample() -> None:
    (question,) = KIND.questions(spec_of(RULES), CONTEXT).values()
    assert question.engine == "export"
    assert question.params == {
        "from_date": "2026-08-27",
        "to_date": "2026-08-27",
        "events": ["Purchase"],
        "limit": 100_000,
        "raw": True,
    }


def test_no_value_of_the_data_is_in_the_message() -> None:
    rows = purchases(3, price="secret-1", currency="secret-2", order_id="secret-3")
    spec = spec_of(RULES)
    verdict, explanation = judge(spec, rows)
    assert "secret" not in panel(spec.name, verdict.outcome, explanation)


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ("    title: nothing said\n", "the check does not say what is wrong"),
        ("    properties: {price: {presence: 1}}\n", "'presence' is not a key of the rules of a property"),
        ("    properties: {price: {present: 2}}\n", "2 stands where a share of the events"),
        (
            "    properties: {price: {between: [5, 1]}}\n",
            "the range ends before it begins",
        ),
        ("    properties: {price: {between: [a, b]}}\n", "a list stands where a range"),
        ("    properties: {price: {matches: '('}}\n", "this is no regular expression"),
        ("    properties: {price: {one_of: [[1]]}}\n", "a list stands where a text, a number"),
        ("    properties: {price: {type: float}}\n", "'float' is not one of the words"),
        ("    expectations: [{A: 1}]\n", "a map stands where one expectation as"),
        ("    expectations: [{A: {}, B: {}}]\n", "a map stands where one expectation as"),
    ],
)
def test_what_cannot_be_read_is_told(check: str, message: str) -> None:
    assert [problem.message for problem in read(check).problems if message in problem.message]


def test_conditions_on_events_are_refused() -> None:
    with pytest.raises(ConfigError, match="take 'where' away"):
        KIND.questions(spec_of(RULES + "    where: {platform: iOS}\n"), CONTEXT)


def test_lists_become_text_in_the_frame() -> None:
    rows = [{"event": "P", "properties": {"cart": ["a"], "n": 1}}, {"event": "P", "properties": {}}]
    frame = frame_of(rows)
    assert list(frame.columns) == ["cart", "n"]
    assert frame["cart"].iloc[0] == '["a"]'
    assert frame["n"].isna().tolist() == [False, True]
