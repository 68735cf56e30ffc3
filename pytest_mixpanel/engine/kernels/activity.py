"""Walks users and counts them once: in cells of a table, and on the days up to which they were active.

Plain loops over integer arrays, compiled where a compiler is present and interpreted with equal results
where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython


def count_users(
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


def count_active(
    user: cython.const[cython.longlong][::1],
    day: cython.const[cython.longlong][::1],
    group: cython.const[cython.longlong][::1],
    length: cython.longlong,
    last: cython.longlong[::1],
    changes: cython.longlong[:, ::1],
) -> None:
    """How the number of users active in the last ``length`` days changes from day to day, by group.

    ``user``: the owner of every record, in runs, −1 for nobody; ``day``: ascending for a user, −1 where it
    does not count. A user is active on the day of a record and the ``length`` − 1 days after; the sum of
    ``changes[group]`` up to a day is the number of users active on it. ``last`` is working space: the last
    day counted for each group's current user, with the user in its second half, filled with −1.
    """
    i: cython.Py_ssize_t
    g: cython.longlong
    d: cython.longlong
    start: cython.longlong
    groups: cython.Py_ssize_t = changes.shape[0]
    days: cython.longlong = changes.shape[1]
    with cython.nogil:
        for i in range(user.shape[0]):
            g = group[i]
            d = day[i]
            if user[i] < 0 or d < 0:
                continue
            start = d
            if last[groups + g] == user[i]:
                if last[g] == d:
                    continue
                if last[g] + length > d:
                    start = last[g] + length
            last[g] = d
            last[groups + g] = user[i]
            if start < days:
                changes[g, start] += 1
                if d + length < days:
                    changes[g, d + length] -= 1
