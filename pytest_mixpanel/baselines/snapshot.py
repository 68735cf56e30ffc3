"""Snapshots: what "before" was when somebody accepted it, in a file beside the checks, kept in git.

``<folder>/__baselines__/<file>/<id>.json``. A snapshot answers one query: when the check asks another, it
is worth nothing and says so.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pytest_mixpanel.baselines.daily import Daily
from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.files import write_whole
from pytest_mixpanel.core.frozen import frozen

FOLDER = "__baselines__"
FORMAT = 1


class BaselineError(ConfigError):
    """A snapshot that is there but cannot be used; the message says why and what to run."""

    default_code = "BASELINE_UNUSABLE"


@frozen
class Snapshot:
    """Accepted daily counts and where they came from. ``query`` is ``query_hash`` of what was asked."""

    query: str
    daily: Daily
    timezone: str
    version: str
    accepted_by: str
    accepted_at: str
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "query": self.query,
            "timezone": self.timezone,
            "plugin_version": self.version,
            "accepted_by": self.accepted_by,
            "accepted_at": self.accepted_at,
            "reason": self.reason,
            "from": self.daily.days[0].isoformat(),
            "to": self.daily.days[-1].isoformat(),
            "daily": self.daily.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Snapshot:
        """Raises ``KeyError``, ``TypeError`` or ``ValueError`` for data of another shape or format."""
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']!r} is not known here")
        return cls(
            query=str(data["query"]),
            daily=Daily.from_json(data["daily"]),
            timezone=str(data["timezone"]),
            version=str(data["plugin_version"]),
            accepted_by=str(data["accepted_by"]),
            accepted_at=str(data["accepted_at"]),
            reason=str(data.get("reason", "")),
        )


def query_hash(engine: str, params: Mapping[str, Any]) -> str:
    """What is asked, without when: the same for every run of an unchanged check."""
    asked = {
        "engine": engine,
        **{key: value for key, value in params.items() if key != "sections"},
        "sections": {key: value for key, value in params.get("sections", {}).items() if key != "time"},
    }
    text = json.dumps(asked, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def snapshot_path(checks_file: str | os.PathLike[str], id_: str) -> Path:
    """Where the snapshot of a check of this file lives."""
    file = Path(checks_file)
    name = file.name.removesuffix(".yaml").removesuffix(".checks").removesuffix(".py")
    return file.parent / FOLDER / name / f"{id_}.json"


def read_snapshot(path: Path) -> Snapshot | None:
    """The snapshot, ``None`` where there is none. Raises ``BaselineError`` for a file that is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"the snapshot {path} cannot be read: {error}") from error
    try:
        return Snapshot.from_json(json.loads(text))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BaselineError(
            f"the snapshot {path} is damaged ({error}); restore it from version control, or write it anew "
            "with --mixpanel-baselines=update"
        ) from error


def write_snapshot(path: Path, snapshot: Snapshot) -> None:
    """Write it whole or not at all."""
    write_whole(path, _dump(snapshot))


def _dump(snapshot: Snapshot) -> str:
    """JSON that reads well in a diff: one line for each series."""
    data = snapshot.to_json()
    daily = data.pop("daily")
    head = json.dumps(data, indent=2, ensure_ascii=False)[:-2]

    segments = {name: _lines(counts, 8) for name, counts in daily["segments"].items()}
    return (
        f"{head},\n"
        f'  "daily": {{\n    "days": {json.dumps(daily["days"])},\n'
        f'    "counts": {_lines(daily["counts"], 6)},\n'
        f'    "segments": {_map(segments, 6)}\n  }}\n}}\n'
    )


def _lines(counts: Mapping[str, Any], indent: int) -> str:
    return _map({name: json.dumps(values) for name, values in counts.items()}, indent)


def _map(entries: Mapping[str, str], indent: int) -> str:
    """A JSON object of written values, one a line, its keys ``indent`` columns in."""
    if not entries:
        return "{}"
    lines = [
        f"{' ' * indent}{json.dumps(name, ensure_ascii=False)}: {text}" for name, text in entries.items()
    ]
    return "{\n" + ",\n".join(lines) + f"\n{' ' * (indent - 2)}}}"


def unnamed(folder: Path, known: Iterable[Path]) -> list[Path]:
    """Snapshots under ``folder`` that no check names any more.

    Those of checks in a Python module that is still there are kept: nobody knows them before they run.
    """
    kept = {path.resolve() for path in known}
    found = sorted(folder.rglob(f"{FOLDER}/*/*.json"))
    return [path for path in found if path.resolve() not in kept and not _of_python(path)]


def _of_python(path: Path) -> bool:
    return (path.parents[2] / f"{path.parent.name}.py").is_file()
