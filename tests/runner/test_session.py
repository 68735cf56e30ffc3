from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel.baselines.snapshot import read_snapshot
from pytest_mixpanel.core.errors import AuthenticationError
from pytest_mixpanel.core.verdict import Outcome
from pytest_mixpanel.dsl.reader import read_checks, read_text
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.kinds.builders import funnel, volume
from pytest_mixpanel.kinds.registry import grammars
from pytest_mixpanel.runner.accepting import prune, write_accepted
from pytest_mixpanel.runner.result import CheckResult
from pytest_mixpanel.runner.session import CheckSession, SessionOptions
from tests.runner.fake_project import FakeProject, since

FLOOR = "{measure: {funnel: {steps: [View Item, Add to Cart, Purchase], within: 7d}}, fail_if: conversion < "


def specs(*checks: str, head: str = "") -> tuple[CheckSpec, ...]:
    lines = "".join(f"  - {check}\n" for check in checks)
    file = read_text(f"version: 1\nsuite: shop\n{head}checks:\n{lines}", "shop.checks.yaml", grammars(), {})
    assert file.problems == ()
    return file.checks


def floor(id_: str, limit: str, more: str = "") -> str:
    return f"{{id: {id_}, {FLOOR[1:]}{limit}{more}}}"


def run(project: FakeProject, *checks: str) -> list[CheckResult]:
    session = CheckSession(project)
    return [session.run(spec) for spec in specs(*checks)]


def outcomes(project: FakeProject, *checks: str) -> list[str]:
    return [str(result.verdict.outcome) for result in run(project, *checks)]


def test_a_level_is_decided_by_its_whole_interval() -> None:
    # 80 of 400 a day for 28 days: 20 % with a Wilson interval of about ±0.74 pp.
    project = FakeProject()
    told = outcomes(project, floor("a", "18%"), floor("b", "22%"), floor("c", "20.2%"))
    assert told == ["pass", "fail", "inconclusive"]


def test_equal_questions_are_asked_once() -> None:
    project = FakeProject()
    run(project, floor("a", "18%"), floor("b", "22%"), floor("c", "19%", ", severity: warn"))
    assert project.asked == {"funnels": 1, "events": 1}


def test_the_plan_shows_joined_questions_and_asks_nothing() -> None:
    project = FakeProject()
    plan = CheckSession(project).plan(specs(floor("a", "18%"), floor("b", "22%")))
    assert (len(plan.questions), plan.saved) == (1, 1)
    assert "View Item → Add to Cart → Purchase   2026-07-23 → 2026-08-19" in "\n".join(plan.lines())
    assert not project.asked


def test_severity_and_the_policy_for_no_decision_cap_a_verdict() -> None:
    told = outcomes(
        FakeProject(),
        floor("a", "22%", ", severity: warn"),
        floor("b", "20.2%", ", on_inconclusive: fail"),
        floor("c", "20.2%", ", on_inconclusive: warn"),
        floor("d", "20.2%", ", on_inconclusive: fail, severity: warn"),
    )
    assert told == ["warn", "fail", "warn", "warn"]


def test_a_check_waits_for_those_it_requires() -> None:
    project = FakeProject()
    told = run(
        project,
        floor("late", "18%", ", requires: [middle]"),
        floor("middle", "18%", ", requires: [root]"),
        floor("root", "22%"),
        floor("warned", "22%", ", severity: warn"),
        floor("free", "18%", ", requires: [warned]"),
    )
    assert [str(result.verdict.outcome) for result in told] == ["blocked", "blocked", "fail", "warn", "pass"]
    assert told[0].explanation.headline == "waits for middle, which came to blocked"


def test_an_unknown_event_is_an_error_with_the_closest_names() -> None:
    (result,) = run(FakeProject(), "{id: a, measure: {volume: purchse}, fail_if: count < 5}")
    assert result.verdict.outcome is Outcome.ERROR
    assert result.verdict.reason == "event-not-found"
    assert "did you mean 'Purchase'?" in result.explanation.headline


