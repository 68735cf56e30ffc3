from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from pytest_mixpanel.core.explanation import Explanation
from pytest_mixpanel.core.verdict import Verdict


@dataclass(frozen=True)
class CheckSpec:
    id: str
    kind: str = "funnel"
    suite: str | None = "shop"
    owner: str | None = None
    tags: tuple[str, ...] = ()
    path: Any = ""
    line: int = 1


@dataclass(frozen=True)
class Diagnostic:
    line: int
    text: str

    def render(self) -> str:
        return self.text


@dataclass(frozen=True)
class CheckFile:
    checks: tuple[CheckSpec, ...]
    problems: tuple[Diagnostic, ...]


def read_checks(path: Path, grammars: Any, variables: Any) -> CheckFile:
    import yaml

    lines = path.read_text().splitlines()
    problems = [
        Diagnostic(n, f"error[unknown-key]: 'fail_iff' {path.name}:{n}: did you mean 'fail_if'?")
        for n, line in enumerate(lines, 1)
        if "fail_iff" in line
    ]
    data = yaml.safe_load(path.read_text())
    checks = [
        CheckSpec(
            c["id"],
            owner=c.get("owner"),
            tags=tuple(c.get("tags", ())),
            path=path,
            line=1 + next(n for n, line in enumerate(lines) if f"id: {c['id']}" in line),
        )
        for c in data["checks"]
    ]
    return CheckFile(tuple(checks), tuple(problems))


@dataclass(frozen=True)
class CheckResult:
    id: str
    path: str
    line: int
    owner: str | None
    verdict: Verdict
    explanation: Explanation
    tags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"shop::{self.id}"

    def to_json(self) -> dict[str, Any]:
        verdict = {"outcome": str(self.verdict.outcome), "mde": self.verdict.mde}
        return {"id": self.id, "path": self.path, "line": self.line, "owner": self.owner, "verdict": verdict}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CheckResult:
        from tests.plugin.fake_house import result_of

        return result_of(CheckSpec(**{k: v for k, v in data.items() if k != "verdict"}))


def install_where_missing() -> None:
    for name, facts in {
        "pytest_mixpanel.dsl.reader": {"read_checks": read_checks},
        "pytest_mixpanel.kinds.registry": {"grammars": dict},
        "pytest_mixpanel.runner.result": {"CheckResult": CheckResult},
    }.items():
        if name in sys.modules or find_spec(name) is None:
            module = ModuleType(name)
            vars(module).update(facts)
            sys.modules[name] = module
