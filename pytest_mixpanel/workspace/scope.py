"""Which workspace a session means where the service wants one and none is pinned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

ALL_DATA = "All Project Data"


def choose_workspace(rows: Sequence[Mapping[str, Any]]) -> int | None:
    """The id of the project's main workspace, ``None`` without any.

    The first that is global, else the one named ``All Project Data``, else the default one, else a visible
    one, else the first.
    """
    preferences = (
        lambda row: row.get("is_global") is True,
        lambda row: row.get("name") == ALL_DATA,
        lambda row: row.get("is_default") is True,
        lambda row: row.get("is_visible") is not False,
        lambda row: True,
    )
    usable = [row for row in rows if isinstance(row.get("id"), int)]
    for preferred in preferences:
        for row in usable:
            if preferred(row):
                return int(row["id"])
    return None


def workspaces_of(document: Any, project_id: str) -> list[Mapping[str, Any]]:
    """The workspaces in an answer: a list, or the index of all projects, in an envelope or bare."""
    found = document.get("results", document) if isinstance(document, Mapping) else document
    if isinstance(found, Mapping):
        project = found.get(project_id)
        listed = project.get("workspaces") if isinstance(project, Mapping) else None
        found = list(listed.values()) if isinstance(listed, Mapping) else listed
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
