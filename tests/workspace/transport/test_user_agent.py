"""Who asks is told with every request: this client, in the release that the packaging declares."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import pytest_mixpanel
from pytest_mixpanel.workspace.transport.stack import user_agent

ROOT = Path(pytest_mixpanel.__file__).parents[1]


def test_the_user_agent_names_client_release_and_python() -> None:
    assert re.fullmatch(r"pytest-mixpanel/\d+\.\d+\.\d+\S* \(python/3\.\d+\)", user_agent())


def test_the_release_is_the_one_that_is_packaged() -> None:
    if not (ROOT / "setup.py").exists():
        pytest.skip("not in a checkout")
    packaged = subprocess.run(
        [sys.executable, "setup.py", "--version"],
        cwd=ROOT,
        env={"PATH": "", "PYTEST_MIXPANEL_PURE": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    release = packaged.stdout.split()[-1]
    assert user_agent().startswith(f"pytest-mixpanel/{release} ")
