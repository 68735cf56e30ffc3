"""Funnel checks: do enough entrants convert, and as many as before?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.baselines.daily import Counts, Daily
from pytest_mixpanel.core.explanation import Block, Explanation
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.verdict import Verdict
from pytest_mixpanel.dsl.conditions import Metric
from pytest_mixpanel.kinds.base import Question
from pytest_mixpanel.kinds.changes import RateChange, change_finding, rate_change
from pytest_mixpanel.kinds.event import named_properties
from pytest_mixpanel.kinds.judging import Finding, Level, decisive, level_finding, verdict_of
from pytest_mixpanel.kinds.measured import Measured, measured
from pytest_mixpanel.kinds.segments import place_of_change, rate_table
from pytest_mixpanel.kinds.subjects import FUNNEL, FunnelSubject, step_of
from pytest_mixpanel.kinds.telling import (
    change_headline,
    change_lines,
    closing_lines,
    level_headline,
    level_lines,
)

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.context import Context
    from pytest_mixpanel.query.results.funnel import FunnelQueryResult


@frozen
class FunnelKind:
    """One daily trend answers everything: levels, changes and segments rest on counts by day of entry."""

    name = "funnel"
    grammar = FUNNEL

    def events(self, spec: CheckSpec) -> tuple[str, ...]:
        """The events that the check names."""
        return tuple(step.event for step in spec.subject.steps)

    def properties(self, spec: CheckSpec) -> Mapping[str, tuple[str, ...]]:
        """The properties that the check names."""
        return named_properties(spec, spec.subject.steps, spec.segments.by if spec.segments else None)

    def questions(self, spec: CheckSpec, context: Context) -> Mapping[str, Question]:
        """The trend over the window, and over the period before it where that is the baseline."""
        from pytest_mixpanel.query.build.funnel import build_funnel_params
        from pytest_mixpanel.query.inputs.events import FunnelStep

        subject: FunnelSubject = spec.subject
        asked = context.asked(spec, context.window(spec, subject.within))
        params = build_funnel_params(
            [FunnelStep(step.event, filters=step.where or None) for step in subject.steps],
            conversion_window=_window(subject)[0],
            conversion_window_unit=_window(subject)[1],  # type: ignore[arg-type]  # one of the vendor's units
            order=subject.order,
            from_date=asked.first.isoformat(),
            to_date=asked.last.isoformat(),
            math="conversion_rate_unique" if subject.count == "unique" else "conversion_rate_total",
            group_by=spec.segments.by if spec.segments else None,
            where=spec.where or None,
            mode="trends",
            today=context.today,
        )
        return {"days": Question("funnels", params)}

    def measure(self, spec: CheckSpec, answers: Mapping[str, Any], context: Context) -> Measured:
        """``step 1`` … by day of entry, whole and by segment."""
        window = context.window(spec, spec.subject.within)
        question = self.questions(spec, context)["days"]
        return measured(spec, daily_steps(answers["days"], bool(spec.segments)), window, question, context)

    def accepted(self, measurement: Measured) -> tuple[str, Daily]:
        """What a snapshot of this check keeps."""
        return measurement.query, measurement.now

    def decide(self, spec: CheckSpec, measurement: Measured, context: Context) -> Verdict:
        return verdict_of(self._findings(spec, measurement))

    def explain(
        self, spec: CheckSpec, measurement: Measured, verdict: Verdict, context: Context
    ) -> Explanation:
        """The decisive rule first; segments where the change was looked into."""
        finding = decisive(self._findings(spec, measurement))
        level = finding.bound is not None
        headline = level_headline(finding) if level else change_headline("conversion", finding)
        return Explanation(
            headline, spec.title, tuple(self._blocks(spec, measurement, finding, verdict, context))
        )

    def _findings(self, spec: CheckSpec, m: Measured) -> list[Finding]:
        found = [level_finding(rule, lambda metric: _level(m.now, metric, spec)) for rule in spec.rules]
        if spec.compare is not None:
            found.append(m.no_baseline(spec) or change_finding(_change(spec, m), spec.compare))
        return found

    def _blocks(
        self, spec: CheckSpec, m: Measured, finding: Finding, verdict: Verdict, context: Context
    ) -> Iterator[Block]:
        if finding.bound is not None:
            yield from level_lines(finding, spec, "users" if spec.subject.count == "unique" else "entries")
        else:
            yield from change_lines(finding, _change(spec, m), m, spec)
        names = ("step 1", f"step {len(spec.subject.steps)}")
        yield from place_of_change(spec, m, finding, partial(rate_table, names))
        period = m.now.period
        within = spec.subject.within
        told = f"entered {period} ({len(period)} d, {context.timezone}); all had their full {within}"
        yield from closing_lines(spec, told, verdict)


KIND = FunnelKind()


def daily_steps(result: FunnelQueryResult, segmented: bool) -> Daily:
    """A daily trend as counts of ``step 1`` … by day, and by segment where there are any."""

    def counts(segment: str | None = None) -> Counts:
        return {f"step {n}": tuple(row) for n, row in enumerate(result.daily(segment).reached, 1)}

    days = tuple(date.fromisoformat(day) for day in result.daily().dates)
    segments = {name: counts(name) for name in result.daily_segments()} if segmented else {}
    return Daily(days, counts(), segments)


def rate_of(now: Daily, entrants: str, conversions: str) -> Level:
    """The rate over these days with its interval on effective counts."""
    from pytest_mixpanel.stats import rate_level

    n, x = now.counts.get(entrants, ()), now.counts.get(conversions, ())
    told = rate_level(n, x, now.weekdays)
    reason = "no-data" if told.n == 0 else None
    counted = {"entrants": told.n, "conversions": told.x}
    return Level(
        told.estimate, told.lo, told.hi, "rate", told.conf, "wilson, effective counts", counted, reason
    )


def _level(now: Daily, metric: Metric, spec: CheckSpec) -> Level:
    if metric.name == "entrants":
        mean = now.total("step 1") / max(len(now.days), 1)
        return Level(mean, mean, mean, "count", n={"entrants": now.total("step 1"), "days": len(now.days)})
    step = step_of(metric) or len(spec.subject.steps)
    return rate_of(now, "step 1", f"step {step}")


def _change(spec: CheckSpec, m: Measured) -> RateChange | None:
    if spec.compare is None or m.before is None:
        return None
    return rate_change(m.recent, m.before, "step 1", f"step {len(spec.subject.steps)}", spec.compare)


def _window(subject: FunnelSubject) -> tuple[int, str]:
    """The conversion window in the largest unit that holds it whole."""
    seconds = subject.within.seconds
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % size == 0:
            return seconds // size, unit
    return seconds, "second"
