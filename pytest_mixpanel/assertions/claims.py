"""How an assertion ends: quietly, with an ``AssertionError`` that explains, or skipped as undecided."""

from __future__ import annotations

from typing import Literal

from pytest_mixpanel.core.explanation import Command, Curve, Explanation, Line
from pytest_mixpanel.core.verdict import Outcome, Verdict

Undecided = Literal["skip", "fail", "pass"]
"""What becomes of a test whose data cannot decide: never a silent pass unless it asks for one."""


class ClaimFailed(AssertionError):
    """The data contradict the claim; ``verdict`` and ``explanation`` say how."""

    def __init__(self, verdict: Verdict, explanation: Explanation) -> None:
        super().__init__(plain(explanation))
        self.verdict = verdict
        self.explanation = explanation


def settle(verdict: Verdict, explanation: Explanation, undecided: Undecided = "skip") -> Verdict:
    """End an assertion by its verdict. Raises ``ClaimFailed``; skips the test where nothing is decided."""
    __tracebackhide__ = True
    if verdict.outcome in (Outcome.FAIL, Outcome.ERROR):
        raise ClaimFailed(verdict, explanation)
    if verdict.outcome is Outcome.INCONCLUSIVE:
        if undecided == "fail":
            raise ClaimFailed(verdict, explanation)
        if undecided == "skip":
            import pytest

            pytest.skip(f"undecided: {plain(explanation)}")
    return verdict


def plain(explanation: Explanation) -> str:
    """The explanation as text without a surface: what Python shows of an exception."""
    lines = [explanation.headline, *([f"  {explanation.title}"] if explanation.title else [])]
    for block in explanation.blocks:
        if isinstance(block, Line | Command):
            lines.append(f"  {block.label:<9} {block.text}")
        elif not isinstance(block, Curve):
            rows = (block.header, *block.rows) if any(block.header) else block.rows
            widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
            for number, row in enumerate(rows):
                cells = "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                lines.append(f"  {block.label if number == 0 else '':<9} {cells}".rstrip())
    return "\n".join(lines)
