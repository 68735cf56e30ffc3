"""Every YAML form has a Python form that builds the same check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.dsl.reader import read_checks
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.kinds.builders import Check, funnel, lexicon, mix, properties, retention, volume
from pytest_mixpanel.kinds.registry import grammars

CHECKOUT = funnel("View Item", "Add to Cart", {"event": "Purchase", "where": {"order_total": "> 0"}}).within(
    "7d"
)

PYTHON: dict[str, Check] = {
    "purchase-floor": CHECKOUT.last("28d")
    .named("purchase-floor", title="At least 18 % of item viewers buy within a week")
    .fail_if("conversion < 18%")
    .warn_if("conversion < 20%"),
    "purchase-no-regression": CHECKOUT.last("28d")
    .named("purchase-no-regression")
    .compare("previous_period")
    .max_drop("10%rel")
    .segments("platform", min_n=500)
    .with_keys(requires=["week-one"]),
    "week-one": retention("Signup", "Login", unit="day")
    .named("week-one")
    .last("28d")
    .fail_if("day 1 < 36%", "day 7 < 22%"),
    "purchase-volume": volume("Purchase", unit="day")
    .named("purchase-volume")
    .last("28d")
    .fail_if("count < 500"),
    "platform-mix": mix("Login", "platform")
    .named("platform-mix")
    .last("28d")
    .compare("previous_period")
    .max_shift("5pp")
    .with_keys(severity="warn"),
    "plan": lexicon("tracking_plan.yaml")
    .named("plan")
    .last("28d")
    .with_keys(drift={"breaking": "fail", "risky": "warn", "additive": "pass"}),
    "purchase-properties": properties("Purchase", last="7d")
    .named("purchase-properties")
    .last("28d")
    .with_keys(
        properties={"order_total": {"present": ">= 99.5%", "type": "number", "between": [0, 5000]}},
        expectations=[
            {"ExpectColumnMedianToBeBetween": {"column": "order_total", "min_value": 20, "max_value": 60}}
        ],
    ),
}

YAML = read_checks(Path(__file__).parent / "checkout.checks.yaml", grammars(), {}).checks


@pytest.mark.parametrize("written", YAML, ids=lambda spec: spec.id)
def test_both_spellings_are_one_check(written: CheckSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    around = {"suite": "checkout", "owner": "growth-analytics", "tags": ("tier1",), "links": written.links}
    assert replace(PYTHON[written.id].spec, **around) == written


def test_a_check_without_an_id_gets_one_from_what_it_measures() -> None:
    assert volume("Add to Cart").fail_if("count < 5").spec.id == "volume-add-to-cart"


def test_all_problems_of_a_check_are_one_error() -> None:
    with pytest.raises(ParamValidationError, match=r"conversoin.*did you mean 'conversion'.*5pp"):
        _ = funnel("A", "B").fail_if("conversoin < 18%").compare("previous_period").max_drop("5%").spec
