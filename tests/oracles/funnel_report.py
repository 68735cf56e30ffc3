"""Whole funnels by the rules F-1 to F-42: from a user's records to the attempts that are counted where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.oracles import funnel

Chain = list[int]


@dataclass(frozen=True)
class Case:
    """How attempts are made, which of them count, and what they are labelled by.

    ``spans``: the ranges that are funnels of their own; ``attribution``: the step, from 1, or the way of
    choosing one, whose value is the attempt's.
    """

    rules: funnel.Rules
    counting: str
    reentry: str
    spans: tuple[tuple[int, int], ...]
    attribution: int | str = "first_defined"


def made(records: Sequence[funnel.Record], case: Case, every: bool) -> list[Chain]:
    """The attempts of a user in one span; ``every``: again after the last has ended, whatever is counted."""
    if case.counting == "session":
        chains = [
            chain
            for session in sorted({record.session for record in records} - {-1})
            for chain in _once(_only(records, session), case)
        ]
        return sorted(chains)
    if not every:
        return _once(records, case)
    if case.reentry == "default":
        return funnel.all_attempts(records, case.rules)
    chains = funnel.every_attempt(records, case.rules)
    return funnel.shared_out(chains) if case.reentry == "optimized" and case.counting == "total" else chains


def _only(records: Sequence[funnel.Record], session: int) -> list[funnel.Record]:
    """The records, of which no other session's do anything."""
    nothing: dict[str, Any] = {"matches": frozenset(), "stops": frozenset()}
    return [record if record.session == session else replace(record, **nothing) for record in records]


def _once(records: Sequence[funnel.Record], case: Case) -> list[Chain]:
    if case.reentry == "default":
        return funnel.unique_attempt(records, case.rules)
    return funnel.best_attempt(records, case.rules, latest=case.reentry == "optimized")


def attempts(records: Sequence[funnel.Record], case: Case, every: bool) -> list[tuple[int, Chain]]:
    """The attempts of a user with the number of their span."""
    return [
        (number, chain)
        for number, (low, high) in enumerate(case.spans)
        for chain in made(
            [replace(record, in_range=low <= record.time < high) for record in records], case, every
        )
    ]


def value_of(chain: Chain, values: Sequence[Any], case: Case) -> Any:
    """The value a property has for an attempt (F-29, F-30); ``None`` where it has none."""
    if isinstance(case.attribution, int):
        return values[chain[case.attribution - 1]] if len(chain) >= case.attribution else None
    told = [values[place] for place in chain if values[place] is not None]
    if not told:
        return None
    return told[0] if case.attribution == "first_defined" else told[-1]


def one_of_each(found: list[tuple[Any, Chain]], case: Case) -> list[tuple[Any, Chain]]:
    """Of a user's attempts one for each segment and span: the first, or the best (F-31)."""
    kept = {}
    for key in dict.fromkeys(key for key, _ in found):
        chains = [chain for other, chain in found if other == key]
        if case.reentry == "default":
            kept[key] = chains[0]
        else:
            late = case.reentry == "optimized"
            kept[key] = min(chains, key=lambda c: (-len(c), c[-1], -c[0] if late else c[0]))
    return list(kept.items())
