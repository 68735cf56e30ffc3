"""What checks say, word for word: one golden file a message in ``messages/``.

``MIXPANEL_WRITE_GOLDENS=1`` writes them anew, for a reader to review.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel.dsl.reader import read_text
from pytest_mixpanel.kinds.registry import grammars
from pytest_mixpanel.report.terminal import panel
from pytest_mixpanel.runner.session import CheckSession
from tests.runner.fake_project import FakeProject, since

HERE = Path(__file__).parent / "messages"

HEAD = """\
version: 1
suite: checkout
owner: growth-analytics
links: {runbook: "https://wiki.example/checkout"}
metrics:
  checkout: {funnel: {steps: [View Item, Add to Cart, Purchase], within: 7d}}
checks:
"""

PLATFORMS = {"Android": (150, 80, 30), "iOS": (170, 80, 34), "Web": (80, 40, 16)}
ANDROID_BROKEN = {**PLATFORMS, "Android": (150, 70, 16)}
MIX = {"Android": 370, "iOS": 470, "Web": 160}
MIX_MOVED = {"Android": 310, "iOS": 490, "Web": 200}


def steps(platforms: dict[str, tuple[int, int, int]]) -> Any:
    whole = tuple(map(sum, zip(*platforms.values(), strict=True)))
    return lambda segment: whole if segment == "all" else platforms[segment]


def weekly(day: date, *values: int) -> tuple[int, ...]:
    """Weekend days at nine tenths, so that the series has the rhythm of a real one."""
    return tuple(value * (9 if day.weekday() >= 5 else 10) // 10 for value in values)


def broken_android(day: date, segment: str) -> Any:
    return weekly(day, *since("2026-07-23", steps(ANDROID_BROKEN), steps(PLATFORMS))(day, segment))


def moved_mix(day: date, segment: str) -> int:
    mix = since("2026-07-31", lambda _: MIX_MOVED, lambda _: MIX)(day, segment)
    return weekly(day, sum(mix.values()) if segment == "all" else mix[segment])[0]


def fewer(day: date, segment: str) -> int:
    return weekly(day, since("2026-07-31", 820, 1000)(day, segment))[0]


def fewer_on_the_web(day: date, segment: str) -> int:
    counts = since("2026-07-31", lambda _: {**MIX, "Web": 10}, lambda _: MIX)(day, segment)
    return weekly(day, sum(counts.values()) if segment == "all" else counts[segment])[0]


def ios_leaves(day: date, segment: str) -> tuple[int, int]:
    """Half the users are on iOS, and fewer of them come back."""
    android, ios = (80, 45), since("2026-07-29", lambda _: (80, 30), lambda _: (80, 45))(day, segment)
    whole = (android[0] + ios[0], android[1] + ios[1])
    return {"all": whole, "Android": android, "iOS": ios}[segment]


def odd_day(day: date, segment: str) -> Any:
    """One day in July on which hardly anybody could buy."""
    return weekly(day, 8000, 4000, 300 if day == date(2026, 7, 4) else 1600)


def small(day: date, segment: str) -> Any:
    buyers = day.toordinal()
    return since("2026-07-23", (8, 4, 1 + buyers % 2), (9, 4, 1 + buyers % 3))(day, segment)


CASES: dict[str, tuple[str, FakeProject]] = {
    "floor-fails": (
        "{id: floor, title: At least 22 % of item viewers buy within a week, measure: checkout, "
        "fail_if: conversion < 22%}",
        FakeProject(),
    ),
    "floor-warns-by-policy": (
        "{id: floor, measure: checkout, fail_if: conversion < 22%, severity: warn}",
        FakeProject(),
    ),
    "floor-passes": ("{id: floor, measure: checkout, fail_if: conversion < 18%}", FakeProject()),
    "floor-unsure": ("{id: floor, measure: checkout, fail_if: conversion < 20.2%}", FakeProject()),
    "regression-fails": (
        "{id: no-regression, measure: checkout, compare: previous_period, max_drop: 10%rel, "
        "segments: {by: platform, min_n: 500}}",
        FakeProject(steps=broken_android, segments=tuple(PLATFORMS)),
    ),
    "regression-passes": (
        "{id: no-regression, measure: checkout, compare: previous_period, max_drop: 10%rel}",
        FakeProject(steps=lambda day, segment: weekly(day, 8000, 4000, 1600)),
    ),
    "regression-with-an-odd-day": (
        "{id: no-regression, measure: checkout, compare: previous_period, max_drop: 10%rel}",
        FakeProject(steps=odd_day),
    ),
    "regression-unsure": (
        "{id: no-regression, measure: checkout, compare: previous_period, max_drop: 2pp}",
        FakeProject(steps=small),
    ),
    "retention-fails": (
        "{id: week-one, measure: {retention: {born: Signup, return: Login}}, "
        "fail_if: [day 1 < 36%, day 7 < 22%], warn_if: day 4 < 25%}",
        FakeProject(),
    ),
    "retention-drop-fails": (
        "{id: week-one, measure: {retention: {born: Signup, return: Login}}, "
        "compare: previous_period, max_drop: 10%rel}",
        FakeProject(
            cohorts=since(
                "2026-07-22", (150, 70, 50, 45, 40, 38, 36, 34, 33), (150, 90, 60, 55, 50, 45, 42, 40, 38)
            )
        ),
    ),
    "retention-drop-fails-by-platform": (
        "{id: week-one, measure: {retention: {born: Signup, return: Login, buckets: [1]}}, "
        "compare: previous_period, max_drop: 10%rel, segments: {by: platform, min_n: 500}}",
        FakeProject(cohorts=ios_leaves, segments=("Android", "iOS")),
    ),
    "volume-level-fails": (
        "{id: volume, measure: {volume: Purchase}, fail_if: count < 1200}",
        FakeProject(),
    ),
    "volume-drop-fails": (
        "{id: volume, measure: {volume: Purchase}, compare: previous_period, max_drop: 10%rel}",
        FakeProject(counts=fewer),
    ),
    "volume-drop-fails-by-platform": (
        "{id: volume, measure: {volume: Purchase}, compare: previous_period, max_drop: 10%rel, "
        "segments: {by: platform, min_n: 500}}",
        FakeProject(counts=fewer_on_the_web, segments=tuple(MIX)),
    ),
    "mix-fails": (
        "{id: mix, measure: {mix: {event: Login, by: platform}}, compare: previous_period, max_shift: 5pp}",
        FakeProject(counts=moved_mix, segments=tuple(MIX)),
    ),
    "snapshot-missing": (
        "{id: snapshot, measure: {volume: Purchase}, compare: snapshot, max_drop: 10%rel}",
        FakeProject(),
    ),
    "event-unknown": ("{id: unknown, measure: {volume: Purchse}, fail_if: count < 5}", FakeProject()),
}


@pytest.mark.parametrize("name", CASES)
def test_the_message_is_as_reviewed(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    check, project = CASES[name]
    file = read_text(f"{HEAD}  - {check}\n", "checks/checkout.checks.yaml", grammars(), {})
    assert file.problems == ()
    result = CheckSession(project).run(file.checks[0])
    told = panel(result.name, result.verdict.outcome, result.explanation) + "\n"
    golden = HERE / f"{name}.txt"
    if os.environ.get("MIXPANEL_WRITE_GOLDENS"):
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")
    assert max(map(len, told.splitlines())) <= 100
    assert len(told.splitlines()) <= 20
