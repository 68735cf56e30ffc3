"""Projects are addressed, not configured: ``demo``, a number, a path."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pytest_mixpanel.core.errors import ProjectNotFoundError
from pytest_mixpanel.core.frozen import frozen

DEMO_VARIANTS = {"demo": "shop", "demo:incident": "incident"}


@frozen
class Address:
    """Where a project's data lives: ``kind`` and the part that names it."""

    kind: Literal["demo", "live", "files"]
    name: str

    @property
    def is_local(self) -> bool:
        """Whether questions are answered on this machine."""
        return self.kind != "live"


def parse_address(text: str) -> Address:
    """Read an address; raises ``ProjectNotFoundError`` for one that names nothing."""
    text = text.strip()
    if text in DEMO_VARIANTS:
        return Address("demo", DEMO_VARIANTS[text])
    if text.isdecimal():
        return Address("live", text)
    if text.startswith("demo:"):
        raise ProjectNotFoundError(f"there is no demo project {text!r}; there are demo and demo:incident")
    if text and Path(text).expanduser().exists():
        return Address("files", str(Path(text).expanduser()))
    raise ProjectNotFoundError(
        f"there is no project {text!r}: a project is demo, demo:incident, a project's number, or the path of "
        "exported events (a file or a folder)"
    )
