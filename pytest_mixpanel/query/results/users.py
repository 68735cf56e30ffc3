"""The answer to a user query: profiles, or an aggregate of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.query.results.base import Ask, Origin, Result, answered
from pytest_mixpanel.query.results.shape import Place, check_profiles

if TYPE_CHECKING:
    import pandas as pd


class UserQueryResult(Result):
    """``profiles``: dictionaries of ``distinct_id``, ``last_seen`` and ``properties``.

    ``aggregate_data``: the aggregate as it came: a number, its fields, or either by cohort.
    """

    def __init__(
        self,
        origin: Origin,
        profiles: Sequence[dict[str, Any]],
        aggregate: Any = None,
        ask: Ask | None = None,
    ) -> None:
        super().__init__(origin, ask)
        self.profiles = list(profiles)
        self.aggregate_data = aggregate

    @classmethod
    def parse(cls, answer: Any, params: Mapping[str, Any], ask: Ask | None = None) -> UserQueryResult:
        """Read an answer: the pages of profiles put together, or an aggregate."""
        body = answered(answer, "User")
        results = body.get("results")
        if "action" in params:
            meta = {"action": params["action"], "segmented": "segment_by_cohorts" in params}
            return cls(Origin.of({**answer, "meta": meta}, params), [], results, ask)
        check_profiles(Place(results, "User", "$.results"))
        return cls(Origin.of(answer, params), [_profile(row) for row in results or []], None, ask)

    @property
    def mode(self) -> str:
        """``aggregate`` or ``profiles``."""
        return "aggregate" if "action" in self.params else "profiles"

    @property
    def total(self) -> int:
        """Profiles that came, or the count that was asked for; 0 for other aggregates."""
        if self.mode == "profiles":
            return len(self.profiles)
        counted = self.params["action"] == "count()" and isinstance(self.aggregate_data, int)
        return int(self.aggregate_data) if counted else 0

    @property
    def value(self) -> float | None:
        """The aggregate where it is one number."""
        return self.aggregate_data if isinstance(self.aggregate_data, int | float) else None

    @property
    def distinct_ids(self) -> list[str]:
        """The ids of the profiles, in their order."""
        return [profile["distinct_id"] for profile in self.profiles]

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return {
            "computed_at": self.computed_at,
            "total": self.total,
            "profiles": self.profiles,
            "params": self.params,
            "meta": self.meta,
            "mode": self.mode,
            "aggregate_data": self.aggregate_data,
        }

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        if self.mode == "aggregate":
            rows, columns = self._aggregate_rows()
            return pd.DataFrame(rows, columns=columns)
        rows = [
            {
                "distinct_id": profile["distinct_id"],
                "last_seen": profile["last_seen"],
                **{name.removeprefix("$"): value for name, value in profile["properties"].items()},
            }
            for profile in self.profiles
        ]
        own = sorted({name for row in rows for name in row} - {"distinct_id", "last_seen"})
        return pd.DataFrame(rows, columns=["distinct_id", "last_seen", *own])

    def _aggregate_rows(self) -> tuple[list[dict[str, Any]], list[str] | None]:
        data, action = self.aggregate_data, self.params["action"]
        if data is None:
            return [], ["metric", "value"]
        if "segment_by_cohorts" in self.params and isinstance(data, dict):
            rows = [{"segment": name, **_fields(value)} for name, value in data.items()]
            return rows, None if rows else ["segment", "value"]
        return [{"metric": action, **_fields(data)}], None

    def __repr__(self) -> str:
        if self.mode == "aggregate":
            return f"<UserQueryResult {self.params['action']} {self.aggregate_data}>"
        return f"<UserQueryResult {len(self.profiles)} profiles>"


def _fields(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"value": value}


def _profile(row: Mapping[str, Any]) -> dict[str, Any]:
    properties = dict(row.get("$properties") or {})
    return {
        "distinct_id": row["$distinct_id"],
        "last_seen": properties.pop("$last_seen", None),
        "properties": properties,
    }
