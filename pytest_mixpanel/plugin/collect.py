"""Checks files as pytest collects them: a file is a module without an object, a check a function.

Fixtures, marks, ``--lf``, ``--durations``, reruns and xdist then work as for Python tests.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_mixpanel.plugin.failures import CheckFailed, ChecksFileBroken, Panel
from pytest_mixpanel.plugin.state import state_of

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.diagnostics import Diagnostic
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.runner.result import CheckResult


class ChecksFile(pytest.Module):
    """A ``*.checks.yaml`` file."""

    obj = None

    def collect(self) -> Iterator[pytest.Item]:
        """The checks of the file; of a file with problems, the one item that shows them all."""
        from pytest_mixpanel.dsl.reader import read_checks
        from pytest_mixpanel.kinds.registry import grammars

        file = read_checks(self.path, grammars(), state_of(self.config).variables)
        if not file.problems:
            for spec in file.checks:
                yield Check.of(self, spec)
        elif self._is_asked_for_one_check():
            raise self.CollectError(_told(file.problems))
        else:
            problems: BrokenFile = BrokenFile.from_parent(self, name="problems")
            problems.problems = tuple(file.problems)
            yield problems

    def _is_asked_for_one_check(self) -> bool:
        """Whether the command line names a check of this file, which pytest would then not find."""
        for argument in self.config.args:
            path, separator, _ = str(argument).partition("::")
            if separator and (self.config.invocation_params.dir / path).resolve() == self.path.resolve():
                return True
        return False


class Check(pytest.Function):
    """One check of a file, measured in its setup and judged in its call, so that trouble is an error."""

    spec: CheckSpec

    @classmethod
    def of(cls, parent: ChecksFile, spec: CheckSpec) -> Check:
        item: Check = cls.from_parent(parent, name=spec.id, callobj=_judge())
        item.spec = spec
        for facts in _marks(spec):
            item.add_marker(pytest.mark.mixpanel(**facts))
        item.extra_keyword_matches.update({spec.kind, *spec.tags, *([spec.owner] if spec.owner else [])})
        return item

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        return self.path, self.spec.line - 1, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CheckFailed):
            return Panel(excinfo.value.result)
        return super().repr_failure(excinfo)


class BrokenFile(pytest.Item):
    """Stands for a checks file that cannot be read; its failure lists every problem of the file."""

    problems: Sequence[Diagnostic] = ()

    def setup(self) -> None:
        raise ChecksFileBroken(self.told())

    def told(self) -> str:
        """Every problem of the file, with its place."""
        return _told(self.problems)

    def runtest(self) -> None:
        """Never reached: the setup has failed."""

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        return self.path, self.problems[0].line - 1, self.name


def _told(problems: Iterable[Diagnostic]) -> str:
    return "\n".join(problem.render() for problem in problems)


def _judge() -> Callable[..., None]:
    """The function behind an item: one object each, because pytest keeps marks on it."""

    def judge(_mixpanel_result: CheckResult) -> None:
        from pytest_mixpanel.core.verdict import Outcome

        if _mixpanel_result.verdict.outcome is Outcome.FAIL:
            raise CheckFailed(_mixpanel_result)

    return judge


def _marks(spec: CheckSpec) -> Iterator[dict[str, str]]:
    """The keyword arguments of the ``mixpanel`` marks: one mark for each tag, or one without a tag."""
    facts = {"kind": spec.kind}
    if spec.suite:
        facts["suite"] = spec.suite
    if spec.owner:
        facts["owner"] = spec.owner
    for tag in spec.tags:
        yield {**facts, "tag": tag}
    if not spec.tags:
        yield facts


def is_checks_file(path: Path, patterns: Sequence[str]) -> bool:
    from fnmatch import fnmatch

    return any(fnmatch(path.name, pattern) for pattern in patterns)
