"""Every example of the documentation is run: checks files and tests on the demo project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def blocks(language: str) -> list[object]:
    """The fenced blocks of a language, named by page and line."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            if block[1] == language:
                line = text[: block.start()].count("\n") + 1
                found.append(pytest.param(block[2], id=f"{page.relative_to(ROOT)}:{line}"))
    return found


@pytest.mark.parametrize("text", blocks("yaml"))
def test_a_checks_file_runs_on_the_demo(text: str, pytester: pytest.Pytester) -> None:
    (pytester.path / "example.checks.yaml").write_text(text, encoding="utf-8")
    result = pytester.runpytest_subprocess("--mixpanel-project=demo", "-p", "no:cacheprovider")
    outcomes = result.parseoutcomes()
    assert result.ret == 0, result.stdout.str()
    assert "errors" not in outcomes


def test_the_failure_that_the_readme_shows_is_what_is_printed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = dict(reversed(BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))))
    place, file = told["yaml"].split("\n", 1)[0].removeprefix("# "), told["yaml"]
    command, *shown = told["console"].splitlines()
    path = pytester.path / place
    path.parent.mkdir()
    path.write_text(file, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "80")
    result = pytester.runpytest_subprocess(*command.split()[2:], "-p", "no:cacheprovider")
    assert "\n".join(shown[1:]) in result.stdout.str(), "after the … it is what is printed"


@pytest.mark.parametrize("text", blocks("python"))
def test_a_python_example_passes_on_the_demo(text: str, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_example=text)
    result = pytester.runpytest_subprocess("--mixpanel-project=demo", "-p", "no:cacheprovider")
    assert result.ret == 0, result.stdout.str()
    assert result.parseoutcomes().get("passed", 0) >= 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = [
        target for target in LINK.findall(page.read_text("utf-8")) if not (page.parent / target).exists()
    ]
    assert not broken
