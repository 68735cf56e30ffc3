"""Walks users and finds where their sessions begin and end (semantics S-2 to S-6).

Plain loops over integer arrays, compiled where a compiler is present and interpreted with equal results
where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython


Kind = cython.fused_type(cython.uchar, cython.ushort, cython.uint)

OUTSIDE, INSIDE, START, END = 0, 1, 2, 3
"""Roles of an event: of no session, of one, and what begins and ends a session between events."""


def find_runs(
    offsets: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    kind: cython.const[Kind][::1],
    role: cython.const[cython.uchar][::1],
    key: cython.const[cython.longlong][::1],
    timeout: cython.longlong,
    days: cython.const[cython.longlong][::1],
    width: cython.longlong,
    until: cython.longlong,
    first: cython.longlong[::1],
    last: cython.longlong[::1],
    begun: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Find sessions that are runs of records, and return how many there are.

    ``kind``: a code per event, and ``role`` that of each kind: those outside are passed over. A session ends
    with a gap longer than ``timeout``, with another ``key``, where keys are given (records of key −1 are
    passed over), and with the day. ``days``: where the days begin, from one before all records to one after
    them, of about ``width`` milliseconds. Records after ``until`` are left out. Into ``first`` and ``last``
    go a session's first and last record, into ``begun`` the number of sessions before each user's.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    previous: cython.Py_ssize_t
    d: cython.Py_ssize_t
    n: cython.Py_ssize_t = 0
    users: cython.Py_ssize_t = offsets.shape[0] - 1
    latest: cython.Py_ssize_t = days.shape[0] - 2
    keyed: cython.bint = key.shape[0] > 0
    t: cython.longlong
    before: cython.longlong
    day_last: cython.longlong
    origin: cython.longlong = days[0]
    scale: cython.double = 1.0 / width
    with cython.nogil:
        for user in range(users):
            begun[user] = n
            previous = -1
            before = 0
            day_last = origin - 1
            for i in range(offsets[user], offsets[user + 1]):
                if role[kind[i]] == 0 or (keyed and key[i] < 0):
                    continue
                t = time[i]
                if t > day_last or t - before > timeout or (keyed and key[i] != key[previous]):
                    if t > until:
                        break
                    if t > day_last:
                        d = cython.cast(cython.Py_ssize_t, (t - origin) * scale)
                        if d > latest:
                            d = latest
                        while t < days[d]:
                            d -= 1
                        while t >= days[d + 1]:
                            d += 1
                        # The first instant that needs another look is that of another day or too late.
                        day_last = days[d + 1] - 1
                        if day_last > until:
                            day_last = until
                    if previous >= 0:
                        last[n - 1] = previous
                    first[n] = i
                    n += 1
                previous = i
                before = t
            if previous >= 0:
                last[n - 1] = previous
        begun[users] = n
    return n


def find_between(
    offsets: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    kind: cython.const[Kind][::1],
    role: cython.const[cython.uchar][::1],
    days: cython.const[cython.longlong][::1],
    width: cython.longlong,
    until: cython.longlong,
    first: cython.longlong[::1],
    last: cython.longlong[::1],
    end: cython.longlong[::1],
    ended: cython.longlong[::1],
    begun: cython.longlong[::1],
    closed: cython.longlong[::1],
) -> None:
    """Find sessions from a start to the next end of the day.

    As ``find_runs``. A start within a session begins none; a session without an end lasts until midnight.
    ``end``: ends with a start before them, on whatever day, and ``ended``: their session, −1 where it began
    on another day. Into ``closed`` goes the number of ends before each user's, as sessions into ``begun``.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    d: cython.Py_ssize_t
    n: cython.Py_ssize_t = 0
    m: cython.Py_ssize_t = 0
    users: cython.Py_ssize_t = offsets.shape[0] - 1
    running: cython.bint
    pending: cython.bint
    day_end: cython.longlong
    what: cython.int
    with cython.nogil:
        for user in range(users):
            begun[user] = n
            closed[user] = m
            running = False
            pending = False
            day_end = days[0]
            for i in range(offsets[user], offsets[user + 1]):
                what = role[kind[i]]
                if what == 0:
                    continue
                if time[i] > until:
                    break
                if running and time[i] >= day_end:
                    running = False
                if what == 2 and not running:
                    d = (time[i] - days[0]) // width
                    if d > days.shape[0] - 2:
                        d = days.shape[0] - 2
                    while time[i] < days[d]:
                        d -= 1
                    while time[i] >= days[d + 1]:
                        d += 1
                    day_end = days[d + 1]
                    running = True
                    pending = True
                    first[n] = i
                    n += 1
                if running:
                    last[n - 1] = i
                if what == 3 and pending:
                    end[m] = i
                    ended[m] = n - 1 if running else -1
                    m += 1
                    running = False
                    pending = False
        begun[users] = n
        closed[users] = m
