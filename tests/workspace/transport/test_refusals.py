"""What the service refuses becomes a typed error; secrets never show."""

from __future__ import annotations

import httpx
import pytest

from pytest_mixpanel.core.errors import (
    APIError,
    AuthenticationError,
    MixpanelHeadlessError,
    QueryError,
    RateLimitError,
    ServerError,
)
from pytest_mixpanel.core.secret import Secret
from pytest_mixpanel.workspace.sessions.authorize import SessionAuth, authorization
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import Project, ServiceAccount, Session
from pytest_mixpanel.workspace.transport import decoded, send

SECRET = "canary-7f3a9c"
SESSION = Session(
    account=ServiceAccount(name="svc", region="us", username="svc", secret=Secret(SECRET)),
    project=Project("3"),
)


def answered(response: httpx.Response) -> httpx.Response:
    client = httpx.Client(
        transport=httpx.MockTransport(lambda _: response),
        auth=SessionAuth(SESSION, Environment({})),
    )
    request = client.build_request("POST", "https://mixpanel.com/api/query/insights?project_id=3", json={})
    return send(client, request)


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (400, {"error": "bad formula"}, QueryError, "bad formula"),
        (401, {"error": "nope"}, AuthenticationError, "credentials were not accepted"),
        (403, {}, QueryError, "Permission denied"),
        (404, {}, QueryError, "Resource not found"),
        (422, {"message": "unreadable"}, QueryError, "unreadable"),
        (418, {}, QueryError, "Request failed"),
        (500, {"error": "boom"}, ServerError, "Server error: boom"),
        (502, {}, ServerError, "Server error: 502"),
    ],
)
def test_a_refusal_is_a_typed_error(
    status: int, body: dict[str, str], kind: type[APIError], message: str
) -> None:
    with pytest.raises(kind, match=message) as error:
        answered(httpx.Response(status, json=body))
    assert error.value.status_code == status
    assert error.value.response_body == body


def test_a_page_of_html_is_quoted_briefly() -> None:
    with pytest.raises(ServerError, match="<html>") as error:
        answered(httpx.Response(503, text="<html>" + "x" * 5_000))
    assert len(str(error.value)) < 300


def test_the_rate_limit_says_when_to_come_back() -> None:
    with pytest.raises(RateLimitError, match="Retry after 30 seconds") as error:
        answered(httpx.Response(429, json={"error": "slow down"}, headers={"retry-after": "30"}))
    assert error.value.retry_after == 30
    with pytest.raises(RateLimitError) as error:
        answered(httpx.Response(429, headers={"retry-after": "Wed, 21 Oct 2020 07:28:00 GMT"}))
    assert error.value.retry_after == 0
    with pytest.raises(RateLimitError, match="rate limit exceeded") as error:
        answered(httpx.Response(429))
    assert error.value.retry_after is None


def test_no_answer_is_an_error_of_its_own() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    client = httpx.Client(transport=httpx.MockTransport(refuse))
    with pytest.raises(MixpanelHeadlessError, match=r"no answer from mixpanel\.com: refused") as error:
        send(client, client.build_request("GET", "https://mixpanel.com/"))
    assert error.value.code == "HTTP_ERROR"


def test_an_answer_that_is_no_json_is_an_error() -> None:
    response = answered(httpx.Response(200, text="<html>maintenance</html>"))
    with pytest.raises(MixpanelHeadlessError, match="not JSON") as error:
        decoded(response)
    assert error.value.code == "INVALID_RESPONSE"


def test_a_secret_is_in_no_error() -> None:
    with pytest.raises(AuthenticationError) as error:
        answered(httpx.Response(401, json={"error": "bad"}))
    assert SECRET not in f"{error.value!r} {error.value.to_dict()}"
    header = authorization(SESSION, Environment({}))
    assert header is not None
    assert header.get_secret_value() not in f"{error.value!r} {error.value.to_dict()}"
