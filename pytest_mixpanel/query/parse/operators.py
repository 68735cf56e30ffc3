"""Filter operators and the values they take; older params spell some of them differently."""

from __future__ import annotations

from pytest_mixpanel.query.parse.node import Node
from pytest_mixpanel.query.plan.times import UNIT_MS

LISTED = frozenset({"equals", "does not equal"})
TEXTS = frozenset({"contains", "does not contain", "starts with", "ends with"})
NUMBERS = frozenset({"is greater than", "is less than", "is at least", "is at most"})
NUMBER_PAIRS = frozenset({"is between", "not between"})
DAYS = frozenset({"was on", "was not on", "was before", "was since"})
DAY_PAIRS = frozenset({"was between", "was not between"})
WINDOWS = frozenset({"was in the", "was not in the", "was in the next", "was before the last"})
BARE = frozenset({"is set", "is not set", "true", "false"})
SPELLINGS = {
    "is equal to": "equals",
    "is greater than or equal to": "is at least",
    "is less than or equal to": "is at most",
    "between": "is between",
    "on": "was on",
    "not on": "was not on",
    "before": "was before",
    "since": "was since",
    "in the last": "was in the",
    "was less than": "was in the",
    "not in the last": "was not in the",
    "before the last": "was before the last",
    "in the next": "was in the next",
}
"""Of older params, and the operator each of them means."""
OF_DAYS = {"is between": "was between", "not between": "was not between"}
"""What a range is called where its ends are days."""
LONGEST_WINDOW = 1_000_000
"""Units of a relative window: more than a century of hours."""


def check_operator(entry: Node) -> str:
    """The operator of a filter entry; raises ``PlanError`` where it is none or its value does not fit."""
    named, value = entry.get("filterOperator"), entry.get("filterValue")
    operator = SPELLINGS.get(named.text(), named.text())
    if entry.get("filterType").value == "datetime":
        operator = OF_DAYS.get(operator, operator)
    if operator in NUMBERS:
        value.number()
    elif operator in DAYS:
        value.day()
    elif operator in NUMBER_PAIRS | DAY_PAIRS:
        ends = value.items()
        if len(ends) != 2:
            raise value.fail("should hold the two ends")
        for end in ends:
            end.number() if operator in NUMBER_PAIRS else end.day()
    elif operator in WINDOWS:
        value.whole(0, LONGEST_WINDOW)
        date_unit(entry)
    elif operator not in LISTED | TEXTS | BARE:
        raise named.fail(f"there is no filter operator {operator!r}")
    return operator


def date_unit(entry: Node) -> str | None:
    """The unit of a relative window, which is written in the singular or the plural."""
    unit = entry.get("filterDateUnit")
    if unit.value is None:
        return None
    return unit.at(unit.text().removesuffix("s"), unit.path).choice(*UNIT_MS)
