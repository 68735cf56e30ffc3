"""The files of a session: for their owner alone, mistakes told by their place, changed without loss."""

from __future__ import annotations

import multiprocessing
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.workspace.sessions.bridge import find_bridge, read_bridge
from pytest_mixpanel.workspace.sessions.config import read_config
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.guarded import read_guarded, write_guarded
from pytest_mixpanel.workspace.sessions.model import OAuthTokenAccount, ServiceAccount
from pytest_mixpanel.workspace.sessions.writing import changed_config
from tests.workspace.sessions.conftest import CANARY, CONFIG, written


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o604, 0o640])
def test_a_file_that_others_may_read_is_refused(config_file: Path, mode: int) -> None:
    config_file.chmod(mode)
    with pytest.raises(ConfigError, match=f"read or written by others; run: chmod 600 {config_file}"):
        read_config(config_file)


def test_a_symbolic_link_is_neither_read_nor_written(home: Path) -> None:
    link = home / ".mp" / "config.toml"
    link.symlink_to(written(home / "elsewhere.toml", CONFIG))
    with pytest.raises(ConfigError, match="is a symbolic link"):
        read_config(link)
    with pytest.raises(ConfigError, match="is a symbolic link"):
        write_guarded(link, "x")
    assert (home / "elsewhere.toml").read_text() == CONFIG


def test_what_is_no_file_of_this_kind_is_refused(home: Path) -> None:
    folder = home / ".mp" / "folder"
    folder.mkdir(mode=0o700)
    with pytest.raises(ConfigError, match="is not a file"):
        read_guarded(folder)
    large = written(home / "large", "x" * 1_048_577)
    with pytest.raises(ConfigError, match="is larger than 1,048,576 bytes"):
        read_guarded(large)
    binary = home / "binary"
    binary.write_bytes(b"\xff\xfe")
    binary.chmod(0o600)
    with pytest.raises(ConfigError, match="is not UTF-8 text"):
        read_guarded(binary)
    assert read_guarded(home / "none") is None


def test_files_and_folders_are_made_for_their_owner_alone(home: Path) -> None:
    file = home / "new" / "deep" / "secret.json"
    write_guarded(file, "{}")
    assert file.stat().st_mode & 0o777 == 0o600
    assert {place.stat().st_mode & 0o777 for place in (file.parent, file.parent.parent)} == {0o700}
    assert [path.name for path in file.parent.iterdir()] == ["secret.json"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[active\n", "is not TOML: .*line 1"),
        ("[acounts.x]\n", "unknown section acounts"),
        ("active = 3\n", r"active should be a section, \[active\]"),
        ("accounts = {x = 3}\n", r"accounts.x should be a section"),
        ("[active]\nproject = 5\n", r"\[active\]: unknown key project; there are account, workspace"),
        ("[active]\nworkspace = 0\n", r"\[active\] workspace 0: .*positive whole number"),
        ('[accounts."a b"]\n', "account name 'a b': use 1 to 64 letters"),
        ('[settings]\ncustom_header = "X"\n', "custom_header should be { name = …, value = … }"),
    ],
)
def test_a_mistake_in_the_configuration_is_told_by_its_place(home: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_config(written(home / "config.toml", text))


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ('type = "service_account"\nregion = "us"\nusername = "u"', "secret missing"),
        ('type = "service_acount"\nregion = "us"', "type is 'service_acount'; it should be one of"),
        ('region = "us"', "type is None"),
        ('type = "oauth_browser"\nregion = "us"\npasword = "x"', "unknown key pasword"),
        ('type = "oauth_browser"\nregion = "mars"', "no region 'mars'"),
        ('type = "oauth_browser"\nregion = "us"\ndefault_project = "demo"', "named by its number"),
        ('type = "oauth_token"\nregion = "us"', "exactly one of token and token_env"),
    ],
)
def test_a_broken_account_is_told_when_it_is_wanted_and_harms_no_other(
    home: Path, block: str, message: str
) -> None:
    config = read_config(written(home / "config.toml", CONFIG + f"\n[accounts.broken]\n{block}\n"))
    assert config.account("shop").name == "shop"
    with pytest.raises(ConfigError, match=rf"config.toml: \[accounts.broken\]: .*{message}"):
        config.account("broken")


def test_unknown_settings_are_left_alone(config_file: Path) -> None:
    assert read_config(config_file).headers == {"X-Cluster": CANARY}


def test_a_change_keeps_comments_and_what_it_does_not_know(config_file: Path) -> None:
    with changed_config(config_file) as draft:
        draft.activate(account="ci", workspace=None)
    expected = CONFIG.replace('account = "shop"\nworkspace = 50\n', 'account = "ci"\n')
    assert config_file.read_text() == expected


def test_a_change_that_fails_leaves_the_file_as_it_was(config_file: Path) -> None:
    def change() -> None:
        with changed_config(config_file) as draft:
            draft.drop("accounts", "shop")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert config_file.read_text() == CONFIG


def test_a_file_that_cannot_be_read_is_not_written_over(home: Path) -> None:
    file = written(home / "config.toml", "[active\n")
    with pytest.raises(ConfigError, match="is not TOML"), changed_config(file) as draft:
        draft.activate(account="x", workspace=None)
    assert file.read_text() == "[active\n"


def _add_accounts(path: Path, writer: int) -> None:
    for number in range(5):
        with changed_config(path) as draft:
            name = f"w{writer}-{number}"
            draft.put_account(OAuthTokenAccount(name=name, region="us", token_env="T"))


def test_writers_in_several_processes_do_not_undo_each_other(config_file: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_add_accounts, args=(config_file, n)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    added = set(tomllib.loads(config_file.read_text())["accounts"]) - {"shop", "ci", "laptop"}
    assert added == {f"w{writer}-{number}" for writer in range(3) for number in range(5)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 1}, "version is 1; this reads version 2"),
        ({"acount": {}}, "unknown key acount"),
        ({"account": None}, "account is missing"),
        (
            {"account": {"type": "service_account", "name": "x", "region": "us"}},
            "account: secret, username missing",
        ),
        ({"tokens": {"access_token": CANARY, "expires_at": "2999-01-01T00:00:00Z"}}, "tokens belong to an"),
        ({"project": "demo"}, "project 'demo': a live project is named by its number"),
        ({"workspace": -1}, "workspace -1"),
        ({"headers": ["X"]}, "headers should be an object"),
    ],
)
def test_a_mistake_in_a_bridge_is_told_by_its_place(
    put_bridge: Callable[..., Path], changes: dict[str, Any], message: str
) -> None:
    file = put_bridge(changes)
    with pytest.raises(ConfigError, match=message) as error:
        find_bridge(Environment({}))
    assert str(file) in str(error.value)


def test_a_bridge_that_is_no_json_or_that_others_may_read_is_refused(home: Path) -> None:
    with pytest.raises(ConfigError, match="is not JSON"):
        read_bridge(written(home / "b.json", "{"))
    with pytest.raises(ConfigError, match="should be a JSON object"):
        read_bridge(written(home / "b.json", "[1]"))
    with pytest.raises(ConfigError, match="read or written by others"):
        read_bridge(written(home / "b.json", "{}", mode=0o644))
    assert read_bridge(home / "none.json") is None


def test_a_bridge_holds_what_it_says(put_bridge: Callable[..., Path]) -> None:
    bridge = read_bridge(put_bridge())
    assert bridge is not None
    assert bridge.account == ServiceAccount(name="courier", region="in", username="u", secret=CANARY)
    assert (bridge.project, bridge.workspace, bridge.headers) == ("4", 40, {"X-Bridge": CANARY})
