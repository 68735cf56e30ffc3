"""``--mixpanel-allow-writes``: what changes a project is refused unless it is allowed."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Suite

TEST = """
    from pytest_mixpanel.api.entities.annotations import (CreateAnnotationParams)

    def test_it(mixpanel):
        mixpanel.create_annotation(CreateAnnotationParams(date="2025-03-01", description="a note"))
"""


@pytest.fixture
def demo(suite: Suite) -> Suite:
    suite.pytester.makeconftest("")
    suite.test(test_shop=TEST)
    return suite


def test_a_local_project_can_be_changed_unless_it_is_forbidden(
    demo: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.run("--mixpanel-project=demo").assert_outcomes(passed=1)
    monkeypatch.setenv("MIXPANEL_ALLOW_WRITES", "false")
    result = demo.run("--mixpanel-project=demo")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*create_annotation changes project *this session only reads*"])


def test_a_live_project_is_only_read(demo: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MP_USERNAME", "svc")
    monkeypatch.setenv("MP_SECRET", "canary")
    monkeypatch.setenv("MP_API_BASE_URL", "http://127.0.0.1:9")  # nobody listens
    result = demo.run("--mixpanel-project=4242")
    result.stdout.fnmatch_lines(["*WritesRefusedError: create_annotation changes project 4242*"])
    result = demo.run("--mixpanel-project=4242", "--mixpanel-allow-writes")
    result.stdout.fnmatch_lines(["*no answer from 127.0.0.1*"])
