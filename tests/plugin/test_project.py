"""The plugin on exported events, with nothing replaced."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.plugin.conftest import Suite

FIRST = datetime(2026, 8, 1, tzinfo=UTC)

CHECKS = """\
version: 1
suite: shop
owner: growth
checks:
  - id: volume
    measure: {volume: Purchase}
    window: 7d
    fail_if: lowest < 5
  - id: too-high
    measure: {volume: Purchase}
    window: 7d
    fail_if: lowest < 50
  - id: unknown
    measure: {volume: Purchse}
    window: 7d
    fail_if: lowest < 1
  - id: plan
    measure: {lexicon: plan.yaml}
  - id: waits
    measure: {volume: Purchase}
    window: 7d
    fail_if: lowest < 1
    requires: too-high
"""
PLAN = "version: 1\nevents: {Purchase: {properties: {price: number}}}\n"
PYTHON = """
def test_the_client(mixpanel):
    assert mixpanel.events() == ["Purchase"]


def test_a_check(mixpanel_check):
    from pytest_mixpanel.kinds.builders import volume

    mixpanel_check(volume("Purchase").last("7d").fail_if("lowest < 50"))
"""


@pytest.fixture
def shop(suite: Suite) -> Suite:
    """Ten purchases a day for three weeks, and half a line where the export broke off."""
    folder = suite.pytester.path
    (folder / "conftest.py").unlink()
    (folder / "events.jsonl").write_text("".join(purchases()) + '{"event": "Purch')
    (folder / "shop.checks.yaml").write_text(CHECKS)
    (folder / "plan.yaml").write_text(PLAN)
    suite.test(test_shop=PYTHON)
    return suite


def purchases() -> list[str]:
    """Ten a day from 1 to 21 August 2026, as an export has them."""
    lines = []
    for day in range(21):
        for n in range(10):
            time = int((FIRST + timedelta(days=day, hours=n)).timestamp())
            properties = {"time": time, "distinct_id": f"u{n}", "$insert_id": f"{day}-{n}", "price": 9.5}
            lines.append(json.dumps({"event": "Purchase", "properties": properties}) + "\n")
    return lines


@pytest.mark.parametrize("arguments", [(), ("-p", "xdist.plugin", "-n", "2")], ids=["alone", "two workers"])
def test_checks_and_tests_run_on_an_export(
    shop: Suite, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    result = shop.pytester.runpytest_subprocess(
        "-p", "pytest_mixpanel.plugin", "--mixpanel-project=events.jsonl", *arguments
    )
    text = result.stdout.str()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "FAIL  shop::too-high   Purchase events: lowest 10 is under 50" in text
    assert "ERROR  shop::unknown" in text
    assert "'Purchase'" in text.partition("ERROR  shop::unknown")[2].partition("\n\n")[0]
    assert ">       mixpanel_check(" in text
    line = PYTHON.splitlines().index("def test_a_check(mixpanel_check):")  # makepyfile strips the first line
    assert f"fail_if lowest < 50   (test_shop.py:{line})" in text
    told = text.replace("\n           ", " ")
    assert " 6 checks   2 pass   2 fail   1 error   1 blocked" in text
    assert "1 line rejected (first: events.jsonl:211:" in told
    assert "rejected.jsonl" in told  # where they are kept
    assert "as of 2026-08-21 10:00 UTC" in text


def test_exported_events_may_be_counted_by_the_days_of_a_time_zone(
    shop: Suite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    arguments = ("-p", "pytest_mixpanel.plugin", "--mixpanel-project=events.jsonl", "-k", "volume")
    result = shop.pytester.runpytest_subprocess(*arguments, "--mixpanel-time-zone=Asia/Tokyo")
    result.stdout.fnmatch_lines(["*mixpanel: project events.jsonl, as of 2026-08-21 19:00 Asia/Tokyo*"])
    result = shop.pytester.runpytest_subprocess(*arguments, "--mixpanel-time-zone=Mars/Base")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: option --mixpanel-time-zone: 'Mars/Base' is no time zone; write one as Europe/Berlin"]
    )
