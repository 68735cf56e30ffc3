"""Properties checks: rules on the values that an event's properties had, and expectations on their frame."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.explanation import Block, Explanation, Line, Table
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import DateRange
from pytest_mixpanel.core.verdict import Outcome, Verdict
from pytest_mixpanel.dsl.diagnostics import did_you_mean
from pytest_mixpanel.kinds.base import Question
from pytest_mixpanel.kinds.data_subjects import PROPERTIES, PropertiesSubject
from pytest_mixpanel.kinds.expectations import Expectation, Finding, validate
from pytest_mixpanel.kinds.property_rules import Present, Rule, Tally
from pytest_mixpanel.kinds.telling import closing_lines

if TYPE_CHECKING:
    import pandas as pd

    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.context import Context

_ORDER = (Outcome.ERROR, Outcome.FAIL, Outcome.WARN, Outcome.PASS)
_OF_EVERY_EVENT = ("time", "distinct_id")
"""What no project lists among the properties of an event."""
_WORDS = {Outcome.PASS: "ok", Outcome.WARN: "WARN", Outcome.FAIL: "FAIL", Outcome.ERROR: "ERROR"}


@frozen
class RuleFinding:
    """What a rule on one property came to."""

    property_name: str
    rule: Rule
    tally: Tally

    @property
    def outcome(self) -> Outcome:
        return Outcome.PASS if self.rule.holds(self.tally) else Outcome.FAIL


@frozen
class PropertiesMeasurement:
    """What the rules and the expectations of a check came to on ``events`` events."""

    event: str
    events: int
    window: DateRange
    rules: tuple[RuleFinding, ...]
    expectations: tuple[Finding, ...]
    is_sample: bool = False

    @property
    def findings(self) -> tuple[RuleFinding | Finding, ...]:
        return (*self.rules, *self.expectations)

    @property
    def worst(self) -> RuleFinding | Finding | None:
        """The most serious finding, the first of equals."""
        return min(self.findings, key=lambda finding: _ORDER.index(finding.outcome), default=None)


@frozen
class PropertiesKind:
    """The raw events of the days are read once; every rule and expectation is judged on all of them."""

    name = "properties"
    grammar = PROPERTIES

    def events(self, spec: CheckSpec) -> tuple[str, ...]:
        """The event that the check names."""
        return (spec.subject.event,)

    def properties(self, spec: CheckSpec) -> Mapping[str, tuple[str, ...]]:
        """Those that no rule wants to be present: what nobody sends would keep all the others."""
        rules: Mapping[str, Sequence[Rule]] = spec.extra.get("properties", {})
        wanted = {name for name, listed in rules.items() if any(isinstance(rule, Present) for rule in listed)}
        return {name: (spec.subject.event,) for name in rules if name not in {*wanted, *_OF_EVERY_EVENT}}

    def questions(self, spec: CheckSpec, context: Context) -> Mapping[str, Question]:
        """The raw events of the days, up to the sample's size."""
        subject: PropertiesSubject = spec.subject
        window = _window(spec, context)
        params = {
            "from_date": window.first.isoformat(),
            "to_date": window.last.isoformat(),
            "events": [subject.event],
            "limit": subject.sample,
            "raw": True,
        }
        return {"now": Question("export", params)}

    def measure(self, spec: CheckSpec, answers: Mapping[str, Any], context: Context) -> PropertiesMeasurement:
        subject: PropertiesSubject = spec.subject
        rows = list(answers["now"])
        rules: Mapping[str, Sequence[Rule]] = spec.extra.get("properties", {})
        expectations: Sequence[Expectation] = spec.extra.get("expectations", ())
        return PropertiesMeasurement(
            subject.event,
            len(rows),
            _window(spec, context),
            tuple(
                RuleFinding(name, rule, _tallied(name, rule, rows))
                for name, listed in rules.items()
                for rule in listed
            ),
            validate(frame_of(rows), expectations) if rows and expectations else (),
            is_sample=len(rows) >= subject.sample,
        )

    def decide(self, spec: CheckSpec, measurement: PropertiesMeasurement, context: Context) -> Verdict:
        """The most serious finding; what cannot be evaluated is an error, of no events nothing is decided."""
        n = {"events": float(measurement.events)}
        if measurement.events == 0:
            return Verdict(Outcome.INCONCLUSIVE, "no-data", unit="count", n=n)
        worst = measurement.worst
        if worst is None or worst.outcome is Outcome.PASS:
            return Verdict(Outcome.PASS, unit="count", n=n)
        if worst.outcome is Outcome.ERROR:
            return Verdict(Outcome.ERROR, "expectation-error", unit="count", n=n)
        estimate = worst.tally.good_share if isinstance(worst, RuleFinding) else None
        return Verdict(worst.outcome, "values", estimate, "rate", n=n)

    def explain(
        self, spec: CheckSpec, measurement: PropertiesMeasurement, verdict: Verdict, context: Context
    ) -> Explanation:
        rows = [*(_rule_row(found) for found in measurement.rules), *map(_gx_row, measurement.expectations)]
        blocks: list[Block] = []
        if rows and measurement.events:
            cells = tuple(row[:4] for row in rows)
            marks = tuple(row[4] for row in rows)
            blocks.append(
                Table("rules", ("rule", "got", "limit", "result"), cells, marks if any(marks) else ())
            )
        seen = f"{measurement.events:,} {measurement.event} events"
        if measurement.is_sample:
            seen += ", the first of more: the sample is full"
        window = f"{measurement.window} ({len(measurement.window)} d, {context.timezone})"
        blocks += [Line("seen", seen), *closing_lines(spec, window, verdict)]
        return Explanation(_headline(measurement), spec.title, tuple(blocks))


