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
    cells: cython.longlong[::1],
    beyond: cython.longlong[::1],
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
    return, else in one: 1 that of the last return, 2 that of the first, 3 the last before a bucket is missed.
    ``same``: both events are one, and so another at the very time of the birth is no return (R-9), while the
    birth itself fills the first bucket of 3 (R-11). Working space: ``mark``, of the shape of ``first``,
    filled with −1; ``cells`` and ``beyond``, as long as there are events.

    Time is ruled into cells of one unit. A return is in unit n from a birth if it lies n cells further, or
    n + 1 and not as far within its cell. So the first and the last return of a cell tell of all in it, and
    nothing has to be divided when a birth meets a return.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    lo: cython.Py_ssize_t
    hi: cython.Py_ssize_t
    at: cython.Py_ssize_t
    begin: cython.Py_ssize_t
    found: cython.Py_ssize_t
    at_once: cython.Py_ssize_t
    r: cython.Py_ssize_t
    s: cython.int
    b: cython.int
    last: cython.int
    reached: cython.int
    cell: cython.longlong
    cell_start: cython.longlong
    phase: cython.longlong
    unit: cython.longlong
    most: cython.longlong = bracket.shape[0]
    rows: cython.Py_ssize_t = edges.shape[0] - 1
    ticking: cython.bint = ticks.shape[0] > 0
    segmented: cython.bint = segment.shape[0] > 0
    with cython.nogil:
        for user in range(offsets.shape[0] - 1):
            lo = offsets[user]
            hi = offsets[user + 1]
            if lo == hi:
                continue
            found = 0
            cell = 0
            cell_start = ticks[0] if ticking else time[lo]
            for i in range(lo, hi):
                if (matches[kind[i]] & 2) == 0:
                    continue
                if time[i] > now:
                    break
                if ticking:
                    while cell + 1 < ticks.shape[0] and time[i] >= ticks[cell + 1]:
                        cell += 1
                    cell_start = ticks[cell]
                elif time[i] - cell_start >= width:
                    cell = (time[i] - time[lo]) // width
                    cell_start = time[lo] + cell * width
                if not records and found > 1 and cells[found - 2] == cell:
                    found -= 1  # neither the first nor, any more, the last of its cell
                cells[found] = cell
                beyond[found] = time[i] - cell_start
                found += 1
            r = 0
            begin = 0
            cell = 0
            cell_start = ticks[0] if ticking else time[lo]
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
                    while cell + 1 < ticks.shape[0] and time[i] >= ticks[cell + 1]:
                        cell += 1
                    cell_start = ticks[cell]
                elif time[i] - cell_start >= width:
                    cell = (time[i] - time[lo]) // width
                    cell_start = time[lo] + cell * width
                phase = time[i] - cell_start
                while begin < found and (
                    cells[begin] < cell or (cells[begin] == cell and beyond[begin] <= phase)
                ):
                    begin += 1
                if ticking:
                    phase = 0  # every unit is one cell
                at_once = 0
                j = i
                while not same and j > lo and time[j - 1] == time[i]:
                    j -= 1
                while not same and j < hi and time[j] == time[i]:
                    if j != i and (matches[kind[j]] & 2) != 0:
                        at_once += 1
                    j += 1
                last = -1
                reached = 0 if criterion == 3 and same else -1
                for at in range(-at_once, found - begin):
                    unit = 0
                    if at >= 0:
                        unit = cells[begin + at] - cell
                        if beyond[begin + at] < phase:
                            unit -= 1
                    if unit >= most:
                        if criterion == 1:
                            reached = bracket[most - 1]
                        break
                    b = bracket[unit]
                    if records:
                        counts[r, s, b] += 1
                    elif criterion == 0:
                        if b != last:
                            counts[r, s, b] += 1
                        last = b
                    elif criterion == 1 or (criterion == 2 and reached < 0):
                        reached = b
                    elif criterion == 2 or b > reached + 1:
                        break
                    else:
                        reached = b
                if reached >= 0 and not records:
                    counts[r, s, reached] += 1
