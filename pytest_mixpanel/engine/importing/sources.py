"""Which files of a source a store has read already."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.store.manifest import SourceFile

PIPED = Path("-/standard-input.jsonl")
"""Where a pipe is said to lie."""


@frozen
class Difference:
    """What has become of files: ``new`` ones are to be read, ``gone`` ones to be left out.

    The digest of a new file that was never read before is told by reading it.
    ``changed`` is how many of either are the same file with another content. ``kept``: files by the way
    they looked before; those that were only moved or touched look otherwise now. ``given``: the paths of
    new files as they were named.
    """

    new: tuple[SourceFile, ...]
    gone: frozenset[SourceFile]
    changed: int
    kept: dict[SourceFile, SourceFile]
    given: dict[SourceFile, Path]
    elsewhere: tuple[SourceFile, ...]

    @property
    def nothing(self) -> bool:
        return not self.new and not self.gone and all(one == other for one, other in self.kept.items())


def difference(old: Sequence[SourceFile], paths: Sequence[Path], source: Path) -> Difference:
    """Compare what was read with the files of a source.

    A file is known by its path. Where that is gone, as in a checkout elsewhere, it is known by its name
    within the source. It is unchanged if size and time of change are, or the content is. Files that are not
    of this source stay; those that were read from this folder and are not in it any more are gone.
    """
    base = source if source.is_dir() else source.parent
    root = str(base.resolve())
    by_path = {file.path: file for file in old}
    here = [(path, _seen(path, path.relative_to(base).as_posix(), root)) for path in paths]
    present = {seen.path for _, seen in here}
    lost = {file.name: file for file in old if file.path not in present and not file.path.exists()}
    new: list[SourceFile] = []
    gone: set[SourceFile] = set()
    kept: dict[SourceFile, SourceFile] = {}
    given: dict[SourceFile, Path] = {}
    changed = 0
    for path, seen in here:
        before = by_path.get(seen.path) or lost.get(seen.name)
        if before is not None and _looks(before) == _looks(seen):
            kept[before] = before
            continue
        if before is None:
            given[seen] = path
            new.append(seen)
            continue
        seen = replace(seen, digest=_digest(path))
        given[seen] = path
        if before.digest == seen.digest:
            # A file of a folder that was read by itself before keeps the name it had then.
            same = before.path == seen.path
            kept[before] = replace(
                seen,
                name=before.name if same else seen.name,
                root=before.root if same else seen.root,
                rows=before.rows,
            )
        else:
            new.append(seen)
            gone.add(before)
            changed += 1
    missing = [file for file in old if file not in gone and file not in kept]
    removed = {file for file in missing if source.is_dir() and file.root == root}
    elsewhere = tuple(file for file in missing if file not in removed)
    return Difference(
        new=tuple(sorted(new, key=lambda file: file.rank)),
        gone=frozenset(gone | removed),
        changed=changed,
        kept=kept | {file: file for file in elsewhere},
        given=given,
        elsewhere=elsewhere,
    )


def piped(old: Sequence[SourceFile]) -> Difference:
    """What comes from a pipe is a file, which replaces the one that came from a pipe before."""
    seen = SourceFile(PIPED.name, str(PIPED.parent), 0, 0, "")
    gone = frozenset(file for file in old if file.name == PIPED.name and not file.path.exists())
    kept = {file: file for file in old if file not in gone}
    return Difference((seen,), gone, len(gone), kept, {seen: PIPED}, tuple(kept))


def _seen(path: Path, name: str, root: str) -> SourceFile:
    facts = path.stat()
    return SourceFile(name, root, facts.st_size, facts.st_mtime_ns, "")


def _looks(file: SourceFile) -> tuple[str, int, int]:
    return str(file.path), file.size, file.changed


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
