"""The kernel of flows against a slow evaluator, and every kernel interpreted against itself compiled."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.engine.kernels import paths as installed
from tests.oracles import flow

ENTERING = {"unique": 0, "total": 1, "session": 2}


def interpreted(module: ModuleType) -> ModuleType:
    """The kernel's source, run by Python whether it is compiled or not."""
    source = Path(str(module.__file__)).parent / f"{module.__name__.rpartition('.')[2]}.py"
    spec = importlib.util.spec_from_file_location(f"interpreted_{source.stem}", source)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@st.composite
def users(draw: st.DrawFn) -> list[list[flow.Record]]:
    """Up to three users on a coarse clock; sessions are numbered upwards."""
    found, session = [], 0
    for _ in range(draw(st.integers(1, 3))):
        records = []
        session += 1
        for time in sorted(draw(st.lists(st.integers(0, 30), max_size=14))):
            session += draw(st.integers(0, 5)) == 0
            anchors = draw(st.frozensets(st.integers(0, 2), max_size=2))
            excluded = draw(st.integers(0, 9)) == 0
            records.append(flow.Record(time, anchors, session, excluded))
        found.append(records)
    return found


@st.composite
def rules(draw: st.DrawFn) -> flow.Rules:
    columns = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3))
    counting = draw(st.sampled_from(sorted(ENTERING)))
    window = None if counting == "session" else draw(st.none() | st.integers(0, 20))
    sessions = 1 if counting == "session" else draw(st.integers(1, 3))
    return flow.Rules(tuple(columns), window, counting, sessions)


def traced(kernel: Any, people: list[list[flow.Record]], asked: flow.Rules) -> list[flow.Path]:
    """The kernel's rows with places counted from each user's first record."""
    flat = [(number, record) for number, records in enumerate(people) for record in records]
    anchors, width = [], 0
    for reverse, forward in asked.columns:
        anchors.append(width + reverse)
        width += reverse + 1 + forward
    record = np.zeros((width, len(flat) + 1), np.int64)
    count = kernel.trace_paths(
        np.cumsum([0, *map(len, people)]).astype(np.int64),
        np.array([event.time for _, event in flat], np.int64),
        np.arange(len(flat), dtype=np.uint16),
        np.array([sum(1 << step for step in event.anchors) for _, event in flat], np.uint64),
        np.array([event.session for _, event in flat], np.int64),
        np.array([place for place, (_, event) in enumerate(flat) if 0 in event.anchors], np.int64),
        np.array([event.excluded for _, event in flat], np.uint8),
        np.array([forward for _, forward in asked.columns], np.int32),
        np.array([reverse for reverse, _ in asked.columns], np.int32),
        np.array(anchors, np.int32),
        asked.window or 0,
        0 if asked.window is not None else asked.sessions,
        ENTERING[asked.counting],
        record,
    )
    starts = np.cumsum([0, *map(len, people)])
    rows: list[flow.Path] = []
    for row in record[:, :count].T.tolist():
        first = next(cell for cell in row if cell >= 0)
        start = starts[flat[first][0]]
        rows.append([{-1: None, -2: "lost"}.get(cell, cell - start) for cell in row])
    return rows


@settings(max_examples=300)
@given(users(), rules())
def test_paths_are_traced_by_the_rules(people: list[list[flow.Record]], asked: flow.Rules) -> None:
    assert traced(installed, people, asked) == [path for user in people for path in flow.paths(user, asked)]


@settings(max_examples=100)
@given(users(), rules())
def test_interpreted_and_compiled_agree(people: list[list[flow.Record]], asked: flow.Rules) -> None:
    assert traced(installed, people, asked) == traced(interpreted(installed), people, asked)


@pytest.mark.slow
@settings(max_examples=10_000)
@given(users(), rules())
def test_paths_are_traced_by_the_rules_at_length(people: list[list[flow.Record]], asked: flow.Rules) -> None:
    assert traced(installed, people, asked) == [path for user in people for path in flow.paths(user, asked)]
