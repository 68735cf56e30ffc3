"""The life of a feature flag."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mixpanel import QueryError, Workspace
from pytest_mixpanel.api.entities.feature_flags import (
    CreateFeatureFlagParams,
    FeatureFlag,
    FeatureFlagStatus,
    SetTestUsersParams,
    UpdateFeatureFlagParams,
)


def made(ws: Workspace, key: str = "new-checkout", **more: Any) -> FeatureFlag:
    return ws.create_feature_flag(CreateFeatureFlagParams(name="New checkout", key=key, **more))


def update(ws: Workspace, flag: FeatureFlag, **changes: Any) -> FeatureFlag:
    whole: dict[str, Any] = {
        "name": flag.name, "key": flag.key, "status": flag.status, "ruleset": flag.ruleset
    }  # fmt: skip
    return ws.update_feature_flag(flag.id, UpdateFeatureFlagParams(**{**whole, **changes}))


def test_a_flag_is_made_found_replaced_and_deleted(ws: Workspace) -> None:
    flag = made(ws, tags=["checkout"])
    assert (flag.status, flag.context, flag.tags) == ("disabled", "distinct_id", ["checkout"])
    assert [variant["key"] for variant in flag.ruleset["variants"]] == ["On", "Off"]
    assert ws.get_feature_flag(flag.id) == flag
    assert ws.list_feature_flags() == [flag]

    rollout = {**flag.ruleset, "rollout": [{"rollout_percentage": 0.5}]}
    on = update(ws, flag, status=FeatureFlagStatus.ENABLED, ruleset=rollout)
    assert (on.status, on.ruleset, on.tags) == ("enabled", rollout, [])
    assert on.enabled_at
    with pytest.raises(QueryError, match="disable it first"):
        ws.delete_feature_flag(flag.id)
    update(ws, on, status=FeatureFlagStatus.DISABLED)
    ws.delete_feature_flag(flag.id)
    assert ws.list_feature_flags() == []
    with pytest.raises(QueryError, match="there is no feature flag"):
        ws.get_feature_flag(flag.id)


def test_an_archived_flag_leaves_the_list_and_comes_back_disabled(ws: Workspace) -> None:
    flag = made(ws, status=FeatureFlagStatus.ENABLED)
    ws.archive_feature_flag(flag.id)
    assert ws.list_feature_flags() == []
    assert [one.status for one in ws.list_feature_flags(include_archived=True)] == ["archived"]
    assert ws.restore_feature_flag(flag.id).status == "disabled"
    assert [one.id for one in ws.list_feature_flags()] == [flag.id]
    with pytest.raises(QueryError, match="is not archived"):
        ws.restore_feature_flag(flag.id)


def test_a_copy_has_a_key_and_a_history_of_its_own(ws: Workspace) -> None:
    flag = made(ws, status=FeatureFlagStatus.ENABLED)
    copies = [ws.duplicate_feature_flag(flag.id) for _ in range(2)]
    assert [copy.key for copy in copies] == ["new-checkout-copy-1", "new-checkout-copy-2"]
    assert {copy.status for copy in copies} == {"disabled"}
    assert [copy.enabled_at for copy in copies] == [None, None]
    assert len({flag.id, *(copy.id for copy in copies)}) == 3
    assert ws.get_flag_history(copies[0].id).count == 1


def test_what_happened_to_a_flag_is_told_page_by_page(ws: Workspace) -> None:
    flag = made(ws)
    ws.set_flag_test_users(flag.id, SetTestUsersParams(users={"ana": "On"}))
    ws.archive_feature_flag(flag.id)
    assert ws.get_feature_flag(flag.id).ruleset["test"] == {"users": {"ana": "On"}}
    history = ws.get_flag_history(flag.id)
    assert [event[2] for event in history.events] == ["archived", "test users set", "created"]
    second = ws.get_flag_history(flag.id, page="2", page_size=2)
    assert ([event[2] for event in second.events], second.count) == (["created"], 3)


def test_keys_are_unique_and_rulesets_make_sense(ws: Workspace) -> None:
    flag = made(ws)
    with pytest.raises(QueryError, match="'new-checkout' already"):
        made(ws)
    other = made(ws, "other")
    with pytest.raises(QueryError, match="'new-checkout' already"):
        update(ws, other, key=flag.key)
    for ruleset in (
        {},
        {"variants": [{}], "rollout": []},
        {"variants": [], "rollout": [{"rollout_percentage": 50}]},
    ):
        with pytest.raises(QueryError, match="ruleset"):
            made(ws, "third", ruleset=ruleset)
    with pytest.raises(QueryError, match="key: should have 1 to 255"):
        made(ws, "")
    assert ws.get_flag_limits().current_usage == 2
