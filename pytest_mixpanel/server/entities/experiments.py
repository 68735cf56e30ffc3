"""Experiments: draft → active → concluded → success or fail. A step that does not apply changes nothing."""

from __future__ import annotations

from pytest_mixpanel.api.entities.experiments import (
    CreateExperimentParams,
    DuplicateExperimentParams,
    ExperimentConcludeParams,
    ExperimentDecideParams,
    UpdateExperimentParams,
)
from pytest_mixpanel.api.surfaces.experiments import Experiments
from pytest_mixpanel.server.entities.asked import USER, Asked, Kind, Routes
from pytest_mixpanel.server.entities.store import Row

EXPERIMENT = Kind("experiments", "experiment", ids="uuid", modified="updated")
ARCHIVED = "is_archived"
CREATOR = {"id": USER["id"], "first_name": "Local", "last_name": "User"}
COPIED = ("description", "hypothesis", "variants", "metrics", "settings", "tags", "creator", "can_edit")


def listed(asked: Asked) -> list[Row]:
    archived = asked.query.get("include_archived") == "true"
    return [one for one in EXPERIMENT.all(asked) if archived or not one[ARCHIVED]]


def create(asked: Asked) -> Row:
    return _draft(asked, asked.read(CreateExperimentParams))


def get(asked: Asked) -> Row:
    return EXPERIMENT.one(asked, asked.path["experiment_id"])


def update(asked: Asked) -> Row:
    return _changed(asked, asked.read(UpdateExperimentParams))


def delete(asked: Asked) -> None:
    EXPERIMENT.remove(asked, asked.path["experiment_id"])


def launch(asked: Asked) -> Row:
    found = get(asked)
    if found["status"] != "draft":
        return found
    return _changed(asked, {"status": "active", "start_date": asked.moment}, "launched")


def conclude(asked: Asked) -> Row:
    ended, found = asked.read(ExperimentConcludeParams).get("end_date") or asked.moment, get(asked)
    if found["status"] != "active":
        return found
    return _changed(asked, {"status": "concluded", "end_date": ended}, "concluded")


def decide(asked: Asked) -> Row:
    decision, found = asked.read(ExperimentDecideParams), get(asked)
    if found["status"] != "concluded":
        return found
    status = "success" if decision["success"] else "fail"
    cache = {**(found.get("results_cache") or {}), "decision": decision}
    return _changed(asked, {"status": status, "results_cache": cache}, "decided")


def archive(asked: Asked) -> Row:
    _changed(asked, {ARCHIVED: True}, "archived")
    return {}


def restore(asked: Asked) -> Row:
    return _changed(asked, {ARCHIVED: False}, "restored")


def duplicate(asked: Asked) -> Row:
    found = get(asked)
    kept = {name: found[name] for name in COPIED if name in found}
    return _draft(asked, {**kept, "name": asked.read(DuplicateExperimentParams)["name"]})


def with_results(asked: Asked) -> list[Row]:
    """A local project computes no results; what was cached with the experiment is told."""
    shown = ("id", "name", "status", "start_date", "end_date", "results_cache")
    return [{name: one.get(name) for name in shown} for one in EXPERIMENT.all(asked) if not one[ARCHIVED]]


def _draft(asked: Asked, fields: Row) -> Row:
    plain = {"status": "draft", ARCHIVED: False, "creator": CREATOR, "can_edit": True, "tags": []}
    return EXPERIMENT.add(asked, {**plain, **fields})


def _changed(asked: Asked, changes: Row, action: str = "updated") -> Row:
    return EXPERIMENT.change(asked, asked.path["experiment_id"], changes, action)


ROUTES: Routes = {
    Experiments.list_experiments: listed,
    Experiments.create_experiment: create,
    Experiments.get_experiment: get,
    Experiments.update_experiment: update,
    Experiments.delete_experiment: delete,
    Experiments.launch_experiment: launch,
    Experiments.conclude_experiment: conclude,
    Experiments.decide_experiment: decide,
    Experiments.archive_experiment: archive,
    Experiments.restore_experiment: restore,
    Experiments.duplicate_experiment: duplicate,
    Experiments.list_erf_experiments: with_results,
}
