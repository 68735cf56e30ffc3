"""Level conditions in three values: an answer is given only where every value in the interval gives it."""

from __future__ import annotations

from hypothesis import given, strategies as st

from pytest_mixpanel.core.verdict import Outcome
from pytest_mixpanel.dsl.conditions import Both, Bound, Condition, Either, Metric, Not, parse_condition
from pytest_mixpanel.dsl.spec import Rule
from pytest_mixpanel.dsl.units import Quantity
from pytest_mixpanel.kinds.judging import Level, level_finding, verdict_of

NAMES = ("a", "b")


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> Condition:
    if depth == 0 or draw(st.booleans()):
        limit = draw(st.integers(0, 10)) / 10
        operator = draw(st.sampled_from(["<", "<=", ">", ">="]))
        return Bound(Metric(draw(st.sampled_from(NAMES))), operator, Quantity(limit, "level", str(limit)))
    parts = st.lists(conditions(depth - 1), min_size=2, max_size=3).map(tuple)
    return draw(st.one_of(parts.map(Both), parts.map(Either), conditions(depth - 1).map(Not)))


@st.composite
def levels(draw: st.DrawFn) -> Level:
    lo, estimate, hi = sorted(draw(st.tuples(*[st.integers(0, 20)] * 3)))
    return Level(estimate / 20, lo / 20, hi / 20, method="any")


def holds_at(condition: Condition, values: dict[str, float]) -> bool:
    """Two-valued logic at one point."""
    if isinstance(condition, Bound):
        value, limit = values[condition.metric.name], condition.limit.value
        return {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}[
            condition.operator
        ]
    if isinstance(condition, Not):
        return not holds_at(condition.term, values)
    told = [holds_at(term, values) for term in condition.terms]
    return all(told) if isinstance(condition, Both) else any(told)


@given(conditions(), st.fixed_dictionaries(dict.fromkeys(NAMES, levels())), st.data())
def test_what_is_decided_holds_at_every_point_of_the_intervals(
    condition: Condition, measured: dict[str, Level], data: st.DataObject
) -> None:
    finding = level_finding(Rule("fail", "x", condition), lambda metric: measured[metric.name])
    point = {
        name: data.draw(st.sampled_from([level.lo, level.estimate, level.hi]))
        for name, level in measured.items()
    }
    if finding.outcome is not Outcome.INCONCLUSIVE:
        assert holds_at(condition, point) == (finding.outcome is Outcome.FAIL)


def rule(level: str, text: str) -> Rule:
    return Rule(level, text, parse_condition(text)[0])  # type: ignore[arg-type]  # fail or warn


def outcome(level: Level, *rules: Rule) -> tuple[str, tuple[str, ...]]:
    verdict = verdict_of([level_finding(one, lambda metric: level) for one in rules])
    return str(verdict.outcome), verdict.notes


def test_a_warning_is_told_beside_an_open_failure() -> None:
    level = Level(0.185, 0.175, 0.195, method="wilson")
    rules = (rule("fail", "conversion < 18%"), rule("warn", "conversion < 20%"))
    assert outcome(level, *rules) == ("warn", ("fail_if conversion < 18%: undecided",))


def test_an_open_warning_keeps_a_check_from_passing() -> None:
    level = Level(0.205, 0.195, 0.215, method="wilson")
    told = outcome(level, rule("fail", "conversion < 18%"), rule("warn", "conversion < 20%"))
    assert told == ("inconclusive", ())


def test_what_was_not_measured_is_never_decided() -> None:
    level = Level(float("nan"), 0.0, 1.0, reason="no-data")
    assert outcome(level, rule("fail", "not conversion < 18%"))[0] == "inconclusive"
