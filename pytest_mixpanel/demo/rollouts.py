"""The shop's feature flags and experiments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pytest_mixpanel.api.entities.experiments import (
    CreateExperimentParams,
    ExperimentConcludeParams,
    ExperimentDecideParams,
    UpdateExperimentParams,
)
from pytest_mixpanel.api.entities.feature_flags import CreateFeatureFlagParams, FeatureFlagStatus, on_and_off
from pytest_mixpanel.api.surfaces.experiments import Experiments
from pytest_mixpanel.api.surfaces.feature_flags import FeatureFlags
from pytest_mixpanel.core.identity import nth_uuid
from pytest_mixpanel.demo.days import NOW
from pytest_mixpanel.demo.deeds import Deed, deed


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def rollouts() -> Iterator[Deed]:
    """Flags and experiments, in the order they were made."""
    yield from _flags()
    yield from _experiments()


def _flags() -> Iterator[Deed]:
    """One is on for everybody and has been for months, one is on for half, one is off."""
    on, off = FeatureFlagStatus.ENABLED, FeatureFlagStatus.DISABLED
    yield _flag(104, "One-page checkout", "one-page-checkout", on, 1.0, "checkout")
    yield _flag(12, "Loyalty banner", "loyalty-banner", on, 0.5, "growth")
    yield _flag(30, "Search by picture", "search-by-picture", off, 0.0, "catalog")


def _flag(days: int, name: str, key: str, status: FeatureFlagStatus, share: float, tag: str) -> Deed:
    rollout: list[dict[str, Any]] = [{"name": "Everybody", "rollout_percentage": share}]
    params = CreateFeatureFlagParams(
        name=name, key=key, status=status, tags=[tag], ruleset={**on_and_off(), "rollout": rollout}
    )
    return deed(days_ago(days), FeatureFlags.create_feature_flag, params)


def _experiments() -> Iterator[Deed]:
    """One was decided, one runs, one is drafted."""
    names = ("Short checkout form", "Free delivery from 40 EUR", "Log in with a code")
    short, delivery, _ = ids = [nth_uuid("experiments", number) for number in range(1, 4)]
    for name, days, team in zip(names, (100, 20, 2), ("checkout", "growth", "growth"), strict=True):
        params = CreateExperimentParams(name=name, hypothesis=f"{name}: more visits end in an order")
        yield deed(days_ago(days), Experiments.create_experiment, params)
        tagged = UpdateExperimentParams(tags=[team], variants=[{"key": "control"}, {"key": "treatment"}])
        yield deed(days_ago(days), Experiments.update_experiment, ids[names.index(name)], tagged)
    yield deed(days_ago(98), Experiments.launch_experiment, short)
    yield deed(days_ago(19), Experiments.launch_experiment, delivery)
    ended = ExperimentConcludeParams(end_date=days_ago(70).date().isoformat())
    yield deed(days_ago(70), Experiments.conclude_experiment, short, params=ended)
    decision = ExperimentDecideParams(success=True, variant="treatment", message="shipped to everybody")
    yield deed(days_ago(69), Experiments.decide_experiment, short, decision)
