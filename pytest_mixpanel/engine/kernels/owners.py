"""Tells places in a store apart by the users who own them.

Plain loops over integer arrays, compiled where a compiler is present and interpreted with equal results
where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython


def count_before(
    at: cython.const[cython.longlong][::1],
    bounds: cython.const[cython.longlong][::1],
    before: cython.longlong[::1],
) -> None:
    """How many of the ascending places lie before each of the ascending ``bounds``."""
    b: cython.Py_ssize_t
    n: cython.Py_ssize_t = 0
    with cython.nogil:
        for b in range(bounds.shape[0]):
            while n < at.shape[0] and at[n] < bounds[b]:
                n += 1
            before[b] = n


def ask_owners(
    offsets: cython.const[cython.longlong][::1],
    at: cython.const[cython.longlong][::1],
    verdicts: cython.const[cython.uchar][::1],
    found: cython.uchar[::1],
) -> None:
    """The verdict on the user of the event at each of some ascending places; the last one is on nobody."""
    i: cython.Py_ssize_t = 0
    user: cython.Py_ssize_t
    with cython.nogil:
        for user in range(offsets.shape[0] - 1):
            while i < at.shape[0] and at[i] < offsets[user + 1]:
                found[i] = verdicts[user]
                i += 1
        while i < at.shape[0]:
            found[i] = verdicts[verdicts.shape[0] - 1]
            i += 1


def find_owners(
    offsets: cython.const[cython.longlong][::1],
    at: cython.const[cython.longlong][::1],
    bounds: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Where, by turns, the events begin and end of the users who have one of some ascending places.

    Neighbours are one stretch. ``bounds`` has room for two places a user; how many there are is returned.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t = 0
    n: cython.Py_ssize_t = 0
    with cython.nogil:
        for user in range(offsets.shape[0] - 1):
            if i == at.shape[0]:
                break
            if at[i] >= offsets[user + 1]:
                continue
            if n > 0 and bounds[n - 1] == offsets[user]:
                n -= 2
            else:
                bounds[n] = offsets[user]
            bounds[n + 1] = offsets[user + 1]
            n += 2
            while i < at.shape[0] and at[i] < offsets[user + 1]:
                i += 1
    return n


def find_stretches(
    ends: cython.const[cython.longlong][::1],
    wanted: cython.const[cython.uchar][::1],
    bounds: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """As ``find_owners``, of users who are wanted, 1 or 0; the events of user u end at ``ends[u + 1]``."""
    user: cython.Py_ssize_t
    n: cython.Py_ssize_t = 0
    with cython.nogil:
        for user in range(wanted.shape[0]):
            if wanted[user] == 0 or ends[user + 1] == ends[user]:
                continue
            if n > 0 and bounds[n - 1] == ends[user]:
                n -= 2
            else:
                bounds[n] = ends[user]
            bounds[n + 1] = ends[user + 1]
            n += 2
    return n


def find_doers(
    before: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    at: cython.const[cython.longlong][::1],
    start: cython.longlong,
    end: cython.longlong,
    times: cython.Py_ssize_t,
    found: cython.uchar[::1],
) -> None:
    """Whether every user has at least so many ``times``, one or more, from ``start`` to before ``end``.

    ``at``: the ascending places of what is counted, of user u from ``before[u]`` to ``before[u + 1]``. Of
    each user the time so many before the last is read, without a branch, so that reads overlap; whether
    that is still so before ``end`` is asked of those alone who pass.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    enough: cython.bint
    with cython.nogil:
        for user in range(before.shape[0] - 1):
            i = before[user + 1] - times
            enough = i >= before[user]
            found[user] = enough & (time[at[i if enough else 0]] >= start)
        for user in range(before.shape[0] - 1):
            if found[user] == 0:
                continue
            i = before[user + 1] - 1
            while i >= before[user] and time[at[i]] >= end:
                i -= 1
            i -= times - 1
            found[user] = i >= before[user] and time[at[i]] >= start
