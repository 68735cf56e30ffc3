"""What lies beside exported events in their folder: settings, profiles, a lexicon, saved cohorts.

``project.json`` (settings, ``time_zone``), ``profiles.jsonl`` and ``group-ID.jsonl`` (profiles, or updates
in the order they arrived), ``lexicon.json`` (a list of schemas), ``cohorts.json`` and
``custom-properties.json`` (id → definition). All are optional; the two ``.jsonl`` may be compressed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.importing.files import read_lines
from pytest_mixpanel.engine.importing.profiles import updated
from pytest_mixpanel.engine.settings import DEFAULTS, Settings, settings_from
from pytest_mixpanel.query.parse.node import NOTHING_SAVED, Saved

_NAMES = re.compile(
    r"project\.json|lexicon\.json|cohorts\.json|custom-properties\.json"
    r"|(?:profiles|group-[0-9]+)\.jsonl(?:\.gz)?"
)

Profiles = Sequence[Mapping[str, Any]]


@frozen
class Companions:
    """``groups``: the id of a kind of group → the profiles of its groups; ``files``: where this is from."""

    settings: Settings = DEFAULTS
    time_zone: str | None = None
    profiles: Profiles = ()
    groups: Mapping[str, Profiles] = field(default_factory=dict)
    lexicon: Sequence[Mapping[str, Any]] = ()
    saved: Saved = NOTHING_SAVED
    files: tuple[Path, ...] = ()


NOTHING = Companions()


def is_companion(file: Path, folder: Path) -> bool:
    """Whether a file beside the events is none of them."""
    return file.parent == folder and _NAMES.fullmatch(file.name) is not None


def companion_files(folder: Path) -> list[Path]:
    """The files beside the events of a folder; beside a file there are none."""
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if is_companion(file, folder) and file.is_file())


def saved_beside(folder: Path) -> Saved:
    """The cohorts and custom properties that lie beside the events."""
    by_stem = {file.name.split(".")[0]: file for file in companion_files(folder)}
    return Saved(_by_id(by_stem.get("cohorts")), _by_id(by_stem.get("custom-properties")))


def companions(folder: Path) -> Companions:
    """Read what lies beside the events; raises ``EventDataError`` for what cannot be read."""
    files = companion_files(folder)
    by_stem = {file.name.split(".")[0]: file for file in files}
    told = dict(_object(by_stem.get("project")))
    zone = told.pop("time_zone", None)
    return Companions(
        settings=settings_from(told, str(by_stem.get("project", "project.json"))),
        time_zone=zone,
        profiles=_profiles(by_stem.get("profiles")),
        groups={stem[6:]: _profiles(file) for stem, file in by_stem.items() if stem.startswith("group-")},
        lexicon=_list(by_stem.get("lexicon")),
        saved=saved_beside(folder),
        files=tuple(files),
    )


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise EventDataError(f"{file}: not JSON: {error}") from error


def _object(file: Path | None) -> Mapping[str, Any]:
    told = _json(file) if file is not None else {}
    if not isinstance(told, dict):
        raise EventDataError(f"{file}: should hold an object")
    return told


def _list(file: Path | None) -> list[Mapping[str, Any]]:
    told = _json(file) if file is not None else []
    if not isinstance(told, list) or not all(isinstance(entry, dict) for entry in told):
        raise EventDataError(f"{file}: should hold a list of objects")
    return told


def _by_id(file: Path | None) -> dict[int, Mapping[str, Any]]:
    told = _object(file)
    if not all(key.isdecimal() and isinstance(entry, dict) for key, entry in told.items()):
        raise EventDataError(f"{file}: should hold an object: number → definition")
    return {int(key): entry for key, entry in told.items()}


def _profiles(file: Path | None) -> Profiles:
    if file is None:
        return ()
    records = []
    for number, line in read_lines(file):
        try:
            record = None if isinstance(line, str) else json.loads(line)
        except (ValueError, RecursionError) as error:
            raise EventDataError(f"{file}:{number}: not JSON: {error}") from error
        if not isinstance(record, dict):
            raise EventDataError(f"{file}:{number}: {line if isinstance(line, str) else 'not an object'}")
        records.append(record)
    return updated(records, str(file))
