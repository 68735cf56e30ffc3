"""Runs checks: ask → measure → decide → explain, with what concerns more than one check.

Equal questions are asked once, a check runs once, and whatever goes wrong on the way is an *error* verdict
of the check it went wrong for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, Protocol

from pytest_mixpanel.baselines.snapshot import Snapshot, read_snapshot, snapshot_path
from pytest_mixpanel.core.errors import MixpanelHeadlessError
from pytest_mixpanel.core.explanation import Explanation, Line
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.verdict import Outcome, Verdict
from pytest_mixpanel.core.version import VERSION
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.kinds.base import KeepsSnapshots, Kind, Question
from pytest_mixpanel.kinds.context import Context
from pytest_mixpanel.kinds.registry import kind
from pytest_mixpanel.kinds.telling import POLICY, closing_lines, shown_path
from pytest_mixpanel.runner.names import Names
from pytest_mixpanel.runner.plan import Planned, QueryPlan
from pytest_mixpanel.runner.project import Project, ask, canonical
from pytest_mixpanel.runner.result import CheckResult

Baselines = Literal["check", "create", "update", "prune"]

_BLOCKING = (Outcome.FAIL, Outcome.ERROR, Outcome.INCONCLUSIVE, Outcome.BLOCKED)


class _Written(Protocol):
    """A check as the builders hold it."""

    @property
    def spec(self) -> CheckSpec: ...


@frozen
class SessionOptions:
    """``baselines``: whether snapshots are compared, or also proposed for writing."""

    baselines: Baselines | str = "check"


class CheckSession:
    """Runs checks on one project; keeps every answer and every result until the end of the run."""

    def __init__(self, project: Project, options: SessionOptions | None = None) -> None:
        self._project = project
        self._options = options or SessionOptions()
        self._answers: dict[str, Any] = {}
        self._results: dict[tuple[str, int, str], CheckResult] = {}
        self._names = Names(project)
        self._surroundings: Context | None = None

    def run(self, check: CheckSpec | _Written) -> CheckResult:
        """What the check comes to. Raises nothing that goes wrong in measuring it."""
        spec = check if isinstance(check, CheckSpec) else check.spec
        key = (str(spec.path), spec.line, spec.id)
        if key not in self._results or not str(spec.path):
            self._results[key] = self._run(spec)
        return self._results[key]

    def plan(self, checks: Iterable[CheckSpec]) -> QueryPlan:
        """What running these checks would ask, without asking it."""
        found: dict[str, tuple[Question, list[str]]] = {}
        problems = []
        for spec in checks:
            try:
                questions = kind(spec.kind).questions(spec, self._context(spec))
            except MixpanelHeadlessError as error:
                problems.append((spec.name, error.message))
                continue
            for question in questions.values():
                found.setdefault(canonical(question), (question, []))[1].append(spec.name)
        planned = [Planned(q.engine, _summary(q), tuple(dict.fromkeys(names))) for q, names in found.values()]
        return QueryPlan(tuple(planned), tuple(problems))

    @property
    def asked(self) -> int:
        """Questions that were asked so far."""
        return len(self._answers)

    def _run(self, spec: CheckSpec) -> CheckResult:
        started = perf_counter()
        waits = next((r for r in map(self.run, spec.prerequisites) if r.verdict.outcome in _BLOCKING), None)
        if waits is not None:
            result = _blocked(spec, waits)
        else:
            try:
                result = self._judge(spec)
            except MixpanelHeadlessError as error:
                result = not_measured(spec, error)
            except Exception as error:  # a bug, in us or in a library, must be seen and never be green
                told = f"{type(error).__name__}: {error}"
                result = _failed_to_measure(
                    spec, "internal-error", f"this is a defect, not your data: {told}"
                )
                result = replace(result, explanation=_with_trace(result.explanation, error))
        return replace(result, seconds=perf_counter() - started)

    def _judge(self, spec: CheckSpec) -> CheckResult:
        of_kind: Kind[Any] = kind(spec.kind)
        self._names.check(of_kind, spec)
        context = self._context(spec)
        questions = of_kind.questions(spec, context)
        answers = {name: self._answer(question) for name, question in questions.items()}
        measurement = of_kind.measure(spec, answers, context)
        verdict = _capped(of_kind.decide(spec, measurement, context), spec)
        explanation = of_kind.explain(spec, measurement, verdict, context)
        result = _result(spec, verdict, explanation, len(questions))
        proposal = self._proposal(of_kind, spec, measurement, context)
        return replace(result, snapshot=proposal) if proposal else result

    def _answer(self, question: Question) -> Any:
        key = canonical(question)
        if key not in self._answers:
            self._answers[key] = ask(self._project, question)
        return self._answers[key]

    def _context(self, spec: CheckSpec) -> Context:
        if self._surroundings is None:
            reach = self._project.data_range()
            self._surroundings = Context(
                self._project.now, self._project.timezone, reach[0] if reach else None
            )
        if not _wants_snapshot(spec):
            return self._surroundings
        mode = self._options.baselines
        snapshot = read_snapshot(self._snapshot_path(spec)) if mode != "update" else None
        return replace(
            self._surroundings, snapshot=snapshot, accepting=snapshot is None and mode in ("create", "update")
        )

    @staticmethod
    def _snapshot_path(spec: CheckSpec) -> Path:
        return snapshot_path(shown_path(spec), spec.id)

    def _proposal(
        self, of_kind: Any, spec: CheckSpec, measurement: Any, context: Context
    ) -> Mapping[str, Any] | None:
        """The snapshot to write for this check, if the run accepts one."""
        if not (context.accepting and isinstance(of_kind, KeepsSnapshots)):
            return None
        query, daily = of_kind.accepted(measurement)
        proposed = Snapshot(
            query=query,
            daily=daily,
            timezone=context.timezone,
            version=VERSION,
            accepted_by="",
            accepted_at=context.now.isoformat(timespec="seconds"),
        )
        return {"path": self._snapshot_path(spec).as_posix(), **proposed.to_json()}


def _wants_snapshot(spec: CheckSpec) -> bool:
    return spec.compare is not None and spec.compare.to == "snapshot" and bool(str(spec.path))


def _capped(verdict: Verdict, spec: CheckSpec) -> Verdict:
    """The verdict within the check's policies: its severity, and what no decision comes to."""
    outcome, notes = verdict.outcome, list(verdict.notes)
    if outcome is Outcome.INCONCLUSIVE and spec.on_inconclusive != "inconclusive":
        outcome = Outcome(spec.on_inconclusive)
        notes.append(f"{POLICY} on_inconclusive: {outcome}")
    if outcome is Outcome.FAIL and spec.severity == "warn":
        outcome = Outcome.WARN
        notes.append(f"{POLICY} severity: warn")
    return replace(verdict, outcome=outcome, notes=tuple(notes))


