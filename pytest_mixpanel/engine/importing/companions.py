"""What lies beside exported events in their folder: settings, profiles, a lexicon, saved cohorts.

``project.json`` (settings, ``time_zone``), ``profiles.jsonl`` and ``group-ID.jsonl`` (profiles, or updates
in the order they arrived), ``lexicon.json`` (a list of schemas), ``cohorts.json`` and
``custom-properties.json`` (id → definition). All are optional; the two ``.jsonl`` may be compressed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.zones import known_zone
from pytest_mixpanel.engine.importing.beside import listed_in, saved_beside, told_in
from pytest_mixpanel.engine.importing.files import read_lines
from pytest_mixpanel.engine.importing.paths import companion_files
from pytest_mixpanel.engine.importing.profiles import updated
from pytest_mixpanel.engine.settings import DEFAULTS, Settings, settings_from
from pytest_mixpanel.query.parse.node import NOTHING_SAVED, Saved

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


def companions(folder: Path) -> Companions:
    """Read what lies beside the events; raises ``EventDataError`` for what cannot be read.

    Raises ``ConfigError`` for a time zone that is none.
    """
    files = companion_files(folder)
    by_stem = {file.name.split(".")[0]: file for file in files}
    told = dict(told_in(by_stem.get("project")))
    zone, place = told.pop("time_zone", None), str(by_stem.get("project", "project.json"))
    return Companions(
        settings=settings_from(told, place),
        time_zone=None if zone is None else known_zone(zone, f"{place}: time_zone"),
        profiles=_profiles(by_stem.get("profiles")),
        groups={stem[6:]: _profiles(file) for stem, file in by_stem.items() if stem.startswith("group-")},
        lexicon=listed_in(by_stem.get("lexicon")),
        saved=saved_beside(folder),
        files=tuple(files),
    )


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
