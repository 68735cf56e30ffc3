"""Which sources the compiled kernels were made of, so that none answers for a source it is not of.

``setup.py`` notes it in a file beside them, and runs this one for that before anything is installed: standard
library only. ``differing`` is asked whenever the kernels are loaded (0.3 ms).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import blake2b
from importlib.machinery import EXTENSION_SUFFIXES

NOTE = "compiled.txt"
"""A line a compiled file: its name, and the digest of its source."""


def digest(source: str) -> str:
    """What tells a source from every other; empty where it is not there."""
    try:
        with open(source, "rb") as stream:
            return blake2b(stream.read(), digest_size=16).hexdigest()
    except FileNotFoundError:
        return ""


def noted(folder: str) -> dict[str, str]:
    """The digest of the source of each compiled file, as it was noted in ``folder``."""
    try:
        with open(os.path.join(folder, NOTE), encoding="utf-8") as stream:
            return dict(line.split() for line in stream)
    except (FileNotFoundError, ValueError):
        return {}


def note(folder: str, compiled: str, source_digest: str) -> None:
    """Write down of which source a compiled file in ``folder`` was made."""
    lines = {**noted(folder), compiled: source_digest}
    with open(os.path.join(folder, NOTE), "w", encoding="utf-8") as stream:
        stream.writelines(f"{name} {made_of}\n" for name, made_of in sorted(lines.items()))


def differing(folder: str) -> list[str]:
    """The kernels in ``folder`` whose compiled form is of another source than the one beside it, by name.

    One that nobody noted is judged by its age.
    """
    made_of, found = noted(folder), []
    for name, compiled in _compiled(folder):
        source = os.path.join(folder, f"{name}.py")
        if not (present := digest(source)):
            continue
        if compiled not in made_of:
            is_other = os.path.getmtime(source) > os.path.getmtime(os.path.join(folder, compiled))
        else:
            is_other = present != made_of[compiled]
        if is_other:
            found.append(name)
    return sorted(found)


def _compiled(folder: str) -> Iterator[tuple[str, str]]:
    """The kernels this Python would load compiled, and the files they are in."""
    for file in os.listdir(folder):
        for suffix in EXTENSION_SUFFIXES:
            if file.endswith(suffix) and file.removesuffix(suffix).isidentifier():
                yield file.removesuffix(suffix), file
