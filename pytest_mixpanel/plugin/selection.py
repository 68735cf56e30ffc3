"""``--mixpanel-select``: run the tests whose ``mixpanel`` marks match an expression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from pytest_mixpanel.plugin.collect import BrokenFile
from pytest_mixpanel.plugin.select import FIELDS, parse_selection
from pytest_mixpanel.plugin.state import State

_SHOWN_VALUES = 12


def narrow(config: pytest.Config, items: list[pytest.Item], expression: str, state: State) -> None:
    """Deselect, in place, what does not match; a file that cannot be read always stays.

    Raises ``pytest.UsageError`` where nothing matches, since an empty run must not look like a good one.
    """
    predicate = parse_selection(expression)
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        chosen = isinstance(item, BrokenFile) or predicate(facts_of(item))
        (kept if chosen else dropped).append(item)
    if items and not kept and not state.is_worker:
        raise pytest.UsageError(
            f"{state.options.origin('select')}: {expression!r} matches no check; {_known(items)}"
        )
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def facts_of(item: pytest.Item) -> Mapping[str, set[str]]:
    """What the ``mixpanel`` marks of an item say, by field; ``id`` is the item's name."""
    facts: dict[str, set[str]] = {field: set() for field in FIELDS}
    for mark in item.iter_markers("mixpanel"):
        facts["id"].add(item.name)
        for field, value in mark.kwargs.items():
            if field in facts:
                facts[field].add(str(value))
    return facts


def _known(items: Sequence[pytest.Item]) -> str:
    known: dict[str, set[str]] = {field: set() for field in FIELDS if field != "id"}
    for item in items:
        for field, values in facts_of(item).items():
            known.get(field, set()).update(values)
    told = [f"{field}: {_some(sorted(values))}" for field, values in known.items() if values]
    return "there is " + "; ".join(told) if told else "there are no checks here"


def _some(values: Sequence[str]) -> str:
    shown = ", ".join(values[:_SHOWN_VALUES])
    return shown if len(values) <= _SHOWN_VALUES else f"{shown}, …"
