"""The command line of the measurements."""

from __future__ import annotations

import pytest

from tests.benchmarks.__main__ import COMMANDS, main, summary


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit, match=r"^0$"):
        main(arguments)
    return capsys.readouterr().out


def test_help_lists_every_measurement(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown(capsys, "--help")
    for name in COMMANDS:
        assert f"{name} " in told
        assert summary(name) in told


@pytest.mark.parametrize("name", COMMANDS)
def test_every_measurement_tells_its_own_options(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, name, "--help").startswith(f"usage: python -m tests.benchmarks {name} ")


@pytest.mark.parametrize("wrong", [["first_quest"], ["first_request", "many"], ["queries", "--event", "x"]])
def test_what_is_none_is_refused_in_words(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^2$"):
        main(wrong)
    assert "error: argument" in capsys.readouterr().err
