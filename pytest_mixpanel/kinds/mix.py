"""Mix checks: do users divide over the values of a property as they did?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.baselines.daily import Daily
from pytest_mixpanel.core.explanation import Block, Explanation, Line, Table
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.verdict import Outcome, Verdict
from pytest_mixpanel.dsl.conditions import Metric
from pytest_mixpanel.dsl.diagnostics import did_you_mean
from pytest_mixpanel.kinds.base import Question
from pytest_mixpanel.kinds.changes import ALPHA_FAIL
from pytest_mixpanel.kinds.event import named_properties
from pytest_mixpanel.kinds.funnel import rate_of
from pytest_mixpanel.kinds.judging import Finding, Level, decisive, level_finding, verdict_of
from pytest_mixpanel.kinds.measured import Measured, measured
from pytest_mixpanel.kinds.subjects import MIX, MixSubject
from pytest_mixpanel.kinds.telling import REASONS, closing_lines, level_headline, level_lines, rule_line
from pytest_mixpanel.kinds.volume import daily_question
from pytest_mixpanel.kinds.wording import points, probability, whole

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.context import Context
    from pytest_mixpanel.stats import DailyMixShift

USERS = "users"
OTHERS = "(others)"
QUIET = 0.5
"""Noise that alone shows more than this part of the margin leaves a small shift undecided."""


@frozen
class MixKind:
    """Users by day and value; a shift fails where it is significant and large enough to matter."""

    name = "mix"
    grammar = MIX

    def events(self, spec: CheckSpec) -> tuple[str, ...]:
        """The events that the check names."""
        return (spec.subject.event.event,)

    def properties(self, spec: CheckSpec) -> Mapping[str, tuple[str, ...]]:
        """The properties that the check names."""
        return named_properties(spec, (spec.subject.event,), spec.subject.by)

    def questions(self, spec: CheckSpec, context: Context) -> Mapping[str, Question]:
        """One daily series of unique users, broken down."""
        return {"days": daily_question(spec, context, "unique", spec.subject.by)}

    def measure(self, spec: CheckSpec, answers: Mapping[str, Any], context: Context) -> Measured:
        """``users`` by day, by value; values after the ``top`` are one segment in both periods.

        A user with two values on a day counts in both, so that the shares are of users' values.
        """
        question = self.questions(spec, context)["days"]
        daily = divided(answers["days"], spec.subject)
        return measured(spec, daily, context.window(spec), question, context)

    def accepted(self, measurement: Measured) -> tuple[str, Daily]:
        """What a snapshot of this check keeps."""
        return measurement.query, measurement.now

    def decide(self, spec: CheckSpec, measurement: Measured, context: Context) -> Verdict:
        return verdict_of(_findings(spec, measurement))

    def explain(
        self, spec: CheckSpec, measurement: Measured, verdict: Verdict, context: Context
    ) -> Explanation:
        """How far the mix moved, and which values moved it."""
        finding = decisive(_findings(spec, measurement))
        headline = level_headline(finding) if finding.bound else _headline(finding, spec.subject)
        blocks = tuple(_blocks(spec, measurement, finding, verdict, context))
        return Explanation(headline, spec.title, blocks)


KIND = MixKind()


def divided(result: Any, subject: MixSubject) -> Daily:
    """A daily breakdown as ``users`` by day and value; values after the ``top`` are one segment."""
    series = {name: result.daily(name) for name in result.segments()}
    labels = sorted({day for counts in series.values() for day in counts})
    days = tuple(date.fromisoformat(day) for day in labels)
    counts = {name: tuple(int(told.get(day) or 0) for day in labels) for name, told in series.items()}
    largest = sorted(counts, key=lambda name: (-sum(counts[name]), name))
    rest = [counts[name] for name in largest[subject.top :]]
    kept = {name: counts[name] for name in largest[: subject.top]}
    if rest:
        kept[OTHERS] = tuple(map(sum, zip(*rest, strict=True)))
    whole_ = tuple(map(sum, zip(*kept.values(), strict=True))) if kept else ()
    return Daily(days, {USERS: whole_}, {name: {USERS: values} for name, values in kept.items()})


def _findings(spec: CheckSpec, m: Measured) -> list[Finding]:
    found = [
        _known_values(level_finding(rule, lambda metric: _share(m.now, metric)), m) for rule in spec.rules
    ]
    if spec.compare is not None:
        found.append(m.no_baseline(spec) or _shift_finding(spec, m))
    return found


def _known_values(finding: Finding, m: Measured) -> Finding:
    """A rule on a value that nobody has may fail, but does not pass: its name may be misspelt."""
    value = finding.bound.metric.argument if finding.bound else None
    if value is None or value in m.now.segments or finding.outcome is Outcome.INCONCLUSIVE:
        return finding
    note = f"nobody has the value {value!r}; {did_you_mean(value, m.now.segments)}"
    verdict = replace(finding.verdict, notes=(note,))
    if finding.outcome is Outcome.PASS:
        verdict = replace(verdict, outcome=Outcome.INCONCLUSIVE, reason="unknown-value")
    return replace(finding, verdict=verdict)


def _share(now: Daily, metric: Metric) -> Level:
    """The share of one value; of a value that nobody has it is nought."""
    nought = {USERS: (0,) * len(now.days)}
    part = now.segments.get(metric.argument or "", nought)[USERS]
    return rate_of(Daily(now.days, {"all": now.counts[USERS], "part": part}), "all", "part")


def _shift(m: Measured) -> DailyMixShift | None:
    from pytest_mixpanel.stats import daily_mix_shift

    if m.before is None:
        return None
    names = sorted({*m.recent.segments, *m.before.segments})
    return daily_mix_shift(_rows(m.before, names), _rows(m.recent, names), names)


def _rows(daily: Daily, names: list[str]) -> list[list[float]]:
    nought = (0,) * len(daily.days)
    columns = [daily.segments.get(name, {}).get(USERS, nought) for name in names]
    return [list(map(float, row)) for row in zip(*columns, strict=True)]


def _shift_finding(spec: CheckSpec, m: Measured) -> Finding:
    """Fail: significant, and at least the margin. Pass: under it, with noise too small to hide one."""
    compare = spec.compare
    assert compare is not None
    shift = _shift(m)
    rule = f"{compare.rule}, {compare.to}"
    if shift is None:
        return Finding(Verdict(Outcome.INCONCLUSIVE, "no-entrants"), rule, compare.line, compare=compare)
    margin, tvd = compare.margin.value, shift.shift.tvd
    outcome, reason = Outcome.PASS, None
    if tvd >= margin and shift.p_value <= ALPHA_FAIL:
        outcome, reason = Outcome.FAIL, "max_shift"
    elif tvd >= margin or shift.expected_tvd > QUIET * margin:
        outcome, reason = Outcome.INCONCLUSIVE, "noise"
    verdict = Verdict(
        outcome,
        reason,
        tvd,
        "tvd",
        margin=margin,
        p=shift.p_value,
        n={"users": m.recent.total(USERS), "users before": m.before.total(USERS) if m.before else 0},
    )
    return Finding(verdict, rule, compare.line, compare=compare)


def _headline(finding: Finding, subject: MixSubject) -> str:
    verdict, compare = finding.verdict, finding.compare
    assert compare is not None
    if verdict.estimate is None:
        return f"the {subject.by} mix has nothing to be compared with"
    moved = f"{verdict.estimate * 100:.1f} pp"
    limit = f"{compare.margin.value * 100:g} pp"
    if finding.outcome is Outcome.INCONCLUSIVE:
        return f"cannot tell whether the {subject.by} mix moved by {limit}"
    return f"{subject.by} mix moved {moved} (limit {limit})"


def _blocks(
    spec: CheckSpec, m: Measured, finding: Finding, verdict: Verdict, context: Context
) -> Iterator[Block]:
    shift = _shift(m)
    if finding.bound is not None:
        yield from level_lines(finding, spec)
    else:
        if shift is not None and m.before is not None:
            yield _shares(m, m.before)
            sizes = f"{whole(m.before.total(USERS))} → {whole(m.recent.total(USERS))} users of a day"
            told = f"chi-square {shift.shift.chi2:.1f} ({shift.shift.df} df), {probability(shift.p_value)}"
            yield Line("size", f"{sizes}   {told}, Cramér's V {shift.shift.cramers_v:.2f}")
            yield Line("noise", f"chance alone shows about {shift.expected_tvd * 100:.1f} pp")
        yield rule_line(finding, spec)
        yield Line("verdict", _verdict_told(finding))
    period = m.now.period
    yield from closing_lines(spec, f"{period} ({len(period)} d, {context.timezone})", verdict)


def _shares(m: Measured, before: Daily) -> Table:
    """The values by how far their shares moved."""
    n1, n0 = max(m.recent.total(USERS), 1), max(before.total(USERS), 1)
    rows = []
    for name in {*m.recent.segments, *before.segments}:
        share1 = sum(m.recent.segments.get(name, {}).get(USERS, ())) / n1
        share0 = sum(before.segments.get(name, {}).get(USERS, ())) / n0
        rows.append((name, share0, share1))
    rows.sort(key=lambda row: (-abs(row[2] - row[1]), row[0]))
    told = tuple(
        (name, f"{share0 * 100:.1f} → {share1 * 100:.1f} %", points(share1 - share0, 1))
        for name, share0, share1 in rows[:8]
    )
    return Table("share", ("", "", ""), told)


def _verdict_told(finding: Finding) -> str:
    if finding.verdict.notes:
        return finding.verdict.notes[0]
    return {
        Outcome.FAIL: "large enough to matter and too large for chance",
        Outcome.PASS: "smaller than the limit, and chance alone could not hide a larger one",
    }.get(finding.outcome, REASONS.get(finding.verdict.reason or "", ""))
