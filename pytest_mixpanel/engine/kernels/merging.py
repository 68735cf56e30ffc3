"""Puts the events of users together that lie in several runs, each of them by time.

Plain loops over integer arrays, compiled where a compiler is present and interpreted with equal results
where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython


def merge_runs(
    owner: cython.const[cython.longlong][::1],
    start: cython.const[cython.longlong][::1],
    end: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    tie: cython.const[cython.longlong][::1],
    head: cython.longlong[::1],
    order: cython.longlong[::1],
) -> None:
    """Places in ``order`` such that every owner's are by time.

    Run r has the places ``start[r]`` to ``end[r]``, none of them empty; runs come by ``owner``. What is of
    one time is by ``tie`` where that is given, else by run. ``head`` is working space, as long as the runs.
    """
    runs: cython.Py_ssize_t = owner.shape[0]
    tied: cython.bint = tie.shape[0] > 0
    first: cython.Py_ssize_t = 0
    last: cython.Py_ssize_t
    r: cython.Py_ssize_t
    best: cython.Py_ssize_t
    p: cython.longlong
    q: cython.longlong
    out: cython.Py_ssize_t = 0
    apart: cython.bint
    with cython.nogil:
        while first < runs:
            last = first + 1
            apart = True  # the usual case: one run ends before the next one begins
            while last < runs and owner[last] == owner[first]:
                p = time[end[last - 1] - 1]
                q = time[start[last]]
                if p > q or (tied and p == q):
                    apart = False
                last += 1
            if apart:
                for r in range(first, last):
                    for p in range(start[r], end[r]):
                        order[out] = p
                        out += 1
            else:
                for r in range(first, last):
                    head[r] = start[r]
                while True:
                    best = -1
                    for r in range(first, last):
                        if head[r] == end[r]:
                            continue
                        if best < 0:
                            best = r
                            continue
                        p = head[best]
                        q = head[r]
                        if time[q] < time[p] or (tied and time[q] == time[p] and tie[q] < tie[p]):
                            best = r
                    if best < 0:
                        break
                    order[out] = head[best]
                    head[best] += 1
                    out += 1
            first = last
