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
    anchors: cython.Py_ssize_t = column.shape[0]
    columns: cython.Py_ssize_t = record.shape[0]
    found: cython.Py_ssize_t = 0
    one: cython.ulonglong = 1
    user: cython.Py_ssize_t
    lo: cython.Py_ssize_t
    hi: cython.Py_ssize_t
    e: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    a: cython.Py_ssize_t
    c: cython.Py_ssize_t
    here: cython.Py_ssize_t
    origin: cython.Py_ssize_t
    following: cython.Py_ssize_t
    shown: cython.Py_ssize_t
    ended: cython.Py_ssize_t
    dropped: cython.bint
    spoilt: cython.bint
    by_session: cython.bint = sessions > 0
    excluding: cython.bint = excluded.shape[0] > 0
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
                if by_session and (session[i] < 0 or (entering == 2 and session[i] == entered)):
                    continue
                if by_session:
                    entered = session[i]
                for c in range(columns):
                    record[c, found] = -1
                record[column[0], found] = i
                j = i
                c = 0
                while c < reverse[0] and j > lo:
                    if by_session and session[i] - session[j - 1] >= sessions:
                        break
                    if not by_session and time[i] - time[j - 1] > window:
                        break
                    j -= 1
                    c += 1
                    record[column[0] - c, found] = j
                here = i
                ended = i + 1
                dropped = False
                for a in range(anchors):
                    following = -1
                    j = here + 1
                    while j < hi:
                        if by_session and session[j] - session[i] >= sessions:
                            break
                        if not by_session and time[j] - time[i] > window:
                            break
                        if a + 1 == anchors:
                            break
                        if (matches[kind[j]] & (one << (a + 1))) != 0:
                            following = j
                            break
                        j += 1
                    shown = here
                    c = 0
                    while c < forward[a] and shown + 1 < hi and shown + 1 != following:
                        origin = here if a + 1 == anchors else i
                        if by_session and session[shown + 1] - session[origin] >= sessions:
                            break
                        if not by_session and time[shown + 1] - time[origin] > window:
                            break
                        shown += 1
                        c += 1
                        record[column[a] + c, found] = shown
                    if following < 0:
                        if c < forward[a]:
                            c = column[a] + c + 1
                            dropped = True
                        elif a + 1 < anchors:
                            c = column[a + 1]
                            dropped = True
                        if dropped:
                            while c < columns:
                                record[c, found] = -2
                                c += 1
                        if a + 1 < anchors:
                            ended = j
                        break
                    record[column[a + 1], found] = following
                    j = following
                    c = 0
                    while c < reverse[a + 1] and j - 1 > shown:
                        j -= 1
                        c += 1
                        record[column[a + 1] - c, found] = j
                    here = following
                    ended = following + 1
                spoilt = False
                if excluding:
                    for c in range(columns):
                        if record[c, found] >= 0 and excluded[record[c, found]] != 0:
                            spoilt = True
                if not spoilt:
                    found += 1
                if entering == 0:
                    ended = hi
    return found
