"""Recordings: the questions of a run and their answers, one a line, in a file that people can read.

While a run lasts, its processes append to a draft beside the file; at the end the draft is put in order and
replaces the file in one step. No header is recorded, so no credential is; a line in which a known secret
stands all the same is refused.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import filelock
import httpx

from pytest_mixpanel.core.errors import ConfigError, RecordingRefusedError
from pytest_mixpanel.core.files import write_whole
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.masking import masked, reveals
from pytest_mixpanel.workspace.transport.layer import Layer
from pytest_mixpanel.workspace.transport.question import Question, canonical

FORMAT = 1
HEAD = "mixpanel-recording"
PASSING = (401, 429)
"""Refusals of the moment, beside all of status 500 and more: they are not recorded."""


@frozen
class Head:
    """The circumstances of a recording: what a replay takes over where nothing else is said.

    ``project`` is its number, ``name`` that of a local one, ``workspace`` a pinned one; ``now`` is ISO 8601.
    """

    project: str
    now: str
    time_zone: str
    name: str | None = None
    workspace: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {HEAD: FORMAT, **asdict(self)}

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Head:
        if data[HEAD] != FORMAT:
            raise ValueError(f"format {data[HEAD]!r} is not {FORMAT}")
        datetime.fromisoformat(data["now"])
        return cls(data["project"], data["now"], data["time_zone"], data.get("name"), data.get("workspace"))


@frozen
class Recorded:
    """An answer: a JSON document, or text where it is none."""

    question: Question
    status: int
    answer: Any = None
    text: str | None = None

    def to_json(self) -> dict[str, Any]:
        content = {"answer": self.answer} if self.text is None else {"text": self.text}
        return {**self.question.to_json(), "status": self.status, **content}

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Recorded:
        text = data.get("text")
        if text is None and "answer" not in data:
            raise KeyError("answer")
        return cls(Question.parse(data), int(data["status"]), data.get("answer"), text)


@frozen
class Draft:
    """A recording in the making, which threads and processes write to together."""

    path: Path
    draft: Path

    @classmethod
    def of(cls, path: Path) -> Draft:
        return cls(path, path.with_name(f".{path.name}.{secrets.token_hex(6)}.part"))

    def append(self, line: Mapping[str, Any]) -> None:
        """Add a line; raises ``RecordingRefusedError`` where a secret stands in it, ``ConfigError``."""
        text = json.dumps(line, ensure_ascii=False)
        if reveals(text):
            raise RecordingRefusedError(
                f"{self.path}: a secret stands in the answer to {line.get('ask')}; it is not recorded"
            )
        try:
            self.draft.parent.mkdir(parents=True, exist_ok=True)
            with self._lock(), self.draft.open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(text + "\n")
        except OSError as error:
            raise ConfigError(f"{self.path} cannot be recorded to: {error.strerror}") from error

    def finish(self) -> int:
        """Put the lines in order and replace the file; returns how many answers it holds.

        Equal questions keep the order of their answers, without repetitions. Where nothing was asked the
        file stays as it is. Raises ``RecordingRefusedError``, ``OSError``.
        """
        if not self.draft.exists():
            return 0
        with self._lock():
            lines = self.draft.read_text(encoding="utf-8").splitlines()
        self.discard()
        text = "".join(f"{line}\n" for line in _in_order(lines))
        if reveals(text):
            raise RecordingRefusedError(f"{self.path}: a secret stands in the answers; nothing is written")
        write_whole(self.path, text)
        return text.count("\n") - 1

    def discard(self) -> None:
        """Remove the draft."""
        self.draft.unlink(missing_ok=True)
        Path(f"{self.draft}.lock").unlink(missing_ok=True)

    def _lock(self) -> filelock.BaseFileLock:
        return filelock.FileLock(f"{self.draft}.lock", thread_local=False)


def _in_order(lines: list[str]) -> Iterator[str]:
    parsed = [json.loads(line) for line in lines]
    *_, head = (line for line, data in zip(lines, parsed, strict=True) if HEAD in data)
    yield head
    by_question: dict[str, dict[str, None]] = {}
    for line, data in zip(lines, parsed, strict=True):
        if HEAD not in data:
            asked = canonical({name: data.get(name) for name in ("ask", "query", "body")})
            by_question.setdefault(asked, {})[line] = None
    for asked in sorted(by_question):
        yield from by_question[asked]


class Recorder(Layer):
    """Records what is asked and answered. It ends the recording when it is closed, where that is its own."""

    def __init__(
        self, inner: httpx.BaseTransport, draft: Draft, head: Callable[[], Head], *, ends: bool
    ) -> None:
        super().__init__(inner)
        self._draft, self._ends, self._head = draft, ends, head
        self._told: Head | None = None
        self._tell_head()

    def _tell_head(self) -> None:
        """Write down the circumstances, again where they are known better by now (the time zone)."""
        if (head := self._head()) != self._told:
            self._draft.append(head.to_json())
            self._told = head

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._tell_head()
        response = self.inner.handle_request(request)
        content = response.read()
        response.close()
        if response.status_code < httpx.codes.INTERNAL_SERVER_ERROR and response.status_code not in PASSING:
            self._draft.append(_recorded(request, response).to_json())
        headers = {"content-type": response.headers.get("content-type", "application/json")}
        return httpx.Response(response.status_code, headers=headers, content=content)

    def close(self) -> None:
        super().close()
        if self._ends:
            self._draft.finish()


def _recorded(request: httpx.Request, response: httpx.Response) -> Recorded:
    question = Question.of(request)
    try:
        return Recorded(question, response.status_code, masked(json.loads(response.content)))
    except (ValueError, RecursionError):
        return Recorded(question, response.status_code, text=response.text)
