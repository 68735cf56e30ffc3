"""Retention checks: do users come back, and as many as before?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.baselines.daily import Counts, Daily
from pytest_mixpanel.core.explanation import Block, Curve, Explanation, Line, Table
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import Duration
from pytest_mixpanel.core.verdict import Outcome, Verdict
from pytest_mixpanel.dsl.conditions import Metric, bounds
from pytest_mixpanel.kinds.base import Question
from pytest_mixpanel.kinds.changes import RateChange, adjusted, change_finding, rate_change
from pytest_mixpanel.kinds.event import named_properties
from pytest_mixpanel.kinds.funnel import rate_of
from pytest_mixpanel.kinds.judging import Finding, Level, decisive, level_finding, verdict_of
from pytest_mixpanel.kinds.measured import Measured, measured
from pytest_mixpanel.kinds.segments import place_of_change, rate_table
from pytest_mixpanel.kinds.subjects import RETENTION, UNIT_DAYS, RetentionSubject
from pytest_mixpanel.kinds.telling import (
    change_headline,
    change_lines,
    closing_lines,
    level_headline,
    limit_told,
    rule_line,
)
from pytest_mixpanel.kinds.wording import percent, whole

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.context import Context
    from pytest_mixpanel.query.results.retention import BirthCohort, RetentionQueryResult

BORN = "born"


@frozen
class RetentionKind:
    """Birth cohorts by day; the cohort is the replicate, and every bucket judged is over for all of them."""

    name = "retention"
    grammar = RETENTION

    def events(self, spec: CheckSpec) -> tuple[str, ...]:
        """The events that the check names."""
        return (spec.subject.born.event, spec.subject.returning.event)

    def properties(self, spec: CheckSpec) -> Mapping[str, tuple[str, ...]]:
        """The properties that the check names."""
        by = spec.segments.by if spec.segments else None
        return named_properties(spec, (spec.subject.born, spec.subject.returning), by)

    def questions(self, spec: CheckSpec, context: Context) -> Mapping[str, Question]:
        """One curve of cohorts over the window and its baseline."""
        from pytest_mixpanel.query.build.retention import build_retention_params
        from pytest_mixpanel.query.inputs.events import RetentionEvent

        subject: RetentionSubject = spec.subject
        asked = context.asked(spec, context.window(spec, _needs(spec)))
        # The last cohort's buckets lie after it: a service may cut them at the end of what is asked.
        ripe = asked.last + timedelta(seconds=_needs(spec).seconds)
        params = build_retention_params(
            RetentionEvent(subject.born.event, subject.born.where or None),
            RetentionEvent(subject.returning.event, subject.returning.where or None),
            retention_unit=subject.unit,
            from_date=asked.first.isoformat(),
            to_date=min(ripe, context.today).isoformat(),
            unit="day",
            group_by=spec.segments.by if spec.segments else None,
            where=spec.where or None,
            today=context.today,
        )
        return {"cohorts": Question("retention", params)}

    def measure(self, spec: CheckSpec, answers: Mapping[str, Any], context: Context) -> Measured:
        """``born`` and ``bucket N`` by day of birth, whole and by segment."""
        window = context.window(spec, _needs(spec))
        question = self.questions(spec, context)["cohorts"]
        daily = daily_cohorts(answers["cohorts"], max(_judged_buckets(spec), default=0))
        return measured(spec, daily, window, question, context)

    def accepted(self, measurement: Measured) -> tuple[str, Daily]:
        """What a snapshot of this check keeps."""
        return measurement.query, measurement.now

    def decide(self, spec: CheckSpec, measurement: Measured, context: Context) -> Verdict:
        return verdict_of(_findings(spec, measurement))

    def explain(
        self, spec: CheckSpec, measurement: Measured, verdict: Verdict, context: Context
    ) -> Explanation:
        """The decisive rule first, then every bucket that is judged, then the curve."""
        findings = _findings(spec, measurement)
        finding = decisive(findings)
        blocks = tuple(_blocks(spec, measurement, findings, verdict, context))
        return Explanation(_headline(finding, spec), spec.title, blocks)


KIND = RetentionKind()


def _judged_buckets(spec: CheckSpec) -> tuple[int, ...]:
    """The buckets that conditions name and, in a comparison, those of the subject."""
    named = {
        b.metric.index for rule in spec.rules for b in bounds(rule.condition) if b.metric.index is not None
    }
    return tuple(sorted(named | set(spec.subject.buckets if spec.compare else ())))


def _needs(spec: CheckSpec) -> Duration:
    """The time until the last judged bucket is over for who was born last."""
    days = (max(_judged_buckets(spec), default=0) + 1) * UNIT_DAYS[spec.subject.unit]
    return Duration(days * 86_400)


def daily_cohorts(result: RetentionQueryResult, last: int = 0) -> Daily:
    """Cohorts as daily counts: those that have a count for bucket ``last``, and the buckets they all have."""
    cohorts = [cohort for cohort in result.birth_cohorts() if len(cohort.counts) > last]
    shared = min((len(cohort.counts) for cohort in cohorts), default=0)
    labels = [cohort.date for cohort in cohorts]
    segments = {name: _counts(result.birth_cohorts(name), labels, shared) for name in result.segments}
    days = tuple(date.fromisoformat(label[:10]) for label in labels)
    return Daily(days, _counts(cohorts, labels, shared), segments)


def _counts(cohorts: Iterable[BirthCohort], labels: Sequence[str], buckets: int) -> Counts:
    """``born`` and the buckets of the cohorts of these days; a day without births counts nobody."""
    born = {cohort.date: cohort for cohort in cohorts}
    listed = [born.get(label) for label in labels]
    counts = {BORN: tuple(cohort.size if cohort else 0 for cohort in listed)}
    for bucket in range(buckets):
        came = (cohort.counts[bucket : bucket + 1] if cohort else () for cohort in listed)
        counts[f"bucket {bucket}"] = tuple(count[0] if count else 0 for count in came)
    return counts


def _findings(spec: CheckSpec, m: Measured) -> list[Finding]:
    found = [level_finding(rule, lambda metric: _level(m.now, metric)) for rule in spec.rules]
    if spec.compare is None:
        return found
    if missing := m.no_baseline(spec):
        return [*found, missing]
    changes = [_change(spec, m, bucket) for bucket in spec.subject.buckets]
    told = [
        change_finding(change, spec.compare, f"{spec.subject.unit} {bucket}")
        for change, bucket in zip(changes, spec.subject.buckets, strict=True)
    ]
    return [*found, *adjusted(told, changes)]


def _level(now: Daily, metric: Metric) -> Level:
    return rate_of(now, BORN, f"bucket {metric.index}")


def _change(spec: CheckSpec, m: Measured, bucket: int) -> RateChange | None:
    if spec.compare is None or m.before is None:
        return None
    return rate_change(m.recent, m.before, BORN, f"bucket {bucket}", spec.compare)


def _headline(finding: Finding, spec: CheckSpec) -> str:
    if finding.bound is not None:
        return level_headline(finding).replace(
            str(finding.bound.metric), f"{finding.bound.metric} retention", 1
        )
    return change_headline(_bucket_name(finding, spec), finding)


def _bucket_name(finding: Finding, spec: CheckSpec) -> str:
    bucket = finding.rule.rpartition(", ")[2]
    return f"{bucket} retention" if bucket.startswith(spec.subject.unit) else "retention"


def _blocks(
    spec: CheckSpec, m: Measured, findings: list[Finding], verdict: Verdict, context: Context
) -> Iterator[Block]:
    finding = decisive(findings)
    levels = [found for found in findings if found.bound is not None]
    if levels:
        yield _table(levels)
    if finding.bound is None:
        bucket = finding.rule.rpartition(" ")[2]
        change = _change(spec, m, int(bucket)) if bucket.isdecimal() else None
        yield from change_lines(finding, change, m, spec)
        if change is not None:
            table = partial(rate_table, (BORN, f"bucket {bucket}"))
            yield from place_of_change(spec, m, finding, table)
    else:
        yield rule_line(finding, spec)
    born = m.now.total(BORN)
    period, ripe = m.now.period, _needs(spec).seconds // 86_400
    old = f"all are at least {ripe} days old" if ripe > 1 else "all are a day old"
    yield Line("cohorts", f"{whole(born)} users born {period}; {old}")
    last = max(_judged_buckets(spec), default=0)
    yield Curve("curve", _curve(m.now, last), _curve(m.before, last) if m.before else ())
    told = f"born {period} ({len(period)} d, {context.timezone})"
    yield from closing_lines(spec, told, verdict)


def _curve(daily: Daily, last: int) -> tuple[float | None, ...]:
    """Retention by bucket, as far as it is mature for every cohort."""
    born = daily.total(BORN)
    return tuple(
        daily.total(f"bucket {bucket}") / born if born and f"bucket {bucket}" in daily.counts else None
        for bucket in range(last + 1)
    )


def _table(findings: list[Finding]) -> Table:
    rows = []
    for finding in findings:
        level, bound = finding.level, finding.bound
        assert level is not None
        assert bound is not None
        interval = f"{percent(level.lo, 1)[:-2]} – {percent(level.hi, 1)}"
        limit = limit_told(bound.limit.value, level.unit)
        rule = f"{finding.rule.partition('_')[0]} {bound.operator} {limit}"
        words = {Outcome.PASS: "ok", Outcome.INCONCLUSIVE: "unsure"}
        result = words.get(finding.outcome, str(finding.outcome).upper())
        rows.append((str(bound.metric), percent(level.estimate, 1), interval, rule, result))
    return Table("buckets", ("", "got", "95 % interval", "rule", "result"), tuple(rows))
