"""Changing ``config.toml``: comments and keys of others stay, two writers do not undo each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.workspace.sessions.config import read_config
from pytest_mixpanel.workspace.sessions.guarded import locked, read_guarded, write_guarded
from pytest_mixpanel.workspace.sessions.model import Account, LocalAccount, Target


class ConfigDraft:
    """A configuration being changed. It shows nothing of itself: it holds secrets."""

    __slots__ = ("_document",)

    def __init__(self, document: Any) -> None:
        self._document = document

    def __repr__(self) -> str:
        return "<ConfigDraft>"

    def put_account(self, account: Account) -> None:
        self._put("accounts", account.name, account_table(account))

    def put_target(self, target: Target) -> None:
        table: dict[str, Any] = {"account": target.account, "project": target.project}
        if target.workspace is not None:
            table["workspace"] = target.workspace
        self._put("targets", target.name, table)

    def names(self, section: str) -> list[str]:
        return list(self._document.get(section, ()))

    def drop(self, section: str, name: str) -> None:
        del self._document[section][name]

    def activate(self, *, account: str | None, workspace: int | None) -> None:
        """What ``[active]`` says; ``None`` is said by leaving a key out."""
        active = self._section("active")
        for key, value in (("account", account), ("workspace", workspace)):
            if value is not None:
                active[key] = value
            else:
                active.pop(key, None)

    def set_default_project(self, account: str, project: str) -> None:
        self._document["accounts"][account]["default_project"] = project

    def _put(self, section: str, name: str, values: dict[str, Any]) -> None:
        """Write a block; one that is there keeps its comments and loses the keys that no longer hold."""
        tables = self._section(section)
        if name not in tables:
            tables[name] = _table()
        for key in set(tables[name]) - set(values):
            del tables[name][key]
        for key, value in values.items():
            if tables[name].get(key) != value:
                tables[name][key] = value

    def _section(self, name: str) -> Any:
        if name not in self._document:
            self._document[name] = _table(is_super=name != "active")
        return self._document[name]


@contextmanager
def changed_config(path: Path) -> Iterator[ConfigDraft]:
    """Change a configuration: locked, read anew, checked, written in one step when the block ends well.

    Raises ``ConfigError`` for a file that cannot be read, held or written; the old one stays then.
    """
    with locked(path):
        read_config(path)
        draft = ConfigDraft(_parsed(path))
        yield draft
        write_guarded(path, _rendered(draft))


def account_table(account: Account) -> dict[str, Any]:
    """An account as its block in a file, with its secrets: for nothing but files of the owner's."""
    if isinstance(account, LocalAccount):
        raise ConfigError("the account of local projects is not written: it needs no credentials")
    table: dict[str, Any] = {"type": account.type, "region": account.region}
    for key in ("default_project", "username", "secret", "token", "token_env"):
        value = getattr(account, key, None)
        if value is not None:
            table[key] = value.get_secret_value() if key in ("secret", "token") else value
    return table


def _table(*, is_super: bool = False) -> Any:
    import tomlkit

    return tomlkit.table(is_super_table=is_super)


def _parsed(path: Path) -> Any:
    import tomlkit

    return tomlkit.parse(read_guarded(path) or "")


def _rendered(draft: ConfigDraft) -> str:
    import tomlkit

    return tomlkit.dumps(draft._document)
