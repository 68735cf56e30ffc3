"""Whose answers they are."""

from __future__ import annotations

from pytest_mixpanel.core.frozen import frozen


@frozen
class Whose:
    """What questions are about, at the moment: a session may change its project."""

    project_id: str
    time_zone: str
