"""``pytest-mixpanel pull``: a project copied over HTTP is a project."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pytest_mixpanel.cli.app import app
from pytest_mixpanel.core.address import parse_address
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.projects import open_project
from pytest_mixpanel.server.running import LocalMixpanel, running
from pytest_mixpanel.workspace import Workspace


def pull(local: LocalMixpanel, *arguments: str, home: Path) -> Result:
    environment = {**local.environment, "HOME": str(home), "MP_CONFIG_PATH": str(home / "none")}
    return CliRunner().invoke(app, ["pull", local.project_id, *arguments], env=environment)


def test_a_day_of_a_served_project_is_copied_and_counts_the_same(tmp_path: Path) -> None:
    demo = open_project(parse_address("demo"))
    with running(Server(demo.store, demo.now)) as local:
        result = pull(
            local,
            *("--into", str(tmp_path / "shop"), "--from", "2025-03-31", "--to", "2025-03-31"),
            *("--no-profiles",),
            home=tmp_path,
        )
    assert result.exit_code == 0, result.output
    assert "events of 1 day" in result.output
    asked = {"from_date": "2025-03-31", "to_date": "2025-03-31", "math": "total"}
    with (
        Workspace(project="demo") as served,
        Workspace(project=str(tmp_path / "shop"), cache=tmp_path / "cache") as copied,
    ):
        for event in ("Purchase", "Login"):
            one, two = (workspace.query(event, **asked).daily() for workspace in (served, copied))
            assert one == two != {}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--from", "yesterday"), "--from: 'yesterday' is no day; write 2026-03-01"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "--from 2026-03-02 lies after --to 2026-03-01"),
    ],
)
def test_days_that_make_no_sense_are_refused(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    demo = open_project(parse_address("demo"))
    with running(Server(demo.store, demo.now)) as local:
        result = pull(local, "--into", str(tmp_path / "shop"), *arguments, home=tmp_path)
    assert result.exit_code == 2
    assert told in " ".join(result.output.replace("│", " ").split())
    assert not (tmp_path / "shop").exists()


def test_days_that_have_not_been_are_told_without_an_option_nobody_gave(tmp_path: Path) -> None:
    with running(Server((demo := open_project(parse_address("demo"))).store, demo.now)) as local:
        result = pull(local, "--into", str(tmp_path / "shop"), "--from", "9999-01-01", home=tmp_path)
    assert "--from 9999-01-01 lies after yesterday," in " ".join(result.output.replace("│", " ").split())


def test_of_a_wrong_secret_nothing_is_said_but_that(tmp_path: Path) -> None:
    demo = open_project(parse_address("demo"))
    with running(Server(demo.store, demo.now)) as local:
        environment = {**local.environment, "MP_SECRET": "wrong", "HOME": str(tmp_path)}
        environment["MP_CONFIG_PATH"] = str(tmp_path / "none")
        arguments = ["pull", local.project_id, "--into", str(tmp_path / "shop"), "--from", "2025-03-31"]
        result = CliRunner().invoke(app, arguments, env=environment)
    assert result.exit_code == 1
    (said,) = result.output.splitlines()
    assert said.startswith("error: the credentials were not accepted")


def test_without_credentials_it_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MP_USERNAME", "MP_SECRET", "MP_OAUTH_TOKEN", "MP_ACCOUNT"):
        monkeypatch.delenv(name, raising=False)
    environment = {"HOME": str(tmp_path), "MP_CONFIG_PATH": str(tmp_path / "none")}
    result = CliRunner().invoke(app, ["pull", "1234567", "--into", str(tmp_path / "shop")], env=environment)
    assert result.exit_code == 1
    assert "MP_USERNAME" in result.output
    assert "Traceback" not in result.output
