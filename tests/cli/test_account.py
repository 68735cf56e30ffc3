"""``pytest-mixpanel account``, ``target``, ``session``: no secret is an argument, no error a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pytest_mixpanel.cli.app import app

CANARY = "canary-c1i0"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("MP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, typed: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments, input=typed)
    assert "Traceback" not in result.output
    assert CANARY not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def add(*more: str, typed: str | None = None) -> tuple[int, str]:
    return run("account", "add", "shop", "--region=eu", "--username=etl", "--project=5", *more, typed=typed)


def test_a_secret_is_typed_unseen(home: Path) -> None:
    code, said = add(typed=f"{CANARY}\n")
    assert (code, "added shop (service_account, eu), now active" in said) == (0, True)
    assert CANARY in (home / ".mp" / "config.toml").read_text()


def test_a_secret_is_read_from_a_variable_or_a_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MP_SECRET", CANARY)
    assert add()[0] == 0
    (home / "secret").write_text(f"{CANARY}-2\n")
    run("account", "remove", "shop")
    assert add("--secret-file=secret")[0] == 0
    assert f'secret = "{CANARY}-2"' in (home / ".mp" / "config.toml").read_text()


def test_no_option_takes_a_secret() -> None:
    for group in ("account", "target", "session"):
        _, said = run(group, "--help")
        assert "--secret " not in said
    assert "--secret-file" in run("account", "add", "--help")[1]
    assert add(f"--secret={CANARY}x")[0] == 2


def test_accounts_and_targets_are_kept_shown_and_removed() -> None:
    add(typed=f"{CANARY}\n")
    run("account", "add", "ci", "--type=oauth_token", "--region=us", "--token-env=CI_TOKEN")
    assert run("target", "add", "web", "--account=ci", "--project=3", "--workspace=30")[0] == 0
    lines = run("account", "list")[1].splitlines()
    assert [line.split()[:2] for line in lines] == [["ci", "oauth_token"], ["*", "shop"]]
    assert "needs_token" in lines[0]
    assert "web" in run("target", "list")[1]
    assert "account    shop (service_account, eu), from" in run("session", "show")[1]
    run("target", "use", "web")
    shown = run("session", "show")[1]
    assert "account    ci (oauth_token, us), from" in shown
    assert "project    3, from default_project of account ci" in shown
    assert "workspace  30, from" in shown
    code, said = run("account", "remove", "ci")
    assert (code, "used by target web" in said) == (1, True)
    assert "target web refers to nothing now" in run("account", "remove", "ci", "--force")[1]
    assert run("target", "remove", "web")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("account", "use", "nobody"), "no account named 'nobody'"),
        (("account", "test", "nobody"), "nobody: no account named 'nobody'"),
        (("account", "add", "x", "--type=password", "--region=us"), "type is 'password'"),
        (("account", "login", "nobody"), "no account named 'nobody'"),
        (("account", "add", "x", "--username=u", "--region=us", "--secret-file=none"), "none"),
        (("target", "use", "nothing"), "no target named 'nothing'"),
        (("session", "use", "--project=demo"), "has no active account"),
        (("session", "show"), "no project: say which one"),
    ],
)
def test_what_does_not_work_is_told_in_a_line(arguments: tuple[str, ...], message: str) -> None:
    code, said = run(*arguments)
    assert code == 1
    assert message in said
