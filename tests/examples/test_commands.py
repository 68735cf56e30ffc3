"""Every command of examples/README.md is run, from its folder; those marked ``# fails`` fail a check."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
COMMAND = re.compile(r"^\$ cd (\S+) && (.+?)(\s+# fails)?$", re.M)
COMMANDS = COMMAND.findall((EXAMPLES / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("folder", "command", "fails"), COMMANDS, ids=[f"{c[0]}: {c[1]}" for c in COMMANDS])
def test_a_command_of_the_examples_does_what_it_says(
    folder: str, command: str, fails: str, tmp_path: Path
) -> None:
    shutil.copytree(EXAMPLES / folder, tmp_path / folder)
    program, *arguments = command.split()
    module = ["-m", "pytest", "-p", "no:cacheprovider"] if program == "pytest" else []
    run = subprocess.run(
        [sys.executable, *module, *arguments], cwd=tmp_path / folder, capture_output=True, text=True
    )
    assert run.returncode == (1 if fails else 0), run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    assert "error" not in run.stdout.splitlines()[-1]


def test_every_folder_of_the_examples_has_a_command_or_is_a_template() -> None:
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders - {folder for folder, *_ in COMMANDS} == {"ci"}
