"""All profiles, one at a time, read page by page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.core.errors import MixpanelHeadlessError, ParamValidationError
from pytest_mixpanel.workspace.connection import Connection
from pytest_mixpanel.workspace.transport.waiting import back_off


@dataclass(frozen=True, slots=True)
class ProfilesStreamed:
    """How far a stream of profiles is; ``total`` is what the service says there are."""

    profiles: int
    pages: int
    total: int | None


class Profiles:
    """Export of profiles."""

    _connection: Connection

    def stream_profiles(
        self,
        *,
        where: str | None = None,
        cohort_id: str | int | None = None,
        output_properties: Sequence[str] | None = None,
        raw: bool = False,
        distinct_id: str | None = None,
        distinct_ids: Sequence[str] | None = None,
        group_id: str | None = None,
        behaviors: list[dict[str, Any]] | None = None,
        as_of_timestamp: int | None = None,
        include_all_users: bool = False,
        progress: Callable[[ProfilesStreamed], None] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Profiles that match, each once; ``raw`` as they come, else ``distinct_id, last_seen, properties``.

        ``where`` is a selector, ``behaviors`` what it may ask of (``behaviors["name"]``). A page that was cut
        is asked for again; ``progress`` hears of every page.

        Raises ``ParamValidationError`` for arguments that exclude each other.
        """
        now = int(self._connection.now.timestamp())
        _check(distinct_id, distinct_ids, cohort_id, behaviors, as_of_timestamp, include_all_users, now)
        if distinct_ids is not None and not distinct_ids:
            return iter(())
        body = {
            "where": where,
            "filter_by_cohort": json.dumps({"id": str(cohort_id)}) if cohort_id is not None else None,
            "output_properties": json.dumps(list(output_properties)) if output_properties else None,
            "distinct_id": distinct_id,
            "distinct_ids": json.dumps(list(dict.fromkeys(distinct_ids))) if distinct_ids else None,
            "data_group_id": group_id,
            "behaviors": json.dumps(behaviors) if behaviors else None,
            "as_of_timestamp": as_of_timestamp,
            "include_all_users": include_all_users if cohort_id is not None else None,
        }
        sent = {name: value for name, value in body.items() if value is not None}
        rows = self._pages(sent, progress)
        return rows if raw else map(_readable, rows)

    def _pages(
        self, body: Mapping[str, Any], progress: Callable[[ProfilesStreamed], None] | None
    ) -> Iterator[dict[str, Any]]:
        session, page, seen = None, 0, 0
        while True:
            paging = {"page": page} if session is None else {"page": page, "session_id": session}
            answer = self._page({**paging, **body})
            rows = answer.get("results") or []
            yield from rows
            page, seen = page + 1, seen + len(rows)
            if progress is not None:
                progress(ProfilesStreamed(seen, page, answer.get("total")))
            session = answer.get("session_id")
            if not rows or session is None:
                return

    def _page(self, body: Mapping[str, Any]) -> dict[str, Any]:
        from pytest_mixpanel.workspace.lines import RECONNECTS

        project = self._connection.project_id
        attempt = 0
        while True:
            try:
                answer: dict[str, Any] = self._connection.ask(
                    endpoints.ENGAGE_PAGES,
                    shape=dict,
                    query={"project_id": project},
                    body={"project_id": project, **body},
                )
                return answer
            except MixpanelHeadlessError as error:
                if error.code != "HTTP_ERROR" or attempt == RECONNECTS:
                    raise
            time.sleep(back_off(attempt, 0.0))
            attempt += 1


def _check(
    distinct_id: str | None,
    distinct_ids: Sequence[str] | None,
    cohort_id: str | int | None,
    behaviors: Any,
    as_of_timestamp: int | None,
    include_all_users: bool,
    now: int,
) -> None:
    problems = {
        "AC2_DISTINCT_ID_CONFLICT": (
            distinct_id is not None and distinct_ids is not None,
            "distinct_id and distinct_ids exclude each other",
        ),
        "AC3_BEHAVIORS_COHORT_CONFLICT": (
            bool(behaviors) and cohort_id is not None,
            "behaviors and cohort_id exclude each other",
        ),
        "AC4_INCLUDE_ALL_USERS_REQUIRES_COHORT": (
            include_all_users and cohort_id is None,
            "include_all_users: only with a cohort_id",
        ),
        "AC5_BEHAVIORS_NOT_LIST": (
            behaviors is not None and not isinstance(behaviors, list),
            "behaviors: should be a list of objects",
        ),
        "AC6_AS_OF_TIMESTAMP_FUTURE": (
            as_of_timestamp is not None and as_of_timestamp > now,
            "as_of_timestamp: should be seconds since 1970, not later than now",
        ),
    }
    for code, (is_wrong, told) in problems.items():
        if is_wrong:
            raise ParamValidationError(told, code=code)


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    properties = dict(row.get("$properties") or {})
    return {
        "distinct_id": row.get("$distinct_id", ""),
        "last_seen": properties.pop("$last_seen", None),
        "properties": properties,
    }
