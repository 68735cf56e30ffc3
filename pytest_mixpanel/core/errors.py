"""Every error a user can meet, one hierarchy: ``MixpanelHeadlessError`` is its root.

Names and codes are those of the workspace API; messages say what is wrong, where, and what to write instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Literal

from pytest_mixpanel.core.frozen import frozen


class MixpanelHeadlessError(Exception):
    """Root of all errors. ``code`` is stable, ``details`` holds JSON values."""

    default_code: ClassVar[str] = "UNKNOWN_ERROR"

    def __init__(
        self, message: str, *, code: str | None = None, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.details: dict[str, Any] = dict(details or {})

    def amend(self, text: str, **details: Any) -> None:
        """Add to the message and the details what only a caller knows."""
        self.message += text
        self.args = (self.message,)
        self.details.update(details)

    def to_dict(self) -> dict[str, Any]:
        """``code``, ``message`` and ``details``, ready for JSON."""
        return {"code": self.code, "message": self.message, "details": self.details}


class ConfigError(MixpanelHeadlessError):
    """No credentials, no project, or a configuration that cannot be used."""

    default_code = "CONFIG_ERROR"


class AccountNotFoundError(ConfigError):
    """The named account is not in the configuration; ``available_accounts`` are."""

    default_code = "ACCOUNT_NOT_FOUND"

    def __init__(self, account_name: str, available_accounts: Sequence[str] = ()) -> None:
        known = ", ".join(available_accounts) or "none is configured"
        super().__init__(
            f"no account named {account_name!r}; there is: {known}",
            details={"account_name": account_name, "available_accounts": list(available_accounts)},
        )
        self.account_name = account_name
        self.available_accounts = list(available_accounts)


class AccountExistsError(ConfigError):
    """An account of that name is there already."""

    default_code = "ACCOUNT_EXISTS"


class AccountInUseError(ConfigError):
    """The account cannot be removed: targets refer to it (``referenced_by``)."""

    default_code = "ACCOUNT_IN_USE"

    def __init__(self, message: str, referenced_by: Sequence[str] = ()) -> None:
        super().__init__(message, details={"referenced_by": list(referenced_by)})
        self.referenced_by = list(referenced_by)


class ProjectNotFoundError(ConfigError):
    """There is no such project, file or folder."""

    default_code = "PROJECT_NOT_FOUND"


class InvalidArgumentError(ConfigError):
    """Arguments that exclude each other; ``violation`` names the rule."""

    default_code = "INVALID_ARGUMENT"

    def __init__(self, message: str, violation: str = "") -> None:
        super().__init__(message, details={"violation": violation})
        self.violation = violation


class WritesRefusedError(ConfigError):
    """The session is read-only; the message names the method and the switch."""

    default_code = "WRITES_REFUSED"


class AnswerNotRecordedError(MixpanelHeadlessError):
    """A replayed recording holds no answer to the question; the message names both."""

    default_code = "ANSWER_NOT_RECORDED"


class RecordingRefusedError(MixpanelHeadlessError):
    """A known secret stands in what would be recorded; nothing of it is written."""

    default_code = "RECORDING_REFUSED"


class APIError(MixpanelHeadlessError):
    """The service answered with an error; the request that led to it is kept, without secrets."""

    default_code = "API_ERROR"

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        response_body: Any = None,
        request_method: str | None = None,
        request_url: str | None = None,
        request_params: Mapping[str, Any] | None = None,
        request_body: Any = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        request = {
            "status_code": status_code,
            "response_body": response_body,
            "request_method": request_method,
            "request_url": request_url,
            "request_params": dict(request_params) if request_params is not None else None,
            "request_body": request_body,
        }
        told = {name: value for name, value in request.items() if value is not None}
        super().__init__(message, details={**told, **(details or {})})
        self.status_code = status_code
        self.response_body = response_body
        self.request_method = request_method
        self.request_url = request_url
        self.request_params = request_params
        self.request_body = request_body


class AuthenticationError(APIError):
    """HTTP 401: the credentials were not accepted."""

    default_code = "AUTH_FAILED"


class QueryError(APIError):
    """HTTP 4xx, or a 200 whose body is an error: the query was refused."""

    default_code = "QUERY_FAILED"


class RateLimitError(APIError):
    """HTTP 429 after all retries; ``retry_after`` in seconds where the service said it."""

    default_code = "RATE_LIMITED"

    def __init__(
        self, message: str, *, retry_after: int | None = None, project_id: str | None = None, **request: Any
    ) -> None:
        super().__init__(message, details={"retry_after": retry_after, "project_id": project_id}, **request)
        self.retry_after = retry_after
        self.project_id = project_id


class ServerError(APIError):
    """HTTP 5xx."""

    default_code = "SERVER_ERROR"


class OAuthError(MixpanelHeadlessError):
    """The browser login or a token refresh failed; ``code`` says which step."""

    default_code = "OAUTH_TOKEN_ERROR"


class RegionProbeError(OAuthError):
    """No region accepted the credentials."""

    default_code = "OAUTH_REGION_PROBE_FAILED"


class RegionProbeNetworkError(RegionProbeError):
    """No region could be reached."""

    default_code = "OAUTH_NETWORK_UNREACHABLE"


class WorkspaceScopeError(MixpanelHeadlessError):
    """No workspace or organization could be resolved."""

    default_code = "NO_WORKSPACES"


class DateRangeTooLargeError(MixpanelHeadlessError):
    """The date range exceeds what the service allows."""

    default_code = "DATE_RANGE_TOO_LARGE"

    def __init__(self, from_date: str, to_date: str, days_requested: int, max_days: int = 100) -> None:
        super().__init__(
            f"{from_date} to {to_date} is {days_requested} days; at most {max_days} are allowed",
            details={
                "from_date": from_date,
                "to_date": to_date,
                "days_requested": days_requested,
                "max_days": max_days,
            },
        )
        self.from_date, self.to_date = from_date, to_date
        self.days_requested, self.max_days = days_requested, max_days


class BusinessContextValidationError(MixpanelHeadlessError):
    """Business context over 50,000 characters; raised before any request."""

    default_code = "BUSINESS_CONTEXT_TOO_LONG"


class EventNotFoundError(MixpanelHeadlessError):
    """The project has no such event; ``similar_events`` are the closest names."""

    default_code = "EVENT_NOT_FOUND"

    def __init__(self, event_name: str, similar_events: Sequence[str] = ()) -> None:
        hint = f"; did you mean {', '.join(map(repr, similar_events))}?" if similar_events else ""
        super().__init__(
            f"the project has no event {event_name!r}{hint}",
            details={"event_name": event_name, "similar_events": list(similar_events)},
        )
        self.event_name = event_name
        self.similar_events = list(similar_events)


class HelpLookupError(MixpanelHeadlessError, LookupError):
    """The manual has no page of that name; ``suggestions`` are the closest."""

    default_code = "HELP_NOT_FOUND"

    def __init__(self, topic: str, suggestions: Sequence[str] = ()) -> None:
        hint = f"did you mean {', '.join(suggestions)}?" if suggestions else "try: search WORD"
        super().__init__(
            f"there is no help about {topic!r}; {hint}",
            details={"topic": topic, "suggestions": list(suggestions)},
        )
        self.topic = topic
        self.suggestions = list(suggestions)


class ParamValidationError(MixpanelHeadlessError, ValueError):
    """A constructor or builder was given a value it cannot use."""

    default_code = "PARAM_INVALID"


class ParamTypeError(MixpanelHeadlessError, TypeError):
    """A constructor or builder was given a value of the wrong type."""

    default_code = "PARAM_TYPE"


class ResponseValidationError(MixpanelHeadlessError):
    """An answer lacks a required field or holds one of the wrong type; ``details`` name model and fields."""

    default_code = "RESPONSE_VALIDATION_ERROR"


class EventDataError(MixpanelHeadlessError):
    """A file of events that cannot be read as one; the message names file and reason."""

    default_code = "EVENT_DATA_UNREADABLE"


@frozen
class ValidationError:
    """One problem of a call: where (``path``), what (``message``, ``code``), and what to write instead."""

    path: str
    message: str
    code: str
    severity: Literal["error", "warning"] = "error"
    suggestion: tuple[str, ...] | None = None
    fix: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        hint = f" (did you mean {', '.join(map(repr, self.suggestion))}?)" if self.suggestion else ""
        return f"{self.path}: {self.message}{hint} [{self.code}]"


class BookmarkValidationError(MixpanelHeadlessError):
    """All problems of a query's arguments at once, in ``errors``."""

    default_code = "BOOKMARK_VALIDATION_ERROR"

    def __init__(self, errors: Sequence[ValidationError]) -> None:
        self.errors = tuple(errors)
        listed = "\n".join(f"  {error}" for error in self.errors)
        super().__init__(
            f"{self.error_count} problem(s) in the query:\n{listed}",
            details={"errors": [asdict(error) for error in self.errors]},
        )

    @property
    def error_count(self) -> int:
        return sum(error.severity == "error" for error in self.errors)

    @property
    def warning_count(self) -> int:
        return sum(error.severity == "warning" for error in self.errors)
