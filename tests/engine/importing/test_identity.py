"""What identity events say is read of all of them together."""

from __future__ import annotations

import numpy as np

from pytest_mixpanel.engine.importing.identity import links
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, LazyColumns


def test_a_property_is_made_once_however_many_identity_events_there_are() -> None:
    """Columns that were just read are made each time they are asked for."""
    count, made = 100, []
    anonymous = CodedColumn(np.arange(count), [f"device {n}" for n in range(count)])

    def make(name: str) -> Column:
        made.append(name)
        return anonymous

    nobody, at = np.zeros(count, np.int64), np.arange(count)
    columns = LazyColumns(["$anon_id"], make, keep=False)
    found = links("original", nobody, ["ann"], nobody, ["$identify"], at, columns, at)
    assert [(link.time, link.one, link.other) for link in found] == [
        (n, f"device {n}", "ann") for n in range(count)
    ]
    assert made == ["$anon_id"]
