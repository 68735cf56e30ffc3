"""Assertions and checks in Python."""

from pathlib import Path

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# A funnel converts at least so well
mp.assert_conversion(ws.query_funnel(["View Item", "Purchase"], conversion_window=7, last=28), at_least="10%")

# A funnel converts as well as in the four weeks before
mp.assert_no_conversion_drop(
    ws.query_funnel(
        ["View Item", "Purchase"], conversion_window=7, from_date="2025-02-25", to_date="2025-03-24"
    ),
    ws.query_funnel(
        ["View Item", "Purchase"], conversion_window=7, from_date="2025-01-28", to_date="2025-02-24"
    ),
    max_drop="20%rel",
)

# Users come back a week later
mp.assert_retention(ws.query_retention("Signup", "Login", retention_unit="day", last=28), 7, at_least="10%")

# Nobody's platform changed much between two months
mp.assert_no_mix_shift(
    ws.query("Login", math="unique", group_by="platform", from_date="2025-03-01", to_date="2025-03-28"),
    ws.query("Login", math="unique", group_by="platform", from_date="2025-02-01", to_date="2025-02-28"),
    max_shift="10pp",
)

# Every day has orders
mp.assert_volume(ws.query("Purchase", last=14), at_least=20)

# What arrives is what the tracking plan says
plan = Path("plan.yaml")
plan.write_text("version: 1\nevents: {Purchase: {properties: {order_total: number}}}\n")
mp.assert_lexicon(ws, plan, events=["Purchase"], drift={"additive": "pass"})

# The orders of a day meet an expectation
orders = ws.stream_events(from_date="2025-03-30", to_date="2025-03-30", events=["Purchase"])
mp.assert_expectations(list(orders), [{"ExpectColumnToExist": {"column": "order_total"}}])

# A claim that does not hold tells why
try:
    mp.assert_conversion(
        ws.query_funnel(["View Item", "Purchase"], conversion_window=7, last=28), at_least="90%"
    )
except mp.ClaimFailed as failure:
    assert failure.verdict.outcome == "fail"

# A check as in a checks file: a funnel that must not get worse
check = mp.funnel("View Item", "Purchase").within("7d").compare("previous_period").max_drop("10%rel")

# A check of retention
weekly = mp.retention("Signup", "Login", unit="day").fail_if("day 7 < 10%")

# A check of volume
busy = mp.volume("Purchase").fail_if("lowest < 20")

# A check of how users divide over platforms
even = mp.mix("Login", "platform").compare("previous_period").max_shift("5pp")

# A check of an event's properties
complete = mp.properties("Purchase", last="7d").with_keys(properties={"order_total": {"present": ">= 99%"}})
