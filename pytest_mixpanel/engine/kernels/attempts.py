"""Walks users and finds their attempts at a funnel (semantics F-1 to F-16).

This file is the definition: plain loops over integer arrays, compiled where a compiler is present and
interpreted with equal results where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython

Kind = cython.fused_type(cython.uchar, cython.ushort, cython.uint)


def find_attempts(
    offsets: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    kind: cython.const[Kind][::1],
    matches: cython.const[cython.ulonglong][::1],
    held: cython.const[cython.longlong][::1],
    stops: cython.const[cython.ulonglong][::1],
    active: cython.const[cython.ulonglong][::1],
    edges: cython.const[cython.longlong][::1],
    steps: cython.int,
    window: cython.longlong,
    grace: cython.longlong,
    now: cython.longlong,
    entering: cython.int,
    record: cython.longlong[:, ::1],
    until: cython.longlong[::1],
    ahead: cython.longlong[:, ::1],
) -> cython.Py_ssize_t:
    """Fill ``record`` with one row per attempt and return how many there are.

    ``kind``: a code per event; bit k of ``matches[kind]`` is set where it matches step k, bit x of
    ``stops[kind]`` where it matches exclusion x. ``edges``: where the buckets begin that an event may enter
    in, and where the last one ends. ``held``: a code of the values that must stay the same, or no code at
    all. ``active[p]``: the exclusions in force once p steps are done. Row: the event's index at each step,
    −1 from the first step not reached. ``until`` and ``ahead[2, steps]`` are working space.

    Every bucket is a funnel of its own (F-40, F-41). ``entering``: 0, one attempt per user and bucket; 1,
    again once the attempt before it, with the same held values, has ended; 2, at every step-1 event; 3 and
    4, at every one, of which the deepest stays, then the earliest done, then the earliest (3) or latest (4)
    entered. ``now`` bounds what may be seen.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    m: cython.Py_ssize_t
    k: cython.int
    last: cython.Py_ssize_t
    lo: cython.Py_ssize_t
    hi: cython.Py_ssize_t
    found: cython.Py_ssize_t
    stopped: cython.Py_ssize_t
    mine: cython.Py_ssize_t
    blocked: cython.bint
    start: cython.longlong
    limit: cython.longlong
    bit: cython.ulonglong
    used: cython.bint
    back: cython.int
    bucket: cython.Py_ssize_t
    buckets: cython.Py_ssize_t = edges.shape[0] - 1
    depth: cython.int
    best_depth: cython.int
    best: cython.Py_ssize_t
    best_end: cython.Py_ssize_t
    holding: cython.bint = held.shape[0] > 0
    n: cython.Py_ssize_t = 0
    first: cython.ulonglong = 1
    with cython.nogil:
        for user in range(offsets.shape[0] - 1):
            lo = offsets[user]
            hi = offsets[user + 1]
            mine = n
            bucket = 0
            best = -1
            best_depth = 0
            best_end = 0
            for k in range(1, steps):
                ahead[0, k] = hi
                ahead[1, k] = hi
            for i in range(lo, hi):
                if (matches[kind[i]] & first) == 0:
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
                elif entering > 2 and best >= 0:
                    if time[record[best, 0]] < edges[bucket]:
                        best = -1
                    elif best_depth == steps and start > time[best_end] + steps * grace:
                        blocked = True  # whatever enters after the best one was done is done later
                if blocked:
                    if entering != 1 and buckets == 1:
                        break
                    continue
                record[n, 0] = i
                last = i
                stopped = -1
                depth = 1
                for k in range(1, steps):
                    record[n, k] = -1
                for k in range(1, steps):
                    bit = first << k
                    limit = start + window
                    if now < limit:
                        limit = now
                    j = last
                    while j > lo and time[j - 1] >= time[last] - grace:
                        j -= 1
                    # What the search before this one found is the next match of a later place, too.
                    if ahead[0, k] <= j and j <= ahead[1, k]:
                        j = ahead[1, k]
                    else:
                        ahead[0, k] = j
                        while j < hi and (matches[kind[j]] & bit) == 0:
                            j += 1
                        ahead[1, k] = j
                    found = -1
                    while j < hi and time[j] <= limit:
                        if (matches[kind[j]] & bit) != 0 and (not holding or held[j] == held[i]):
                            used = False
                            for back in range(k):
                                if record[n, back] == j:
                                    used = True
                            if j < i and entering == 1:  # the attempts before may have used it (F-11)
                                for m in range(mine, n):
                                    for back in range(steps):
                                        if record[m, back] == j and time[record[m, 0]] >= edges[bucket]:
                                            used = True
                            if not used:
                                found = j
                                break
                        j += 1
                    if active[k] != 0 and (found >= 0 or entering == 1):
                        if found >= 0:
                            limit = time[found] - grace - 1
                        j = last
                        while j < hi and time[j] <= limit:
                            if (
                                (stops[kind[j]] & active[k]) != 0
                                and time[j] > time[last] + grace
                                and j != found
                            ):
                                used = False
                                for back in range(k):
                                    if record[n, back] == j:
                                        used = True
                                if not used:
                                    stopped = j
                                    break
                            j += 1
                    if stopped >= 0 or found < 0:
                        break
                    record[n, k] = found
                    last = found
                    depth += 1
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
                        while j < hi and time[j] <= start + window:
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


