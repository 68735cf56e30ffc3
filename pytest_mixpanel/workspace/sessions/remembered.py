"""What ``me`` answered, kept for a day on disk in the existing client's format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.core.errors import ConfigError, ResponseValidationError
from pytest_mixpanel.workspace.sessions.environment import SERVICE_ACCOUNT, TOKEN_ACCOUNT
from pytest_mixpanel.workspace.sessions.guarded import read_guarded, write_guarded
from pytest_mixpanel.workspace.sessions.model import Account, ServiceAccount

if TYPE_CHECKING:
    from pytest_mixpanel.api.members import MeResponse

SECONDS = 24 * 3600
BULKY = ("member_list", "unified_member_list")
"""Lists of everyone in a workspace; nobody reads them here."""

PRINCIPAL = "cached_principal"
"""Our own key: accounts of the environment share a name, so a kept answer says whose it is."""


def recall(path: Path, account: Account, now: float) -> MeResponse | None:
    """A kept answer that is less than a day old and this account's; ``None`` for any other."""
    try:
        data = json.loads(read_guarded(path) or "null")
        answer = None if data is None else _parsed(data)
    except (ValueError, ConfigError, ResponseValidationError):
        return None
    kept_at = None if answer is None else answer.cached_at
    if answer is None or not isinstance(kept_at, int | float) or not 0 <= now - kept_at < SECONDS:
        return None
    is_same = answer.cached_region in (None, account.region) and _is_of(account, answer)
    return answer if is_same else None


def _parsed(data: Any) -> MeResponse:
    from pytest_mixpanel.api.members import MeResponse  # where an answer was kept, and only there

    return MeResponse.parse(data)


def _is_of(account: Account, answer: MeResponse) -> bool:
    whose = answer.extra.get(PRINCIPAL)
    if whose is None:
        return account.name not in (SERVICE_ACCOUNT, TOKEN_ACCOUNT)
    return bool(whose == _principal(account))


def _principal(account: Account) -> str:
    """Who an account is, without its secret; token accounts are only told apart by name."""
    named = account.username if isinstance(account, ServiceAccount) else ""
    return hashlib.sha256(f"{account.type}\0{named}".encode()).hexdigest()[:16]


def keep(path: Path, account: Account, answer: MeResponse, now: float) -> MeResponse:
    """Keep an answer; a disk that refuses is no error, for the answer is there. Returns it with its marks."""
    slim = {key: replace(row, extra=_without(row.extra)) for key, row in answer.workspaces.items()}
    marked = replace(
        answer,
        workspaces=slim,
        cached_at=now,
        cached_region=account.region,
        extra={**answer.extra, PRINCIPAL: _principal(account)},
    )
    with suppress(ConfigError):
        write_guarded(path, json.dumps(marked.to_dict(), indent=2) + "\n")
    return marked


def _without(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in extra.items() if key not in BULKY}
