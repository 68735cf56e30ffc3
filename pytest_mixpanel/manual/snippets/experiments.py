"""Experiments and feature flags."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# Draft an experiment and describe its variants
draft = ws.create_experiment(mp.CreateExperimentParams(name="Sticky cart", hypothesis="more items sell"))
ws.update_experiment(
    draft.id, mp.UpdateExperimentParams(variants=[{"key": "control"}, {"key": "sticky"}], tags=["checkout"])
)
assert ws.get_experiment(draft.id).status == mp.ExperimentStatus.DRAFT

# Launch an experiment, end it and decide
(draft,) = [one for one in ws.list_experiments() if one.status == "draft"]
ws.launch_experiment(draft.id)
ws.conclude_experiment(draft.id, params=mp.ExperimentConcludeParams(end_date="2025-03-31"))
decided = ws.decide_experiment(draft.id, mp.ExperimentDecideParams(success=True, variant="treatment"))
assert decided.status == "success"

# Archive an experiment and bring it back
first = ws.list_experiments()[0]
ws.archive_experiment(first.id)
ws.restore_experiment(first.id)

# Repeat an experiment under another name, and think better of it
first = ws.list_experiments()[0]
again = ws.duplicate_experiment(first.id, mp.DuplicateExperimentParams(name=f"{first.name}, again"))
ws.delete_experiment(again.id)

# The experiments with their results
results = {one["name"]: one for one in ws.list_erf_experiments()}

# Make a flag and turn it on for everybody
flag = ws.create_feature_flag(mp.CreateFeatureFlagParams(name="Sticky cart", key="sticky-cart"))
everybody = {**flag.ruleset, "rollout": [{"rollout_percentage": 1.0}]}
on = mp.UpdateFeatureFlagParams(
    name=flag.name, key=flag.key, status=mp.FeatureFlagStatus.ENABLED, ruleset=everybody
)
ws.update_feature_flag(flag.id, on)
assert ws.get_feature_flag(flag.id).status == "enabled"

# A flag for requests of servers only
flag = ws.create_feature_flag(
    mp.CreateFeatureFlagParams(name="New prices", key="new-prices", serving_method=mp.ServingMethod.SERVER)
)

# Show a variant to a test user, and see what happened to the flag
flag = ws.list_feature_flags()[0]
ws.set_flag_test_users(flag.id, mp.SetTestUsersParams(users={"user-00001": "On"}))
events = ws.get_flag_history(flag.id, page_size=5).events

# Archive a flag, bring it back disabled, delete it
flag = ws.list_feature_flags()[0]
ws.archive_feature_flag(flag.id)
ws.restore_feature_flag(flag.id)
ws.delete_feature_flag(flag.id)

# Copy a flag under another key
copy = ws.duplicate_feature_flag(ws.list_feature_flags()[0].id)
assert copy.status == "disabled"

# How many flags the contract allows
limits = ws.get_flag_limits()
assert limits.contract_status == mp.FlagContractStatus.ACTIVE
left = limits.limit - limits.current_usage
