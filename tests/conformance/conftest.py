"""The published client, pointed at a local server; it runs in this process, on the demo project."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_mixpanel import Workspace
from pytest_mixpanel.core.address import parse_address
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.projects import open_project
from pytest_mixpanel.server.running import LocalMixpanel, running


@pytest.fixture(scope="session")
def local() -> Iterator[LocalMixpanel]:
    project = open_project(parse_address("demo"))
    with running(Server(project.store, project.now)) as server:
        yield server


@pytest.fixture
def published(
    local: LocalMixpanel, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """The published client's ``Workspace``, with nothing of this machine's configuration."""
    headless = pytest.importorskip("mixpanel_headless")
    home = tmp_path_factory.mktemp("home")
    for name, value in {**local.environment, "HOME": str(home), "MP_CONFIG_PATH": str(home / "none")}.items():
        monkeypatch.setenv(name, value)
    with headless.Workspace() as workspace:
        yield workspace


@pytest.fixture(scope="session")
def ours() -> Iterator[Workspace]:
    with Workspace(project="demo") as workspace:
        yield workspace
