"""``Workspace``: one project, everything that can be asked of it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pytest_mixpanel.api.surfaces import Entities
from pytest_mixpanel.core.errors import APIError, ConfigError, ParamTypeError
from pytest_mixpanel.core.zones import known_zone
from pytest_mixpanel.workspace.business_context import BusinessContexts
from pytest_mixpanel.workspace.discovery import Discovery
from pytest_mixpanel.workspace.export import Export
from pytest_mixpanel.workspace.legacy import Legacy
from pytest_mixpanel.workspace.membership import Membership
from pytest_mixpanel.workspace.opening import Opening
from pytest_mixpanel.workspace.profiles import Profiles
from pytest_mixpanel.workspace.queries import Queries
from pytest_mixpanel.workspace.saved import SavedReports
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import Session
from pytest_mixpanel.workspace.sessions.resolve import Asked
from pytest_mixpanel.workspace.transport.rate import Rate
from pytest_mixpanel.workspace.transport.travel import Travel
from pytest_mixpanel.workspace.transport.waiting import Teller, untold
from pytest_mixpanel.workspace.users import Users

if TYPE_CHECKING:
    from pytest_mixpanel.engine.importing.report import ImportReport, Progress
    from pytest_mixpanel.workspace.transport.recording import Draft


class Workspace(
    Membership, Discovery, Queries, Users, Legacy, SavedReports, Export, Profiles, BusinessContexts, Entities
):
    """A client of one project.

    ``project`` is an address: ``demo`` or the path of exported events, answered on this machine without an
    account, or the number of a live project. Account, project and workspace are each settled by themselves,
    in the order environment (``MP_*``), argument, ``target``, bridge file, ``~/.mp/config.toml``;
    ``session=`` settles all three. ``region`` overrules the account's. ``now`` is the clock; a local project
    suggests its own. What changes the project is refused unless ``allow_writes`` is true, as it is by default
    for local projects. Use it as a context manager, or call ``close``.

    Queries of a live project keep within ``budget`` (``60/h``), shared by everything on this machine, and
    wait where it is used up: ``on_wait`` is told the reason and the seconds left, once a second. Their
    answers are kept in ``cache`` unless ``keeps_answers`` is false. ``record`` names a file for questions and
    answers, ``replay`` one to answer from, without account and network. ``timeout``, in seconds, replaces
    those of the service.

    Raises ``ConfigError`` without a project or credentials, ``AccountNotFoundError`` for an account that is
    not configured, ``ProjectNotFoundError`` for an address that names nothing, ``EventDataError`` for a file
    that is no export, ``ParamValidationError`` for ``target=`` beside what it names.
    """

    def __init__(
        self,
        *,
        account: str | None = None,
        project: str | int | Path | None = None,
        workspace: int | None = None,
        target: str | None = None,
        session: Session | None = None,
        region: str | None = None,
        now: datetime | None = None,
        time_zone: str | None = None,
        cache: Path | None = None,
        progress: Progress | None = None,
        allow_writes: bool | None = None,
        timeout: float | None = None,
        budget: str | None = None,
        keeps_answers: bool | None = None,
        record: str | Path | Draft | None = None,
        replay: str | Path | None = None,
        on_wait: Teller = untold,
        environment: Environment | None = None,
    ) -> None:
        if now is not None and not isinstance(now, datetime):
            raise ParamTypeError(f"now={now!r} is no datetime; write datetime.fromisoformat('2025-03-31')")
        self._opening = Opening(
            now=now,
            time_zone=None if time_zone is None else known_zone(time_zone, "time_zone="),
            cache=cache,
            progress=progress,
            allow_writes=allow_writes,
            travel=Travel(
                timeout=timeout,
                budget=None if budget is None else Rate.parse(budget),
                cache=cache,
                keeps_answers=keeps_answers,
                record=Path(record) if isinstance(record, str) else record,
                replay=Path(replay) if replay is not None else None,
                tell=on_wait,
            ),
            environment=environment or Environment(),
        )
        self._discovered: dict[tuple[Any, ...], Any] = {}
        if session is not None:
            self._connection = self._opening.reopen(session)
            return
        named = None if project is None else str(project)
        asked = Asked(account=account, project=named, workspace=workspace, target=target, region=region)
        self._connection = self._opening.open(asked)

    @property
    def now(self) -> datetime:
        """The clock of every question."""
        return self._connection.now

    @property
    def timezone(self) -> str:
        """The project's time zone, an IANA name."""
        return self._connection.time_zone

    def learn_time_zone(self) -> bool:
        """Ask for the project's time zone where nobody has told it; whether it is known now.

        The answer is that of ``me``, kept for a day. Where the account may not be told, days stay UTC's.
        """
        if not self._connection.knows_time_zone:
            try:
                self.me()
            except (ConfigError, APIError):
                return False
        return self._connection.knows_time_zone

    @property
    def import_report(self) -> ImportReport | None:
        """What became of the lines of exported events; ``None`` for other projects."""
        local = self._connection.local
        return local.report if local else None

    @property
    def rejected_file(self) -> Path | None:
        """Where the rejected lines of exported events are kept, with their reasons; ``None`` without any."""
        local = self._connection.local
        return local.rejected_file if local else None

    def data_range(self) -> tuple[date, date] | None:
        """The first and last day with events, where the data is local; ``None`` where it is not."""
        local = self._connection.local
        if local is None:
            return None
        from pytest_mixpanel.engine.discovery.names import span

        found = span(local.store)
        return (date.fromisoformat(found[0]), date.fromisoformat(found[1])) if found else None

    def close(self) -> None:
        """Close the connection; may be called again."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Workspace {self.project} {self.timezone} as of {self.now:%Y-%m-%d %H:%M}>"
