"""Walks users through funnels of any shape: steps in any order, windows of several sessions (F-8 to F-42).

The definition read aloud, for what ``find_attempts`` does not do: plain loops over integer arrays, compiled
where a compiler is present and interpreted with equal results where none is. Indices and divisions are never
negative.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython

Kind = cython.fused_type(cython.uchar, cython.ushort, cython.uint)


def find_floating(
    offsets: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    kind: cython.const[Kind][::1],
    matches: cython.const[cython.ulonglong][::1],
    held: cython.const[cython.longlong][::1],
    stops: cython.const[cython.ulonglong][::1],
    active: cython.const[cython.ulonglong][::1],
    edges: cython.const[cython.longlong][::1],
    place: cython.const[cython.longlong][::1],
    sessions: cython.longlong,
    group_end: cython.const[cython.int][::1],
    steps: cython.int,
    window: cython.longlong,
    grace: cython.longlong,
    now: cython.longlong,
    entering: cython.int,
    record: cython.longlong[:, ::1],
    until: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Fill ``record`` with one row per attempt and return how many there are.

    Steps form groups: ``group_end[k]`` is the end of the group of step k, one past its last step; within a
    group any order will do, and the next group waits for the whole of it. A record that fits several open
    steps takes the first. Row: the events in the order in which they completed a step, −1 from the first one
    missing; progress is how many are done. ``place``: the number of every event's session among those of its
    user, −1 for none, or nothing at all; an attempt then stays within ``sessions`` of them from its entry's
    on. All else is as in ``find_attempts``.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    m: cython.Py_ssize_t
    k: cython.int
    c: cython.int
    last: cython.Py_ssize_t
    lo: cython.Py_ssize_t
    hi: cython.Py_ssize_t
    found: cython.Py_ssize_t
    stopped: cython.Py_ssize_t
    mine: cython.Py_ssize_t
    begin: cython.int
    end: cython.int
    depth: cython.int
    best_depth: cython.int
    best: cython.Py_ssize_t
    best_end: cython.Py_ssize_t
    bucket: cython.Py_ssize_t
    buckets: cython.Py_ssize_t = edges.shape[0] - 1
    start: cython.longlong
    limit: cython.longlong
    open_steps: cython.ulonglong
    leading: cython.ulonglong = 0
    one: cython.ulonglong = 1
    used: cython.bint
    blocked: cython.bint
    holding: cython.bint = held.shape[0] > 0
    placed: cython.bint = place.shape[0] > 0
    n: cython.Py_ssize_t = 0
    with cython.nogil:
        for k in range(group_end[0]):
            leading |= one << k
        for user in range(offsets.shape[0] - 1):
            lo = offsets[user]
            hi = offsets[user + 1]
            mine = n
            bucket = 0
            best = -1
            best_depth = 0
            best_end = 0
            for i in range(lo, hi):
                if (matches[kind[i]] & leading) == 0 or (placed and place[i] < 0):
                    continue
                start = time[i]
                if start < edges[0]:
                    continue
                if start >= edges[buckets] or start > now:
                    break
                while start >= edges[bucket + 1]:
                    bucket += 1
                blocked = False
                if entering < 2:
                    for m in range(n - mine):
                        j = record[n - 1 - m, 0]
                        if time[j] < edges[bucket]:
                            break
                        if entering == 0 or not holding or held[j] == held[i]:
                            blocked = entering == 0 or until[n - 1 - m] > i
                            break
                elif entering > 2 and best >= 0 and time[record[best, 0]] < edges[bucket]:
                    best = -1
                if blocked:
                    continue
                for k in range(steps):
                    record[n, k] = -1
                begin = 0
                end = group_end[0]
                open_steps = leading
                found = i
                last = i
                stopped = -1
                depth = 0
                while found >= 0:
                    for k in range(begin, end):
                        if (open_steps & (one << k)) != 0 and (matches[kind[found]] & (one << k)) != 0:
                            open_steps &= ~(one << k)
                            break
                    record[n, depth] = found
                    depth += 1
                    last = found
                    found = -1
                    if depth == steps:
                        break
                    if open_steps == 0:
                        begin = end
                        end = group_end[begin]
                        for k in range(begin, end):
                            open_steps |= one << k
                    limit = start + window
                    if now < limit:
                        limit = now
                    j = last
                    while j > lo and time[j - 1] >= time[last] - grace:
                        j -= 1
                    while j < hi and time[j] <= limit:
                        if (
                            (matches[kind[j]] & open_steps) != 0
                            and (not holding or held[j] == held[i])
                            and (not placed or (place[j] >= place[i] and place[j] - place[i] < sessions))
                        ):
                            used = False
                            for c in range(depth):
                                if record[n, c] == j:
                                    used = True
                            if j < i and entering == 1:
                                for m in range(mine, n):
                                    for c in range(steps):
                                        if record[m, c] == j and time[record[m, 0]] >= edges[bucket]:
                                            used = True
                            if not used:
                                found = j
                                break
                        j += 1
                    if active[depth] == 0:
                        continue
                    if found >= 0:
                        limit = time[found] - grace - 1
                    j = last
                    while j < hi and time[j] <= limit:
                        if (
                            (stops[kind[j]] & active[depth]) != 0
                            and time[j] > time[last] + grace
                            and j != found
                            and (not placed or (place[j] >= place[i] and place[j] - place[i] < sessions))
                        ):
                            used = False
                            for c in range(depth):
                                if record[n, c] == j:
                                    used = True
                            if not used:
                                stopped = j
                                found = -1
                                break
                        j += 1
                if entering == 1:
                    until[n] = i + 1
                    if stopped >= 0:
                        until[n] = stopped + 1
                    elif depth == steps:
                        for k in range(1, steps):
                            if record[n, k] >= until[n]:
                                until[n] = record[n, k] + 1
                    else:
                        j = i + 1
                        while (
                            j < hi
                            and time[j] <= start + window
                            and (not placed or place[j] - place[i] < sessions)
                        ):
                            j += 1
                        until[n] = j
                if entering > 2 and best >= 0:
                    if depth > best_depth or (
                        depth == best_depth and (last < best_end or (last == best_end and entering == 4))
                    ):
                        for k in range(steps):
                            record[best, k] = record[n, k]
                        best_depth = depth
                        best_end = last
                    continue
                best = n
                best_depth = depth
                best_end = last
                n += 1
    return n
