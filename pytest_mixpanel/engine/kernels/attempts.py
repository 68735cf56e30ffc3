"""Walks users and finds their attempts at a funnel (semantics F-1 to F-11).

This file is the definition: plain loops over integer arrays, compiled where a compiler is present and
interpreted with equal results where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import cython


def find_attempts(
    offsets: cython.const[cython.longlong][:],
    time: cython.const[cython.longlong][:],
    matches: cython.const[cython.ulonglong][:],
    period: cython.const[cython.int][:],
    steps: cython.int,
    window: cython.longlong,
    grace: cython.longlong,
    now: cython.longlong,
    every: cython.bint,
    record: cython.longlong[:, :],
) -> cython.Py_ssize_t:
    """Fill ``record`` with one row per attempt and return how many there are.

    ``matches``: bit k is set where the event matches step k; ``period``: the bucket of the range an event
    may enter in, −1 outside it. Row: the event's index at each step, −1 from the first step not reached.
    Every period is a funnel of its own (F-40, F-41): with ``every`` a new attempt may start once the one
    before it in the same period has ended, else each user makes one. ``now`` bounds what may be seen.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    k: cython.int
    last: cython.Py_ssize_t
    lo: cython.Py_ssize_t
    hi: cython.Py_ssize_t
    found: cython.Py_ssize_t
    previous: cython.int
    free_from: cython.longlong
    start: cython.longlong
    bit: cython.ulonglong
    used: cython.int
    back: cython.int
    n: cython.Py_ssize_t = 0
    first: cython.ulonglong = 1
    for user in range(offsets.shape[0] - 1):
        lo = offsets[user]
        hi = offsets[user + 1]
        previous = -1
        free_from = lo
        for i in range(lo, hi):
            if (matches[i] & first) == 0 or period[i] < 0:
                continue
            if period[i] == previous and (not every or i < free_from):
                continue
            previous = period[i]
            start = time[i]
            record[n, 0] = i
            last = i
            for k in range(1, steps):
                record[n, k] = -1
            for k in range(1, steps):
                bit = first << k
                j = last
                while j > lo and time[j - 1] >= time[last] - grace:
                    j -= 1
                found = -1
                while j < hi and time[j] - start <= window and time[j] <= now:
                    if (matches[j] & bit) != 0:
                        used = 0
                        for back in range(k):
                            if record[n, back] == j:
                                used = 1
                        if used == 0:
                            found = j
                            break
                    j += 1
                if found < 0:
                    break
                record[n, k] = found
                last = found
            if every:
                if record[n, steps - 1] >= 0:
                    free_from = i + 1
                    for k in range(1, steps):
                        if record[n, k] >= free_from:
                            free_from = record[n, k] + 1
                else:
                    j = i + 1
                    while j < hi and time[j] <= start + window:
                        j += 1
                    free_from = j
            n += 1
    return n
