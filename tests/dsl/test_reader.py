from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mixpanel.dsl.reader import CheckFile, read_checks, read_text
from pytest_mixpanel.kinds.registry import grammars

HERE = Path(__file__).parent


def read(text: str, **variables: str) -> CheckFile:
    return read_text(text, "shop.checks.yaml", grammars(), variables)


def codes(file: CheckFile) -> list[str]:
    return [problem.code for problem in file.problems]


def one_check(body: str) -> CheckFile:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return read(f"version: 1\nchecks:\n  - id: a\n{lines}")


def test_a_file_gives_its_checks_with_what_they_inherit() -> None:
    file = read_checks(HERE / "checkout.checks.yaml", grammars(), {"window": "14d"})
    assert file.problems == ()
    floor, regression, *_ = file.checks
    assert (floor.name, floor.kind, floor.line) == ("checkout::purchase-floor", "funnel", 14)
    assert floor.owner == "growth-analytics"
    assert floor.tags == ("tier1",)
    assert floor.links == {"runbook": "https://wiki.example/checkout"}
    assert str(floor.window) == "14d"
    assert [(rule.level, rule.text, rule.line) for rule in floor.rules] == [
        ("fail", "conversion < 18%", 17),
        ("warn", "conversion < 20%", 18),
    ]
    assert regression.compare is not None
    assert regression.compare.rule == "max_drop: 10%rel"
    assert regression.requires == ("week-one",)


def test_all_problems_of_a_file_are_shown_at_once() -> None:
    text = (HERE / "broken.checks.yaml").read_text()
    file = read(text)
    told = "\n".join(problem.render() for problem in file.problems) + "\n"
    assert told == (HERE / "broken.txt").read_text()
    assert [problem.line for problem in file.problems] == sorted(problem.line for problem in file.problems)


def test_tags_accumulate_and_maps_merge_while_the_rest_is_replaced() -> None:
    file = read(
        "version: 1\nowner: team\ntags: [tier1]\nlinks: {runbook: r, board: b}\n"
        "defaults: {window: 28d, where: {country: DE}}\n"
        "metrics: {m: {volume: Purchase, tags: [money], where: {platform: iOS}}}\n"
        "checks:\n  - {id: a, measure: m, fail_if: count < 5, tags: mine, owner: ana, links: {board: c}}\n"
    )
    assert file.problems == ()
    (check,) = file.checks
    assert check.tags == ("tier1", "money", "mine")
    assert check.owner == "ana"
    assert check.links == {"runbook": "r", "board": "c"}
    assert [found.to_json()["value"] for found in check.where] == ["country", "platform"]


