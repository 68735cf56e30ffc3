"""Whose answers they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Whose:
    """What questions are about, at the moment: a session may change its project."""

    project_id: str
    time_zone: str
