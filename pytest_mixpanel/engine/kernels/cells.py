"""Counts records, and users once, in the cells of a table of groups and buckets.

Plain loops over integer arrays, compiled where a compiler is present and interpreted with equal results
where none is. Indices and divisions are never negative. The bucket of a time is guessed as if all buckets
were equally wide, and put right from there.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython

Cell = cython.fused_type(cython.uchar, cython.ushort, cython.uint, cython.ulonglong)
Code = cython.fused_type(cython.schar, cython.short, cython.int, cython.longlong)


def find_buckets(
    time: cython.const[cython.longlong][::1],
    at: cython.const[cython.longlong][::1],
    edges: cython.const[cython.longlong][::1],
    bucket: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """The bucket of each of the records ``at`` some places, −1 outside all; how many are inside is returned.

    ``edges``: where the buckets begin, and where the last one ends.
    """
    i: cython.Py_ssize_t
    b: cython.Py_ssize_t
    n: cython.Py_ssize_t = 0
    t: cython.longlong
    buckets: cython.Py_ssize_t = edges.shape[0] - 1
    first: cython.longlong = edges[0]
    end: cython.longlong = edges[buckets]
    span: cython.double = end - first
    scale: cython.double = buckets / span
    with cython.nogil:
        for i in range(at.shape[0]):
            t = time[at[i]]
            if t < first or t >= end:
                bucket[i] = -1
                continue
            b = _bucket_of(t, edges, scale)
            bucket[i] = b
            n += 1
    return n


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _bucket_of(
    t: cython.longlong, edges: cython.const[cython.longlong][::1], scale: cython.double
) -> cython.Py_ssize_t:
    """The bucket that a time within the edges lies in; ``scale``: how many there are in a millisecond."""
    b: cython.Py_ssize_t = cython.cast(cython.Py_ssize_t, (t - edges[0]) * scale)
    while t < edges[b]:
        b -= 1
    while t >= edges[b + 1]:
        b += 1
    return b


def count_records(
    time: cython.const[cython.longlong][::1],
    at: cython.const[cython.longlong][::1],
    group: cython.const[cython.longlong][::1],
    edges: cython.const[cython.longlong][::1],
    counts: cython.longlong[:, ::1],
) -> None:
    """Count records into ``counts[group, bucket]``; ``group``: of each, or nothing where all are of one."""
    i: cython.Py_ssize_t
    b: cython.Py_ssize_t
    t: cython.longlong
    grouped: cython.bint = group.shape[0] > 0
    buckets: cython.Py_ssize_t = edges.shape[0] - 1
    first: cython.longlong = edges[0]
    end: cython.longlong = edges[buckets]
    span: cython.double = end - first
    scale: cython.double = buckets / span
    with cython.nogil:
        for i in range(at.shape[0]):
            t = time[at[i]]
            if t < first or t >= end:
                continue
            b = _bucket_of(t, edges, scale)
            counts[group[i] if grouped else 0, b] += 1


def count_users(
    offsets: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    at: cython.const[cython.longlong][::1],
    group: cython.const[cython.longlong][::1],
    edges: cython.const[cython.longlong][::1],
    mark: cython.longlong[:, ::1],
    counts: cython.longlong[:, ::1],
) -> None:
    """Count every user once in each cell with a record of theirs.

    As ``count_records``; ``at`` ascends, and users begin at ``offsets``. ``mark`` is working space of the
    shape of ``counts``, filled with −1.
    """
    i: cython.Py_ssize_t
    b: cython.Py_ssize_t
    g: cython.Py_ssize_t = 0
    user: cython.Py_ssize_t = -1
    users: cython.Py_ssize_t = offsets.shape[0] - 1
    stop: cython.longlong = offsets[0]
    t: cython.longlong
    grouped: cython.bint = group.shape[0] > 0
    buckets: cython.Py_ssize_t = edges.shape[0] - 1
    first: cython.longlong = edges[0]
    end: cython.longlong = edges[buckets]
    span: cython.double = end - first
    scale: cython.double = buckets / span
    with cython.nogil:
        for i in range(at.shape[0]):
            while at[i] >= stop and user + 1 < users:
                user += 1
                stop = offsets[user + 1]
            if at[i] >= stop:
                break  # nobody's
            t = time[at[i]]
            if t < first or t >= end:
                continue
            b = _bucket_of(t, edges, scale)
            if grouped:
                g = group[i]
            # Added without a branch: whether a record is a user's first of a cell is hard to guess.
            counts[g, b] += mark[g, b] != user
            mark[g, b] = user


def count_active(
    offsets: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    at: cython.const[cython.longlong][::1],
    group: cython.const[cython.longlong][::1],
    days: cython.const[cython.longlong][::1],
    length: cython.longlong,
    last: cython.longlong[:, ::1],
    changes: cython.longlong[:, ::1],
) -> None:
    """How the number of users active in the last ``length`` days changes from day to day, by group.

    As ``count_users``, with a bucket for each of the ``days``. A user is active on the day of a record and
    the ``length`` − 1 days after; the sum of ``changes[group]`` up to a day is the number of users active on
    it. ``last`` is working space: each group's last user and the day of their last record, filled with −1.
    """
    i: cython.Py_ssize_t
    d: cython.Py_ssize_t = 0
    g: cython.Py_ssize_t = 0
    start: cython.longlong
    user: cython.Py_ssize_t = -1
    users: cython.Py_ssize_t = offsets.shape[0] - 1
    stop: cython.longlong = offsets[0]
    t: cython.longlong
    grouped: cython.bint = group.shape[0] > 0
    many: cython.Py_ssize_t = days.shape[0] - 1
    first: cython.longlong = days[0]
    end: cython.longlong = days[many]
    span: cython.double = end - first
    scale: cython.double = many / span
    day_start: cython.longlong = 0
    day_end: cython.longlong = 0
    with cython.nogil:
        for i in range(at.shape[0]):
            t = time[at[i]]
            if at[i] < stop:
                if day_start <= t and t < day_end and not grouped:
                    continue
            else:
                while at[i] >= stop and user + 1 < users:
                    user += 1
                    stop = offsets[user + 1]
                if at[i] >= stop:
                    break  # nobody's
                day_end = day_start
            if t < first or t >= end:
                continue
            d = _bucket_of(t, days, scale)
            day_start = days[d]
            day_end = days[d + 1]
            if grouped:
                g = group[i]
            start = d
            if last[g, 0] == user:
                if last[g, 1] == d:
                    continue
                if last[g, 1] + length > d:
                    start = last[g, 1] + length
            last[g, 0] = user
            last[g, 1] = d
            if start < many:
                changes[g, start] += 1
                if d + length < many:
                    changes[g, d + length] -= 1


def count_once(
    user: cython.const[cython.longlong][::1],
    key: cython.const[cython.longlong][::1],
    cell: cython.const[cython.longlong][::1],
    mark: cython.longlong[::1],
    counts: cython.longlong[::1],
) -> None:
    """Count every user once for each key of their records, in the cell of the first record with it.

    ``user``: the owner of every record, in runs, −1 for nobody. ``mark`` is working space with a place for
    every key, filled with −1.
    """
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(user.shape[0]):
            if user[i] >= 0 and mark[key[i]] != user[i]:
                mark[key[i]] = user[i]
                counts[cell[i]] += 1


def find_segments(
    codes: cython.const[Code][::1],
    at: cython.const[cython.longlong][::1],
    table: cython.const[cython.int][::1],
    segment: cython.int[::1],
) -> None:
    """What a table says of the code at every place; its last entry is for the code −1."""
    i: cython.Py_ssize_t
    c: cython.Py_ssize_t
    last: cython.Py_ssize_t = table.shape[0] - 1
    with cython.nogil:
        for i in range(at.shape[0]):
            c = codes[at[i]]
            segment[i] = table[c if c >= 0 else last]


def count_values(cell: cython.const[Cell][::1], counts: cython.longlong[::1]) -> None:
    """Count the values of every cell; ``cell``: that of each value."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(cell.shape[0]):
            counts[cell[i]] += 1


def place_values(
    cell: cython.const[Cell][::1],
    value: cython.const[cython.double][::1],
    place: cython.longlong[::1],
    placed: cython.double[::1],
) -> None:
    """Put every value where the next one of its cell belongs, which ``place`` says and moves on."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(cell.shape[0]):
            placed[place[cell[i]]] = value[i]
            place[cell[i]] += 1
