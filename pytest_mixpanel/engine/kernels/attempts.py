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
    held: cython.const[cython.longlong][:],
    stops: cython.const[cython.ulonglong][:],
    active: cython.const[cython.ulonglong][:],
    steps: cython.int,
    window: cython.longlong,
    grace: cython.longlong,
    now: cython.longlong,
    entering: cython.int,
    record: cython.longlong[:, :],
    until: cython.longlong[:],
) -> cython.Py_ssize_t:
    """Fill ``record`` with one row per attempt and return how many there are.

    ``matches``: bit k is set where the event matches step k; ``period``: the bucket of the range an event
    may enter in, −1 outside it; ``held``: a code of the values that must stay the same; ``stops``: bit x
    where the event matches exclusion x, ``active[p]`` the exclusions in force once p steps are done.
    Row: the event's index at each step, −1 from the first step not reached. ``until`` is working space.

    Every period is a funnel of its own (F-40, F-41). ``entering``: 0, one attempt per user and period;
    1, again once the attempt before it, with the same held values, has ended; 2, at every step-1 event.
    ``now`` bounds what may be seen.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    m: cython.Py_ssize_t
    k: cython.int
    last: cython.Py_ssize_t
    lo: cython.Py_ssize_t
    hi: cython.Py_ssize_t
    found: cython.Py_ssize_t
    stopped: cython.Py_ssize_t
    mine: cython.Py_ssize_t
    blocked: cython.bint
    start: cython.longlong
    limit: cython.longlong
    bit: cython.ulonglong
    used: cython.int
    back: cython.int
    n: cython.Py_ssize_t = 0
    first: cython.ulonglong = 1
    for user in range(offsets.shape[0] - 1):
        lo = offsets[user]
        hi = offsets[user + 1]
        mine = n
        for i in range(lo, hi):
            if (matches[i] & first) == 0 or period[i] < 0:
                continue
            blocked = False
            if entering < 2:
                for m in range(n - mine):
                    j = record[n - 1 - m, 0]
                    if period[j] == period[i] and (entering == 0 or held[j] == held[i]):
                        blocked = entering == 0 or until[n - 1 - m] > i
                        break
            if blocked:
                continue
            start = time[i]
            record[n, 0] = i
            last = i
            stopped = -1
            for k in range(1, steps):
                record[n, k] = -1
            for k in range(1, steps):
                bit = first << k
                j = last
                while j > lo and time[j - 1] >= time[last] - grace:
                    j -= 1
                found = -1
                while j < hi and time[j] - start <= window and time[j] <= now:
                    if (matches[j] & bit) != 0 and held[j] == held[i]:
                        used = 0
                        for back in range(k):
                            if record[n, back] == j:
                                used = 1
                        if used == 0:
                            found = j
                            break
                    j += 1
                if active[k] != 0:
                    limit = start + window
                    if now < limit:
                        limit = now
                    if found >= 0:
                        limit = time[found] - grace - 1
                    j = last
                    while j < hi and time[j] <= limit:
                        if (stops[j] & active[k]) != 0 and time[j] > time[last] + grace and j != found:
                            used = 0
                            for back in range(k):
                                if record[n, back] == j:
                                    used = 1
                            if used == 0:
                                stopped = j
                                break
                        j += 1
                if stopped >= 0 or found < 0:
                    break
                record[n, k] = found
                last = found
            until[n] = i + 1
            if stopped >= 0:
                until[n] = stopped + 1
            elif record[n, steps - 1] >= 0:
                for k in range(1, steps):
                    if record[n, k] >= until[n]:
                        until[n] = record[n, k] + 1
            else:
                j = i + 1
                while j < hi and time[j] <= start + window:
                    j += 1
                until[n] = j
            n += 1
    return n
