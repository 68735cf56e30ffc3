"""Volume checks: does an event still come as often as it should?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.baselines.daily import Counts, Daily
from pytest_mixpanel.core.explanation import Block, Curve, Explanation, Line
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.verdict import Interval, Outcome, Verdict
from pytest_mixpanel.dsl.conditions import Metric
from pytest_mixpanel.kinds.base import Question
from pytest_mixpanel.kinds.changes import OUTCOMES
from pytest_mixpanel.kinds.event import named_properties
from pytest_mixpanel.kinds.judging import Finding, Level, decisive, level_finding, verdict_of
from pytest_mixpanel.kinds.measured import Measured, measured
from pytest_mixpanel.kinds.segments import place_of_change, volume_table
from pytest_mixpanel.kinds.subjects import VOLUME, VolumeSubject
from pytest_mixpanel.kinds.telling import (
    change_headline,
    change_verdict,
    closing_lines,
    level_headline,
    level_lines,
    rule_line,
)
from pytest_mixpanel.kinds.wording import probability, short, signed, whole

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.context import Context
    from pytest_mixpanel.query.results.insights import QueryResult
    from pytest_mixpanel.stats.volume import VolumeChange

COUNT = "count"
FEWEST_DAYS = 7
"""A side of a comparison shorter than a week says nothing about its level."""

REASONS = {
    "underpowered": "the days differ too much among themselves to rule out a change of the margin",
    "borderline": "the change is so near the margin that these days cannot tell the side",
}


@frozen
class VolumeKind:
    """Counts by day; a plain count is exact, a change of level is judged on the days' own spread."""

    name = "volume"
    grammar = VOLUME

    def events(self, spec: CheckSpec) -> tuple[str, ...]:
        """The events that the check names."""
        return (spec.subject.event.event,)

    def properties(self, spec: CheckSpec) -> Mapping[str, tuple[str, ...]]:
        """The properties that the check names."""
        return named_properties(spec, (spec.subject.event,), spec.segments.by if spec.segments else None)

    def questions(self, spec: CheckSpec, context: Context) -> Mapping[str, Question]:
        """One daily series over the window and its baseline."""
        by = spec.segments.by if spec.segments else None
        return {"days": daily_question(spec, context, spec.subject.count, by)}

    def measure(self, spec: CheckSpec, answers: Mapping[str, Any], context: Context) -> Measured:
        """``count`` by day, whole and by segment."""
        question = self.questions(spec, context)["days"]
        daily = daily_counts(answers["days"])
        return measured(spec, daily, context.window(spec), question, context)

    def accepted(self, measurement: Measured) -> tuple[str, Daily]:
        """What a snapshot of this check keeps."""
        return measurement.query, measurement.now

    def decide(self, spec: CheckSpec, measurement: Measured, context: Context) -> Verdict:
        return verdict_of(_findings(spec, measurement))

    def explain(
        self, spec: CheckSpec, measurement: Measured, verdict: Verdict, context: Context
    ) -> Explanation:
        """The decisive rule first, then the days as a curve."""
        finding = decisive(_findings(spec, measurement))
        told = _what(spec.subject)
        headline = f"{told}: {level_headline(finding)}" if finding.bound else change_headline(told, finding)
        blocks = tuple(_blocks(spec, measurement, finding, verdict, context))
        return Explanation(headline, spec.title, blocks)


KIND = VolumeKind()


def daily_question(spec: CheckSpec, context: Context, count: str, group_by: str | None = None) -> Question:
    """A daily insights series of the subject's event over the window and the baseline of the check."""
    from pytest_mixpanel.query.build.insights import build_params
    from pytest_mixpanel.query.inputs.metrics import Metric as Measure

    asked = context.asked(spec, context.window(spec))
    event = spec.subject.event
    params = build_params(
        Measure(event.event, "unique" if count == "unique" else "total", filters=event.where or None),
        from_date=asked.first.isoformat(),
        to_date=asked.last.isoformat(),
        group_by=group_by,
        where=spec.where or None,
        today=context.today,
    )
    return Question("insights", params)