def count_progress(
    attempts: cython.const[cython.longlong][:, ::1],
    time: cython.const[cython.longlong][::1],
    edges: cython.const[cython.longlong][::1],
    counts: cython.longlong[:, ::1],
    since_last: cython.longlong[:, ::1],
    since_first: cython.longlong[:, ::1],
) -> None:
    """Count the attempts that reached each step by bucket of entry, and add up how long they took to.

    ``attempts``: as ``find_attempts`` fills them; ``edges``: where the buckets begin that all of them are in.
    """
    n: cython.Py_ssize_t
    k: cython.Py_ssize_t
    bucket: cython.Py_ssize_t = 0
    start: cython.longlong
    last: cython.longlong
    here: cython.longlong
    with cython.nogil:
        for n in range(attempts.shape[0]):
            start = time[attempts[n, 0]]
            last = start
            if start < edges[bucket]:
                bucket = 0
            while start >= edges[bucket + 1]:
                bucket += 1
            for k in range(attempts.shape[1]):
                if attempts[n, k] < 0:
                    break
                here = time[attempts[n, k]]
                counts[bucket, k] += 1
                if here > last:
                    since_last[bucket, k] += here - last
                if here > start:
                    since_first[bucket, k] += here - start
                last = here


def count_first_attempts(
    offsets: cython.const[cython.longlong][::1],
    time: cython.const[cython.longlong][::1],
    kind: cython.const[Kind][::1],
    matches: cython.const[cython.ulonglong][::1],
    stops: cython.const[cython.ulonglong][::1],
    active: cython.const[cython.ulonglong][::1],
    edges: cython.const[cython.longlong][::1],
    window: cython.longlong,
    grace: cython.longlong,
    now: cython.longlong,
    attempt: cython.longlong[::1],
    counts: cython.longlong[:, ::1],
    since_last: cython.longlong[:, ::1],
    since_first: cython.longlong[:, ::1],
) -> None:
    """``find_attempts``, entering once and with no held values, and ``count_progress`` of what it finds.

    Most funnels are of this kind, and their attempts need not be kept. ``attempt``: working space for one.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    lo: cython.Py_ssize_t
    hi: cython.Py_ssize_t
    last: cython.Py_ssize_t
    x: cython.Py_ssize_t
    k: cython.Py_ssize_t
    stopped: cython.bint
    back: cython.Py_ssize_t
    bucket: cython.Py_ssize_t
    entered: cython.Py_ssize_t
    steps: cython.Py_ssize_t = counts.shape[1]
    buckets: cython.Py_ssize_t = edges.shape[0] - 1
    start: cython.longlong
    limit: cython.longlong
    bit: cython.ulonglong
    first: cython.ulonglong = 1
    with cython.nogil:
        for user in range(offsets.shape[0] - 1):
            lo = offsets[user]
            hi = offsets[user + 1]
            bucket = 0
            entered = -1
            for i in range(lo, hi):
                if (matches[kind[i]] & first) == 0:
                    continue
                start = time[i]
                if start < edges[0]:
                    continue
                if start >= edges[buckets] or start > now:
                    break
                while start >= edges[bucket + 1]:
                    bucket += 1
                if bucket == entered:
                    continue
                entered = bucket
                counts[bucket, 0] += 1
                attempt[0] = i
                last = i
                limit = start + window
                if now < limit:
                    limit = now
                for k in range(1, steps):
                    bit = first << k
                    j = last
                    while j > lo and time[j - 1] >= time[last] - grace:
                        j -= 1
                    while j < hi:
                        if (matches[kind[j]] & bit) != 0:
                            back = 0
                            while back < k and attempt[back] != j:
                                back += 1
                            if back == k:
                                break
                        j += 1
                    if j == hi or time[j] > limit:
                        break
                    stopped = False
                    x = last
                    while active[k] != 0 and not stopped and x < hi and time[x] < time[j] - grace:
                        if (stops[kind[x]] & active[k]) != 0 and time[x] > time[last] + grace:
                            back = 0
                            while back < k and attempt[back] != x:
                                back += 1
                            stopped = back == k
                        x += 1
                    if stopped:
                        break
                    counts[bucket, k] += 1
                    if time[j] > time[last]:
                        since_last[bucket, k] += time[j] - time[last]
                    if time[j] > start:
                        since_first[bucket, k] += time[j] - start
                    attempt[k] = j
                    last = j
                if bucket + 1 == buckets:
                    break
