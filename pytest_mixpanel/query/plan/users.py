"""What a user query asks."""

from __future__ import annotations

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.plan.selecting import Cohort


@frozen
class NamedBehavior:
    """How often users did any of some events in the last ``window_ms``; each event with a selector text."""

    name: str
    window_ms: int
    events: tuple[tuple[str, str | None], ...]


@frozen
class UsersPlan:
    """Profiles, or with ``action`` an aggregate of them; ``where`` and ``action`` are selector texts.

    ``as_of``: seconds since 1970, the instant of behavioural conditions. ``segments``: id → cohort.
    ``behaviors`` are what ``where`` may ask for by name.
    """

    where: str | None = None
    cohort: Cohort | None = None
    include_all_users: bool = False
    properties: tuple[str, ...] | None = None
    sort_key: str | None = None
    ascending: bool = False
    as_of: float | None = None
    distinct_ids: tuple[str, ...] | None = None
    search: str | None = None
    action: str | None = None
    segments: tuple[tuple[str, Cohort], ...] = ()
    limit: int | None = None
    page: int = 0
    behaviors: tuple[NamedBehavior, ...] = ()
