"""A live project for runs of the plugin: a server on this machine that answers, counts and misbehaves."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.workspace.transport import faulty

PROJECT = "1234567"


class Service:
    """Knows events and properties; notes when it was asked what, and how many asked at once."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds, self._lock = seconds, threading.Lock()
        self._under_way = 0
        self.most_at_once = 0
        self.asked: list[tuple[float, str, str]] = []

    def __call__(self, handler: faulty.Handler) -> None:
        url = urlsplit(handler.path)
        with self._lock:
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
            self.asked.append((time.monotonic(), url.path, url.query))
        time.sleep(self._seconds)
        status, document = self.answer(url.path, parse_qs(url.query))
        with self._lock:
            self._under_way -= 1
        handler.answer(json.dumps(document).encode(), status)

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        if path.endswith("/events/names"):
            return 200, ["Login", "Purchase"]
        if path.endswith("/events/properties/values"):
            return 200, [f"value of {query['name'][0]}"]
        return 404, {"error": f"no such thing: {path}"}

    def most_within(self, seconds: float) -> int:
        times = sorted(moment for moment, _, _ in self.asked)
        return max(sum(begun <= other < begun + seconds for other in times) for begun in times)


@contextmanager
def live(service: faulty.Manner) -> Iterator[str]:
    """The URL of a running service."""
    with faulty.running(service) as server:
        yield server.url


def environment(url: str, folder: Path, **more: str) -> dict[str, str]:
    """What a run needs to take the service for Mixpanel, and to keep what it keeps in ``folder``."""
    return {
        "MP_API_BASE_URL": url,
        "MP_USERNAME": "svc",
        "MP_SECRET": "sesame-open-now",
        "MP_PROJECT_ID": PROJECT,
        "MP_REGION": "us",
        "MP_CONFIG_PATH": str(folder / "mp" / "config.toml"),
        "MP_STORAGE_DIR": str(folder / "mp"),
        "MIXPANEL_CACHE": str(folder / "cache"),
        **more,
    }