@pytest.mark.parametrize(
    "check",
    [
        "{id: a, measure: {mix: {event: Login, by: platfrom}}, fail_if: share(iOS) > 90%}",
        "{id: a, measure: {volume: Purchase}, fail_if: count < 5, where: {platfrom: iOS}}",
        "{id: a, measure: {volume: {event: {event: Purchase, where: {platfrom: iOS}}}}, fail_if: count < 5}",
        floor("a", "18%", ", segments: {by: platfrom}"),
    ],
)
def test_an_unknown_property_is_an_error_with_the_closest_names(check: str) -> None:
    (result,) = run(FakeProject(), check)
    assert (result.verdict.outcome, result.verdict.reason) == (Outcome.ERROR, "property-not-found")
    assert "did you mean 'platform'?" in result.explanation.headline


def test_a_value_that_nobody_has_never_makes_a_check_pass() -> None:
    project = FakeProject(segments=("iOS", "Android"), counts=lambda day, segment: 500)
    told = run(
        project,
        "{id: a, measure: {mix: {event: Login, by: platform}}, fail_if: share(Andriod) > 90%}",
        "{id: b, measure: {mix: {event: Login, by: platform}}, fail_if: share(Web) < 5%}",
    )
    assert [str(result.verdict.outcome) for result in told] == ["inconclusive", "fail"]
    assert told[0].verdict.notes == ("nobody has the value 'Andriod'; did you mean 'Android'?",)


def test_cohorts_without_the_judged_bucket_are_not_counted_as_lost() -> None:
    counts = since("2026-08-01", (150, 90), (150, 90, 60, 55, 50, 45, 42, 40, 38))
    check = "{id: a, measure: {retention: {born: Signup, return: Login}}, fail_if: day 7 < 19%}"
    (result,) = run(FakeProject(cohorts=counts), check)
    assert (str(result.verdict.outcome), result.verdict.n["entrants"]) == ("inconclusive", 10 * 200)


def test_a_window_longer_than_the_data_is_an_error_that_says_what_fits() -> None:
    project = FakeProject(begins=date(2026, 7, 1))
    (result,) = run(
        project,
        "{id: a, measure: {volume: Purchase}, compare: previous_period, max_drop: 10%rel, window: 35d}",
    )
    assert result.verdict.reason == "window-exceeds-data"
    assert "the data begin on 2026-07-01" in result.explanation.headline
    assert "write window: 28d" in result.explanation.headline


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (AuthenticationError("the credentials were not accepted", status_code=401), "auth-failed"),
        (ZeroDivisionError("division by zero"), "internal-error"),
        (AssertionError("never"), "internal-error"),
    ],
)
def test_whatever_goes_wrong_is_an_error_and_never_green(trouble: Exception, reason: str) -> None:
    (result,) = run(FakeProject(trouble=trouble), floor("a", "18%"))
    assert (result.verdict.outcome, result.verdict.reason) == (Outcome.ERROR, reason)
    assert str(trouble) in result.explanation.headline


def test_no_entrants_decide_nothing() -> None:
    project = FakeProject(steps=lambda day, segment: (0, 0, 0))
    told = outcomes(project, floor("a", "18%"), floor("b", "1%", ", compare: previous_period, max_drop: 1pp"))
    assert told == ["inconclusive", "inconclusive"]
    (result,) = run(project, floor("a", "18%"))
    assert (result.verdict.reason, result.verdict.estimate) == ("no-data", None)
    assert CheckResult.from_json(json.loads(json.dumps(result.to_json()))) == result


def test_a_builder_runs_like_a_file() -> None:
    check = funnel("View Item", "Add to Cart", "Purchase").within("7d").fail_if("conversion < 22%")
    assert CheckSession(FakeProject()).run(check).verdict.outcome is Outcome.FAIL


def test_checks_without_a_place_are_not_taken_for_one_another() -> None:
    session = CheckSession(FakeProject())
    first, second = (volume("Purchase").fail_if(f"count < {limit}") for limit in (5, 5000))
    assert [session.run(check).verdict.outcome for check in (first, second)] == [Outcome.PASS, Outcome.FAIL]


