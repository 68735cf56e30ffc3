"""Lexicon checks, from the words of a checks file to the message."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.explanation import Explanation
from pytest_mixpanel.core.verdict import Outcome, Verdict
from pytest_mixpanel.dsl.reader import CheckFile, read_checks
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.kinds.builders import lexicon
from pytest_mixpanel.kinds.context import Context
from pytest_mixpanel.kinds.lexicon import KIND
from pytest_mixpanel.kinds.registry import grammars
from pytest_mixpanel.report.terminal import panel

CONTEXT = Context(datetime(2026, 8, 28, 0, 0, tzinfo=UTC))
PLAN = """\
version: 1
events:
  Purchase: {properties: {price: {type: number, present: 99.5%}, cart: string, note: string}}
  Refund: {}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tracking_plan.yaml").write_text(PLAN)
    return tmp_path


def read(folder: Path, check: str) -> CheckFile:
    path = folder / "plan.checks.yaml"
    path.write_text(f"version: 1\nsuite: shop\nowner: data\nchecks:\n  - {{id: plan, {check}}}\n")
    return read_checks(path, grammars(), {})


def spec_of(folder: Path, check: str = "measure: {lexicon: {plan: tracking_plan.yaml}}") -> CheckSpec:
    file = read(folder, check)
    assert file.problems == ()
    (spec,) = file.checks
    return spec


def events(name: str, n: int, **properties: Any) -> list[dict[str, Any]]:
    return [{"event": name, "properties": properties}] * n


def judge(
    spec: CheckSpec, answers: dict[str, Any], context: Context = CONTEXT
) -> tuple[Verdict, Explanation]:
    measurement = KIND.measure(spec, answers, context)
    verdict = KIND.decide(spec, measurement, context)
    return verdict, KIND.explain(spec, measurement, verdict, context)


SOUND = [*events("Purchase", 1000, price=1, cart="a", note="b"), *events("Refund", 10)]


def test_a_project_that_keeps_to_its_plan_passes(folder: Path) -> None:
    verdict, explanation = judge(spec_of(folder), {"now": SOUND})
    assert (verdict.outcome, verdict.reason) == (Outcome.PASS, None)
    assert explanation.headline == "what arrived is what tracking_plan.yaml says"
    assert verdict.n["events"] == 1010


@pytest.mark.parametrize(
    ("drift", "outcome"),
    [
        ("", Outcome.FAIL),
        (", drift: {breaking: warn}", Outcome.WARN),
        (", drift: {breaking: pass}", Outcome.PASS),
    ],
)
def test_the_policy_says_what_a_breaking_change_comes_to(folder: Path, drift: str, outcome: Outcome) -> None:
    spec = spec_of(folder, f"measure: {{lexicon: tracking_plan.yaml}}{drift}")
    verdict, _ = judge(spec, {"now": SOUND[:1000]})
    assert verdict.outcome is outcome


@pytest.mark.parametrize(
    ("drift", "outcome"), [("", Outcome.PASS), (", drift: {additive: fail}", Outcome.FAIL)]
)
def test_an_additive_change_passes_unless_the_policy_is_strict(
    folder: Path, drift: str, outcome: Outcome
) -> None:
    spec = spec_of(folder, f"measure: {{lexicon: tracking_plan.yaml}}{drift}")
    verdict, _ = judge(spec, {"now": [*SOUND, *events("Debug", 3)]})
    assert verdict.outcome is outcome


def test_of_no_events_nothing_is_decided(folder: Path) -> None:
    verdict, explanation = judge(spec_of(folder), {"now": []})
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, "no-data")
    assert explanation.headline == (
        "no events arrived on 2026-08-21 → 08-27: nothing can be said of tracking_plan.yaml"
    )


def test_the_message_lists_the_changes_by_class(folder: Path) -> None:
    now = [
        *events("Purchase", 876, price=1, cart="a", coupon="X"),
        *events("Purchase", 124, price="1", cart="a"),
        *events("refunds", 7),
    ]
    before = events("Purchase", 1000, price=1, cart="a", note="b")
    spec = spec_of(folder)
    verdict, explanation = judge(spec, {"now": now, "before": before})
    assert panel(spec.name, verdict.outcome, explanation) == (
        """\
FAIL  shop::plan   2 breaking, 2 risky and 1 additive changes against tracking_plan.yaml
  breaking  Purchase.price   number → string in 12.4 % of its values
            Refund           planned, not seen   now "refunds"?
  risky     Purchase.note   planned, on none of 1,000 events
            refunds         unplanned, 7 events   looks like "Refund"
  additive  Purchase.coupon   new, on 87.6 % of events (string)
  seen      1,007 events of 2 names, 2 planned
  window    2026-08-21 → 08-27 (7 d, UTC)
  owner     data"""
    )


