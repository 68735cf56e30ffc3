"""Every method sends what the service expects: verb, path (pinned and not), keys, encoding.

The facts are in ``tests/vectors/endpoints_*.jsonl``, one request a line: its scope and path apart, a ``?``
after a key that may be absent, ``…?`` where further keys may follow.
"""

from __future__ import annotations

import json
from typing import Any, get_type_hints

import httpx
import pytest

from pytest_mixpanel import MixpanelHeadlessError, Workspace
from tests.api.examples import arguments, example, wire
from tests.api.recording import PINNED, PROJECT, RESOLVED, recorded
from tests.vectors import HERE

ROWS = [
    json.loads(line) for line in (HERE / "endpoints_entities.jsonl").read_text(encoding="utf-8").splitlines()
]
DIFFERENCES: dict[str, str] = {}
"""Methods that send something else on purpose, and why."""

SCOPES = {
    "P": (f"/projects/{PROJECT}", f"/projects/{PROJECT}"),
    "W": (
        f"/projects/{PROJECT}/workspaces/{RESOLVED}",
        f"/projects/{PROJECT}/workspaces/{PINNED}",
    ),
    "S": (f"/projects/{PROJECT}", f"/workspaces/{PINNED}"),
}


def sent(method: str, *, full: bool, pinned: int | None) -> list[httpx.Request]:
    """The requests of a method, called with all its arguments or with those it requires."""
    function = getattr(Workspace, method)
    answer = {"status": "ok", "results": wire(example(get_type_hints(function)["return"]))}
    workspace, requests = recorded(answer, pinned=pinned)
    try:
        getattr(workspace, method)(**arguments(function, full=full))
    except MixpanelHeadlessError:  # an answer of a shape of its own; the request is what counts here
        assert requests
    return requests


@pytest.mark.parametrize("full", [True, False], ids=["all-arguments", "required-arguments"])
@pytest.mark.parametrize("pinned", [None, PINNED], ids=["project", "pinned"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['method']}-{row.get('order', 1)}")
def test_the_request_is_the_services(row: dict[str, Any], pinned: int | None, full: bool) -> None:
    if row["method"] in DIFFERENCES:
        pytest.skip(DIFFERENCES[row["method"]])
    request = sent(row["method"], full=full, pinned=pinned)[row.get("order", 1) - 1]
    assert request.method == row["verb"]
    assert request.url.path == "/api/app" + SCOPES[row["scope"]][pinned is not None] + filled(row["path"])
    check_keys(set(request.url.params), row["query"], full)
    assert encoding(request) == row.get("encoding")
    if "body" in row:
        check_keys(set(json.loads(request.content)), row["body"], full)


def filled(path: str) -> str:
    """A path with the arguments that ``example`` gives: 7 for numbers, ``text`` for names."""
    for name in ("flag_id", "experiment_id", "webhook_id"):
        path = path.replace("{" + name + "}", "text")
    while "{" in path:
        path = path[: path.index("{")] + "7" + path[path.index("}") + 1 :]
    return path


def check_keys(keys: set[str], documented: list[str], full: bool) -> None:
    required = {key for key in documented if not key.endswith("?")}
    known = {key.rstrip("?") for key in documented}
    assert required <= keys
    if "…" not in known:
        assert keys <= known
    if full:
        assert known - {"…"} <= keys


def encoding(request: httpx.Request) -> str | None:
    kinds = {"application/json": "json", "application/x-www-form-urlencoded": "form"}
    return kinds[request.headers["content-type"]] if request.content else None


def test_every_documented_request_has_a_method() -> None:
    assert {row["method"] for row in ROWS} <= set(dir(Workspace))
