"""The demo project is generated once and mapped from then on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pytest_mixpanel.demo import Shop, open_demo, project
from pytest_mixpanel.engine.store import CodedColumn, Store, disk


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def store(cache: Path) -> Store:
    return open_demo(cache=cache)


def test_holds_what_was_generated(store: Store, shop: Shop) -> None:
    assert len(store) == len(shop)
    assert store.n_users == len(shop.users)
    np.testing.assert_array_equal(store.time, shop.time)
    np.testing.assert_array_equal(store.event, shop.event)
    platform, generated = store.columns["platform"], shop.columns["platform"]
    assert isinstance(platform, CodedColumn)
    assert isinstance(generated, CodedColumn)
    np.testing.assert_array_equal(platform.codes, generated.codes)


def test_keeps_profiles_and_lexicon(store: Store, shop: Shop) -> None:
    assert set(store.profiles) == set(shop.profiles[0]) - {"$distinct_id"}
    assert list(store.lexicon) == list(shop.lexicon)


def test_is_generated_once(store: Store, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "build_store", lambda variant: pytest.fail("generated again"))
    assert open_demo(cache=cache).fingerprint == store.fingerprint


def test_uses_what_another_worker_wrote_meanwhile(
    store: Store, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody_was_faster(built: Store, folder: Path, facts: object) -> None:
        folder.symlink_to(next(cache.iterdir()))
        raise OSError("Directory not empty")

    monkeypatch.setattr(project, "build_store", lambda variant: store)
    monkeypatch.setattr(disk, "write", somebody_was_faster)
    assert len(open_demo(cache=tmp_path)) == len(store)