def test_a_long_list_is_cut_and_the_rest_counted(folder: Path) -> None:
    now = [*SOUND, *(row for n in range(20) for row in events(f"Debug {n:02}", 1))]
    _, explanation = judge(spec_of(folder), {"now": now})
    (table,) = [block for block in explanation.blocks if block.label == "additive"]
    assert len(table.rows) == 13  # type: ignore[union-attr]  # the only table of that label
    assert table.rows[-1] == ("and 8 more", "")  # type: ignore[union-attr]  # as above


def test_it_asks_for_the_days_and_the_days_before(folder: Path) -> None:
    questions = KIND.questions(spec_of(folder), CONTEXT)
    assert {name: dict(question.params) for name, question in questions.items()} == {
        "now": {"from_date": "2026-08-21", "to_date": "2026-08-27", "raw": True},
        "before": {"from_date": "2026-08-14", "to_date": "2026-08-20", "raw": True},
    }


def test_the_days_before_are_left_out_where_there_are_none(folder: Path) -> None:
    context = Context(CONTEXT.now, begins=date(2026, 8, 20))
    assert list(KIND.questions(spec_of(folder), context)) == ["now"]


def test_without_a_plan_the_lexicon_is_the_plan(folder: Path) -> None:
    spec = spec_of(folder, "measure: {lexicon: {last: 14d}}")
    assert "lexicon" in KIND.questions(spec, CONTEXT)
    definition = SimpleNamespace(description=None, properties={}, metadata=None)
    schemas = [SimpleNamespace(entity_type="event", name="Login", schema_json=definition)]
    verdict, explanation = judge(spec, {"now": events("Login", 3), "lexicon": schemas})
    assert verdict.outcome is Outcome.PASS
    assert explanation.headline == "what arrived is what the Lexicon says"


def test_with_schemas_an_event_of_the_lexicon_is_planned_too(folder: Path) -> None:
    spec = spec_of(folder, "measure: {lexicon: {plan: tracking_plan.yaml, schemas: true}}")
    definition = SimpleNamespace(description=None, properties={}, metadata=None)
    schemas = [SimpleNamespace(entity_type="event", name="Login", schema_json=definition)]
    _, explanation = judge(spec, {"now": [*SOUND, *events("Login", 3)], "lexicon": schemas})
    assert explanation.headline == "what arrived is what tracking_plan.yaml says"


def test_it_can_be_limited_to_some_events(folder: Path) -> None:
    spec = spec_of(folder, "measure: {lexicon: {plan: tracking_plan.yaml, events: Pur*}}")
    _, explanation = judge(spec, {"now": [*SOUND[:1000], *events("Debug", 1)]})
    assert explanation.headline == "what arrived is what tracking_plan.yaml says"


def test_a_plan_that_is_not_there_is_a_problem_of_the_checks_file(folder: Path) -> None:
    (problem,) = read(folder, "measure: {lexicon: {plan: no/plan.yaml}}").problems
    assert problem.message == "there is no tracking plan at no/plan.yaml"


def test_what_is_wrong_in_the_plan_is_a_problem_of_the_checks_file_at_its_own_place(folder: Path) -> None:
    (folder / "tracking_plan.yaml").write_text("version: 1\nevents: {Purchase: {propertys: {}}}\n")
    (problem,) = read(folder, "measure: {lexicon: {plan: tracking_plan.yaml}}").problems
    assert (problem.place.path, problem.line) == ("tracking_plan.yaml", 2)
    assert problem.hint == "did you mean 'properties'?"


def test_conditions_on_events_are_refused(folder: Path) -> None:
    spec = spec_of(folder, "measure: {lexicon: tracking_plan.yaml}, where: {platform: iOS}")
    with pytest.raises(ConfigError, match="take 'where' away"):
        KIND.questions(spec, CONTEXT)


def test_a_check_in_python_reads_its_plan_when_it_runs(folder: Path) -> None:
    spec = lexicon("tracking_plan.yaml").spec
    assert judge(spec, {"now": SOUND})[0].outcome is Outcome.PASS
    with pytest.raises(ConfigError, match="the plan cannot be read"):
        judge(lexicon("nowhere.yaml").spec, {"now": SOUND})
