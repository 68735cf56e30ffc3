"""How requests travel, as it is asked for; what it takes is loaded where a client is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.place import cache_folder
from pytest_mixpanel.workspace.transport.rate import Rate
from pytest_mixpanel.workspace.transport.waiting import Teller, untold

if TYPE_CHECKING:
    from pytest_mixpanel.workspace.transport.recording import Draft


@frozen(kw_only=True)
class Travel:
    """How requests travel, beside where they go and who asks.

    ``timeout``: seconds that replace the deadlines of the query and app families. ``budget``: queries in a
    time, shared by everything on this machine. ``cache``: the cache folder, if not the usual one;
    ``keeps_answers``: whether answers are kept in it. Where those two are ``None``, 60 queries an hour and
    kept answers are for services elsewhere, not for a server on this machine. ``record``: where to record;
    a ``Draft`` is ended by who made it. ``replay``: the recording to answer from. ``tell`` hears why and how
    long the client waits. Raises ``ConfigError`` for both of record and replay.
    """

    timeout: float | None = None
    budget: Rate | None = None
    cache: Path | None = None
    keeps_answers: bool | None = None
    record: Path | Draft | None = None
    replay: Path | None = None
    tell: Teller = untold

    def __post_init__(self) -> None:
        if self.record is not None and self.replay is not None:
            raise ConfigError(
                "record and replay exclude each other: a replay asks nothing that is not recorded"
            )

    @property
    def answers(self) -> Path | None:
        """The folder of kept answers, where they are kept."""
        return None if self.keeps_answers is False else (self.cache or cache_folder()) / ANSWERS


AS_USUAL = Travel()
ANSWERS = "answers"
