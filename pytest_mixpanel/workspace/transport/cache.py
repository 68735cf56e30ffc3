"""Kept answers: a question that was asked costs no second request, in no thread, process or run.

An answer is a file of its own, whole or not there, named by its question, project, host and time zone. While
one asks, the others who want to know the same wait for its answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock
import httpx

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.files import write_whole
from pytest_mixpanel.core.masking import reveals
from pytest_mixpanel.workspace.transport.family import family_of
from pytest_mixpanel.workspace.transport.layer import Layer
from pytest_mixpanel.workspace.transport.question import Question
from pytest_mixpanel.workspace.transport.refusals import refused_in_body
from pytest_mixpanel.workspace.transport.settled import right_until
from pytest_mixpanel.workspace.transport.whose import Whose

FORMAT = 1
OWNER_ONLY = 0o600
FOLDER_OF_OWNER = 0o700
FLIGHTS = "flights"
_ENTRY = re.compile(r"[0-9a-f]{64}\.json")

Clock = Callable[[], datetime]


class Cache(Layer):
    """Gives the kept answer to a query, or asks and keeps. Entities and exports are always asked.

    The project and its time zone belong to the question, credentials do not.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        folder: Path,
        whose: Callable[[], Whose],
        now: Clock = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(inner)
        self._folder, self._whose, self._now = folder, whose, now

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if family_of(request) != "query":
            return self.inner.handle_request(request)
        question, whose = Question.of(request), self._whose()
        fingerprint = question.fingerprint(
            project=whose.project_id, host=request.url.netloc.decode("ascii"), time_zone=whose.time_zone
        )
        entry = self._folder / fingerprint[:2] / f"{fingerprint}.json"
        if (kept := self._kept(entry, question)) is not None:
            return kept
        with self._alone(fingerprint):
            if (kept := self._kept(entry, question)) is not None:
                return kept
            response = self.inner.handle_request(request)
            if (answer := _good_answer(request, response)) is not None:
                now = self._now()
                until = right_until(question, now, whose.time_zone)
                _keep(entry, question, answer, now, until)
            return response

    def _alone(self, fingerprint: str) -> filelock.BaseFileLock:
        """The lock of a question, one of 4,096: files that locks leave behind stay few."""
        folder = self._folder / FLIGHTS
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_OF_OWNER)
        except OSError as error:
            raise ConfigError(
                f"the folder of kept answers {folder} cannot be made ({error.strerror}); name another one "
                "with --mixpanel-cache=DIR, or keep none with --mixpanel-cache=off"
            ) from error
        return filelock.FileLock(folder / f"{fingerprint[:3]}.lock", thread_local=False)

    def _kept(self, entry: Path, question: Question) -> httpx.Response | None:
        """The answer of a file; one that is damaged, too old or another question's counts as none."""
        try:
            kept = json.loads(entry.read_bytes())
            since = datetime.fromisoformat(kept["kept_at"])
            until = datetime.fromisoformat(kept["right_until"]) if kept["right_until"] else None
            right = since <= self._now() and (until is None or self._now() < until)
            if kept["format"] != FORMAT or kept["question"] != question.to_json() or not right:
                return None
            return httpx.Response(200, json=kept["answer"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None


def _keep(entry: Path, question: Question, answer: Any, now: datetime, until: datetime | None) -> None:
    kept = {
        "format": FORMAT,
        "question": question.to_json(),
        "kept_at": now.isoformat(),
        "right_until": until.isoformat() if until else None,
        "answer": answer,
    }
    text = json.dumps(kept, ensure_ascii=False)
    if not reveals(text):
        entry.parent.mkdir(exist_ok=True, mode=FOLDER_OF_OWNER)
        write_whole(entry, text + "\n", mode=OWNER_ONLY)


def _good_answer(request: httpx.Request, response: httpx.Response) -> Any:
    """The document of an answer worth keeping, else ``None``."""
    if response.status_code != httpx.codes.OK:
        return None
    try:
        document = json.loads(response.read())
    except (ValueError, RecursionError):
        return None
    return None if refused_in_body(request, document) is not None else document


def clear(folder: Path) -> int:
    """Forget all kept answers; returns how many there were. Nothing else in the folder is touched."""
    found = entries(folder)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def entries(folder: Path) -> list[Path]:
    """The files of kept answers."""
    return sorted(path for path in folder.glob("??/*.json") if _ENTRY.fullmatch(path.name))