KIND = PropertiesKind()


def _tallied(name: str, rule: Rule, rows: Sequence[Mapping[str, Any]]) -> Tally:
    tally = rule.tally([row["properties"].get(name) for row in rows])
    if not isinstance(rule, Present) or not tally.bad or tally.bad < tally.total:
        return tally
    names = dict.fromkeys(other for row in rows for other in row["properties"])
    return replace(tally, note=did_you_mean(name, names, "no event carries it"))


def frame_of(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Raw events as a frame, a column a property; lists and maps as JSON text, so that they compare."""
    import pandas as pd

    return pd.DataFrame([{key: _cell(value) for key, value in row["properties"].items()} for row in rows])


def _cell(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else value


def _window(spec: CheckSpec, context: Context) -> DateRange:
    if spec.where:
        raise ConfigError("a properties check looks at all events of its days: take 'where' away")
    return context.window(replace(spec, window=spec.subject.last, compare=None))


def _headline(measurement: PropertiesMeasurement) -> str:
    event, total = measurement.event, measurement.events
    worst = measurement.worst
    if total == 0:
        return f"no {event} events arrived on {measurement.window}: nothing can be said of their properties"
    if worst is None or worst.outcome is Outcome.PASS:
        return f"{len(measurement.findings)} rules hold on {total:,} {event} events"
    if isinstance(worst, Finding):
        if worst.problem is not None:
            return f"{worst.expectation.label} cannot be evaluated: {worst.problem}"
        got = f": {worst.got}, asked for {worst.expectation.limit}" if worst.got else ""
        return f"{worst.expectation.label} does not hold for {event}{got}"
    bad, judged = worst.tally.bad, worst.tally.total
    share = f"({_percent(bad / judged)})"
    if isinstance(worst.rule, Present):
        return f"{worst.property_name} is missing in {bad:,} of {judged:,} {event} events {share}"
    return (
        f"{worst.property_name} of {event}: {bad:,} of {judged:,} values break '{worst.rule.label}' {share}"
    )


def _rule_row(found: RuleFinding) -> tuple[str, str, str, str, str]:
    name = f"{found.property_name} {found.rule.label}"
    return (name, _percent(found.tally.good_share), found.rule.limit, _WORDS[found.outcome], found.tally.note)


def _gx_row(found: Finding) -> tuple[str, str, str, str, str]:
    expectation = found.expectation
    return (expectation.label, found.got, expectation.limit, _WORDS[found.outcome], found.problem or "")


def _percent(share: float) -> str:
    """A share that is called all or none only where it is."""
    if 0 < share < 0.0001:
        return "under 0.01 %"
    if 0.9999 < share < 1:
        return "over 99.99 %"
    return f"{share * 100:.4g} %"
