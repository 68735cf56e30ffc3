"""Walks users and counts who came back (semantics R-1 to R-16).

Plain loops over integer arrays, compiled where a compiler is present and interpreted with equal results
where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython


Kind = cython.fused_type(cython.uchar, cython.ushort, cython.uint)

BORN, BACK = 1, 2
"""Bits of an event's ``matches``."""


def count_returns(
    offsets: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    kind: cython.const[Kind][::1],
    matches: cython.const[cython.ulonglong][::1],
    edges: cython.const[cython.longlong][::1],
    segment: cython.const[cython.int][::1],
    ticks: cython.const[cython.longlong][::1],
    width: cython.longlong,
    bracket: cython.const[cython.int][::1],
    now: cython.longlong,
    records: cython.bint,
    criterion: cython.int,
    same: cython.bint,
    mark: cython.longlong[:, ::1],
    returns: cython.longlong[::1],
    units: cython.int[::1],
    first: cython.longlong[:, ::1],
    counts: cython.longlong[:, :, ::1],
) -> None:
    """Count births into ``first[row, segment]`` and returns into ``counts[row, segment, bucket]``.

    ``kind``: a code per event; bit 0 of ``matches[kind]`` says that a user is born by it, bit 1 that it is a
    return. ``edges``: where the rows begin into which users are born, and where the last one ends.
    ``segment``: of every event, −1 for none; or nothing, where all are of segment 0. Returns are measured
    in units of ``width`` milliseconds from the birth, or, where ``ticks`` are given, in the units of the
    calendar that begin at these; ``bracket``: the bucket of every number of elapsed units.
    ``records`` counts return events instead of users. ``criterion``: 0 counts a user in every bucket of a
    return, else in one: 1 that of the last return, 2 that of the first, 3 the last before a bucket is missed,
    where ``same`` says that both events are one. Working space: ``mark``, of the shape of ``first``, filled
    with −1; ``returns`` and ``units``, as long as there are events.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    lo: cython.Py_ssize_t
    hi: cython.Py_ssize_t
    at: cython.Py_ssize_t
    begin: cython.Py_ssize_t
    found: cython.Py_ssize_t
    r: cython.Py_ssize_t
    s: cython.int
    b: cython.int
    tick: cython.Py_ssize_t
    born_tick: cython.Py_ssize_t
    unit: cython.longlong
    most: cython.longlong = bracket.shape[0]
    rows: cython.Py_ssize_t = edges.shape[0] - 1
    ticking: cython.bint = ticks.shape[0] > 0
    segmented: cython.bint = segment.shape[0] > 0
    seen: cython.ulonglong
    bit: cython.ulonglong
    one: cython.ulonglong = 1
    word: cython.Py_ssize_t
    reached: cython.int
    with cython.nogil:
        for user in range(offsets.shape[0] - 1):
            lo = offsets[user]
            hi = offsets[user + 1]
            found = 0
            tick = 0
            for i in range(lo, hi):
                if (matches[kind[i]] & 2) != 0:
                    if time[i] > now:
                        break
                    if ticking:
                        while tick + 1 < ticks.shape[0] and time[i] >= ticks[tick + 1]:
                            tick += 1
                        units[found] = tick
                    returns[found] = i
                    found += 1
            r = 0
            begin = 0
            born_tick = 0
            for i in range(lo, hi):
                if (matches[kind[i]] & 1) == 0 or time[i] < edges[0]:
                    continue
                if time[i] > now or time[i] >= edges[rows]:
                    break
                while time[i] >= edges[r + 1]:
                    r += 1
                s = segment[i] if segmented else 0
                if s < 0 or mark[r, s] == user:
                    continue
                mark[r, s] = user
                first[r, s] += 1
                if ticking:
                    while born_tick + 1 < ticks.shape[0] and time[i] >= ticks[born_tick + 1]:
                        born_tick += 1
                seen = 0
                word = -1
                reached = 0 if criterion == 3 and same else -1
                while begin < found and time[returns[begin]] < time[i]:
                    begin += 1
                for at in range(begin, found):
                    j = returns[at]
                    if j == i or (time[j] == time[i] and (matches[kind[j]] & 1) != 0):
                        continue
                    unit = units[at] - born_tick if ticking else (time[j] - time[i]) // width
                    if unit >= most:
                        if criterion == 1:
                            reached = bracket[most - 1]
                        break
                    b = bracket[unit]
                    if records:
                        counts[r, s, b] += 1
                    elif criterion == 1 or (criterion == 2 and reached < 0):
                        reached = b
                    elif criterion == 2 or (criterion == 3 and b > reached + 1):
                        break
                    elif criterion == 3:
                        reached = b
                    else:
                        if b // 64 != word:
                            word = b // 64
                            seen = 0
                        bit = one << (b % 64)
                        if (seen & bit) == 0:
                            seen |= bit
                            counts[r, s, b] += 1
                if reached >= 0 and not records:
                    counts[r, s, reached] += 1
