"""Walks users and counts who came back (semantics R-1 to R-16).

Plain loops over integer arrays, compiled where a compiler is present and interpreted with equal results
where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import cython


def count_returns(
    offsets: cython.const[cython.longlong][:],
    time: cython.const[cython.longlong][:],
    born: cython.const[cython.uchar][:],
    back: cython.const[cython.uchar][:],
    row: cython.const[cython.int][:],
    segment: cython.const[cython.int][:],
    clock: cython.const[cython.longlong][:],
    width: cython.longlong,
    bracket: cython.const[cython.int][:],
    now: cython.longlong,
    records: cython.bint,
    criterion: cython.int,
    same: cython.bint,
    mark: cython.longlong[:, :],
    first: cython.longlong[:, :],
    counts: cython.longlong[:, :, :],
) -> None:
    """Count births into ``first[row, segment]`` and returns into ``counts[row, segment, bucket]``.

    ``row``: the cohort an event would be born into, −1 outside the range; ``clock``: the time returns are
    measured on (milliseconds, or calendar units) and ``width`` its length of one unit; ``bracket``: the
    bucket of every number of elapsed units. ``records`` counts return events instead of users.
    ``criterion``: 0 counts a user in every bucket of a return, else in one: 1 that of the last return,
    however late, 2 that of the first, 3 the last of an unbroken run from bucket 0, which the birth fills
    where ``same`` says that both events are one.
    ``mark`` is working space of the shape of ``first``, filled with −1.
    """
    user: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    lo: cython.Py_ssize_t
    hi: cython.Py_ssize_t
    r: cython.int
    s: cython.int
    b: cython.int
    unit: cython.longlong
    units: cython.longlong = bracket.shape[0]
    seen: cython.ulonglong
    bit: cython.ulonglong
    one: cython.ulonglong = 1
    word: cython.Py_ssize_t
    reached: cython.int
    for user in range(offsets.shape[0] - 1):
        lo = offsets[user]
        hi = offsets[user + 1]
        for i in range(lo, hi):
            r = row[i]
            if born[i] == 0 or r < 0 or time[i] > now:
                continue
            s = segment[i]
            if mark[r, s] == user:
                continue
            mark[r, s] = user
            first[r, s] += 1
            seen = 0
            word = -1
            reached = 0 if criterion == 3 and same else -1
            j = i
            while j > lo and time[j - 1] == time[i]:
                j -= 1
            while j < hi and time[j] <= now:
                if back[j] != 0 and j != i and (time[j] > time[i] or born[j] == 0):
                    unit = (clock[j] - clock[i]) // width
                    if unit >= units:
                        if criterion == 1:
                            reached = bracket[units - 1]
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
                j += 1
            if reached >= 0 and not records:
                counts[r, s, reached] += 1
