"""A compiled kernel answers for the source beside it, or says that it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.engine import kernels
from pytest_mixpanel.engine.kernels._built import differing, digest, note, noted

SUFFIX = EXTENSION_SUFFIXES[0]


def compiled(folder: Path, name: str, source: str) -> Path:
    """A kernel as ``setup.py`` leaves it: source, compiled file, and the note of what it was made of."""
    (folder / f"{name}.py").write_text(source)
    (folder / f"{name}{SUFFIX}").write_bytes(b"")
    note(str(folder), f"{name}{SUFFIX}", digest(str(folder / f"{name}.py")))
    return folder / f"{name}.py"


def test_they_are_interpreted_where_this_is_asked_for() -> None:
    """Else the suite would run twice on compiled kernels, and say that it had run both ways."""
    if os.environ.get("PYTEST_MIXPANEL_PURE"):
        assert not kernels.compiled()


def test_those_of_this_installation_are_of_their_sources() -> None:
    assert differing(str(Path(kernels.__file__).parent)) == []


def test_a_source_that_changed_since_is_named(tmp_path: Path) -> None:
    compiled(tmp_path, "attempts", "A = 1\n")
    changed = compiled(tmp_path, "returns", "B = 1\n")
    assert differing(str(tmp_path)) == []
    changed.write_text("B = 2\n")
    assert differing(str(tmp_path)) == ["returns"]
    changed.write_text("B = 1\n")
    assert differing(str(tmp_path)) == []


@pytest.mark.parametrize("left", ["", "a note that was cut off\n"])
def test_one_that_nobody_noted_is_named_where_its_source_is_younger(tmp_path: Path, left: str) -> None:
    source = compiled(tmp_path, "attempts", "A = 1\n")
    (tmp_path / "compiled.txt").write_text(left)
    age = (tmp_path / f"attempts{SUFFIX}").stat().st_mtime
    os.utime(source, (age - 1, age - 1))
    assert differing(str(tmp_path)) == []
    os.utime(source, (age + 1, age + 1))
    assert differing(str(tmp_path)) == ["attempts"]


def test_one_of_another_python_and_one_without_its_source_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "attempts.py").write_text("A = 1\n")
    (tmp_path / "attempts.cpython-27-of-long-ago.so").write_bytes(b"")
    compiled(tmp_path, "returns", "B = 1\n").unlink()
    assert differing(str(tmp_path)) == []


def test_each_is_noted_once(tmp_path: Path) -> None:
    compiled(tmp_path, "attempts", "A = 1\n")
    compiled(tmp_path, "attempts", "A = 2\n")
    assert noted(str(tmp_path)) == {f"attempts{SUFFIX}": digest(str(tmp_path / "attempts.py"))}


def test_the_error_says_which_and_what_to_run(tmp_path: Path) -> None:
    compiled(tmp_path, "attempts", "A = 1\n").write_text("A = 2\n")
    with pytest.raises(ConfigError, match=r"kernels attempts are not .*python setup\.py build_ext --inplace"):
        kernels.refuse_others(tmp_path)


def test_setup_notes_what_it_compiles_and_nothing_that_fails(tmp_path: Path) -> None:
    script = Path(kernels.__file__).parents[3] / "setup.py"
    if not script.exists():
        pytest.skip("not in a checkout")
    pytest.importorskip("Cython")
    folder = tmp_path / "pytest_mixpanel" / "engine" / "kernels"
    folder.mkdir(parents=True)
    (tmp_path / "setup.py").write_text(script.read_text())
    (folder / "_built.py").write_text(Path(kernels.__file__).with_name("_built.py").read_text())
    kernel = folder / "tiny.py"
    kernel.write_text("def one():\n    return 1\n")
    build(tmp_path)
    if not (folder / f"tiny{SUFFIX}").exists():
        pytest.skip("no compiler here")
    assert noted(str(folder)) == {f"tiny{SUFFIX}": digest(str(kernel))}
    kernel.write_text("def one(): return cython.no_such_thing(\n")
    assert differing(str(folder)) == ["tiny"]
    build(tmp_path)
    assert differing(str(folder)) == ["tiny"]


def build(folder: Path) -> None:
    subprocess.run(
        [sys.executable, "setup.py", "-q", "build_ext", "--inplace"],
        cwd=folder,
        capture_output=True,
        timeout=300,
    )
