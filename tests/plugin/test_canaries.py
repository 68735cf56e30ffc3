"""A secret in every credential, a run that shows, logs, keeps and records all it can: none gets out."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.plugin.conftest import Suite
from tests.plugin.live import Service, environment, live

SECRET = "canary/1&<wire>\"'7f3a9c21e8"
HEADER = "canary-header-5d10b7f2"
TOKEN = "canary-token-90aa41c3d5e6"
PROXY = "canary-proxy-77b1"
CANARIES = (SECRET, HEADER, TOKEN, PROXY)

SUITE = """
    import os
    import warnings

    import pytest
    from pytest_mixpanel import Workspace


    @pytest.fixture(scope="session")
    def kept():
        with Workspace(project=1234567, keeps_answers=True) as workspace:
            yield workspace


    def test_refused(mixpanel):
        authorization = mixpanel._connection._auth
        mixpanel.properties("Login")


    def test_echoed(mixpanel):
        mixpanel.property_values("echo")


    def test_not_json(kept):
        kept.property_values("html")


    def test_cut(kept):
        kept.property_values("cut")


    def test_kept(kept):
        assert kept.events() == []


    def test_shows_the_environment(mixpanel):
        everything = dict(os.environ)
        secret = os.environ.get("MP_SECRET") or os.environ["MP_OAUTH_TOKEN"]
        print("printed", secret)
        warnings.warn("shown " + secret)
        assert secret == "guessed", secret


    def test_asserts_on_headers(mixpanel):
        client = mixpanel._connection.client
        request = client.build_request("GET", "http://127.0.0.1:9/api/app/me")
        headers = dict(mixpanel._connection._auth(request).headers)
        assert headers == {}


    def test_no_connection(mixpanel, monkeypatch):
        monkeypatch.setenv("MP_API_BASE_URL", "http://127.0.0.1:9")
        mixpanel.property_values("unreachable")


    class TestInSetup:
        @pytest.fixture(autouse=True)
        def fails(self, mixpanel):
            token = os.environ.get("MP_SECRET") or os.environ["MP_OAUTH_TOKEN"]
            raise RuntimeError(token)

        def test_never(self):
            pass
"""

CHECKS = """
version: 1
suite: canaries
checks:
  - id: lost
    measure: {funnel: {steps: [View Item, Purchase], within: 7d}}
    fail_if: conversion < 18%
"""


class Tactless(Service):
    """Repeats what it was told, in answers, refusals and cookies."""

    REPEATED = ("authorization", "x-canary")

    def __init__(self, plain: list[str]) -> None:
        super().__init__()
        self.plain = plain

    def __call__(self, handler: Any) -> None:
        told = {name: value for name, value in handler.headers.items() if name.lower() in self.REPEATED}
        self.told = {**told, "plain": self.plain}
        if "name=cut" in handler.path:
            handler.send_response(200)
            handler.send_header("content-length", "9999")
            handler.end_headers()
            handler.wfile.write(json.dumps(self.told).encode())
            handler.close_connection = True
        elif "name=html" in handler.path:
            handler.answer(f"<html>{self.told}</html>".encode(), 200, "text/html")
        else:
            super().__call__(handler)

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        if path.endswith("/events/properties/values"):
            return 200, [self.told]
        if path.endswith("/events/names"):
            return 200, ["Login"]
        return 400, {"error": f"you are {self.told}", "request": self.told}


def forms(secret: str) -> list[str]:
    """What a secret looks like in outputs: plain, escaped, encoded, and a piece of it."""
    pair = base64.b64encode(f"svc:{secret}".encode()).decode()
    return [secret, json.dumps(secret)[1:-1], pair, pair.rstrip("="), secret[:12], secret[-8:]]


CREDENTIALS = {
    "service account": {"MP_USERNAME": "svc", "MP_SECRET": SECRET},
    "token": {"MP_OAUTH_TOKEN": TOKEN},
}


@pytest.mark.parametrize("who", CREDENTIALS)
@pytest.mark.parametrize("distributed", [False, True], ids=["one process", "two workers"])
def test_no_canary_gets_out(
    suite: Suite,
    who: str,
    distributed: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    here = suite.pytester.path
    (here / "conftest.py").unlink()
    suite.test(test_canaries=SUITE)
    (here / "canaries.checks.yaml").write_text(CHECKS)
    with live(Tactless([CREDENTIALS[who].get("MP_SECRET", TOKEN), HEADER, PROXY])) as url:
        variables = environment(url, here)
        del variables["MP_USERNAME"], variables["MP_SECRET"]
        variables |= CREDENTIALS[who]
        variables |= {"MP_CUSTOM_HEADER_NAME": "X-Canary", "MP_CUSTOM_HEADER_VALUE": HEADER}
        variables |= {
            "HTTPS_PROXY": f"http://user:{PROXY}@127.0.0.1:9",
            "GITHUB_STEP_SUMMARY": str(here / "page.md"),
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        run = suite.run_distributed if distributed else suite.pytester.runpytest_subprocess
        result = run(
            "-p",
            "pytest_mixpanel.plugin",
            "-vv",
            "-ra",
            "--showlocals",
            "--tb=long",
            "-o",
            "log_cli=true",
            "--log-cli-level=DEBUG",
            "--log-file=all.log",
            "--log-file-level=DEBUG",
            "--junitxml=junit.xml",
            "--mixpanel-record=run.jsonl",
            *(f"--mixpanel-report=report{suffix}" for suffix in (".html", ".md", ".json", ".jsonl")),
        )
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] >= 7
    assert outcomes["errors"] >= 1
    written = {
        str(path.relative_to(here)): path.read_text(encoding="utf-8", errors="replace")
        for path in here.rglob("*")
        if path.is_file() and path.name not in ("test_canaries.py", "canaries.checks.yaml")
    }
    assert {"all.log", "junit.xml", "page.md", "report.html", "report.jsonl", "run.jsonl"} <= set(written)
    assert any(name.startswith("cache") and name.endswith(".json") for name in written)
    written |= {"standard output": result.stdout.str(), "standard error": result.stderr.str()}
    found = [
        (where, form)
        for where, text in written.items()
        for secret in CANARIES
        for form in forms(secret)
        if form in text
    ]
    assert found == []
    assert "**********" in written["standard output"]
