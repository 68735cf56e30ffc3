"""``fail_if``, ``warn_if``, ``compare`` and ``max_…`` read against what a kind can measure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_mixpanel.dsl.conditions import (
    Both,
    Bound,
    Condition,
    ConditionError,
    Either,
    Spot,
    parse_condition,
)
from pytest_mixpanel.dsl.diagnostics import did_you_mean
from pytest_mixpanel.dsl.document import Node
from pytest_mixpanel.dsl.grammar import LIMITS, Grammar, MetricRule
from pytest_mixpanel.dsl.shapes import MISSING, Change, Choice, Field, Problems, Record
from pytest_mixpanel.dsl.spec import Compare, Direction, Level, Rule

COMPARE = Record(
    lambda to: to,
    {"to": Field(Choice(("previous_period", "snapshot")), "what 'before' means", required=True)},
    "compare",
    short="to",
)

MARGINS: dict[str, Direction] = {"max_drop": "drop", "max_rise": "rise", "max_shift": "shift"}


def read_rules(level: Level, node: Node | None, grammar: Grammar, problems: Problems) -> Iterator[Rule]:
    """The conditions under ``fail_if`` or ``warn_if``: one, or a list of which any may hold."""
    if node is None:
        return
    listed = node.value if isinstance(node.value, tuple) else (node,)
    if not listed:
        problems.note(node.place, "too-few", "an empty list holds no condition")
    for item in listed:
        if not isinstance(item.value, str):
            problems.wrong_value(item, "a condition as 'conversion < 18%'")
            continue
        condition = _condition(item, item.value, grammar, problems)
        if condition is not None:
            yield Rule(level, item.value.strip(), condition, item.place.line)


def _condition(node: Node, text: str, grammar: Grammar, problems: Problems) -> Condition | None:
    place = node.place
    # A quoted scalar's place begins with its quote.
    shift = place.source[place.column - 1 : place.column] in ("'", '"')
    try:
        condition, spots = parse_condition(text)
    except ConditionError as error:
        where = place.within(shift + error.offset, error.length)
        problems.note(where, error.code, str(error), error.hint)
        return None
    sound = True
    for spot in spots:
        for offset, length, code, message, hint in _spot_problems(spot, grammar):
            problems.note(place.within(shift + offset, length), code, message, hint)
            sound = False
    if sound and (told := _contradiction(condition)):
        problems.note(place, "impossible", told)
        sound = False
    return condition if sound else None


_Problem = tuple[int, int, str, str, str]


def _spot_problems(spot: Spot, grammar: Grammar) -> Iterator[_Problem]:
    metric, limit = spot.bound.metric, spot.bound.limit
    rule = grammar.metric(metric)
    if rule is None:
        if not grammar.metrics:
            yield (
                *spot.metric,
                "no-metrics",
                f"a {grammar.kind} check has no metrics to put conditions on",
                "",
            )
            return
        hint = did_you_mean(metric.name, grammar.metrics, f"known: {', '.join(grammar.spelled)}")
        yield (*spot.metric, "unknown-metric", f"a {grammar.kind} check measures no {metric.name!r}", hint)
        return
    if told := _shape_problem(spot, rule):
        yield (*spot.metric, "bad-metric", *told)
        return
    wanted, example = LIMITS[rule.unit]
    if limit.unit != wanted:
        bare = rule.unit == "rate" and limit.unit == "count"
        hint = _in_percent(limit.value) if bare else f"write it as '{example}'"
        code = "ambiguous-unit" if bare else "wrong-unit"
        yield (*spot.limit, code, f"{limit.text!r} is no limit for {metric.name}", hint)
    elif told_limit := _out_of_range(spot.bound, rule):
        yield (*spot.limit, "impossible", told_limit, "")


def _in_percent(value: float) -> str:
    """What a bare number may have meant."""
    whole, part = f"'{value:g}%'", f"'{value * 100:g}%'"
    return f"write {part} or {whole}" if 0 < value <= 1 else f"write {whole}"


def _shape_problem(spot: Spot, rule: MetricRule) -> tuple[str, str] | None:
    metric = spot.bound.metric
    if rule.index and metric.index is None:
        return f"{metric.name!r} needs a number after it", f"write '{metric.name} 7'"
    if not rule.index and metric.index is not None:
        return f"{metric.name!r} takes no number after it", f"write '{metric.name}'"
    if metric.argument is not None and rule.argument is None:
        return f"{metric.name!r} takes nothing in parentheses", f"write '{metric.name}'"
    if metric.argument is None and rule.needs_argument:
        return f"{metric.name!r} needs something in parentheses", f"write '{metric.name}({rule.argument})'"
    return None


def _out_of_range(bound: Bound, rule: MetricRule) -> str | None:
    """Why the comparison can never, or must always, hold."""
    value, operator = bound.limit.value, bound.operator
    top = 1.0 if rule.unit == "rate" else float("inf")
    never = (operator in ("<", "<=") and (value < 0 or (operator == "<" and value == 0))) or (
        operator in (">", ">=") and (value > top or (operator == ">" and value == top))
    )
    always = (operator in (">", ">=") and (value < 0 or (operator == ">=" and value == 0))) or (
        operator in ("<", "<=") and (value > top or (operator == "<=" and value == top))
    )
    outside = operator in ("==", "!=") and not 0 <= value <= top
    if never or (outside and operator == "=="):
        return f"'{bound}' can never hold"
    return f"'{bound}' always holds" if always or outside else None


def _contradiction(condition: Condition) -> str | None:
    """Why an ``and`` of bounds on one metric can never hold, or an ``or`` of them always does."""
    if not isinstance(condition, Both | Either):
        return None
    for term in condition.terms:
        if inner := _contradiction(term):
            return inner
    plain = [term for term in condition.terms if isinstance(term, Bound)]
    for metric in {term.metric for term in plain}:
        lows = [t for t in plain if t.metric == metric and t.operator in (">", ">=")]
        highs = [t for t in plain if t.metric == metric and t.operator in ("<", "<=")]
        for low in lows:
            for high in highs:
                if isinstance(condition, Both) and low.limit.value >= high.limit.value:
                    return f"'{low}' and '{high}' can never both hold"
                if isinstance(condition, Either) and low.limit.value < high.limit.value:
                    return f"one of '{low}' and '{high}' always holds"
    return None


def read_compare(entries: dict[str, Node], node: Node, grammar: Grammar, problems: Problems) -> Any:
    """The comparison of a check, ``None`` where it has none, ``MISSING`` where it is wrong."""
    given = [key for key in MARGINS if key in entries]
    compare = entries.get("compare")
    if compare is None and not given:
        return None
    able = [f"max_{direction}" for direction in grammar.changes]
    if not able:
        place = (compare or entries[given[0]]).place
        return problems.note(place, "no-compare", f"a {grammar.kind} check cannot be compared")
    wrong = [key for key in given if key not in able]
    if wrong:
        told = f"{wrong[0]!r} is not for a {grammar.kind} check"
        return problems.note(entries[wrong[0]].place, "wrong-margin", told, f"write {' or '.join(able)}")
    if compare is None:
        hint = "add compare: {to: previous_period}"
        return problems.note(entries[given[0]].place, "no-baseline", f"{given[0]} of what?", hint)
    if len(given) != 1:
        told = (
            "a comparison judges one direction"
            if given
            else "a comparison needs the largest change tolerated"
        )
        return problems.note(compare.place, "no-margin", told, f"add {' or '.join(able)}, as {able[0]}: 5pp")
    direction = MARGINS[given[0]]
    to, margin = COMPARE.read(compare, problems), Change().read(entries[given[0]], problems)
    if to is MISSING or margin is MISSING:
        return MISSING
    allowed = grammar.changes[direction]
    if margin.unit not in allowed:
        example = " or ".join({"pp": "5pp", "rel": "10%rel"}[unit] for unit in allowed)
        told = f"{margin} is no size of a {direction} of {grammar.kind}"
        return problems.note(entries[given[0]].place, "wrong-unit", told, f"write it as {example}")
    return Compare(to, direction, margin, entries[given[0]].place.line)
