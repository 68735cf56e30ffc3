"""A run as Markdown, for a GitHub step summary, a pull-request comment or a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_mixpanel.core.explanation import Block, Command, Curve, Table
from pytest_mixpanel.core.verdict import Outcome
from pytest_mixpanel.report.run import SEVERITY, Run
from pytest_mixpanel.report.spark import sparkline
from pytest_mixpanel.report.terminal import WORDS
from pytest_mixpanel.report.text import one_line

if TYPE_CHECKING:
    from pytest_mixpanel.runner.result import CheckResult

_SPECIAL = re.compile(r"([\\`*_\[\]#|~])")


def escape(text: str) -> str:
    """``text`` inside a line, shown as it stands: no markup, HTML, mention, reference or link in it."""
    shown = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = _SPECIAL.sub(r"\\\1", shown)
    return shown.replace("@", "&#64;").replace("://", "&#58;//").replace("www.", "www&#46;")


def markdown(run: Run) -> str:
    """The whole run; checks that did not pass are spelled out, the others listed."""
    parts = [f"## Mixpanel checks: {escape(run.title)}", "", _counts(run), ""]
    shown = [result for result in run.ordered() if result.verdict.outcome is not Outcome.PASS]
    for result in shown:
        parts += [_section(result), ""]
    passed = [result for result in run.results if result.verdict.outcome is Outcome.PASS]
    if passed:
        parts += [f"<details><summary>{len(passed)} passed</summary>", ""]
        parts += [f"- {escape(result.name)}: {escape(result.explanation.headline)}" for result in passed]
        parts += ["", "</details>", ""]
    parts += [f"- {escape(label)}: {escape(text)}" for label, text in run.notes]
    return "\n".join(parts).rstrip() + "\n"


def _counts(run: Run) -> str:
    counts = run.counts
    present = [outcome for outcome in SEVERITY if counts[outcome]]
    header = "| checks | " + " | ".join(WORDS[outcome].lower() for outcome in present) + " |"
    numbers = f"| {len(run.results)} | " + " | ".join(str(counts[outcome]) for outcome in present) + " |"
    return "\n".join([header, "|---:" * (len(present) + 1) + "|", numbers])


def _section(result: CheckResult) -> str:
    explanation = result.explanation
    lines = [
        f"### {WORDS[result.verdict.outcome]} {escape(result.name)}",
        "",
        f"**{escape(explanation.headline)}**",
        "",
    ]
    if explanation.title:
        lines += [f"*{escape(explanation.title)}*", ""]
    for block in explanation.blocks:
        lines += _block(block)
    return "\n".join(lines).rstrip()


def _block(block: Block) -> list[str]:
    if isinstance(block, Table):
        return _table(block)
    text = _curve(block) if isinstance(block, Curve) else escape(block.text)
    text = f"<code>{text}</code>" if isinstance(block, Command) else text
    return [f"- {escape(block.label)}: {text}" if block.label else f"  {text}"]


def _table(table: Table) -> list[str]:
    marks = table.marks if any(table.marks) else ()
    header = [*table.header, ""] if marks else list(table.header)
    rows = [[*row, marks[index]] if index < len(marks) else list(row) for index, row in enumerate(table.rows)]
    lines = [f"- {escape(table.label)}:", "", _cells(header), "|" + "---|" * len(header)]
    return [*lines, *(_cells(row) for row in rows), ""]


def _cells(row: list[str]) -> str:
    return "| " + " | ".join(escape(cell) for cell in row) + " |"


def _curve(curve: Curve) -> str:
    before = f" before `{sparkline(curve.before)}`" if curve.before else ""
    return f"`{sparkline(curve.values)}`{before}"
