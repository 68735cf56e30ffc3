"""How the run's requests travel: the options of the client, and the recording its processes make together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_mixpanel.plugin.options import Options

if TYPE_CHECKING:
    from pytest_mixpanel.plugin.state import State
    from pytest_mixpanel.workspace.transport.recording import Draft


def check_transport(options: Options) -> None:
    """Refuse options that exclude each other or cannot be read; raises ``pytest.UsageError``."""
    if options.text("record") and options.text("replay"):
        raise pytest.UsageError(
            f"{options.origin('record')} and {options.origin('replay')} exclude each other: a replay asks "
            "nothing that is not recorded"
        )
    if (budget := options.text("budget")) is not None:
        from pytest_mixpanel.core.errors import ParamValidationError
        from pytest_mixpanel.workspace.transport.rate import Rate

        try:
            Rate.parse(budget)
        except ParamValidationError as error:
            raise pytest.UsageError(f"{options.origin('budget')}: {error}") from error


def draft_of(options: Options, here: Path) -> str | None:
    """Where the run's processes write what they record; the controller chooses it."""
    if (path := options.text("record")) is None:
        return None
    from pytest_mixpanel.workspace.transport.recording import Draft

    return str(Draft.of(here / path).draft)


def travel_arguments(config: pytest.Config, state: State) -> dict[str, Any]:
    """The arguments of ``Workspace`` that say how its requests travel."""
    from pytest_mixpanel.core.place import OFF
    from pytest_mixpanel.plugin.countdown import Countdown

    options, here = state.options, config.invocation_params.dir
    cache, replay, record = options.text("cache"), options.text("replay"), options.text("record")
    arguments: dict[str, Any] = {
        "budget": options.text("budget"),
        "keeps_answers": False if cache == OFF else None,
        "cache": here / cache if cache is not None and cache != OFF else None,
        "record": _draft(here / record, state.draft) if record and state.draft else None,
        "replay": here / replay if replay is not None else None,
        "on_wait": Countdown(config, redraws=not state.is_worker),
    }
    return {name: value for name, value in arguments.items() if value is not None}


def _draft(path: Path, draft: str) -> Draft:
    from pytest_mixpanel.workspace.transport.recording import Draft

    return Draft(path, Path(draft))


def finish_recording(session: pytest.Session, state: State) -> None:
    """Put what was recorded into its file and note it; a recording that cannot be written fails the run."""
    record = state.options.text("record")
    if record is None or state.draft is None:
        return
    from pytest_mixpanel.core.errors import RecordingRefusedError
    from pytest_mixpanel.workspace.transport.recording import Draft

    try:
        answers = Draft(session.config.invocation_params.dir / record, Path(state.draft)).finish()
    except (RecordingRefusedError, OSError) as error:
        state.notes.append(("recording", f"not written: {error}"))
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
        return
    told = "1 answer" if answers == 1 else f"{answers} answers"
    state.notes.append(("recording", f"{record}, {told}" if answers else "nothing was asked"))
