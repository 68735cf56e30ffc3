"""A home of its own for every test, and what lies in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel.core.place import cache_folder

CANARY = "canary-5b1fce"

CONFIG = f"""\
# kept by hand
[active]
account = "shop"
workspace = 50

[accounts.shop]
type = "service_account"
region = "eu"
default_project = "5"
username = "etl.bot"
secret = "{CANARY}"  # rotated in May

[accounts.ci]
type = "oauth_token"
region = "us"
token_env = "CI_TOKEN"

[accounts.laptop]
type = "oauth_browser"
region = "in"
default_project = "7"

[targets.web]
account = "ci"
project = "3"
workspace = 30

[settings]
custom_header = {{ name = "X-Cluster", value = "{CANARY}" }}
theme = "dark"
"""

BRIDGE: dict[str, Any] = {
    "version": 2,
    "account": {
        "type": "service_account",
        "name": "courier",
        "region": "in",
        "username": "u",
        "secret": CANARY,
    },
    "project": "4",
    "workspace": 40,
    "headers": {"X-Bridge": CANARY},
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, with no variable that points elsewhere."""
    for name in ("MP_CONFIG_PATH", "MP_STORAGE_DIR", "MP_AUTH_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MIXPANEL_CACHE", str(cache_folder()))  # the demo is not built anew in every home
    folder = tmp_path / "home"
    (folder / ".mp").mkdir(parents=True, mode=0o700)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def config_file(home: Path) -> Path:
    return written(home / ".mp" / "config.toml", CONFIG)


@pytest.fixture
def put_bridge(home: Path) -> Callable[..., Path]:
    def put(changes: Mapping[str, Any] = {}, path: Path | None = None) -> Path:  # not changed
        place = path or home / ".claude" / "mixpanel" / "auth.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        return written(place, json.dumps({**BRIDGE, **changes}))

    return put


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path
