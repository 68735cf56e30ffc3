"""Every method sends what the service expects: verb, path (pinned and not), keys, encoding.

The facts are in ``tests/vectors/endpoints_*.jsonl``, one request a line: its scope and path apart, a ``?``
after a key that may be absent, ``…?`` where further keys may follow.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from pytest_mixpanel import MixpanelHeadlessError, Workspace
from tests.api.examples import annotations, arguments, example, wire
from tests.api.recording import PINNED, PROJECT, RESOLVED, recorded
from tests.vectors import HERE

ROWS = [
    json.loads(line)
    for part in ("entities", "governance")
    for line in (HERE / f"endpoints_{part}.jsonl").read_text(encoding="utf-8").splitlines()
]
TEXTS = (
    "flag_id",
    "experiment_id",
    "webhook_id",
    "event_name",
    "property_name",
    "property_id",
    "entity_type",
    "entity_name",
)
CHOICES = {"behavior", "event_id", "include_metric_anomalies", "include_property_anomalies", "limit"} | {
    "prop_id",
    "status",
}
"""Keys that exclude others, or that the caller spells."""
DIFFERENCES: dict[str, str] = {}
"""Methods that send something else on purpose, and why."""

SCOPES = {
    "P": (f"/projects/{PROJECT}", f"/projects/{PROJECT}"),
    "W": (
        f"/projects/{PROJECT}/workspaces/{RESOLVED}",
        f"/projects/{PROJECT}/workspaces/{PINNED}",
    ),
    "S": (f"/projects/{PROJECT}", f"/workspaces/{PINNED}"),
    "A": ("", ""),
}


def sent(method: str, *, full: bool, pinned: int | None, **chosen: Any) -> list[httpx.Request]:
    """The requests of a method, called with all its arguments or with those it requires, and the chosen."""
    function = getattr(Workspace, method)
    answer = ANSWERS.get(method) or {
        "status": "ok",
        "results": wire(example(annotations(function)["return"])),
    }
    workspace, requests = recorded(answer, pinned=pinned)
    try:
        getattr(workspace, method)(**{**arguments(function, full=full), **chosen})
    except MixpanelHeadlessError:  # an answer of a shape of its own; the request is what counts here
        assert requests
    return requests


def upload(request: httpx.Request) -> httpx.Response:
    """What is answered to each step of an upload, the asynchronous kind."""
    results: dict[str, Any] = {
        "upload-url": {"url": "https://storage.test/signed", "path": "p", "key": "k"},
        "lookup-tables": {"uploadId": "u"},
        "upload-status": {"uploadStatus": "SUCCESS", "result": {"id": 7, "name": "text"}},
    }
    step = request.url.path.rstrip("/").rpartition("/")[2]
    return httpx.Response(200, json={"results": results.get(step, {})})


ANSWERS: dict[str, Any] = {
    "download_lookup_table": lambda _: httpx.Response(200, content=b"key,value"),
    "upload_lookup_table": upload,
}
"""Answers that are no JSON, or that differ by step."""


@pytest.mark.parametrize("full", [True, False], ids=["all-arguments", "required-arguments"])
@pytest.mark.parametrize("pinned", [None, PINNED], ids=["project", "pinned"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['method']}-{row.get('order', 1)}")
def test_the_request_is_the_services(row: dict[str, Any], pinned: int | None, full: bool) -> None:
    if row["method"] in DIFFERENCES:
        pytest.skip(DIFFERENCES[row["method"]])
    chosen = {}
    if "business_context" in row["method"] and "chain" not in row["method"]:
        level = "organization" if "variant" in row else "project"
        chosen = {"level": level, "organization_id": 7}
    request = sent(row["method"], full=full, pinned=pinned, **chosen)[row.get("order", 1) - 1]
    assert request.method == row["verb"]
    if row["path"] == "{url}":
        assert str(request.url) == "https://storage.test/signed"
    else:
        path = filled(row["path"], full)
        assert request.url.path == "/api/app" + SCOPES[row["scope"]][pinned is not None] + path
    check_keys(set(request.url.params), row["query"], full)
    assert encoding(request) == row.get("encoding")
    if isinstance(row.get("body"), list):
        check_keys(set(content(request)), row["body"], full)
    elif "verbatim" in row.get("body", ""):
        assert json.loads(request.content) == {"key": {"any": 1}}


def content(request: httpx.Request) -> dict[str, Any]:
    """The fields of a body, of JSON or of a form."""
    if encoding(request) == "form":
        return dict(parse_qsl(request.content.decode()))
    found: dict[str, Any] = json.loads(request.content)
    return found


def filled(path: str, full: bool) -> str:
    """A path with the arguments that ``example`` gives: 7 for numbers, ``text`` for names.

    What stands in brackets is there where the arguments are.
    """
    path = path.replace("[", "").replace("]", "") if full else path.partition("[")[0]
    for name in TEXTS:
        path = path.replace("{" + name + "}", "text")
    while "{" in path:
        path = path[: path.index("{")] + "7" + path[path.index("}") + 1 :]
    return path


def check_keys(keys: set[str], documented: list[str], full: bool) -> None:
    required = {key for key in documented if not key.endswith("?")}
    known = {key.rstrip("?") for key in documented}
    keys = keys - {"key"} if "key" not in known else keys
    assert required <= keys
    if "…" not in known:
        assert keys <= known
    if full:
        assert known - {"…"} - CHOICES <= keys


def encoding(request: httpx.Request) -> str | None:
    kinds = {
        "application/json": "json",
        "application/x-www-form-urlencoded": "form",
        "text/csv": "text/csv",
    }
    return kinds[request.headers["content-type"]] if request.content else None


def test_every_documented_request_has_a_method() -> None:
    assert {row["method"] for row in ROWS} <= set(dir(Workspace))
