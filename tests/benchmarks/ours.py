"""Our answers to the questions, by the way every query takes: params → plan → answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.store import disk
from tests.benchmarks.data import NOW, make_store
from tests.benchmarks.questions import QUESTIONS, Question, Rows


def open_engine(folder: Path, events: int) -> dict[str, list[Callable[[], Rows]]]:
    store = disk.read(make_store(folder, events))

    def asked(question: Question) -> Callable[[], Rows]:
        params = question.params()
        return lambda: question.read(answer(params, store, NOW))

    return {question.name: [asked(question)] for question in QUESTIONS}