def test_results_survive_json() -> None:
    drop = since("2026-07-23", (400, 200, 60), (400, 200, 80))
    for result in run(
        FakeProject(steps=drop),
        floor("a", "18%", ", compare: previous_period, max_drop: 10%rel"),
        "{id: b, measure: {volume: Purchase}, fail_if: count < 5}",
        "{id: c, measure: {retention: {born: Signup, return: Login}}, fail_if: day 7 < 30%}",
    ):
        assert CheckResult.from_json(json.loads(json.dumps(result.to_json()))) == result


class TestSnapshots:
    CHECK = (
        "version: 1\nchecks:\n  - id: volume\n    measure: {volume: Purchase}\n"
        "    compare: snapshot\n    max_drop: 10%rel\n"
    )

    def write(self, folder: Path, text: str = CHECK) -> CheckSpec:
        path = folder / "shop.checks.yaml"
        path.write_text(text)
        return read_checks(path, grammars(), {}).checks[0]

    def run(self, spec: CheckSpec, baselines: str = "check", **project: Any) -> CheckResult:
        return CheckSession(FakeProject(**project), SessionOptions(baselines)).run(spec)

    def accept(self, spec: CheckSpec, baselines: str = "create", **project: Any) -> list[Path]:
        result = self.run(spec, baselines, **project)
        return write_accepted([result], accepted_by="ana", reason="first")

    def test_none_yet_is_inconclusive_and_names_the_option(self, tmp_path: Path) -> None:
        result = self.run(self.write(tmp_path))
        assert (result.verdict.outcome, result.verdict.reason) == (Outcome.INCONCLUSIVE, "no-snapshot")
        assert "--mixpanel-baselines=create" in result.verdict.notes[0]
        assert result.snapshot is None

    def test_created_once_and_compared_from_a_week_later_on(self, tmp_path: Path) -> None:
        spec = self.write(tmp_path)
        (path,) = self.accept(spec)
        assert path == tmp_path / "__baselines__" / "shop" / "volume.json"
        accepting = self.run(spec, "update")
        assert (accepting.verdict.outcome, accepting.verdict.reason) == (Outcome.INCONCLUSIVE, "accepted-now")
        snapshot = read_snapshot(path)
        assert snapshot is not None
        assert (snapshot.accepted_by, snapshot.reason, len(snapshot.daily.days)) == ("ana", "first", 28)
        assert self.run(spec, "create").snapshot is None
        assert self.run(spec).verdict.reason == "young-snapshot"
        later = FakeProject().now.replace(month=9, day=11)
        assert self.run(spec, now=later).verdict.outcome is Outcome.PASS
        fell = since("2026-08-28", 700, 1000)
        assert self.run(spec, now=later, counts=fell).verdict.outcome is Outcome.FAIL

    def test_a_changed_query_makes_it_worthless_and_says_so(self, tmp_path: Path) -> None:
        self.accept(self.write(tmp_path))
        spec = self.write(tmp_path, self.CHECK.replace("volume: Purchase", "volume: Login"))
        result = self.run(spec)
        assert (result.verdict.outcome, result.verdict.reason) == (Outcome.INCONCLUSIVE, "stale-snapshot")
        assert "asks something else" in result.verdict.notes[0]
        assert self.run(spec, "update").snapshot is not None

    def test_a_damaged_one_is_an_error(self, tmp_path: Path) -> None:
        spec = self.write(tmp_path)
        (path,) = self.accept(spec)
        path.write_text("{")
        result = self.run(spec)
        assert (result.verdict.outcome, result.verdict.reason) == (Outcome.ERROR, "baseline-unusable")

    def test_pruning_removes_what_no_check_names(self, tmp_path: Path) -> None:
        spec = self.write(tmp_path)
        (path,) = self.accept(spec)
        other = path.with_name("gone.json")
        other.write_text(path.read_text())
        python = path.parents[1] / "test_shop" / "floor.json"
        python.parent.mkdir()
        python.write_text(path.read_text())
        (tmp_path / "test_shop.py").write_text("")
        assert prune([tmp_path], [spec]) == [other]
        assert python.exists()
        assert path.exists()
