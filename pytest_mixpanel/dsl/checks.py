"""One check of a file: inheritance, then every key read into a ``CheckSpec``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.dsl.conditions import bounds
from pytest_mixpanel.dsl.diagnostics import did_you_mean
from pytest_mixpanel.dsl.document import Node
from pytest_mixpanel.dsl.filters import Where
from pytest_mixpanel.dsl.grammar import Grammar, Grammars
from pytest_mixpanel.dsl.rules import COMPARE, MARGINS, read_compare, read_rules
from pytest_mixpanel.dsl.shapes import (
    MISSING,
    Change,
    Choice,
    DurationShape,
    Field,
    ListOf,
    MapOf,
    Number,
    Problems,
    Record,
    Text,
    note_unknown,
)
from pytest_mixpanel.dsl.spec import CheckSpec, Level, Rule, Segments

SLUG = Text("an id as purchase-floor (small letters, digits, . _ -)", r"[a-z0-9][a-z0-9._-]*")
CONDITION = ListOf(Text("a condition as 'conversion < 18%'"), least=1, or_one=True)
SEGMENTS = Record(
    Segments,
    {
        "by": Field(
            Text("the name of a property"), "the property whose values are the segments", required=True
        ),
        "min_n": Field(Number(1), "smaller segments are not judged"),
    },
    "segments",
    short="by",
)

INHERITED: dict[str, Field] = {
    "window": Field(DurationShape(days=True), "the days that are judged, as 28d"),
    "delay": Field(DurationShape(), "how long data may take to arrive, as 1d"),
    "where": Field(Where(), "the events that count, as {platform: iOS}"),
    "segments": Field(SEGMENTS, "look into the segments of a property"),
    "severity": Field(Choice(("fail", "warn")), "the worst that the check may come to"),
    "on_inconclusive": Field(Choice(("inconclusive", "warn", "pass", "fail")), "what no decision comes to"),
    "owner": Field(Text(), "who looks after it"),
    "tags": Field(ListOf(Text("a tag", r"[^\s,]+"), or_one=True), "words to select by"),
    "links": Field(MapOf(Text("an address")), "named addresses; a runbook is shown with a failure"),
    "requires": Field(ListOf(SLUG, or_one=True), "ids of checks that must not fail for this one to run"),
}
"""Keys that a check takes from its metric, the file's defaults and the file."""

OWN: dict[str, Field] = {
    "id": Field(SLUG, "the name of the check in its file", required=True),
    "title": Field(Text(), "the promise in one sentence"),
    "description": Field(Text(), "why it matters"),
    "fail_if": Field(CONDITION, "what is wrong"),
    "warn_if": Field(CONDITION, "what is not right"),
    "compare": Field(COMPARE, "judge the change since then"),
    **{key: Field(Change(), f"the largest {word} tolerated, 2pp or 10%rel") for key, word in MARGINS.items()},
}

LEVELS: tuple[Level, ...] = ("fail", "warn")

_ACCUMULATE = ("tags", "requires")


@frozen
class Surroundings:
    """What a check inherits from: the file's own keys, its defaults, its metrics."""

    path: str
    suite: str | None
    layers: tuple[Node, ...]
    metrics: Mapping[str, Node]
    grammars: Grammars


@frozen
class _Measured:
    grammar: Grammar
    subject: Node
    metric: Node | None


def read_check(node: Node, around: Surroundings, problems: Problems) -> CheckSpec | None:
    """The check, or ``None`` with its problems noted."""
    if not isinstance(node.value, Mapping):
        problems.wrong_value(node, "a check (id: …, measure: …)")
        return None
    before = len(problems.found)
    measured = _measured(node, around, problems)
    grammars = [measured.grammar] if measured else around.grammars.values()
    extra = {key: field for grammar in grammars for key, field in grammar.rules.items()}
    note_unknown(node, {**OWN, **INHERITED, **extra, "measure": None}, "a check", problems)
    id_ = _required(node, "id", problems)
    if measured is None:
        return None
    values = _values(node, measured, around, problems)
    if len(problems.found) > before or MISSING in (id_, *values.values()):
        return None
    return CheckSpec(
        id=id_,
        kind=measured.grammar.kind,
        suite=around.suite,
        path=around.path,
        line=node.place.line,
        **values,
    )


def _values(node: Node, measured: _Measured, around: Surroundings, problems: Problems) -> dict[str, Any]:
    """What the keys of the check, its own and the inherited ones, say: the arguments of ``CheckSpec``."""
    grammar = measured.grammar
    inherited = _inherited(node, measured, around)
    own = {key.name: inner for key, inner in node.items()}
    fields = {**INHERITED, "title": OWN["title"], "description": OWN["description"]}
    entries = {**own, **inherited}
    values = {
        key: field.shape.read(entries[key], problems) for key, field in fields.items() if key in entries
    }
    values["subject"] = grammar.subject.read(measured.subject, problems)
    values["rules"] = tuple(
        rule for level in LEVELS for rule in read_rules(level, own.get(f"{level}_if"), grammar, problems)
    )
    _note_objections(values["subject"], values["rules"], grammar, node, problems)
    values["compare"] = read_compare(own, node, grammar, problems)
    extra = {key: field.shape.read(own[key], problems) for key, field in grammar.rules.items() if key in own}
    values["extra"] = MISSING if MISSING in extra.values() else MappingProxyType(extra)
    _note_incomplete(node, grammar, own, extra, problems)
    _note_unusable(inherited, values, grammar, values["compare"], problems)
    return values


