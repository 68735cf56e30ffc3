"""Segments and profiles in a folder, opened as one store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.settings import settings_from
from pytest_mixpanel.engine.store.column_files import mapped, stored_columns
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, LazyColumns, NumberColumn
from pytest_mixpanel.engine.store.disk import MANIFEST
from pytest_mixpanel.engine.store.manifest import Manifest, read_manifest, read_names
from pytest_mixpanel.engine.store.merged import NONE, Merge, MergedStore, Source
from pytest_mixpanel.engine.store.names import Names
from pytest_mixpanel.engine.store.readers import Reading
from pytest_mixpanel.engine.store.segments import Segment
from pytest_mixpanel.engine.store.store import Store


def open_segments(folder: Path, time_zone: str | None = None) -> tuple[Store, Manifest] | None:
    """A store of segments and its manifest; ``None`` where the folder holds none.

    Events are mapped, or merged from several segments, when they are first asked for. What the manifest
    lists stays in place while the store is in use.
    """
    if read_manifest(folder) is None:
        return None
    held = Reading(folder)
    manifest = read_manifest(folder)
    return None if manifest is None else (_opened(folder, manifest, time_zone, held), manifest)


def _opened(folder: Path, manifest: Manifest, time_zone: str | None, held: Reading) -> Store:
    everything: dict[str, Any] = {
        "users": Names(manifest.user_count, lambda: read_names(folder, manifest, held)),
        "profiles": _people(folder, manifest, held),
        "lexicon": tuple(manifest.lexicon),
        "time_zone": time_zone or manifest.time_zone,
        "fingerprint": manifest.fingerprint,
        "settings": settings_from(manifest.settings, str(folder / MANIFEST)),
        "groups": manifest.groups,
    }
    segments = [Segment(folder / entry.folder, held) for entry in manifest.segments]
    (first, *more) = manifest.segments
    if not more and first.place is None and first.hidden is None:
        alone = segments[0].store(**everything)
        extra = manifest.user_count + 1 - len(alone.offsets)  # who has a profile and no events
        if extra:
            offsets = np.append(alone.offsets, np.full(extra, alone.offsets[-1]))
            alone = replace(alone, offsets=offsets)
        return alone
    sources = [
        Source(
            segment.store(users=()),
            np.arange(len(segment.offsets) - 1) if entry.place is None else mapped(folder / entry.place),
            lambda segment=segment: segment.order,  # type: ignore[misc]  # bound now, not at the call
            NONE if entry.hidden is None else np.asarray(mapped(folder / entry.hidden)),
        )
        for segment, entry in zip(segments, manifest.segments, strict=True)
    ]
    bare = Store(
        event_names=(), offsets=NONE, time=NONE, event=np.empty(0, np.uint8), columns={}, **everything
    )
    return MergedStore(Merge(sources, manifest.user_count), bare, 0, manifest.user_count)


def people_names(folder: Path) -> list[str]:
    """Whose the profiles in a folder are."""
    found: list[str] = json.loads((folder / "people.json").read_text(encoding="utf-8"))["names"]
    return found


def _people(folder: Path, manifest: Manifest, held: Reading) -> Mapping[str, Column]:
    if manifest.people is None:
        return {}
    people, place = manifest.people
    told = json.loads((folder / people / "people.json").read_text(encoding="utf-8"))
    stored = stored_columns(folder / people, told["columns"], held)
    count = manifest.user_count
    return LazyColumns(stored, lambda name: _placed(stored[name], np.load(folder / place), count))


def _placed(column: Column, places: NDArray[np.int64], count: int) -> Column:
    """A column of ``count`` users: ``places`` are rows and the user of each, of several the last stays."""
    rows, users = places
    if isinstance(column, NumberColumn):
        numbers, told = np.full(count, np.nan), column.numbers[rows]
        some = ~np.isnan(told)
        numbers[users[some]] = told[some]
        return NumberColumn(numbers)
    codes, given = np.full(count, -1, column.codes.dtype), column.codes[rows]
    some = given >= 0
    codes[users[some]] = given[some]
    return CodedColumn(codes, column.values)