def _result(spec: CheckSpec, verdict: Verdict, explanation: Explanation, questions: int = 0) -> CheckResult:
    return CheckResult(
        id=spec.id,
        path=shown_path(spec),
        line=spec.line,
        verdict=verdict,
        explanation=explanation,
        kind=spec.kind,
        suite=spec.suite,
        owner=spec.owner,
        tags=spec.tags,
        links=dict(spec.links),
        questions=questions,
    )


def _blocked(spec: CheckSpec, waits: CheckResult) -> CheckResult:
    headline = f"waits for {waits.id}, which came to {waits.verdict.outcome}"
    return _result(spec, Verdict(Outcome.BLOCKED, "requires"), Explanation(headline, spec.title))


def not_measured(spec: CheckSpec, error: MixpanelHeadlessError) -> CheckResult:
    """The result of a check that an error of the client kept from being measured."""
    return _failed_to_measure(spec, error.code.lower().replace("_", "-"), error.message)


def _failed_to_measure(spec: CheckSpec, reason: str, message: str) -> CheckResult:
    first, *rest = message.splitlines() or [reason]
    blocks = tuple(Line("", line.strip()) for line in rest)
    closing = [block for block in closing_lines(spec, "", Verdict(Outcome.ERROR)) if block.label != "window"]
    written = (Line("check", f"{shown_path(spec)}:{spec.line}"),) if str(spec.path) else ()
    return _result(
        spec, Verdict(Outcome.ERROR, reason), Explanation(first, spec.title, (*blocks, *written, *closing))
    )


def _with_trace(explanation: Explanation, error: Exception) -> Explanation:
    """Where in our code it happened: what a report of the defect needs."""
    from traceback import extract_tb

    frames = extract_tb(error.__traceback__)[-3:]
    told = " ← ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
    return replace(explanation, blocks=(*explanation.blocks, Line("where", told)))


def _summary(question: Question) -> str:
    """A question in a few words: its events and its days."""
    params = question.params
    sections = params.get("sections", {})
    behaviors = [
        clause.get("behavior", clause) if isinstance(clause, dict) else {}
        for clause in sections.get("show", [])
    ]
    names = [
        str(step.get("name"))
        for behavior in behaviors
        for step in (behavior.get("behaviors") or [behavior])
        if step.get("name")
    ]
    times = sections.get("time") or [{}]
    days = times[0].get("value") or [params.get("from_date", ""), params.get("to_date", "")]
    groups = [str(group.get("value")) for group in sections.get("group", []) if isinstance(group, dict)]
    by = f" by {', '.join(groups)}" if groups else ""
    return f"{' → '.join(names)}{by}   {' → '.join(map(str, days))}".strip()
