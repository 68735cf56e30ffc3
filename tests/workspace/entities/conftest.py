"""A local project of a few events, whose entities are made by the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_mixpanel import Workspace
from tests.engine.events import event


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import json

    file = tmp_path_factory.mktemp("export") / "events.jsonl"
    events = [
        event("Login", user, f"2026-03-{day:02d}T10:00:00", plan=plan)
        for user, plan in (("ana", "pro"), ("ben", "free"), ("cem", "pro"))
        for day in (1, 2, 3)
    ] + [event("Purchase", "ana", "2026-03-02T11:00:00"), event("Purchase", "ben", "2026-03-03T11:00:00")]
    file.write_text("".join(json.dumps(one) + "\n" for one in events), encoding="utf-8")
    return file


@pytest.fixture
def ws(export: Path, tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(project=str(export), cache=tmp_path) as workspace:
        yield workspace
