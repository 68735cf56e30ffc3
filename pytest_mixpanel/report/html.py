"""A run as one HTML page: static, no script, nothing loaded from elsewhere, light and dark."""

from __future__ import annotations

from html import escape
from itertools import zip_longest
from typing import TYPE_CHECKING

from pytest_mixpanel.core.explanation import Block, Command, Curve, Table
from pytest_mixpanel.core.verdict import Outcome
from pytest_mixpanel.report.run import SEVERITY, Run
from pytest_mixpanel.report.svg import curve_svg
from pytest_mixpanel.report.terminal import WORDS
from pytest_mixpanel.report.text import one_line

if TYPE_CHECKING:
    from pytest_mixpanel.runner.result import CheckResult

_STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fff;--soft:#667085;--edge:#d9dee7;
--fail:#b42318;--warn:#93610b;--pass:#1b7a43;--other:#175cd3}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ef;--paper:#14181f;--soft:#9aa4b2;--edge:#333b48;
--fail:#ff8a7a;--warn:#f2c14e;--pass:#6fd49a;--other:#84b6ff}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:64rem;
margin:2rem auto;padding:0 1rem}
h1{font-size:1.25rem}p,dd,td,th{overflow-wrap:anywhere}
.counts span{margin-right:1.25rem}.soft,dt,th{color:var(--soft);font-weight:normal}
details{border:1px solid var(--edge);border-radius:6px;margin:.6rem 0;padding:.5rem .9rem}
summary{cursor:pointer}b.word{display:inline-block;min-width:5.5rem}
.fail,.error{color:var(--fail)}.warn,.inconclusive{color:var(--warn)}.pass{color:var(--pass)}
.blocked,.waived{color:var(--other)}
dl{display:grid;grid-template-columns:7rem 1fr;gap:.15rem .75rem}dd{margin:0;white-space:pre-wrap}
table{border-collapse:collapse}td,th{text-align:left;padding:.1rem 1.2rem .1rem 0;
font-variant-numeric:tabular-nums}
svg{max-width:30rem;width:100%}svg path{fill:none;stroke-width:2}svg .now{stroke:var(--other)}
svg .before{stroke:var(--soft);stroke-dasharray:4 3}svg .axis{stroke:var(--edge);stroke-width:1}
""".strip()


def html(run: Run) -> str:
    """The whole page; checks that did not pass come first and are open."""
    title = _text(f"Mixpanel checks: {run.title}")
    body = "\n".join(_check(result) for result in run.ordered())
    notes = "".join(f"<dt>{_text(label)}</dt><dd>{_text(text)}</dd>" for label, text in run.notes)
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}\n</style></head><body>\n"
        f'<h1>{title}</h1>\n<p class="counts">{_counts(run)}</p>\n{body}\n'
        f"{f'<dl>{notes}</dl>' if notes else ''}\n</body></html>\n"
    )


def _text(text: str) -> str:
    return escape(one_line(text), quote=True)


def _counts(run: Run) -> str:
    counts = run.counts
    cells = [f"<span>{len(run.results)} checks</span>"]
    for outcome in SEVERITY:
        if counts[outcome]:
            cells.append(f'<span class="{outcome}">{counts[outcome]} {WORDS[outcome].lower()}</span>')
    return "".join(cells)


def _check(result: CheckResult) -> str:
    outcome = result.verdict.outcome
    explanation = result.explanation
    opened = "" if outcome is Outcome.PASS else " open"
    title = f"<p>{_text(explanation.title)}</p>" if explanation.title else ""
    blocks = "\n".join(_block(block) for block in explanation.blocks)
    described = f"\n<dl>{blocks}</dl>" if blocks else ""
    return (
        f'<details{opened}><summary><b class="word {outcome}">{WORDS[outcome]}</b> '
        f'{_text(result.name)} <span class="soft">{_text(explanation.headline)}</span></summary>'
        f"{title}{described}</details>"
    )


def _block(block: Block) -> str:
    if isinstance(block, Table):
        content = _table(block)
    elif isinstance(block, Curve):
        content = curve_svg(block)
    elif isinstance(block, Command):
        content = f"<code>{_text(block.text)}</code>"
    else:
        content = _text(block.text)
    return f"<dt>{_text(block.label)}</dt><dd>{content}</dd>"


def _table(table: Table) -> str:
    head = "".join(f"<th>{_text(cell)}</th>" for cell in table.header)
    rows = []
    for row, mark in zip_longest(table.rows, table.marks[: len(table.rows)], fillvalue=""):
        cells = "".join(f"<td>{_text(cell)}</td>" for cell in (*row, *([mark] if mark else [])))
        rows.append(f"<tr>{cells}</tr>")
    body = "\n".join(rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"
