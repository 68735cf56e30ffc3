"""A dashboard of what fails: one card a failure, made anew by every run."""

import html

import pytest

from pytest_mixpanel import CreateDashboardParams, DashboardRow, DashboardRowContent

TITLE = "Failing tests"
FAILURES = pytest.StashKey[list[str]]()


def pytest_configure(config):
    config.stash[FAILURES] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if report.when == "call" and report.failed:
        item.config.stash[FAILURES].append(item.nodeid)
    return report


@pytest.fixture(scope="session", autouse=True)
def board_of_failures(pytestconfig, mixpanel):
    yield
    ours = [board.id for board in mixpanel.list_dashboards() if board.title == TITLE]
    if ours:
        mixpanel.bulk_delete_dashboards(ours)
    if failures := pytestconfig.stash[FAILURES]:
        rows = [DashboardRow(contents=[card(name)]) for name in failures[:30]]
        mixpanel.create_dashboard(CreateDashboardParams(title=TITLE, rows=rows))


def card(name):
    text = f"<h2>{html.escape(name)}</h2>"
    return DashboardRowContent(content_type="text", content_params={"markdown": text})
