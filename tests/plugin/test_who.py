"""Who asks, as the settings say it: the place that counts, per axis, and what goes to the client."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mixpanel.plugin.options import Options, Value
from pytest_mixpanel.plugin.who import said_axes, session_arguments
from tests.plugin.conftest import Suite

PLACES = {"o": "option --mixpanel-x", "e": "environment MIXPANEL_X", "i": "ini mixpanel_x"}


def options(**said: str) -> Options:
    """Settings by name as ``place:value``; the place is ``o``, ``e`` or ``i``."""
    names = ("project", "region", "account", "workspace", "target")
    values = {name: Value(None, "default") for name in names}
    for name, text in said.items():
        place, _, value = text.partition(":")
        values[name] = Value(value, PLACES[place])
    return Options(values)


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ({}, {}),
        (
            {"project": "o:12", "account": "i:ci", "workspace": "e:7"},
            {"project": "12", "account": "ci", "workspace": 7},
        ),
        ({"target": "o:web"}, {"target": "web"}),
        ({"target": "o:web", "project": "i:12", "region": "i:eu"}, {"target": "web", "region": "eu"}),
        ({"target": "i:web", "project": "o:12"}, {"project": "12"}),
        ({"target": "e:web", "account": "o:ci", "project": "i:12"}, {"account": "ci"}),
        ({"project": "o:demo", "account": "i:ci", "workspace": "i:7", "region": "i:eu"}, {"project": "demo"}),
        ({"project": "o:demo", "target": "i:web"}, {"project": "demo"}),
        ({"project": "o:demo", "target": "o:web"}, {"project": "demo"}),
        ({"project": "i:demo", "target": "o:web"}, {"target": "web"}),
    ],
)
def test_the_stronger_place_counts(said: dict[str, str], counts: dict[str, object]) -> None:
    assert said_axes(options(**said)) == counts


def test_options_overrule_the_clients_own_variables_and_the_ini_file_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MP_PROJECT_ID", "99")
    monkeypatch.setenv("MP_WORKSPACE_ID", "9")
    environment = session_arguments(options(project="o:12", workspace="i:7"))["environment"]
    assert (environment.project(), environment.workspace()) == (None, 9)
    environment = session_arguments(options(target="e:web"))["environment"]
    assert (environment.project(), environment.workspace()) == (None, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--mixpanel-target=web", "--mixpanel-project=12"),
            "a target names account, project and workspace at once",
        ),
        (
            ("--mixpanel-project=12", "--mixpanel-workspace=all"),
            "option --mixpanel-workspace: 'all' is no workspace id",
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(
    suite: Suite, arguments: tuple[str, ...], message: str
) -> None:
    result = suite.run(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: *{message}*"])


PRINTED = """
def test_session(mixpanel):
    session = mixpanel.session
    print("session", session.account.name, session.project, session.workspace_id, session.region)
"""
CONFIG = """
[active]
account = "shop"
[accounts.shop]
type = "service_account"
region = "eu"
default_project = "5"
username = "etl"
secret = "canary-77aa"
[targets.web]
account = "shop"
project = "3"
workspace = 30
"""


@pytest.mark.parametrize(
    ("arguments", "session"),
    [
        ((), "shop 5 None eu"),
        (("--mixpanel-target=web",), "shop 3 30 eu"),
        (("--mixpanel-project=8", "--mixpanel-workspace=80", "--mixpanel-region=in"), "shop 8 80 in"),
        (("--mixpanel-project=demo", "--mixpanel-account=shop"), "local demo None us"),
    ],
)
def test_the_fixture_is_the_session_that_was_said(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], session: str
) -> None:
    file = Path(suite.pytester.path) / "mp.toml"
    file.write_text(CONFIG)
    file.chmod(0o600)
    monkeypatch.setenv("MP_CONFIG_PATH", str(file))
    monkeypatch.setenv("MP_AUTH_FILE", str(file.with_name("none.json")))
    (suite.pytester.path / "conftest.py").unlink()
    suite.test(test_it=PRINTED)
    result = suite.pytester.runpytest_subprocess("-p", "pytest_mixpanel.plugin", "-s", *arguments)
    assert f"session {session}" in result.stdout.str()
    assert "canary" not in result.stdout.str() + result.stderr.str()


def test_an_account_that_is_not_configured_is_told_with_those_that_are(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(suite.pytester.path) / "mp.toml"
    file.write_text(CONFIG)
    file.chmod(0o600)
    monkeypatch.setenv("MP_CONFIG_PATH", str(file))
    (suite.pytester.path / "conftest.py").unlink()
    suite.test(test_it=PRINTED)
    result = suite.run("--mixpanel-account=shp")
    assert "no account named 'shp'; there is: shop" in result.stdout.str()
    assert "Traceback" not in result.stdout.str()
