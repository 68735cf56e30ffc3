"""JSON beside exported events, and what of it params may name by id: saved cohorts and custom properties."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.engine.importing.paths import companion_files
from pytest_mixpanel.query.parse.node import Saved


def saved_beside(folder: Path) -> Saved:
    """The cohorts and custom properties that lie beside the events."""
    by_stem = {file.name.split(".")[0]: file for file in companion_files(folder)}
    return Saved(_by_id(by_stem.get("cohorts")), _by_id(by_stem.get("custom-properties")))


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise EventDataError(f"{file}: not JSON: {error}") from error


def told_in(file: Path | None) -> Mapping[str, Any]:
    told = _json(file) if file is not None else {}
    if not isinstance(told, dict):
        raise EventDataError(f"{file}: should hold an object")
    return told


def listed_in(file: Path | None) -> list[Mapping[str, Any]]:
    told = _json(file) if file is not None else []
    if not isinstance(told, list) or not all(isinstance(entry, dict) for entry in told):
        raise EventDataError(f"{file}: should hold a list of objects")
    return told


def _by_id(file: Path | None) -> dict[int, Mapping[str, Any]]:
    told = told_in(file)
    if not all(key.isdecimal() and isinstance(entry, dict) for key, entry in told.items()):
        raise EventDataError(f"{file}: should hold an object: number → definition")
    return {int(key): entry for key, entry in told.items()}
