"""On the wire nothing passes that changes a project, unless the session may write."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from pytest_mixpanel.core.errors import WritesRefusedError
from pytest_mixpanel.workspace.transport.guard import ReadOnly, changes
from tests.workspace.transport.asking import Wire, ask

P = "app/projects/3"


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("POST", f"{P}/dashboards"),
        ("PATCH", f"{P}/dashboards/4"),
        ("PUT", f"{P}/business-context"),
        ("DELETE", f"{P}/cohorts/9"),
        ("POST", f"{P}/alerts/custom/test/"),
        ("POST", "app/workspaces/7/webhooks/test/"),
        ("DELETE", "query/insights"),
        ("PUT", "query/insights"),
    ],
)
def test_a_change_is_refused_before_it_is_sent(verb: str, path: str) -> None:
    wire = Wire()
    with pytest.raises(
        WritesRefusedError, match=f"{verb} /api/.* changes the project.*--mixpanel-allow-writes"
    ):
        ask(ReadOnly(wire), path, {}, verb)
    assert wire.asked == []


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", f"{P}/dashboards"),
        ("POST", "query/insights"),
        ("POST", "query/engage/"),
        ("POST", "query/cohorts/list"),
        ("GET", "2.0/export"),
        ("POST", f"{P}/custom_properties/validate/"),
        ("POST", "app/workspaces/7/alerts/custom/validate-alerts-for-bookmark/"),
        ("POST", f"{P}/data-definitions/events/deletion-requests/preview-filters/"),
    ],
)
def test_questions_pass(verb: str, path: str) -> None:
    wire = Wire()
    ask(ReadOnly(wire), path, {} if verb == "POST" else None, verb)
    assert len(wire.asked) == 1


def test_a_path_cannot_pretend_to_be_a_question() -> None:
    for path in (
        f"{P}/dashboards/custom_properties/validate/x",
        "app/api/query/insights/../../x",
        "x/api/query",
    ):
        request = httpx.Request("DELETE", f"https://mixpanel.com/api/{path}")
        assert changes(request)
    assert changes(httpx.Request("PUT", "https://storage.example/upload"))


def test_every_known_endpoint_is_on_the_right_side() -> None:
    """Against the catalogue of captured requests: GETs and queries read, the rest writes, but for three."""
    path = Path(__file__).parents[4] / "shared" / "reference" / "endpoints.json"
    if not path.exists():
        pytest.skip(
            "needs the catalogue of endpoints beside the checkout: ../shared/reference/endpoints.json"
        )
    reading = set()
    for endpoint in json.loads(path.read_text()):
        if endpoint["http_method"] == "GET" or endpoint["host_family"] in ("query", "engage"):
            continue
        url = endpoint["path"].replace("{url}", "/upload").replace("[/{entity_type}[/{entity_name}]]", "")
        if not changes(httpx.Request(endpoint["http_method"], f"https://mixpanel.com{url}")):
            reading.add(endpoint["method_name"])
    assert reading == {"validate_alerts_for_bookmark", "validate_custom_property", "preview_deletion_filters"}
