"""Budget, kept answers, recordings, replays and writes by the options of a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plugin.conftest import Suite
from tests.plugin.live import PROJECT, Service, environment, live

EVENTS = "def test_events(mixpanel): assert mixpanel.events() == ['Login', 'Purchase']"


@pytest.fixture
def alone(suite: Suite) -> Suite:
    """A suite without stand-ins."""
    (suite.pytester.path / "conftest.py").unlink()
    return suite


def set_all(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("distributed", [False, True], ids=["one process", "two workers"])
def test_a_run_is_recorded_once_and_replayed_without_account(
    alone: Suite, distributed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = "\n".join(
        f"def test_{n}(mixpanel): assert mixpanel.property_values('p{n}') == ['value of p{n}']"
        for n in range(4)
    )
    alone.test(test_shop=f"{EVENTS}\n{values}")
    run = alone.run_distributed if distributed else alone.pytester.runpytest_subprocess
    service = Service()
    path = alone.pytester.path / "out" / "run.jsonl"
    with live(service) as url, monkeypatch.context() as credentials:
        set_all(credentials, environment(url, alone.pytester.path))
        result = run("-p", "pytest_mixpanel.plugin", "--mixpanel-record=out/run.jsonl")
        result.assert_outcomes(passed=5)
        result.stdout.fnmatch_lines(["recording of mixpanel: out/run.jsonl, 5 answers"])
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[0]["project"] == PROJECT
    assert [entry.name for entry in path.parent.iterdir()] == ["run.jsonl"]
    for name in environment("", alone.pytester.path):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MP_CONFIG_PATH", str(alone.pytester.path / "none.toml"))
    run("-p", "pytest_mixpanel.plugin", "--mixpanel-replay=out/run.jsonl").assert_outcomes(passed=5)
    assert len(service.asked) == 5 if not distributed else 5 <= len(service.asked) <= 6


def test_what_is_not_recorded_is_an_error_that_names_question_and_file(alone: Suite) -> None:
    head = {"mixpanel-recording": 1, "project": "3", "now": "2026-03-01T00:00:00+00:00", "time_zone": "UTC"}
    (alone.pytester.path / "run.jsonl").write_text(json.dumps(head) + "\n")
    alone.test(test_shop=EVENTS)
    result = alone.run("--mixpanel-replay=run.jsonl")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *run.jsonl holds no answer to GET /api/query/events/names"])


def test_a_replay_has_the_clock_of_the_recording(alone: Suite) -> None:
    head = {
        "mixpanel-recording": 1,
        "project": "3",
        "now": "2026-03-01T06:00:00+00:00",
        "time_zone": "Asia/Tokyo",
    }
    (alone.pytester.path / "run.jsonl").write_text(json.dumps(head) + "\n")
    alone.test(
        test_shop="def test_now(mixpanel): assert f'{mixpanel.now:%F %T} {mixpanel.timezone}' == "
        "'2026-03-01 06:00:00 Asia/Tokyo'"
    )
    alone.run("--mixpanel-replay=run.jsonl").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--mixpanel-record=a", "--mixpanel-replay=b"],
            "option --mixpanel-record and option --mixpanel-replay *",
        ),
        (["--mixpanel-budget=lots"], "option --mixpanel-budget: 'lots' is not a budget; *60/h"),
    ],
)
def test_options_that_will_not_do_are_refused_early(alone: Suite, options: list[str], said: str) -> None:
    result = alone.run(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {said}"])


def test_a_live_project_is_read_only_unless_writes_are_allowed(
    alone: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone.test(
        test_shop="""
            import httpx

            def test_write(mixpanel):
                connection = mixpanel._connection
                base = connection.environment.get("MP_API_BASE_URL")
                connection.client.post(base + "/api/app/projects/3/dashboards")
        """
    )
    service = Service()
    with live(service) as url:
        set_all(monkeypatch, environment(url, alone.pytester.path))
        alone.run().stdout.fnmatch_lines(
            ["E *WritesRefusedError: POST /api/app/projects/3/dashboards changes *"]
        )
        assert service.asked == []
        alone.run("--mixpanel-allow-writes").assert_outcomes(passed=1)
        assert len(service.asked) == 1


EIGHT_WORKERS = """
    import pytest
    from pytest_mixpanel import Workspace

    @pytest.fixture(scope="session")
    def ws():
        with Workspace(project=1234567, budget="12/3s", keeps_answers=True) as workspace:
            yield workspace

    @pytest.mark.parametrize("n", range(40))
    def test_values(ws, n):
        assert ws.property_values(f"p{n % 30}") == [f"value of p{n % 30}"]
"""


def test_eight_workers_keep_to_five_at_once_and_to_the_budget_and_ask_nothing_twice(
    alone: Suite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alone.test(test_shop=EIGHT_WORKERS)
    service = Service(seconds=0.1)
    with live(service) as url:
        set_all(monkeypatch, environment(url, tmp_path))
        options = ("-p", "pytest_mixpanel.plugin", "-p", "xdist.plugin", "-n", "8", "--dist=load")
        alone.pytester.runpytest_subprocess(*options).assert_outcomes(passed=40)
        assert len(service.asked) == 30
        assert service.most_at_once <= 5
        assert service.most_within(3.0) <= 12
        again = alone.pytester.runpytest_subprocess("-p", "pytest_mixpanel.plugin")
        again.assert_outcomes(passed=40)
        assert len(service.asked) == 30
