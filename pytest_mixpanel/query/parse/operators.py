"""Filter operators and the values they take; several spellings are in use for some."""

from __future__ import annotations

from pytest_mixpanel.query.parse.node import Node
from pytest_mixpanel.query.plan.times import UNIT_MS

LISTED = frozenset({"equals", "does not equal", "is equal to"})
TEXTS = frozenset({"contains", "does not contain", "starts with", "ends with"})
NUMBERS = frozenset(
    {
        "is greater than",
        "is less than",
        "is at least",
        "is at most",
        "is greater than or equal to",
        "is less than or equal to",
    }
)
NUMBER_PAIRS = frozenset({"is between", "between", "not between"})
DAYS = frozenset({"was on", "was not on", "was before", "was since"})
DAY_PAIRS = frozenset({"was between", "was not between"})
WINDOWS = frozenset({"was in the", "was not in the", "was in the next"})
BARE = frozenset({"is set", "is not set", "true", "false"})
LONGEST_WINDOW = 1_000_000
"""Units of a relative window: more than a century of hours."""


def check_operator(entry: Node) -> str:
    """The operator of a filter entry; raises ``PlanError`` where it is none or its value does not fit."""
    named, value = entry.get("filterOperator"), entry.get("filterValue")
    operator = named.text()
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
        if entry.get("filterDateUnit").value is not None:
            entry.get("filterDateUnit").choice(*UNIT_MS)
    elif operator not in LISTED | TEXTS | BARE:
        raise named.fail(f"there is no filter operator {operator!r}")
    return operator
