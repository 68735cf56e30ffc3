"""The published client as an oracle: its answers to calls, as params or as the codes of its refusals."""

from __future__ import annotations

import json
from typing import Any

import mixpanel_headless as published
from mixpanel_headless.auth_types import Project, ServiceAccount, Session
from pydantic import SecretStr

from tests.query.calls import called

PROJECT = "12345"
NAMES = {name: getattr(published, name) for name in published.__all__}
NAMES |= {"float": float, "list": list, "range": range}


def session(region: str = "us") -> Session:
    """A session that needs no configuration."""
    account = ServiceAccount(
        name="oracle",
        region=region,
        username="someone",
        secret=SecretStr("not-a-secret"),  # type: ignore[arg-type]  # one of its regions
    )
    return Session(account=account, project=Project(id=PROJECT))


def oracle_says(call: str, workspace: Any) -> dict[str, Any]:
    """``params`` as JSON text (``None`` of a constructor), or ``error`` and ``codes``."""
    try:
        given = called(call, NAMES, workspace)
    except Exception as refused:
        problems = getattr(refused, "errors", None)
        found = [problem.code for problem in problems] if isinstance(problems, tuple | list) else []
        code = getattr(refused, "code", None)
        return {"error": type(refused).__name__, "codes": found or ([code] if code else [])}
    return {"params": json.dumps(given, default=repr) if isinstance(given, dict) else None}
