"""A canary in every credential, looked for in everything that leaves the process."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest

import pytest_mixpanel as mp
from pytest_mixpanel.core.masking import MASK
from pytest_mixpanel.core.secret import Secret
from pytest_mixpanel.workspace.sessions.bridge import read_bridge
from pytest_mixpanel.workspace.sessions.config import read_config
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.tokens import Tokens
from tests.workspace.sessions.conftest import CANARY, CONFIG, written
from tests.workspace.sessions.live import answered_by

TOKENS = {"access_token": CANARY, "refresh_token": CANARY, "expires_at": "2999-01-01T00:00:00Z"}


def everything(put_bridge: Callable[..., Path], config_file: Path) -> Iterator[Any]:
    """One of each thing that holds a secret."""
    yield Secret(CANARY)
    ws = mp.Workspace()
    yield from (ws, ws.session, ws.account, ws.session.headers, ws.api, ws.origins)
    yield read_config(config_file)
    yield read_bridge(put_bridge())
    yield Tokens.parse(dict(TOKENS), "test")
    yield Environment({"MP_SECRET": CANARY})
    yield mp.OAuthTokenAccount(name="t", region="us", token=Secret(CANARY))
    yield mp.accounts.list()


def test_no_way_of_showing_shows_it(config_file: Path, put_bridge: Callable[..., Path]) -> None:
    for thing in everything(put_bridge, config_file):
        shown = (
            f"{thing!r} {thing} {pprint.pformat(thing)} {copy.deepcopy([thing])!r}"
            if _copies(thing)
            else f"{thing!r} {thing} {pprint.pformat(thing)}"
        )
        assert CANARY not in shown, type(thing)


def _copies(thing: Any) -> bool:
    return isinstance(thing, Secret | mp.ServiceAccount | mp.OAuthTokenAccount | mp.Session | Tokens)


def test_a_dump_masks_or_refuses_it(config_file: Path) -> None:
    account = mp.Workspace().account
    assert CANARY not in repr(asdict(account))
    assert MASK in json.dumps(asdict(account), default=str)
    with pytest.raises(TypeError):
        json.dumps(asdict(account))
    with pytest.raises(TypeError, match="a secret is not pickled"):
        pickle.dumps(account)


def test_a_secret_is_equal_to_its_like_alone() -> None:
    assert Secret(CANARY) == Secret(Secret(CANARY))
    assert Secret(CANARY) != CANARY
    assert len({Secret(CANARY), Secret(CANARY)}) == 1
    assert Secret(CANARY).get_secret_value() == CANARY
    assert not Secret("")


def test_no_error_of_a_request_holds_it(config_file: Path) -> None:
    said = {"error": f"bad secret {CANARY}"}
    for status in (400, 401, 403, 429, 500):
        ws, _ = answered_by(lambda _, status=status: httpx.Response(status, json=said))
        with pytest.raises(mp.MixpanelHeadlessError) as error:
            ws.events()
        assert CANARY not in f"{error.value} {error.value!r} {error.value.to_dict()}"


def test_no_log_holds_it(config_file: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ws, sent = answered_by(lambda _: httpx.Response(200, json=["Login"]))
    ws.events()
    assert CANARY not in caplog.text
    assert CANARY not in repr(sent)


BROKEN = {
    "no TOML": CONFIG + "\n[",
    "an unknown key": CONFIG.replace("username =", "usrname ="),
    "no such region": CONFIG.replace('region = "eu"', 'region = "mars"'),
    "a secret under another name": CONFIG.replace("secret =", "password ="),
    "settings of the wrong form": CONFIG.replace("custom_header = {", "custom_header = [{").replace(
        "}\nth", "}]\nth"
    ),
}
TEST = """
import os
import pytest_mixpanel as mp

def test_it():
    ws = mp.Workspace(account=os.environ.get("MIXPANEL_TEST_ACCOUNT"))
    ws.events()
"""


@pytest.mark.parametrize(
    "damage", [*BROKEN, "nothing; the service is away", "the bridge", "the tokens", "the token file"]
)
def test_no_traceback_shows_it_with_all_variables(
    pytester: pytest.Pytester,
    home: Path,
    put_bridge: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
) -> None:
    written(home / ".mp" / "config.toml", BROKEN.get(damage, CONFIG))
    if damage == "the bridge":
        put_bridge({"token": CANARY, "account": {"type": "service_account", "secret": CANARY}})
    if damage == "the token file":
        file = Environment().tokens_file("laptop")
        written(file, json.dumps({"acess_token": CANARY, "refresh_token": CANARY}))
        monkeypatch.setenv("MIXPANEL_TEST_ACCOUNT", "laptop")
    if damage == "the tokens":
        put_bridge(
            {"account": {"type": "oauth_browser", "name": "b", "region": "us"}, "tokens": {"x": CANARY}}
        )
    monkeypatch.setenv("MP_API_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("MP_SECRET", CANARY)
    monkeypatch.setenv("MIXPANEL_CACHE", str(home / "cache"))
    monkeypatch.chdir(pytester.path)
    pytester.makepyfile(test_it=TEST)
    result = pytester.runpytest_inprocess(
        "--showlocals", "--tb=long", "-vv", "-p", "no:mixpanel", "--full-trace"
    )
    result.assert_outcomes(failed=1)
    shown = result.stdout.str() + result.stderr.str()
    assert "environment = <Environment>" in shown or "self       = " in shown
    assert "canary-" not in shown
