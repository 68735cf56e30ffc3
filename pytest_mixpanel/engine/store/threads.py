"""As many threads as there are cores: kernels, NumPy and files leave the interpreter to others."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

THREADS_VARIABLE = "MIXPANEL_THREADS"


def thread_count() -> int:
    """As many as ``MIXPANEL_THREADS`` says, else as this process has cores."""
    named = os.environ.get(THREADS_VARIABLE, "")
    if named.isdigit() and int(named):
        return int(named)
    cores = getattr(os, "sched_getaffinity", None)
    return len(cores(0)) if cores is not None else os.cpu_count() or 1


def side_by_side(work: Callable[[Any], T], given: Sequence[Any]) -> list[T]:
    """What ``work`` makes of each, in their order, on as many cores as there are."""
    threads = min(len(given), thread_count())
    if threads < 2:
        return [work(each) for each in given]
    with ThreadPoolExecutor(threads, thread_name_prefix="mixpanel") as pool:
        return list(pool.map(work, given))
