"""Walks users from anchor to anchor and records what is seen around them (semantics W-1 to W-11).

Plain loops over integer arrays, compiled where a compiler is present and interpreted with equal results
where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython


Kind = cython.fused_type(cython.uchar, cython.ushort, cython.uint)


def trace_paths(
    offsets: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    kind: cython.const[Kind][::1],
    matches: cython.const[cython.ulonglong][::1],
    session: cython.const[cython.longlong][::1],
    entries: cython.const[cython.longlong][::1],
    excluded: cython.const[cython.uchar][::1],
    forward: cython.const[cython.int][::1],
    reverse: cython.const[cython.int][::1],
    column: cython.const[cython.int][::1],
    window: cython.longlong,
    sessions: cython.longlong,
    entering: cython.int,
    record: cython.longlong[:, ::1],
) -> cython.Py_ssize_t:
    """Fill ``record[column, entry]`` with what is shown of each entry, and return how many there are.

    ``offsets``: where the visible records of each user begin; ``kind``: a code per record, and bit a of
    ``matches[kind]`` says that it may be anchor a; ``entries``: the ascending places of those that may be the
    first one; ``column`` is the place of each anchor. ``entering``: 0 once per user, 1 again whenever the
    last entry has ended, 2 once per session. A cell holds a record, −1 where nothing is shown and −2 from
    where the user was not seen again. ``window`` bounds what is shown, or, where they are more than none, so
    many ``sessions`` do, the anchor's own among them; ``session`` is empty where they do not. Entries whose
    shown path holds an ``excluded`` record are left out; it is empty where there is none.
    """
    found: cython.Py_ssize_t = 0
    user: cython.Py_ssize_t
    lo: cython.Py_ssize_t
    hi: cython.Py_ssize_t
    e: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    c: cython.Py_ssize_t
    ended: cython.Py_ssize_t
    entered: cython.longlong = -1
    with cython.nogil:
        for user in range(offsets.shape[0] - 1):
            lo = offsets[user]
            hi = offsets[user + 1]
            ended = lo
            while e < entries.shape[0] and entries[e] < hi:
                i = entries[e]
                e += 1
                if i < ended:
                    continue
                if sessions > 0:
                    if session[i] < 0 or (entering == 2 and session[i] == entered):
                        continue
                    entered = session[i]
                for c in range(record.shape[0]):
                    record[c, found] = -1
                record[column[0], found] = i
                _look_back(time, session, column[0], reverse[0], window, sessions, lo, i, found, record)
                ended = _follow(
                    time,
                    kind,
                    matches,
                    session,
                    forward,
                    reverse,
                    column,
                    window,
                    sessions,
                    hi,
                    i,
                    found,
                    record,
                )
                if excluded.shape[0] == 0 or not _is_spoilt(excluded, found, record):
                    found += 1
                if entering == 0:
                    ended = hi
    return found


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _within(
    time: cython.const[cython.longlong][::1],
    session: cython.const[cython.longlong][::1],
    window: cython.longlong,
    sessions: cython.longlong,
    one: cython.Py_ssize_t,
    later: cython.Py_ssize_t,
) -> cython.bint:
    """Whether a later record is within the window, of time or of sessions, of one."""
    if sessions > 0:
        return session[later] - session[one] < sessions
    return time[later] - time[one] <= window


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _look_back(
    time: cython.const[cython.longlong][::1],
    session: cython.const[cython.longlong][::1],
    column: cython.Py_ssize_t,
    steps: cython.Py_ssize_t,
    window: cython.longlong,
    sessions: cython.longlong,
    lo: cython.Py_ssize_t,
    i: cython.Py_ssize_t,
    found: cython.Py_ssize_t,
    record: cython.longlong[:, ::1],
) -> cython.void:
    """Show so many records before the entry."""
    c: cython.Py_ssize_t
    for c in range(1, steps + 1):
        if i - c < lo or not _within(time, session, window, sessions, i - c, i):
            break
        record[column - c, found] = i - c


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _follow(
    time: cython.const[cython.longlong][::1],
    kind: cython.const[Kind][::1],
    matches: cython.const[cython.ulonglong][::1],
    session: cython.const[cython.longlong][::1],
    forward: cython.const[cython.int][::1],
    reverse: cython.const[cython.int][::1],
    column: cython.const[cython.int][::1],
    window: cython.longlong,
    sessions: cython.longlong,
    hi: cython.Py_ssize_t,
    i: cython.Py_ssize_t,
    found: cython.Py_ssize_t,
    record: cython.longlong[:, ::1],
) -> cython.Py_ssize_t:
    """Show what comes after the entry, anchor by anchor; where it has ended is returned.

    Anchors lie within the window of the entry, and so does what is shown between them; what is shown after
    the last one lies within that of its own.
    """
    anchors: cython.Py_ssize_t = column.shape[0]
    a: cython.Py_ssize_t
    c: cython.Py_ssize_t
    j: cython.Py_ssize_t
    origin: cython.Py_ssize_t
    lost: cython.Py_ssize_t
    shown: cython.Py_ssize_t
    following: cython.Py_ssize_t
    here: cython.Py_ssize_t = i
    ended: cython.Py_ssize_t = i + 1
    one: cython.ulonglong = 1
    for a in range(anchors):
        following = -1
        origin = i
        if a + 1 == anchors:
            origin = here
        else:
            j = here + 1
            while j < hi and _within(time, session, window, sessions, i, j):
                if (matches[kind[j]] & (one << (a + 1))) != 0:
                    following = j
                    break
                j += 1
            ended = j + 1 if following >= 0 else j
        shown = here
        c = column[a]
        while c < column[a] + forward[a] and shown + 1 < hi and shown + 1 != following:
            if not _within(time, session, window, sessions, origin, shown + 1):
                break
            shown += 1
            c += 1
            record[c, found] = shown
        if following < 0:
            lost = c + 1
            if c == column[a] + forward[a]:  # every step is shown
                lost = column[a + 1] if a + 1 < anchors else record.shape[0]
            for c in range(lost, record.shape[0]):
                record[c, found] = -2
            break
        here = following
        record[column[a + 1], found] = here
        for c in range(1, reverse[a + 1] + 1):
            if here - c <= shown:
                break
            record[column[a + 1] - c, found] = here - c
    return ended


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_spoilt(
    excluded: cython.const[cython.uchar][::1],
    found: cython.Py_ssize_t,
    record: cython.const[cython.longlong][:, ::1],
) -> cython.bint:
    """Whether an excluded record is shown."""
    c: cython.Py_ssize_t
    spoilt: cython.bint = False
    for c in range(record.shape[0]):
        if record[c, found] >= 0 and excluded[record[c, found]] != 0:
            spoilt = True
    return spoilt