def daily_counts(result: QueryResult) -> Daily:
    """A daily series as ``count`` by day, and by segment where there are any."""
    whole_ = result.daily()

    def counts(series: Mapping[str, float]) -> Counts:
        return {COUNT: tuple(int(series.get(day) or 0) for day in whole_)}

    segments = {name: counts(result.daily(name)) for name in result.segments()}
    return Daily(tuple(date.fromisoformat(day) for day in whole_), counts(whole_), segments)


def _findings(spec: CheckSpec, m: Measured) -> list[Finding]:
    found = [level_finding(rule, lambda metric: _level(m.now, metric)) for rule in spec.rules]
    if spec.compare is not None:
        found.append(m.no_baseline(spec) or _change_finding(spec, m))
    return found


def _level(now: Daily, metric: Metric) -> Level:
    counts = now.counts[COUNT]
    value = {
        "count": float(counts[-1]),
        "mean": sum(counts) / len(counts),
        "lowest": float(min(counts)),
        "highest": float(max(counts)),
    }[metric.name]
    return Level(value, value, value, "count", n={"events": sum(counts), "days": len(counts)})


def _change(spec: CheckSpec, m: Measured) -> VolumeChange | None:
    from pytest_mixpanel.stats import compare_volume

    if spec.compare is None or m.before is None or min(len(m.before.days), len(m.recent.days)) < FEWEST_DAYS:
        return None
    if m.before.total(COUNT) == 0:
        return None
    counts = [*m.before.counts[COUNT], *m.recent.counts[COUNT]]
    weekdays = [*m.before.weekdays, *m.recent.weekdays]
    return compare_volume(counts, weekdays, len(m.recent.days), spec.compare.margin.value)


def _change_finding(spec: CheckSpec, m: Measured) -> Finding:
    """The verdict rule of rates, on the relative change of the daily level."""
    from pytest_mixpanel.stats import decide

    compare = spec.compare
    assert compare is not None
    change = _change(spec, m)
    rule = f"{compare.rule}, {compare.to}"
    if change is None:
        return Finding(Verdict(Outcome.INCONCLUSIVE, "no-baseline"), rule, compare.line, compare=compare)
    margin = compare.margin.value
    ruling = decide(change.estimate, margin, change.p_drop, change.p_noninferior, mde=change.mde)
    verdict = Verdict(
        OUTCOMES[ruling.verdict],
        ruling.reason or ("max_drop" if ruling.verdict == "fail" else None),
        change.estimate,
        "rel",
        Interval(change.lo, change.hi, change.conf, "t, log counts on weekdays"),
        baseline=change.mean0,
        margin=margin,
        p=change.p_drop,
        mde=change.mde,
        n={"mean a day": change.mean1, "mean a day before": change.mean0},
    )
    return Finding(verdict, rule, compare.line, compare=compare)


def _blocks(
    spec: CheckSpec, m: Measured, finding: Finding, verdict: Verdict, context: Context
) -> Iterator[Block]:
    change = _change(spec, m)
    if finding.bound is not None:
        yield from level_lines(finding, spec)
    else:
        if change is not None and m.before is not None:
            yield Line("now", f"{whole(change.mean1)} a day   {short(m.recent.period)}")
            yield Line("before", f"{whole(change.mean0)} a day   {short(m.before.period)}")
            bounds = f"{signed(change.lo * 100, 1)} … {signed(change.hi * 100, 1)} %"
            told = f"{signed(change.estimate * 100, 1)} %   {change.conf * 100:g} % interval {bounds}"
            yield Line("change", f"{told}   {probability(change.p_drop)}")
        yield rule_line(finding, spec)
        yield Line("verdict", change_verdict(finding, REASONS))
        if change is not None:
            yield from place_of_change(spec, m, finding, partial(volume_table, COUNT))
    before = m.before.counts[COUNT] if m.before is not None else ()
    yield Curve("days", m.now.counts[COUNT], before, "count")
    period = m.now.period
    closed = f"{period} ({len(period)} d, {context.timezone}); every day was over"
    yield from closing_lines(spec, closed, verdict)


def _what(subject: VolumeSubject) -> str:
    return f"{subject.event} {'users' if subject.count == 'unique' else 'events'}"
