"""The published client as witness: each reads what the other writes, and both settle the same session.

It runs in a process of its own, in the same home and environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pytest_mixpanel as mp
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.tokens import read_tokens
from tests.workspace.sessions.conftest import CANARY
from tests.workspace.sessions.test_resolve import ACCOUNTS, PROJECTS, WORKSPACES

pytest.importorskip("mixpanel_headless")

HEAD = "import json, sys\nfrom pathlib import Path\nimport mixpanel_headless as mp\n"


def published(code: str, **environment: str) -> Any:
    """What the published client prints, as JSON."""
    result = subprocess.run(
        [sys.executable, "-c", HEAD + code],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout) if result.stdout.strip() else None


def test_what_it_writes_is_read_here(home: Path) -> None:
    published(
        f"""
mp.accounts.add(
    "shop", type="service_account", region="eu", default_project="5", username="etl", secret={CANARY!r}
)
mp.accounts.add("ci", type="oauth_token", region="us", default_project="3", token_env="CI_TOKEN")
mp.accounts.add("laptop", type="oauth_browser", region="in")
mp.targets.add("web", account="ci", project="3", workspace=30)
mp.session.use(workspace=50)
mp.accounts.export_bridge(to=Path("mixpanel_auth.json"), account="ci", project="4", workspace=40)
"""
    )
    assert mp.session.show() == mp.ActiveSession("shop", 50)
    assert [(one.name, one.type, one.region) for one in mp.accounts.list()] == [
        ("ci", "oauth_token", "us"),
        ("laptop", "oauth_browser", "in"),
        ("shop", "service_account", "eu"),
    ]
    assert mp.targets.list() == [mp.Target(name="web", account="ci", project="3", workspace=30)]
    ws = mp.Workspace()
    assert (ws.account.name, ws.project.id, ws.session.workspace_id) == ("ci", "4", 40)
    assert "bridge" in ws.origins["account"]
    (home / "mixpanel_auth.json").unlink()
    account = mp.Workspace().account
    assert isinstance(account, mp.ServiceAccount)
    assert account.secret.get_secret_value() == CANARY


def test_what_is_written_here_it_reads(home: Path) -> None:
    mp.accounts.add(
        "shop", type="service_account", region="eu", default_project="5", username="etl", secret=CANARY
    )
    mp.accounts.add("laptop", type="oauth_browser", region="in", default_project="7")
    mp.targets.add("web", account="shop", project="3", workspace=30)
    mp.session.use(workspace=50)
    mp.accounts.export_bridge(to=home / "carried.json", account="shop", project="4", workspace=40)
    tokens = Environment().tokens_file("laptop")
    told = {"access_token": CANARY, "expires_at": "2999-01-01T00:00:00+00:00", "token_type": "Bearer"}
    told["scope"] = "projects"
    from pytest_mixpanel.workspace.sessions.tokens import Tokens, write_tokens

    write_tokens(tokens, Tokens.parse(told, "test"))
    read = published(
        """
ws = mp.Workspace()
active = [ws.account.name, ws.account.secret.get_secret_value(), ws.project.id, ws.workspace.id]
target = mp.targets.show("web")
print(json.dumps([active, [target.account, target.project, target.workspace], mp.accounts.token("laptop")]))
"""
    )
    assert read == [["shop", CANARY, "5", 50], ["shop", "3", 30], CANARY]
    bridged = published(
        "ws = mp.Workspace(); print(json.dumps([ws.account.region, ws.project.id, ws.workspace.id]))",
        MP_AUTH_FILE=str(home / "carried.json"),
    )
    assert bridged == ["eu", "4", 40]


def test_both_write_one_file_in_turns(home: Path) -> None:
    mp.accounts.add("a", type="oauth_browser", region="us")
    published('mp.accounts.add("b", type="oauth_browser", region="eu"); mp.accounts.use("b")')
    mp.accounts.update("b", default_project="9")
    assert published("print(json.dumps([mp.session.show().account, mp.Workspace().project.id]))") == [
        "b",
        "9",
    ]
    assert [account.name for account in mp.accounts.list()] == ["a", "b"]
    assert read_tokens(Environment().tokens_file("a")) is None


SETTLE = """
found = []
for environment, asked, bridge in json.loads(sys.stdin.read()):
    import os
    for name in [name for name in os.environ if name.startswith("MP_")]:
        del os.environ[name]
    os.environ.update(environment)
    if not bridge:
        os.environ["MP_AUTH_FILE"] = "/nowhere/auth.json"
    try:
        ws = mp.Workspace(**asked)
        found.append([ws.account.name, ws.project.id, ws.workspace.id if ws.workspace else None])
    except mp.MixpanelHeadlessError as error:
        found.append(error.code)
print(json.dumps(found))
"""


def test_both_settle_the_same_session_but_for_workspaces_of_other_projects(
    config_file: Path, put_bridge: Callable[..., Path]
) -> None:
    put_bridge()
    rows = [
        (axis, row)
        for axis, table in (("account", ACCOUNTS), ("project", PROJECTS), ("workspace", WORKSPACES))
        for row in table  # type: ignore[attr-defined]  # a tuple of rows each
    ]
    said = json.dumps([[row[0], row[1], row[2]] for _, row in rows])
    result = subprocess.run(
        [sys.executable, "-c", HEAD + SETTLE],
        input=said,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    places = {"account": 0, "project": 1, "workspace": 2}
    for (axis, row), found in zip(rows, json.loads(result.stdout), strict=True):
        theirs = found[places[axis]] if isinstance(found, list) else found
        if theirs != row[3]:  # a workspace that a file remembers is left out beside another project
            assert axis == "workspace", (row, found)
            assert row[3] is None, (row, found)
