"""Test vectors: our own, and more of them from the files an environment variable names."""

import json
import os
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def load(name: str, variable: str | None = None) -> list[dict[str, Any]]:
    """The cases of our own file, then those of every file in the colon-separated ``variable``."""
    named = os.environ.get(variable, "") if variable else ""
    paths = [HERE / name, *map(Path, filter(None, named.split(":")))]
    return [case for path in paths for case in _cases(path)]


def _cases(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    data = json.loads(text)
    return data["cases"] if isinstance(data, dict) else data
