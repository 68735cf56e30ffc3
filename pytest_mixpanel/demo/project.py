"""The demo project as a store, generated once and kept in a cache."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytest_mixpanel.core.place import cache_folder
from pytest_mixpanel.demo.shop import SEED, VERSION, Variant, generate
from pytest_mixpanel.engine.store import Store, disk
from pytest_mixpanel.engine.store.assemble import assemble


def open_demo(variant: Variant = "shop", cache: Path | None = None) -> Store:
    """The store of ``demo`` (``shop``) or ``demo:incident``: about two seconds the first time, mapped later.

    ``cache`` is a folder, by default the user's cache folder for this package. Workers that start at once
    may each generate it; whoever is second finds it there.
    """
    folder = (cache or cache_folder()) / f"demo-{variant}-{VERSION}.{SEED}.{disk.FORMAT}"
    if not disk.is_store(folder):
        try:
            disk.write(build_store(variant), folder, {"source": f"demo:{variant}"})
        except OSError:
            if not disk.is_store(folder):
                raise
    return disk.read(folder)


def build_store(variant: Variant = "shop") -> Store:
    """The demo project in memory."""
    shop = generate(variant)
    store, _ = assemble(
        event=shop.event,
        event_names=shop.event_names,
        time=shop.time,
        user=shop.user,
        users=shop.users,
        columns=shop.columns,
        profiles=shop.profiles,
        lexicon=shop.lexicon,
        time_zone=shop.time_zone,
    )
    return replace(store, fingerprint=f"demo-{variant}-{VERSION}.{SEED}")
