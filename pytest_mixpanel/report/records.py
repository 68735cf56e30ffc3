"""A run as JSON, whole or a line a check; the schema is versioned and additive within a version."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.report.run import SEVERITY, Run

if TYPE_CHECKING:
    from pytest_mixpanel.runner.result import CheckResult

SCHEMA = 1


def json_report(run: Run) -> str:
    """``{"schema", "run", "checks": […]}``; numbers that JSON has no word for are ``null``."""
    return _dump({**_head(run), "checks": [_check(result) for result in run.results]}, indent=2) + "\n"


def jsonl_report(run: Run) -> str:
    """A first line for the run, then a line a check, in the order they ran."""
    return "".join(f"{line}\n" for line in _lines(run))


def _lines(run: Run) -> Iterator[str]:
    yield _dump({"type": "run", **_head(run)})
    for result in run.results:
        yield _dump({"type": "check", **_check(result)})


def _head(run: Run) -> dict[str, Any]:
    counts = run.counts
    return {
        "schema": SCHEMA,
        "run": {
            "project": run.project,
            "now": run.now,
            "timezone": run.timezone,
            "counts": {str(outcome): counts[outcome] for outcome in SEVERITY},
            "notes": dict(run.notes),
        },
    }


def _check(result: CheckResult) -> dict[str, Any]:
    return result.to_json()


def _dump(value: Any, indent: int | None = None) -> str:
    return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, indent=indent)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value
