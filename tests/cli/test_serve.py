"""``pytest-mixpanel serve``: a real process, asked over HTTP, told to stop."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
import pytest
from typer.testing import CliRunner

from pytest_mixpanel.cli.app import app

COMMAND = (sys.executable, "-c", "from pytest_mixpanel.cli import main; main()", "serve")
OURS = {"MP_USERNAME", "MP_SECRET", "MP_OAUTH_TOKEN"}


@contextmanager
def serving(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running command and what it said before it began to answer."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**inherited, "PYTHONUNBUFFERED": "1", **(environment or {})},
    )
    assert process.stdout is not None
    said = ""
    try:
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, f"it ended: {said}"
            said += line
        yield process, said
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def told(said: str, name: str) -> str:
    found = re.search(rf"{name}=(\S+)", said)
    assert found, said
    return found.group(1)


def test_the_demo_is_served_with_credentials_it_made_up_and_stops_when_told() -> None:
    with serving("demo") as (process, said):
        url = told(said, "MP_API_BASE_URL")
        assert url.startswith("http://127.0.0.1:")
        account = (told(said, "MP_USERNAME"), told(said, "MP_SECRET"))
        answer = httpx.get(f"{url}/api/query/events/names", auth=account, timeout=30)
        assert "Purchase" in answer.json()
        assert httpx.get(f"{url}/api/query/events/names").status_code == 401
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert rest == "stopped\n"


def test_a_command_in_the_background_says_that_it_stopped_as_well() -> None:
    """A shell without job control has it ignore the signal, and what it starts inherits that."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with serving("demo") as (process, said):
            url = told(said, "MP_API_BASE_URL")
            assert httpx.get(f"{url}/api/query/events/names", timeout=30).status_code == 401
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=20)[0] == "stopped\n"
            assert process.returncode == 0
    finally:
        signal.signal(signal.SIGINT, before)


def test_credentials_of_the_environment_are_used_and_not_shown() -> None:
    account = {"MP_USERNAME": "svc", "MP_SECRET": "canary-5521", "MP_OAUTH_TOKEN": "canary-5522"}
    with serving("demo", "--log", environment=account) as (process, said):
        url = told(said, "MP_API_BASE_URL")
        answer = httpx.get(f"{url}/api/query/events/names", auth=("svc", "canary-5521"), timeout=30)
        assert answer.status_code == 200
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=20)
    assert "GET /api/query/events/names" in rest
    assert "canary" not in said + rest


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "there is no project 'nowhere'"),
        (["123"], "project 123 is Mixpanel's own"),
        (["demo", "--no-auth", "--host", "0.0.0.0"], "--no-auth would let everyone on the network ask"),
        (["demo", "--host", "203.0.113.9"], "cannot listen on 203.0.113.9"),
    ],
)
def test_what_cannot_be_served_is_said_in_words(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(app, ["serve", *arguments])
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output
