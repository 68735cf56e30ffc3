"""A store as a folder: one ``.npy`` per column, memory-mapped, and a manifest.

``.npy`` because NumPy maps it without copying and without another library at the first answer.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.engine.settings import settings_from
from pytest_mixpanel.engine.store.column_files import mapped, stored_columns, write_columns
from pytest_mixpanel.engine.store.columns import Column
from pytest_mixpanel.engine.store.names import Names
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.store.written import save

T = TypeVar("T")

FORMAT = 2
MANIFEST = "manifest.json"
SYNCED_AT_ONCE = 8
"""Files; a disk confirms many in the time it takes for one."""

SYNCED_EVERY = 0.03
"""Seconds after which the files of a folder that is being filled are looked at."""


def write(store: Store, path: Path, facts: Mapping[str, Any] | None = None) -> None:
    """Write a store as a new folder, whole or not at all; an old folder of that name is replaced.

    One of the same source (``fingerprint``) stays: another process may have written it and be reading.
    ``facts`` are kept in the manifest (the source, the import's report).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        _fill(draft, store, dict(facts or {}))
        sync(draft)
        if _holds(path, store):
            return  # another process was first; it may be reading already
        if path.exists():
            retired = Path(tempfile.mkdtemp(prefix=f".{path.name}-old-", dir=path.parent))
            os.replace(path, retired / "store")
            os.replace(draft, path)
            shutil.rmtree(retired, ignore_errors=True)
        else:
            _move(draft, path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _holds(path: Path, store: Store) -> bool:
    """Whether the folder is the store of the same source already."""
    known = store.fingerprint
    return bool(known) and is_store(path) and manifest_of(path)["fingerprint"] == known


def _move(draft: Path, path: Path) -> None:
    """Give the draft its name; where another process was first with the same store, keep that one."""
    try:
        os.replace(draft, path)
    except OSError:
        if not is_store(path):
            raise


def _fill(folder: Path, store: Store, facts: dict[str, Any]) -> None:
    save(folder / "offsets.npy", store.offsets)
    save(folder / "time.npy", store.time)
    save(folder / "event.npy", store.event)
    (folder / "users.json").write_text(json.dumps(list(store.users)), encoding="utf-8")
    manifest = {
        "format": FORMAT,
        "time_zone": store.time_zone,
        "fingerprint": store.fingerprint,
        "event_names": list(store.event_names),
        "lexicon": list(store.lexicon),
        "settings": store.settings.to_json(),
        "groups": dict(store.groups),
        "columns": _columns(folder, "event", store.columns),
        "profiles": _columns(folder, "profile", store.profiles),
        "facts": facts,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _columns(folder: Path, prefix: str, columns: Mapping[str, Column]) -> list[dict[str, Any]]:
    return write_columns(folder, prefix, list(columns), columns.__getitem__, together=False)


def write_folder(folder: Path, name: str, fill: Callable[[Path], None]) -> None:
    """A folder in the store, whole or not at all."""
    draft = folder / f".{name}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    with synced_meanwhile(draft):
        fill(draft)
    sync(draft)
    draft.replace(folder / name)


@contextmanager
def synced_meanwhile(folder: Path, names: str = "*") -> Iterator[None]:
    """While files with such names come into a folder, let the disk write what is there already.

    Little is left for the end, when they are synced for good.
    """
    done = threading.Event()

    def work() -> None:
        sizes: dict[Path, int] = {}
        while not done.wait(SYNCED_EVERY):
            for path in folder.glob(names):
                if done.is_set():
                    return
                with suppress(FileNotFoundError):  # it is somewhere else by now, or was not needed
                    if sizes.get(path) != (size := path.stat().st_size):
                        sync_one(path)
                        sizes[path] = size

    with ThreadPoolExecutor(1, thread_name_prefix="mixpanel-sync") as pool:
        working = pool.submit(work)
        try:
            yield
        finally:
            done.set()
        working.result()  # what the disk refuses is told once


def write_array(folder: Path, stem: str, array: np.ndarray[Any, Any]) -> str:
    """The name of a file with this content, which is written where there is none."""
    name = f"{stem}-{hashlib.sha256(array.tobytes()).hexdigest()[:16]}.npy"
    if not (folder / name).exists():
        draft = folder / f".{name}.part"
        with draft.open("wb") as stream:
            np.save(stream, array)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(folder / name)
    return name


def sync(folder: Path) -> None:
    """Make sure that a folder of files is on the disk."""
    with ThreadPoolExecutor(SYNCED_AT_ONCE, thread_name_prefix="mixpanel-sync") as pool:
        list(pool.map(sync_one, folder.iterdir()))
    sync_one(folder)


def sync_one(path: Path) -> None:
    """Make sure that a file, or which files a folder holds, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path) -> Store:
    """Open a store; columns are mapped when they are first used.

    Raises ``EventDataError`` for a folder that is no store, or one of another format.
    """
    manifest = manifest_of(path)
    offsets = mapped(path / "offsets.npy")
    return Store(
        event_names=tuple(manifest["event_names"]),
        users=Names(
            len(offsets) - 1, lambda: tuple(json.loads((path / "users.json").read_text(encoding="utf-8")))
        ),
        offsets=offsets,
        time=mapped(path / "time.npy"),
        event=mapped(path / "event.npy"),
        columns=stored_columns(path, manifest["columns"]),
        profiles=stored_columns(path, manifest["profiles"]),
        lexicon=tuple(manifest["lexicon"]),
        time_zone=manifest["time_zone"],
        fingerprint=manifest["fingerprint"],
        settings=settings_from(manifest["settings"], str(path / MANIFEST)),
        groups=manifest["groups"],
    )


def is_store(path: Path) -> bool:
    """Whether a folder holds a store of this format."""
    try:
        manifest_of(path)
    except EventDataError:
        return False
    return True


def manifest_of(path: Path) -> dict[str, Any]:
    """The manifest; raises ``EventDataError`` where there is none of this format."""
    try:
        manifest: Any = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        if not isinstance(manifest, dict):
            raise ValueError("its manifest is no object")
    except (OSError, ValueError) as error:
        raise EventDataError(f"{path} is not a store of events: {error}") from error
    if manifest.get("format") != FORMAT:
        raise EventDataError(
            f"{path} is a store of format {manifest.get('format')!r}, which this version does not read; "
            "import the events anew"
        )
    return manifest
