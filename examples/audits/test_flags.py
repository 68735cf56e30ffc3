"""Flags that have done their work: on for everybody for months, they belong in the code."""

from datetime import datetime, timedelta

LONG = timedelta(days=90)


def is_for_everybody(flag):
    return any(rule.get("rollout_percentage") == 1 for rule in flag.ruleset.get("rollout", []))


def test_no_flag_outlives_its_rollout(mixpanel):
    old = [
        f"{flag.key}, on for everybody since {flag.enabled_at:.10}"
        for flag in mixpanel.list_feature_flags()
        if flag.enabled_at
        and flag.status == "enabled"
        and is_for_everybody(flag)
        and mixpanel.now - datetime.fromisoformat(flag.enabled_at) > LONG
    ]
    assert old == [], "remove these from the code, then from the project"
