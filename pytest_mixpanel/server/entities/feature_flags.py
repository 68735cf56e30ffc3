"""Feature flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mixpanel.api.entities.feature_flags import (
    CreateFeatureFlagParams,
    SetTestUsersParams,
    UpdateFeatureFlagParams,
)
from pytest_mixpanel.api.model import Params
from pytest_mixpanel.api.surfaces.feature_flags import FeatureFlags
from pytest_mixpanel.server.entities.asked import (
    Asked,
    Kind,
    Routes,
    page_size,
    whole_number,
)
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.members import PROJECT_ID, WORKSPACE_ID
from pytest_mixpanel.server.messages import BadRequest

FLAG = Kind("feature_flags", "feature flag", ids="uuid", authored=True)
NEW = {
    "project_id": PROJECT_ID, "workspace_id": WORKSPACE_ID, "status": "disabled", "can_edit": True,
    "content_type": "feature_flag",
}  # fmt: skip
LIMIT = 1_000
MOST_VARIANTS = 11
LONGEST_NAME = 255


def listed(asked: Asked) -> list[Row]:
    archived = asked.query.get("include_archived") == "true"
    return [flag for flag in FLAG.all(asked) if archived or flag["status"] != "archived"]


def create(asked: Asked) -> Row:
    given = _given(asked, CreateFeatureFlagParams)
    _refuse_taken(asked, given["key"])
    return FLAG.add(asked, {**NEW, **given, **_enabled(asked, given)})


def get(asked: Asked) -> Row:
    return FLAG.one(asked, asked.path["flag_id"])


def update(asked: Asked) -> Row:
    given, flag = _given(asked, UpdateFeatureFlagParams), get(asked)
    if given["key"] != flag["key"]:
        _refuse_taken(asked, given["key"])
    turned_on = _enabled(asked, given) if flag["status"] != "enabled" else {}
    return FLAG.change(asked, flag["id"], {**given, **turned_on})


def delete(asked: Asked) -> None:
    if get(asked)["status"] == "enabled":
        raise BadRequest("an enabled feature flag is not deleted: disable it first")
    FLAG.remove(asked, asked.path["flag_id"])


def archive(asked: Asked) -> Row:
    FLAG.change(asked, asked.path["flag_id"], {"status": "archived"}, "archived")
    return {}


def restore(asked: Asked) -> Row:
    if get(asked)["status"] != "archived":
        raise BadRequest("the feature flag is not archived")
    return FLAG.change(asked, asked.path["flag_id"], {"status": "disabled"}, "restored")


def duplicate(asked: Asked) -> Row:
    flag = get(asked)
    own = ("id", "created", "modified", "enabled_at")
    kept = {name: value for name, value in flag.items() if name not in own and not name.startswith("last_")}
    copy = {"name": f"{flag['name']} (copy)", "key": _free_key(asked, flag["key"]), "status": "disabled"}
    return FLAG.add(asked, {**kept, **copy})


def set_test_users(asked: Asked) -> Row:
    users = asked.read(SetTestUsersParams)["users"]
    ruleset = {**get(asked)["ruleset"], "test": {"users": users}}
    FLAG.change(asked, asked.path["flag_id"], {"ruleset": ruleset}, "test users set")
    return {}


def history(asked: Asked) -> Row:
    entries = FLAG.history(asked, asked.path["flag_id"])
    page, size = whole_number(asked.query.get("page"), "page", 1), page_size(asked, 20)
    shown = entries[(page - 1) * size : page * size]
    events = [[one["timestamp"], one["user"]["name"], one["action"], one["changes"]] for one in shown]
    return {"events": events, "count": len(entries)}


def limits(asked: Asked) -> Row:
    used = sum(flag["status"] != "archived" for flag in FLAG.all(asked))
    return {"limit": LIMIT, "is_trial": False, "current_usage": used, "contract_status": "active"}


def _given(asked: Asked, params: type[Params]) -> Row:
    """The fields of a whole flag; refuses names and rulesets that no flag can have."""
    given = asked.read(params, whole=True)
    for name in ("name", "key", "context"):
        if not 1 <= len(given[name]) <= LONGEST_NAME:
            raise BadRequest(f"{name}: should have 1 to {LONGEST_NAME} characters")
    _check_ruleset(given["ruleset"])
    return given


def _check_ruleset(ruleset: Mapping[str, Any]) -> None:
    variants, rollout = ruleset.get("variants"), ruleset.get("rollout")
    if not isinstance(variants, list) or not isinstance(rollout, list):
        raise BadRequest("ruleset: should hold the lists variants and rollout")
    if len(variants) > MOST_VARIANTS or not all(isinstance(one, dict) and one.get("key") for one in variants):
        raise BadRequest(f"ruleset.variants: should be at most {MOST_VARIANTS} objects with a key")
    for entry in rollout:
        share = entry.get("rollout_percentage") if isinstance(entry, dict) else None
        if not isinstance(share, (int, float)) or not 0 <= share <= 1:
            raise BadRequest("ruleset.rollout: each entry has a rollout_percentage from 0 to 1")


def _enabled(asked: Asked, given: Row) -> Row:
    return {"enabled_at": asked.moment} if given.get("status") == "enabled" else {}


def _refuse_taken(asked: Asked, key: str) -> None:
    if any(flag["key"] == key for flag in FLAG.all(asked)):
        raise BadRequest(f"key: there is a feature flag {key!r} already")


def _free_key(asked: Asked, key: str) -> str:
    taken = {flag["key"] for flag in FLAG.all(asked)}
    return next(name for n in range(1, len(taken) + 2) if (name := f"{key}-copy-{n}") not in taken)


ROUTES: Routes = {
    FeatureFlags.list_feature_flags: listed,
    FeatureFlags.create_feature_flag: create,
    FeatureFlags.get_feature_flag: get,
    FeatureFlags.update_feature_flag: update,
    FeatureFlags.delete_feature_flag: delete,
    FeatureFlags.archive_feature_flag: archive,
    FeatureFlags.restore_feature_flag: restore,
    FeatureFlags.duplicate_feature_flag: duplicate,
    FeatureFlags.set_flag_test_users: set_test_users,
    FeatureFlags.get_flag_history: history,
    FeatureFlags.get_flag_limits: limits,
}