def read_metric(node: Node, grammars: Grammars, problems: Problems) -> None:
    """Note what is wrong with a metric, used or not."""
    if measured := _kind_of(node, grammars, "a metric", tuple(INHERITED), problems):
        measured.grammar.subject.read(measured.subject, problems)
        for key, field in INHERITED.items():
            if (inner := node.get(key)) is not None:
                field.shape.read(inner, problems)


def _required(node: Node, key: str, problems: Problems) -> Any:
    inner = node.get(key)
    if inner is None:
        return problems.note(node.place, "missing-key", f"a check needs the key {key!r}")
    return OWN[key].shape.read(inner, problems)


def _measured(node: Node, around: Surroundings, problems: Problems) -> _Measured | None:
    """The kind and subject that ``measure`` names, by the name of a metric or on the spot."""
    measure = node.get("measure")
    if measure is None:
        hint = "write measure: a metric's name, or {funnel: {…}}"
        problems.note(node.place, "missing-key", "a check needs the key 'measure'", hint)
        return None
    if not isinstance(measure.value, str):
        return _kind_of(measure, around.grammars, "measure", (), problems)
    metric = around.metrics.get(measure.value)
    if metric is None:
        hint = did_you_mean(measure.value, around.metrics, "declare it under 'metrics'")
        problems.note(measure.place, "unknown-metric", f"there is no metric {measure.value!r}", hint)
        return None
    found = _kind_of(metric, around.grammars, "a metric", tuple(INHERITED), problems)
    return replace(found, metric=metric) if found else None


def _kind_of(
    node: Node, grammars: Grammars, name: str, beside: tuple[str, ...], problems: Problems
) -> _Measured | None:
    if not isinstance(node.value, Mapping):
        problems.wrong_value(node, "a map with one kind, as {funnel: {…}}")
        return None
    sound = note_unknown(node, [*grammars, *beside], name, problems)
    kinds = [(key, inner) for key, inner in node.items() if key.name in grammars]
    if len(kinds) != 1 and sound:
        told = "names no kind" if not kinds else "names more than one kind"
        problems.note(node.place, "bad-measure", f"{name} {told}", f"kinds are {', '.join(grammars)}")
    if len(kinds) != 1 or not sound:
        return None
    return _Measured(grammars[kinds[0][0].name], kinds[0][1], None)


def _inherited(node: Node, measured: _Measured, around: Surroundings) -> dict[str, Node]:
    """The nodes of the inheritable keys: later layers win, maps merge, tags and requires accumulate."""
    layers = [*around.layers, *([measured.metric] if measured.metric else []), node]
    entries: dict[str, Node] = {}
    for layer in layers:
        for key in INHERITED:
            if (inner := layer.get(key)) is not None:
                entries[key] = _merged(key, entries.get(key), inner)
    if not measured.grammar.segmented and node.get("segments") is None:
        entries.pop("segments", None)  # a default for the kinds that have segments
    return entries


def _merged(key: str, before: Node | None, node: Node) -> Node:
    if before is None:
        return node
    if key in _ACCUMULATE:
        known = [inner.value for inner in _listed(before)]
        listed = [*_listed(before), *(new for new in _listed(node) if new.value not in known)]
        return replace(node, value=tuple(listed))
    if isinstance(before.value, Mapping) and isinstance(node.value, Mapping):
        return replace(node, value={**before.value, **node.value})
    return node


def _listed(node: Node) -> tuple[Node, ...]:
    return node.value if isinstance(node.value, tuple) else (node,)


def _note_incomplete(
    node: Node, grammar: Grammar, entries: Mapping[str, Node], told: Mapping[str, Any], problems: Problems
) -> None:
    says = {"fail_if", "warn_if", "compare", *MARGINS} & set(entries)
    if says or told or grammar.is_complete:
        return
    able = [*(["fail_if", "warn_if"] if grammar.metrics else []), *(["compare"] if grammar.changes else [])]
    hint = f"add {', '.join([*able, *grammar.rules])}"
    place = node.get("id").place if node.get("id") else node.place  # type: ignore[union-attr]  # just asked
    problems.note(place, "no-rule", "the check does not say what is wrong", hint)


def _note_objections(
    subject: Any, rules: Sequence[Rule], grammar: Grammar, node: Node, problems: Problems
) -> None:
    if subject is MISSING or grammar.objection is None:
        return
    places = {
        item.value.strip(): item.place
        for key in ("fail_if", "warn_if")
        if (told := node.get(key)) is not None
        for item in _listed(told)
        if isinstance(item.value, str)
    }
    for rule in rules:
        for bound in bounds(rule.condition):
            if objection := grammar.objection(subject, bound.metric):
                problems.note(places[rule.text], "bad-metric", objection)


def _note_unusable(
    entries: Mapping[str, Node], values: Mapping[str, Any], grammar: Grammar, compare: Any, problems: Problems
) -> None:
    window = values.get("window")
    if compare and compare is not MISSING and window not in (None, MISSING) and window.whole_days % 7:
        hint = f"write {max(1, round(window.whole_days / 7)) * 7}d"
        told = f"a compared window must be whole weeks, {window} is not"
        problems.note(entries["window"].place, "not-whole-weeks", told, hint)
    if "segments" in entries and not grammar.segmented:
        problems.note(entries["segments"].place, "no-segments", f"a {grammar.kind} check has no segments")
