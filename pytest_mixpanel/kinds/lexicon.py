"""Lexicon checks: the tracking plan, or the project's Lexicon, against the events that arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.explanation import Block, Explanation, Line, Table
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import DateRange
from pytest_mixpanel.core.verdict import Outcome, Verdict
from pytest_mixpanel.core.words import counted
from pytest_mixpanel.kinds.base import Question
from pytest_mixpanel.kinds.data_subjects import LEXICON, DriftPolicy, LexiconSubject, plan_path
from pytest_mixpanel.kinds.judging import worst
from pytest_mixpanel.kinds.telling import closing_lines
from pytest_mixpanel.lexicon.drift import Change, Drift, changes
from pytest_mixpanel.lexicon.observed import Observed, observe
from pytest_mixpanel.lexicon.plan import Plan, merged
from pytest_mixpanel.lexicon.reader import read_plan
from pytest_mixpanel.lexicon.schemas import plan_of_schemas

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.context import Context

SHOWN = 12
"""Changes of one class that a message lists; the rest are counted."""

_OUTCOMES = {"fail": Outcome.FAIL, "warn": Outcome.WARN, "pass": Outcome.PASS}


@frozen
class LexiconMeasurement:
    """The changes found in ``events`` events of ``names`` names over ``window``."""

    changes: tuple[Change, ...]
    window: DateRange
    events: int
    names: int
    planned: int

    @property
    def counts(self) -> Counter[Drift]:
        return Counter(change.drift for change in self.changes)


@frozen
class LexiconKind:
    """The raw events of the days, and of as many before, are counted once and held against the plan."""

    name = "lexicon"
    grammar = LEXICON

    def events(self, spec: CheckSpec) -> tuple[str, ...]:
        """None: that a planned event is unknown is what the check finds out."""
        return ()

    def questions(self, spec: CheckSpec, context: Context) -> Mapping[str, Question]:
        """The raw events of the days, those of as many days before where the data reach back, the Lexicon."""
        window = _window(spec, context)
        asked = {"now": _export(window)}
        if context.begins is None or window.before.first >= context.begins:
            asked["before"] = _export(window.before)
        if spec.subject.asks_lexicon:
            asked["lexicon"] = Question("lexicon", {"entity_type": "event"})
        return asked

    def measure(self, spec: CheckSpec, answers: Mapping[str, Any], context: Context) -> LexiconMeasurement:
        subject: LexiconSubject = spec.subject
        plan = _plan(spec, answers)
        now = _limited(observe(answers["now"]), subject.events)
        before = _limited(observe(answers["before"]), subject.events) if "before" in answers else None
        return LexiconMeasurement(
            changes(plan, now, before), _window(spec, context), now.total, len(now.events), len(plan.events)
        )

    def decide(self, spec: CheckSpec, measurement: LexiconMeasurement, context: Context) -> Verdict:
        """The most serious of the changes, by the ``drift`` policy; of no events nothing is decided."""
        counts = measurement.counts
        n = {"events": float(measurement.events), **{str(drift): float(counts[drift]) for drift in Drift}}
        if measurement.events == 0:
            return Verdict(Outcome.INCONCLUSIVE, "no-data", unit="count", n=n)
        came_to = [_OUTCOMES[_policy(spec, change.drift)] for change in measurement.changes]
        outcome = worst([Outcome.PASS, *came_to])
        reason = None if outcome is Outcome.PASS else "drift"
        return Verdict(outcome, reason, float(len(measurement.changes)), "count", n=n)

    def explain(
        self, spec: CheckSpec, measurement: LexiconMeasurement, verdict: Verdict, context: Context
    ) -> Explanation:
        source = spec.subject.plan or "the Lexicon"
        blocks: list[Block] = [
            table for drift in Drift if (table := _table(drift, measurement.changes)) is not None
        ]
        seen = f"{counted(measurement.events, 'event')} of {counted(measurement.names, 'name')}"
        seen += f", {measurement.planned} planned"
        window = f"{measurement.window} ({len(measurement.window)} d, {context.timezone})"
        blocks += [Line("seen", seen), *closing_lines(spec, window, verdict)]
        return Explanation(_headline(measurement, source), spec.title, tuple(blocks))


KIND = LexiconKind()


def _window(spec: CheckSpec, context: Context) -> DateRange:
    if spec.where:
        raise ConfigError("a lexicon check looks at all events of its days: take 'where' away")
    return context.window(replace(spec, window=spec.subject.last, compare=None))


def _export(days: DateRange) -> Question:
    params = {"from_date": days.first.isoformat(), "to_date": days.last.isoformat(), "raw": True}
    return Question("export", params)


def _plan(spec: CheckSpec, answers: Mapping[str, Any]) -> Plan:
    """The plan of the check. Raises ``ConfigError`` for a plan that cannot be read (a check in Python)."""
    subject: LexiconSubject = spec.subject
    plan = Plan({})
    if subject.plan is not None:
        file = read_plan(plan_path(str(spec.path), subject.plan))
        if file.problems:
            raise ConfigError("\n".join(problem.render() for problem in file.problems))
        plan = file.plan
    if subject.asks_lexicon:
        plan = merged(plan, plan_of_schemas(answers["lexicon"]))
    return plan.limited_to(subject.events) if subject.events else plan


def _limited(seen: Observed, patterns: Sequence[str]) -> Observed:
    """The events whose names match a pattern; all of them where there is none."""
    if not patterns:
        return seen
    return Observed(
        {name: event for name, event in seen.events.items() if any(fnmatchcase(name, p) for p in patterns)}
    )


def _policy(spec: CheckSpec, drift: Drift) -> str:
    policy: DriftPolicy = spec.extra.get("drift", DriftPolicy())
    return str(getattr(policy, drift))


def _headline(measurement: LexiconMeasurement, source: str) -> str:
    if measurement.events == 0:
        return f"no events arrived on {measurement.window}: nothing can be said of {source}"
    told = [f"{count} {drift}" for drift in Drift if (count := measurement.counts[drift])]
    if not told:
        return f"what arrived is what {source} says"
    total = len(measurement.changes)
    return f"{_joined(told)} change{'' if total == 1 else 's'} against {source}"


def _joined(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _table(drift: Drift, found: Sequence[Change]) -> Table | None:
    listed = [change for change in found if change.drift is drift]
    if not listed:
        return None
    rows = [(change.name, change.detail) for change in listed[:SHOWN]]
    marks = [_mark(change) for change in listed[:SHOWN]]
    if len(listed) > SHOWN:
        rows.append((f"and {len(listed) - SHOWN} more", ""))
        marks.append("")
    return Table(str(drift), ("", ""), tuple(rows), tuple(marks) if any(marks) else ())


def _mark(change: Change) -> str:
    if change.like is None:
        return ""
    return f'now "{change.like}"?' if change.kind == "missing" else f'looks like "{change.like}"'
