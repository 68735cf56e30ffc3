"""Writes the reference pages and the stub of the public names from the code: ``python docs/generate.py``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest_mixpanel
from pytest_mixpanel.dsl.checks import INHERITED, OWN
from pytest_mixpanel.dsl.grammar import Grammar
from pytest_mixpanel.dsl.reader import read_text
from pytest_mixpanel.dsl.shapes import Field, Record
from pytest_mixpanel.kinds.registry import grammars
from pytest_mixpanel.manual.names import Entry, entries, members
from pytest_mixpanel.manual.pages import surfaces
from pytest_mixpanel.plugin.options import CHECKS_FILES, SETTINGS

PAGES = Path(__file__).parent / "reference"
HEAD = "<!-- Written by docs/generate.py from the code. -->\n"

OPTIONS_INTRODUCTION = """\
# Options

A value is looked for on the command line, then in the environment, then in the ini file; the run's
header says where each came from. Secrets have no option: `MP_USERNAME` and `MP_SECRET` are read from the
environment.
"""

CHECKS_INTRODUCTION = """\
# Checks files

A `*.checks.yaml` file has `version: 1`, a `suite`, and `checks`. `vars` declares variables, `metrics`
names what several checks measure, `defaults` holds keys for every check. `pytest-mixpanel schema` prints
the JSON Schema for editors. Numbers carry their unit: `18%` a level, `2pp` a difference of rates,
`10%rel` a relative change, `3x` a ratio, `7d` a duration.
"""

METHODS_INTRODUCTION = """\
# Methods of `Workspace`

`pytest-mixpanel help Workspace.NAME` shows a method's arguments, what it raises and an example. `{P}` is
`/api/app/projects/ID`; `{S}` is that too, or `/api/app/workspaces/ID` where a workspace is pinned; `{W}` is
a workspace of the project. What writes is refused unless the session allows it.
"""

EXAMPLES = {
    "funnel": (
        "measure: {funnel: {steps: [Signup, View Item, Add to Cart], within: 7d}}\n"
        "window: 28d\nfail_if: conversion(step 2) < 80%",
        "measure: {funnel: {steps: [Signup, View Item], within: 7d}}\nfail_if: conversion < 80",
    ),
    "retention": (
        "measure: {retention: {born: Signup, return: Login, unit: day}}\n"
        "window: 28d\nfail_if: [day 1 < 30%, day 7 < 15%]",
        "measure: {retention: {born: Signup, return: Login, unit: day}}\nfail_if: week 1 < 30%",
    ),
    "volume": (
        "measure: {volume: {event: Purchase, unit: day}}\nwindow: 28d\nfail_if: lowest < 50",
        "measure: {volume: {event: Purchase, unit: hour}}\nfail_if: lowest < 50",
    ),
    "mix": (
        "measure: {mix: {event: Login, by: platform}}\nwindow: 28d\n"
        "compare: {to: previous_period}\nmax_shift: 5pp",
        "measure: {mix: {event: Login, by: platform}}\ncompare: {to: previous_period}\nmax_shift: 5%",
    ),
    "lexicon": (
        "measure: {lexicon: {schemas: true, events: [Checkout], last: 7d}}\n"
        "drift: {breaking: fail, risky: warn}",
        "measure: {lexicon: {schemas: true}}\ndrift: {breaking: explode}",
    ),
    "properties": (
        "measure: {properties: {event: Purchase, last: 7d}}\n"
        'properties: {order_total: {present: ">= 99%", between: [0, 5000]}}',
        "measure: {properties: {event: Purchase, last: 7d}}\nproperties: {order_total: {betwen: [0, 5000]}}",
    ),
}


CHECKS_LANGUAGE = """## A whole file

```yaml
version: 1
suite: shop
owner: growth

vars:
  window: {type: duration, default: 28d}    # --mixpanel-var window=14d
defaults:
  window: ${window}                         # for every check that says nothing else
metrics:
  checkout:                                 # measured by the checks that name it
    funnel: {steps: [View Item, Add to Cart, Purchase], within: 7d}

checks:
  - id: purchase-floor
    measure: checkout
    fail_if: conversion < 10%
  - id: purchase-floor-on-phones
    measure: checkout
    where: {platform: [iOS, Android]}
    warn_if: conversion < 10%
    requires: [purchase-floor]
```

A variable has a `type` (`text`, `number`, `duration` or `quantity`), perhaps a `default` and `choices`.
A check inherits from its metric, `defaults` and the file, the nearest first: tags and `requires` add
up, maps are joined, anything else is replaced. YAML is read by its version 1.2 (`no` is a text), and
maps are not merged (`<<`).

## Conditions

`fail_if` and `warn_if` hold a condition, or a list of which any may hold: a metric, one of `<` `<=` `>`
`>=` `==` `!=`, a number in the metric's unit. `conversion outside 2% .. 5%` is two of them; `and`,
`or`, `not` and parentheses join them. What can never hold, and what always does, is refused.

## `where`: the events that count

A map of properties, all of which must hold:

