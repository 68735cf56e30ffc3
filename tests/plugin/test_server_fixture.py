"""``mixpanel_server``: a local Mixpanel for tests of code that asks one."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Suite

TEST = """
    import httpx

    def test_it(mixpanel_server):
        answer = httpx.get(
            mixpanel_server.url + "/api/query/events/names",
            auth=(mixpanel_server.username, mixpanel_server.secret),
            timeout=30,
        )
        assert {expected!r} in answer.json()
"""


@pytest.mark.parametrize("options", [(), ("--mixpanel-project=demo",), ("--mixpanel-project=123",)])
def test_it_serves_the_demo_where_no_other_local_project_is_named(
    suite: Suite, options: tuple[str, ...]
) -> None:
    suite.test(test_shop=TEST.format(expected="Purchase"))
    suite.run(*options).assert_outcomes(passed=1)


def test_it_serves_the_project_of_the_run(suite: Suite) -> None:
    export = suite.pytester.path / "events.jsonl"
    export.write_text('{"event": "Ours", "properties": {"time": 1740823200, "distinct_id": "u"}}\n')
    suite.test(test_shop=TEST.format(expected="Ours"))
    suite.run(f"--mixpanel-project={export}").assert_outcomes(passed=1)


def test_a_project_that_is_not_there_is_an_error_in_words(suite: Suite) -> None:
    suite.test(test_shop="def test_it(mixpanel_server): pass")
    result = suite.run("--mixpanel-project=no/such/export")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*there is no project 'no/such/export'*"])
    result.stdout.no_fnmatch_line("*Traceback*")
