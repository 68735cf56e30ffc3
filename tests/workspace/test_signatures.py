"""Methods of the workspace have their own signatures: for readers, for ``help()`` and for type checkers."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel import Workspace

METHODS = {
    "query": ("events", "QueryResult"),
    "query_funnel": ("steps", "FunnelQueryResult"),
    "query_retention": ("born_event", "RetentionQueryResult"),
    "query_flow": ("event", "FlowQueryResult"),
    "query_user": ("where", "UserQueryResult"),
    "build_params": ("events", "dict[str, Any]"),
    "build_funnel_params": ("steps", "dict[str, Any]"),
    "build_retention_params": ("born_event", "dict[str, Any]"),
    "build_flow_params": ("event", "dict[str, Any]"),
    "build_user_params": ("where", "dict[str, Any]"),
}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_shows_its_arguments_and_its_answer(name: str) -> None:
    first, answer = METHODS[name]
    shown = inspect.signature(getattr(Workspace, name))
    assert list(shown.parameters)[:2] == ["self", first]
    assert shown.return_annotation == answer
    assert "today" not in shown.parameters
    assert "last" in shown.parameters or "limit" in shown.parameters
    assert getattr(Workspace, name).__name__ == name
    assert len(str(inspect.getdoc(getattr(Workspace, name)))) > 80


USER_CODE = """
import pytest_mixpanel as mp

def ask(ws: mp.Workspace) -> float:
    count = ws.query("Login", math="unique", last=7, where=mp.Filter.equals("platform", "iOS"))
    funnel = ws.query_funnel(["A", mp.FunnelStep("B")], conversion_window=7)
    flow = ws.query_flow("Login", forward=2, mode="tree")
    users = ws.query_user(mode="profiles", limit=None, parallel=True)
    params = ws.build_retention_params("A", "B", retention_unit="day")
    {line}
    return funnel.overall_conversion_rate + len(count.df) + len(flow.trees) + users.total + len(params)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("pass", ""),
        ('ws.query("Login", lst=7)', 'Unexpected keyword argument "lst"'),
        ('ws.query_funnel(["A"], order="strict")', "incompatible type"),
        ("funnel.no_such_thing", "has no attribute"),
        ("ws.query_flow(forward=2)", "Too few arguments"),
    ],
)
def test_user_code_is_checked_strictly(tmp_path: Path, line: str, said: str) -> None:
    from mypy import api

    (tmp_path / "user.py").write_text(USER_CODE.replace("{line}", line), encoding="utf-8")
    told, _, code = api.run(["--strict", str(tmp_path / "user.py")])
    assert said in told
    assert (code == 0) is (said == "")


@pytest.mark.parametrize(
    ("method", "arguments", "told"),
    [
        ("query", {"lst": 7}, r"^query\(\) got an unexpected keyword argument 'lst'; did you mean 'last'\?$"),
        (
            "query_retention",
            {"retentoin_unit": "day"},
            r"^query_retention\(\) .* did you mean 'retention_unit'",
        ),
        ("build_params", {"zzz": 1}, r"^build_params\(\) got an unexpected keyword argument 'zzz'$"),
    ],
)
def test_a_misspelt_argument_is_told_by_the_method_with_the_nearest(
    method: str, arguments: dict[str, Any], told: str
) -> None:
    with Workspace(project="demo") as workspace, pytest.raises(TypeError, match=told):
        getattr(workspace, method)("Login", **arguments)


def test_a_misspelt_name_of_the_package_is_told_with_the_nearest() -> None:
    import pytest_mixpanel

    with pytest.raises(AttributeError, match=r"has no attribute 'Workspce'; did you mean 'Workspace'\?$"):
        _ = pytest_mixpanel.Workspce
    assert not hasattr(pytest_mixpanel, "__wrapped__")


def test_a_clock_that_is_no_datetime_says_what_to_write() -> None:
    with pytest.raises(TypeError, match=r"now='2025-03-31' is no datetime; write datetime\.fromisoformat"):
        Workspace(project="demo", now="2025-03-31")  # type: ignore[arg-type]  # the point of the test
