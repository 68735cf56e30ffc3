"""The run that the golden files show: one check of every outcome and every kind of block."""

from __future__ import annotations

import unicodedata

from pytest_mixpanel.core.explanation import Command, Curve, Explanation, Line, Table
from pytest_mixpanel.core.verdict import Interval, Outcome, Verdict
from pytest_mixpanel.report.run import Run
from pytest_mixpanel.runner.result import CheckResult

AGAIN = Command(
    "again",
    (
        "pytest",
        "--mixpanel-project=exports/the shop",
        "--mixpanel-now=2026-08-28",
        "checks/checkout.checks.yaml::purchase-floor",
    ),
)

FLOOR = Explanation(
    "conversion 16.9 % is under the floor of 18 %",
    "At least 18 % of item viewers buy within a week",
    (
        Line("got", "16.90 %   2,109 of 12,480 users   95 % interval 16.25 – 17.57 %"),
        Line("rule", "fail_if conversion < 18%   (checks/checkout.checks.yaml:31)"),
        Line("verdict", "the whole interval is under 18 %, so this is not noise"),
        Line("window", "entered 2026-07-24 → 08-20 (28 d, Europe/Berlin); all had their full 7 days"),
        Line("owner", "growth-analytics      runbook https://wiki.example/checkout"),
        AGAIN,
    ),
)

REGRESSION = Explanation(
    "conversion dropped 2.30 pp, more than the 1 pp margin",
    None,
    (
        Line("now", "16.90 %   2,109 of 12,480   07-24 → 08-20"),
        Line("before", "19.20 %   2,477 of 12,903   06-26 → 07-23"),
        Line("change", "−2.30 pp   99 % interval −3.54 … −1.05   p = 2.0e-06"),
        Table(
            "where",
            ("platform", "share", "rate", "adds"),
            (
                ("Android", "37 → 36 %", "19.1 → 13.7 %", "−1.98 pp"),
                ("iOS", "47 → 49 %", "18.0 → 16.9 %", "−0.50 pp"),
                ("Web", "16 → 15 %", "23.1 → 24.5 %", "+0.22 pp"),
                ("traffic mix", "", "", "−0.04 pp"),
            ),
            ("◀ 86 % of the drop", "within noise", "within noise"),
        ),
    ),
)

RETENTION = Explanation(
    "day 14 retention 14.2 % is near 15 %",
    None,
    (
        Table(
            "day",
            ("", "got", "95 % interval", "rule", "result"),
            (
                ("1", "38.7 %", "37.3 – 40.2 %", "fail < 36 %", "ok"),
                ("14", "14.2 %", "13.2 – 15.3 %", "warn < 15 %", "unsure"),
            ),
        ),
        Curve(
            "curve",
            (1.0, 0.387, 0.31, 0.27, 0.24, None, 0.21, 0.2),
            (1.0, 0.39, 0.32, 0.29, 0.26, 0.25, 0.24, 0.23),
        ),
    ),
)

HOSTILE = Explanation(
    "event \x1b[31m<script>alert('x')</script>\u202e is unknown",
    "# [click](https://evil.example) @everyone | `rm` www.evil.example",
    (
        Line("near", '"Purchase" & <b>Purchases</b>\r\n::set-output name=x::y'),
        Table("a|b", ("<th>", "*h*"), (("</td><script>", "a|b"),), ("javascript:alert(1)",)),
        Curve('c"><script>', (1.0, 2.0), unit="count"),
    ),
)

VERDICTS = {
    "purchase-floor": (
        Verdict(
            Outcome.FAIL,
            estimate=0.169,
            interval=Interval(0.1625, 0.1757, 0.95, "wilson"),
            n={"entrants": 12480, "conversions": 2109},
        ),
        FLOOR,
        "growth-analytics",
    ),
    "purchase-no-regression": (Verdict(Outcome.FAIL, p=2.0e-06), REGRESSION, None),
    "week-one": (
        Verdict(Outcome.INCONCLUSIVE, "underpowered", mde=float("inf")),
        RETENTION,
        "growth-analytics",
    ),
    "purchase-volume": (Verdict(Outcome.PASS), Explanation("at least 512 purchases a day"), None),
    "platform-mix": (Verdict(Outcome.WARN), Explanation("platform mix moved 5.5 pp"), "platform"),
    "after-plan": (Verdict(Outcome.BLOCKED, "requires"), Explanation("waits for plan"), None),
    "known": (Verdict(Outcome.WAIVED, "waiver"), Explanation("waived until 2026-09-15"), None),
    "hostile": (Verdict(Outcome.ERROR, "unknown-event"), HOSTILE, "<i>ops</i>"),
}


def checkout_run() -> Run:
    """The run of ``VERDICTS``, as the demo project's would be reported."""
    results = tuple(result_of(id_, *facts) for id_, facts in VERDICTS.items())
    return Run(
        "demo", "2026-08-28T06:00:00+00:00", "Europe/Berlin", results, (("queries", "14 asked, 5 shared"),)
    )


def result_of(id_: str, verdict: Verdict, explanation: Explanation, owner: str | None) -> CheckResult:
    """The result of a check at one place of one file."""
    return CheckResult(
        id=id_,
        path="checks/checkout.checks.yaml",
        line=31,
        suite="shop",
        owner=owner,
        verdict=verdict,
        explanation=explanation,
    )


def is_still(line: str) -> bool:
    """Whether a terminal shows ``line`` as it stands: nothing in it but what is printed, and spaces."""
    return all(character.isprintable() or unicodedata.category(character) == "Zs" for character in line)
