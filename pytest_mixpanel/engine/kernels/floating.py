"""Walks users through funnels whose steps may come in any order, with anchors (semantics F-17 to F-19).

Plain loops over integer arrays, compiled where a compiler is present and interpreted with equal results
where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython


def find_floating(
    offsets: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    matches: cython.const[cython.ulonglong][::1],
    period: cython.const[cython.int][::1],
    group_end: cython.const[cython.int][::1],
    steps: cython.int,
    window: cython.longlong,
    now: cython.longlong,
    every: cython.bint,
    record: cython.longlong[:, ::1],
) -> cython.Py_ssize_t:
    """Fill ``record`` with one row per attempt and return how many there are.

    Steps form groups: ``group_end[k]`` is the end of the group of step k, one past its last step; within a
    group any order will do, and the next group waits for the whole of it. Row: the events in the order in
    which they completed a step, −1 from the first one missing. A record that fits several open steps takes
    the first. ``matches``, ``period`` and ``now`` as in ``find_attempts``; with ``every`` a user may enter
    again once an attempt has ended, else once per period.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    k: cython.int
    lo: cython.Py_ssize_t
    hi: cython.Py_ssize_t
    begin: cython.int
    end: cython.int
    done: cython.int
    previous: cython.int
    free_from: cython.Py_ssize_t
    open_steps: cython.ulonglong
    leading: cython.ulonglong = 0
    one: cython.ulonglong = 1
    n: cython.Py_ssize_t = 0
    with cython.nogil:
        for k in range(group_end[0]):
            leading |= one << k
        for user in range(offsets.shape[0] - 1):
            lo = offsets[user]
            hi = offsets[user + 1]
            previous = -1
            free_from = lo
            for i in range(lo, hi):
                if (matches[i] & leading) == 0 or period[i] < 0:
                    continue
                if period[i] == previous and (not every or i < free_from):
                    continue
                previous = period[i]
                for k in range(steps):
                    record[n, k] = -1
                begin = 0
                end = group_end[0]
                open_steps = leading
                done = 0
                j = i
                while j < hi and time[j] - time[i] <= window and time[j] <= now and done < steps:
                    for k in range(begin, end):
                        if (open_steps & (one << k)) != 0 and (matches[j] & (one << k)) != 0:
                            open_steps &= ~(one << k)
                            record[n, done] = j
                            done += 1
                            break
                    if open_steps == 0 and done < steps:
                        begin = end
                        end = group_end[begin]
                        for k in range(begin, end):
                            open_steps |= one << k
                    j += 1
                if done == steps:
                    free_from = record[n, steps - 1] + 1
                else:
                    free_from = i + 1
                    while free_from < hi and time[free_from] <= time[i] + window:
                        free_from += 1
                n += 1
    return n
