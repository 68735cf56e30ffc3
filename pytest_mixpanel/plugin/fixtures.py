"""The fixtures: ``mixpanel``, a workspace, ``mixpanel_check``, which runs one check, ``mixpanel_server``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from pytest_mixpanel.plugin.failures import CheckFailed, CheckNotMeasured, ProjectNotOpened
from pytest_mixpanel.plugin.state import RESULTS, state_of

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.builders import Check
    from pytest_mixpanel.plugin.state import State
    from pytest_mixpanel.runner.result import CheckResult
    from pytest_mixpanel.runner.session import CheckSession
    from pytest_mixpanel.server.running import LocalMixpanel
    from pytest_mixpanel.workspace import Workspace


@pytest.fixture(scope="session")
def mixpanel(pytestconfig: pytest.Config) -> Iterator[Workspace]:
    """The project's ``Workspace``, one for the session.

    ::

        def test_purchases_keep_coming(mixpanel):
            purchases = mixpanel.query("Purchase", last=7)
            assert purchases.df["count"].min() > 100

    Where the data lives is said by ``--mixpanel-project``. A fixture of this name in a ``conftest.py``
    replaces it, for the checks files too.
    """
    from pytest_mixpanel.core.errors import MixpanelHeadlessError
    from pytest_mixpanel.plugin.opening import open_workspace

    try:
        workspace = open_workspace(pytestconfig, state_of(pytestconfig))
    except MixpanelHeadlessError as error:
        raise ProjectNotOpened(error) from error
    yield workspace
    workspace.close()


@pytest.fixture(scope="session")
def mixpanel_server(pytestconfig: pytest.Config) -> Iterator[LocalMixpanel]:
    """A local Mixpanel: a real HTTP server over the project, with an account of its own.

    ::

        def test_our_report(mixpanel_server, monkeypatch):
            for name, value in mixpanel_server.environment.items():
                monkeypatch.setenv(name, value)
            assert our_report() == ...  # whatever asks Mixpanel by MP_API_BASE_URL

    It has ``url``, ``username``, ``secret``, ``token`` and ``project_id``. It serves the project of
    ``--mixpanel-project``, and the demo where none is named or the project is a live one.
    """
    from pytest_mixpanel.core.errors import MixpanelHeadlessError
    from pytest_mixpanel.plugin.opening import serve_locally

    try:
        serving = serve_locally(state_of(pytestconfig))
    except MixpanelHeadlessError as error:
        raise ProjectNotOpened(error) from error
    with serving as server:
        yield server


@pytest.fixture
def mixpanel_check(
    request: pytest.FixtureRequest, _mixpanel_session: CheckSession
) -> Callable[[Check | CheckSpec], CheckResult]:
    """Run one check, written with the builders, in a test.

    ::

        def test_purchase_floor(mixpanel_check):
            mixpanel_check(funnel("View Item", "Purchase").within("7d").fail_if("conversion < 18%"))

    Raises an ``AssertionError`` with the explanation where the check fails. A verdict that is no plain
    pass becomes the test's: inconclusive is shown as ``?``, a warning as ``w``.
    """

    def run(check: Check | CheckSpec) -> CheckResult:
        __tracebackhide__ = True
        from pytest_mixpanel.core.verdict import Outcome
        from pytest_mixpanel.plugin.again import with_command
        from pytest_mixpanel.plugin.opening import located

        result = with_command(_mixpanel_session.run(located(check, request.node)), request.node)
        request.node.stash.setdefault(RESULTS, []).append(result)
        if result.verdict.outcome is Outcome.FAIL:
            raise CheckFailed(result)
        if result.verdict.outcome is Outcome.ERROR:
            raise CheckNotMeasured(result)
        return result

    return run


@pytest.fixture(scope="session")
def _mixpanel_session(pytestconfig: pytest.Config, mixpanel: Workspace) -> CheckSession:
    """What runs checks: one a process, so that a question is asked once."""
    from pytest_mixpanel.plugin.opening import open_session

    state = state_of(pytestconfig)
    state.workspace, state.session = mixpanel, open_session(state, mixpanel)
    return state.session


@pytest.fixture
def _mixpanel_result(request: pytest.FixtureRequest) -> CheckResult:
    """What the check of a checks file came to; trouble in measuring it is an error of the setup."""
    from pytest_mixpanel.core.verdict import Outcome
    from pytest_mixpanel.plugin.again import with_command

    spec: CheckSpec = request.node.spec
    try:
        session: CheckSession = request.getfixturevalue("_mixpanel_session")
    except ProjectNotOpened as trouble:
        result = _unopened(spec, trouble, state_of(request.config))
    else:
        result = session.run(spec)
    result = with_command(result, request.node)
    request.node.stash[RESULTS] = [result]
    if result.verdict.outcome is Outcome.ERROR:
        raise CheckNotMeasured(result)
    if result.verdict.outcome is Outcome.BLOCKED:
        pytest.skip(result.explanation.headline)
    return result


def _unopened(spec: CheckSpec, trouble: ProjectNotOpened, state: State) -> CheckResult:
    """Every check is an error; the first says why, so that thirty checks do not say it thirty times."""
    from pytest_mixpanel.core.errors import MixpanelHeadlessError
    from pytest_mixpanel.runner.session import not_measured

    if state.told_unopened is None:
        state.told_unopened = spec.name
        return not_measured(spec, trouble.error)
    told = f"the project cannot be opened; {state.told_unopened} says why"
    return not_measured(spec, MixpanelHeadlessError(told, code=trouble.error.code))
