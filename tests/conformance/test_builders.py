"""Every call of the corpus, made on both clients: the same params, or refused with the same codes.

The published client is an oracle at test time only. ``tests/query/deliberate.py`` lists the differences.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.query.calls import TODAY, answer_to
from tests.query.deliberate import TOGETHER, UNCODED, reason_to_differ
from tests.vectors import HERE

published = pytest.importorskip("mixpanel_headless")
CALLS = [call for call in (HERE / "builder_calls.txt").read_text(encoding="utf-8").splitlines() if call]
"""One call a line, of builders and of constructors, right and wrong; written for this package."""

FAMILIES = {
    "insights": "ws.build_params(",
    "funnels": "ws.build_funnel_params(",
    "retention": "ws.build_retention_params(",
    "flows": "ws.build_flow_params(",
    "users": "ws.build_user_params(",
    "values": "",
}
NOT_OURS = r"build_flow_params.*time_comparison=|MetricRef\(5, \"metric\"\)"
"""Arguments that neither client has."""


def calls_of(family: str) -> list[str]:
    own = [call for call in CALLS if not re.search(NOT_OURS, call)]
    if FAMILIES[family]:
        return [call for call in own if call.startswith(FAMILIES[family])]
    return [call for call in own if not call.startswith("ws.")]


@pytest.fixture(scope="module")
def oracle() -> Any:
    from tests.conformance.published import session

    return published.Workspace(session=session())


@pytest.mark.parametrize("family", FAMILIES)
def test_both_clients_build_the_same_params_and_refuse_the_same_calls(family: str, oracle: Any) -> None:
    differences = {call: said for call in calls_of(family) if (said := difference(call, oracle))}
    assert differences == {}


def test_the_corpus_is_large_and_of_both_kinds() -> None:
    refused = sum(answer_to(call).codes is not None for family in FAMILIES for call in calls_of(family))
    assert len(CALLS) > 2_000
    assert 700 < refused < len(CALLS) - 700


def difference(call: str, oracle: Any) -> str | None:
    """What is different without a reason; ``None`` where nothing is."""
    from tests.conformance.published import oracle_says

    if ("build_flow_params" in call and "time_comparison" in call) or 'MetricRef(5, "metric")' in call:
        return None
    theirs, ours = oracle_says(call, oracle), answer_to(call)
    if "params" in theirs and ours.codes is None:
        own = json.dumps(ours.params) if ours.params is not None else None
        if same(own, theirs["params"]):
            return None
    elif (
        sorted(ours.codes or ()) == sorted(theirs.get("codes", ())) and "error" in theirs and theirs["codes"]
    ):
        return None
    if "error" in theirs and not theirs["codes"] and UNCODED:
        return None
    if ours.problems and theirs.get("codes") and {*theirs["codes"]} < {*(ours.codes or ())} and TOGETHER:
        return None
    if reason_to_differ(call, ours.codes):
        return None
    return f"published {theirs}, ours {ours.codes or 'accepts'}"


def same(ours: str | None, theirs: str | None) -> bool:
    """Equal text, but for the day each client takes for today."""
    if ours is None or theirs is None:
        return ours == theirs
    return ours == theirs or ours.replace(TODAY.isoformat(), "today") == re.sub(
        r"20(2[6-9]|[3-9]\d)-\d\d-\d\d", "today", theirs
    )
