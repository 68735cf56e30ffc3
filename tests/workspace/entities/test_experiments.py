"""The life of an experiment."""

from __future__ import annotations

import pytest

from pytest_mixpanel import QueryError, Workspace
from pytest_mixpanel.api.entities.experiments import (
    CreateExperimentParams,
    DuplicateExperimentParams,
    Experiment,
    ExperimentConcludeParams,
    ExperimentDecideParams,
    UpdateExperimentParams,
)


@pytest.fixture
def draft(ws: Workspace) -> Experiment:
    return ws.create_experiment(CreateExperimentParams(name="Short checkout", hypothesis="fewer steps sell"))


def test_an_experiment_is_drafted_found_changed_and_deleted(ws: Workspace, draft: Experiment) -> None:
    assert (draft.status, draft.hypothesis) == ("draft", "fewer steps sell")
    assert ws.get_experiment(draft.id) == draft
    assert ws.list_experiments() == [draft]
    variants = [{"key": "control"}, {"key": "short"}]
    changed = ws.update_experiment(draft.id, UpdateExperimentParams(variants=variants, tags=["checkout"]))
    assert (changed.variants, changed.tags, changed.name) == (variants, ["checkout"], draft.name)
    ws.delete_experiment(draft.id)
    assert ws.list_experiments() == []
    with pytest.raises(QueryError, match="there is no experiment"):
        ws.get_experiment(draft.id)


def test_it_is_launched_concluded_and_decided(ws: Workspace, draft: Experiment) -> None:
    active = ws.launch_experiment(draft.id)
    assert (active.status, active.start_date is None) == ("active", False)
    ended = ws.conclude_experiment(draft.id, params=ExperimentConcludeParams(end_date="2026-03-03"))
    assert (ended.status, ended.end_date) == ("concluded", "2026-03-03")
    decided = ws.decide_experiment(draft.id, ExperimentDecideParams(success=True, variant="short"))
    assert decided.status == "success"
    assert decided.results_cache == {"decision": {"success": True, "variant": "short"}}


def test_a_step_that_does_not_apply_changes_nothing(ws: Workspace, draft: Experiment) -> None:
    assert ws.conclude_experiment(draft.id) == draft
    assert ws.decide_experiment(draft.id, ExperimentDecideParams(success=False)) == draft
    active = ws.launch_experiment(draft.id)
    assert ws.launch_experiment(draft.id) == active
    ws.conclude_experiment(draft.id)
    assert ws.decide_experiment(draft.id, ExperimentDecideParams(success=False)).status == "fail"


def test_an_archived_experiment_leaves_the_list_and_comes_back(ws: Workspace, draft: Experiment) -> None:
    ws.archive_experiment(draft.id)
    assert ws.list_experiments() == []
    assert [one.id for one in ws.list_experiments(include_archived=True)] == [draft.id]
    assert ws.restore_experiment(draft.id).status == "draft"
    assert [one.id for one in ws.list_experiments()] == [draft.id]


def test_a_copy_is_a_draft_of_its_own(ws: Workspace, draft: Experiment) -> None:
    ws.launch_experiment(draft.id)
    copy = ws.duplicate_experiment(draft.id, DuplicateExperimentParams(name="Shorter checkout"))
    assert (copy.name, copy.status, copy.hypothesis) == ("Shorter checkout", "draft", draft.hypothesis)
    assert (copy.id != draft.id, copy.start_date) == (True, None)
    assert [one["name"] for one in ws.list_erf_experiments()] == ["Short checkout", "Shorter checkout"]