| value | holds where the property |
|---|---|
| `iOS`, `[iOS, Android]` | is the text, or one of them; case is ignored |
| `7`, `"> 0"`, `"0 .. 100"` | is the number, or lies so |
| `"!= Web"` | is another text, or absent |
| `set`, `"not set"` | is there, or not |
| `true`, `false` | is so |
"""


def options_page() -> str:
    """Every setting with its twins."""
    rows = [
        f"| `{setting.option}` | {_choices(setting.choices)}{_cell(setting.help)} "
        f"| {setting.default or ''} | `{setting.variable}` | `{setting.dest}` |"
        for setting in SETTINGS
    ]
    return "\n".join(
        [
            HEAD,
            OPTIONS_INTRODUCTION,
            "| option | meaning | default | environment | ini |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"Checks files are called {' or '.join(f'`{each}`' for each in CHECKS_FILES)}; "
            "the ini key `mixpanel_files` names other patterns.",
            "",
        ]
    )


def checks_page() -> str:
    """The language: the keys of a check, then each kind with its keys, metrics and two examples."""
    lines = [
        CHECKS_LANGUAGE,
        "## Keys of a check",
        "",
        *_fields({**OWN, "measure": Field(OWN["title"].shape, "a metric's name, or what is measured", True)}),
        "",
        "## Keys that a check inherits from its metric, `defaults` and the file",
        "",
        *_fields(INHERITED),
    ]
    for name, grammar in grammars().items():
        lines += ["", *_kind(name, grammar)]
    return "\n".join([HEAD, CHECKS_INTRODUCTION, *_contents(lines), *lines]) + "\n"


def methods_page() -> str:
    """Every method of the workspace by the part it belongs to, with the request where it is one."""
    lines = []
    for title, methods in surfaces(members(entries()["Workspace"])).items():
        lines += [f"## {title}", "", "| method | what it does | request |", "|---|---|---|"]
        lines += [_method(entry) for entry in methods]
        lines.append("")
    return "\n".join([HEAD, METHODS_INTRODUCTION, *_contents(lines), *lines])


def _contents(lines: Iterable[str]) -> Iterator[str]:
    """Links to the headings of a page, as its readers' renderers name them."""
    headings = [line[3:] for text in lines for line in text.splitlines() if line.startswith("## ")]
    links = [f"[{_shown(heading)}](#{_anchor(heading)})" for heading in headings]
    yield f"{' · '.join(links)}\n"


def _shown(heading: str) -> str:
    return heading.partition(":")[0] if heading.startswith("`") else heading


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _method(entry: Entry) -> str:
    declared = getattr(entry.value, "declaration", None)
    name, request = entry.name.rpartition(".")[2], ""
    if declared:
        writes = ", writes" if declared.writes else ""
        request = f"`{declared.endpoint.verb} {declared.endpoint.path}`{writes}"
    return f"| `{name}` | {_cell(entry.summary)} | {request} |"


def _kind(name: str, grammar: Grammar) -> Iterator[str]:
    valid, invalid = EXAMPLES[name]
    yield f"## `{name}`: {grammar.about}"
    yield ""
    if isinstance(grammar.subject, Record):
        yield from _fields(grammar.subject.fields)
        yield ""
    if grammar.metrics:
        yield "| metric | meaning |"
        yield "|---|---|"
        for metric, rule in grammar.metrics.items():
            spelled = (
                f"{metric} N" if rule.index else f"{metric}({rule.argument})" if rule.argument else metric
            )
            optional = f"{metric}`, `" if rule.argument and not rule.needs_argument else ""
            yield f"| `{optional}{spelled}` | {_cell(rule.about)} |"
        yield ""
    if grammar.changes:
        margins = ", ".join(
            f"`max_{word}` in {' or '.join(units)}" for word, units in grammar.changes.items()
        )
        segments = " With `segments`, a change is looked for in each." if grammar.segmented else ""
        yield f"With `compare`: {margins}.{segments}"
        yield ""
    if grammar.rules:
        yield from _fields(grammar.rules)
        yield ""
    yield f"```yaml\n{_file(valid)}```"
    yield ""
    yield f"```yaml refused\n{_file(invalid)}```"
    yield ""
    yield f"```text\n{_problems(invalid)}\n```"


def _fields(fields: Mapping[str, Field]) -> Iterator[str]:
    yield "| key | meaning |"
    yield "|---|---|"
    for key, declared in fields.items():
        yield f"| `{key}`{' (required)' if declared.required else ''} | {_cell(declared.about)} |"


def _file(check: str) -> str:
    body = "\n".join(f"    {line}" for line in check.splitlines())
    return f"version: 1\nsuite: example\nchecks:\n  - id: example\n{body}\n"


def _problems(check: str) -> str:
    read = read_text(_file(check), "example.checks.yaml", grammars(), {})
    return "\n".join(problem.render() for problem in read.problems)


def _choices(choices: tuple[str, ...]) -> str:
    return f"{', '.join(f'`{choice}`' for choice in choices)}: " if choices else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def stub() -> str:
    """The public names as type checkers need them, each imported from where it is."""
    homes = pytest_mixpanel._HOME_OF
    lines = [
        "# Written by docs/generate.py from the table in __init__.py.",
        *(f"from pytest_mixpanel.{homes[name]} import {name} as {name}" for name in sorted(homes)),
        "",
        "_HOME_OF: dict[str, str]",
        "__all__ = [",
        *(f'    "{name}",' for name in sorted(homes)),
        "]",
    ]
    return "\n".join(lines) + "\n"


WRITTEN = {
    PAGES / "options.md": options_page,
    PAGES / "checks.md": checks_page,
    PAGES / "workspace.md": methods_page,
    Path(pytest_mixpanel.__file__).with_suffix(".pyi"): stub,
}

if __name__ == "__main__":
    PAGES.mkdir(exist_ok=True)
    for path, written in WRITTEN.items():
        path.write_text(written(), encoding="utf-8")