def test_norway_stays_norway() -> None:
    file = one_check("measure: {volume: Purchase}\nfail_if: count < 5\nwhere: {country: NO}")
    assert file.checks[0].where[0].to_json()["filterValue"] == ["NO"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("measure: {volume: Purchase}\nfail_if: count < 5%", "wrong-unit"),
        ("measure: {volume: Purchase}\nfail_if: count < 0", "impossible"),
        ("measure: {volume: Purchase}\nfail_if: count 7 < 5", "bad-metric"),
        ("measure: {volume: Purchase}\nmax_drop: 5%rel", "no-baseline"),
        ("measure: {volume: Purchase}\ncompare: previous_period", "no-margin"),
        ("measure: {volume: Purchase}\ncompare: previous_period\nmax_drop: 5pp", "wrong-unit"),
        ("measure: {volume: Purchase}\ncompare: snapshot\nmax_shift: 5pp", "wrong-margin"),
        ("measure: {volume: Purchase}\ncompare: previous_perod\nmax_drop: 5%rel", "bad-value"),
        ("measure: {lexicon: plan.yaml}\nsegments: platform", "no-segments"),
        ("measure: {volume: Purchase, mix: {event: A, by: b}}\nfail_if: count < 5", "bad-measure"),
        ("measure: {volme: Purchase}\nfail_if: count < 5", "unknown-key"),
        ("measure: {volume: Purchase}\nfail_if: count < 5\nrequires: [b]", "unknown-check"),
        ("measure: {volume: Purchase}\nfail_if: count < 5\nrequires: [a]", "circle"),
        ("measure: {volume: Purchase}\nfail_if: count < 5\nwindow: 36h", "bad-value"),
        ("measure: {volume: Purchase}\nfail_if: count < 5\nwhere: {a: {b: 1}}", "bad-filter"),
        ("measure: {volume: Purchase}\nfail_if: []", "too-few"),
        ("measure: {funnel: {steps: [A, B]}}\nfail_if: conversion < 0.18", "ambiguous-unit"),
        ("measure: {funnel: {steps: [A, B]}}\nfail_if: conversion(step 3) < 18%", "bad-metric"),
        ("measure: {mix: {event: A, by: b}}\nfail_if: share < 18%", "bad-metric"),
        ("fail_if: count < 5", "missing-key"),
    ],
)
def test_what_makes_no_sense_is_a_problem_with_a_place(body: str, code: str) -> None:
    file = one_check(body)
    assert code in codes(file)
    assert all(problem.line > 1 for problem in file.problems)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad-value"),
        ("- a", "bad-value"),
        ("version: 2\nchecks: []", "unknown-version"),
        ("a: [1", "not-yaml"),
        ("a: " + "[" * 5000, "too-large"),
        ("&a [*a]", "not-yaml"),
        ("version: 1\nversion: 1\nchecks: []", "duplicate-key"),
        ("version: 1\nchecks:\n  - !!python/object:os.system x", "tag"),
        ("version: 1\nchecks:\n  - !!python/object:os.system {}", "tag"),
        ("version: 1\nchecks: !!set {a, b}", "tag"),
    ],
)
def test_what_is_no_checks_file_says_so(text: str, code: str) -> None:
    assert code in codes(read(text))


def test_a_circle_of_requirements_is_shown_whole() -> None:
    checks = "".join(
        f"  - {{id: {id_}, measure: {{volume: A}}, fail_if: count < 5, requires: [{wanted}]}}\n"
        for id_, wanted in ("ab", "bc", "ca")
    )
    assert read(f"version: 1\nchecks:\n{checks}").problems[0].message == "a requires itself: a → b → c → a"


def test_a_merge_key_is_refused_with_what_the_language_has_instead() -> None:
    problem = one_check("<<: {owner: me}\nmeasure: {volume: A}\nfail_if: count < 5").problems[0]
    assert (problem.code, problem.hint[:19]) == ("unknown-key", "maps are not merged")


def test_a_range_that_is_upside_down_is_shown_the_other_way_round() -> None:
    rules = "properties: {price: {between: [50, 5]}}"
    problem = one_check(f"measure: {{properties: {{event: A, last: 7d}}}}\n{rules}").problems[0]
    assert problem.hint == "write [5, 50]"


def test_a_space_may_stand_before_a_percent_sign_as_in_our_own_messages() -> None:
    body = "measure: {funnel: {steps: [A, B]}}\nfail_if: conversion < 18 %"
    assert str(one_check(body).checks[0].rules[0].condition) == "conversion < 18 %"


def test_aliases_cannot_grow_without_end() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )
    assert codes(read(bomb)) == ["too-large"]


def test_a_file_that_is_not_there_or_not_text_is_a_problem(tmp_path: Path) -> None:
    assert codes(read_checks(tmp_path / "none.checks.yaml", grammars(), {})) == ["unreadable"]
    (tmp_path / "b.checks.yaml").write_bytes(b"\xff\xfe\x00")
    assert codes(read_checks(tmp_path / "b.checks.yaml", grammars(), {})) == ["unreadable"]


def test_a_variable_without_a_value_names_the_option_that_gives_it() -> None:
    text = (
        "version: 1\nvars: {floor: {type: quantity}}\nchecks:\n"
        "  - {id: a, measure: {funnel: {steps: [A, B]}}, fail_if: 'conversion < ${floor}'}\n"
    )
    assert "--mixpanel-var floor=…" in read(text).problems[0].hint
    assert str(read(text, floor="18%").checks[0].rules[0].condition) == "conversion < 18%"
    assert codes(read(text, floor="many"))[0] == "bad-value"
