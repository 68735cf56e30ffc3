"""Answers from a recording alone: nothing here knows how to reach a network."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from pytest_mixpanel.core.errors import AnswerNotRecordedError, ConfigError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.workspace.transport.question import Question, canonical
from pytest_mixpanel.workspace.transport.recording import HEAD, Head, Recorded

SHOWN = 3
"""Differences that are named."""

LONGEST_SHOWN = 60


@frozen
class Recording:
    """What a file holds: the circumstances, and the answers to each question in the order they came."""

    path: Path
    head: Head
    answers: Mapping[str, tuple[Recorded, ...]]

    @classmethod
    def read(cls, path: Path) -> Recording:
        """Read a recording; raises ``ConfigError`` that names the file and the line."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise ConfigError(
                f"{path} cannot be replayed: {error.strerror}; record it with --mixpanel-record={path}"
            ) from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"{path} cannot be replayed: it is not UTF-8 text") from error
        head: Head | None = None
        answers: dict[str, tuple[Recorded, ...]] = {}
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                data = json.loads(line)
                if HEAD in data:
                    head = Head.parse(data)
                    continue
                recorded = Recorded.parse(data)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise ConfigError(f"{path}:{number}: this line is no recorded answer ({error})") from None
            key = recorded.question.fingerprint()
            answers[key] = (*answers.get(key, ()), recorded)
        if head is None:
            raise ConfigError(f"{path} is no recording: the line that begins one is missing")
        return cls(path, head, answers)


class Replay(httpx.BaseTransport):
    """Gives recorded answers: of several to one question each in turn, the last from then on.

    Raises ``AnswerNotRecordedError`` that names the question, the file and the closest question there.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._given: dict[str, int] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        question = Question.of(request)
        key = question.fingerprint()
        answers = self._recording.answers.get(key)
        if answers is None:
            raise AnswerNotRecordedError(self._missing(question), details={"question": question.to_json()})
        with self._lock:
            turn = self._given.get(key, 0)
            self._given[key] = turn + 1
        recorded = answers[min(turn, len(answers) - 1)]
        if recorded.text is not None:
            return httpx.Response(recorded.status, text=recorded.text)
        return httpx.Response(recorded.status, json=recorded.answer)

    def _missing(self, question: Question) -> str:
        path = self._recording.path
        told = [f"{path} holds no answer to {question}"]
        known = [answers[0].question for answers in self._recording.answers.values()]
        alike = [one for one in known if (one.verb, one.path) == (question.verb, question.path)]
        if alike:
            found = min((list(differences(one, question)) for one in alike), key=len)
            more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            told.append(f"the closest question there differs in {'; '.join(found[:SHOWN])}{more}")
        told.append(f"record it with --mixpanel-record={path}, or ask as it was asked then: --mixpanel-now")
        return "\n".join(told)


def differences(recorded: Question, asked: Question) -> Iterator[str]:
    """Where two questions differ, as paths into their query and body, with both values."""
    yield from _differences("query", recorded.query, asked.query)
    yield from _differences("body", recorded.body, asked.body)


def _differences(place: str, recorded: Any, asked: Any) -> Iterator[str]:
    if isinstance(recorded, Mapping) and isinstance(asked, Mapping):
        for name in sorted({*recorded, *asked}):
            yield from _differences(f"{place}.{name}", recorded.get(name), asked.get(name))
    elif isinstance(recorded, list) and isinstance(asked, list) and len(recorded) == len(asked):
        for number, (one, other) in enumerate(zip(recorded, asked, strict=True)):
            yield from _differences(f"{place}[{number}]", one, other)
    elif recorded != asked:
        yield f"{place} ({_short(recorded)} there, {_short(asked)} asked)"


def _short(value: Any) -> str:
    text = canonical(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
