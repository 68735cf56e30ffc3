"""In which region an account lives: each is asked who it is."""

from __future__ import annotations

from typing import Any

import httpx

from pytest_mixpanel.api.endpoints import ME
from pytest_mixpanel.core.errors import RegionProbeError, RegionProbeNetworkError
from pytest_mixpanel.core.masking import mask
from pytest_mixpanel.workspace.sessions.authorize import SessionAuth
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.hosts import base_url
from pytest_mixpanel.workspace.sessions.model import REGIONS, Account, Project, Region, Session

SECONDS = 5.0
LONGEST_TEXT = 200


def probe_region(account: Account, environment: Environment) -> Region:
    """The first region that knows the account.

    Raises ``RegionProbeError`` (``details["attempts"]``: region, status, what it said) where none does,
    ``RegionProbeNetworkError`` where none could be reached.
    """
    attempts: list[tuple[str, int | None, str]] = []
    auth = SessionAuth(Session(account=account, project=Project("0")), environment)
    for region in REGIONS:
        status, said = _asked(region, auth, environment)
        if status == httpx.codes.OK:
            return region
        attempts.append((region, status, said))
    told = "; ".join(
        f"{region}: {status or 'no answer'} {said}".rstrip() for region, status, said in attempts
    )
    details: dict[str, Any] = {"attempts": [list(attempt) for attempt in attempts]}
    if all(status is None for _, status, _ in attempts):
        raise RegionProbeNetworkError(f"no region could be reached ({told})", details=details)
    raise RegionProbeError(
        f"no region knows the credentials of account {account.name!r} ({told}); name its region",
        details=details,
    )


def _asked(region: Region, auth: SessionAuth, environment: Environment) -> tuple[int | None, str]:
    url = base_url(ME.host, region, environment) + ME.url()
    try:
        response = httpx.get(url, auth=auth, timeout=SECONDS)
    except httpx.HTTPError as error:
        return None, mask(str(error))[:LONGEST_TEXT]
    return response.status_code, mask(response.text)[:LONGEST_TEXT]
