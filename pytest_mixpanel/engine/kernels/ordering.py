"""Puts events in order: by owner, those of one owner by time.

Plain loops over integers, compiled where a compiler is present and interpreted with equal results where none
is.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython

Entry = cython.fused_type(cython.uchar, cython.ushort, cython.uint, cython.ulonglong)
Place = cython.fused_type(cython.int, cython.longlong)


def put_in_order(
    entries: cython.const[Entry][::1],
    order: cython.const[Place][::1],
    out: Entry[::1],
    first: cython.Py_ssize_t = 0,
) -> None:
    """The entry at each place of the order, one after the other; ``first`` is where place 0 lies."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(order.shape[0]):
            out[i] = entries[first + order[i]]


def place_by_owner(
    owner: cython.const[cython.int][::1], next_place: cython.longlong[::1], order: Place[::1]
) -> None:
    """Sort events by owner, stably, into ``order``.

    ``next_place``: zeros for every owner and one more; then where the events of each end in ``order``.
    """
    i: cython.Py_ssize_t
    who: cython.int
    with cython.nogil:
        for i in range(owner.shape[0]):
            next_place[owner[i] + 1] += 1
        for i in range(1, next_place.shape[0]):
            next_place[i] += next_place[i - 1]
        for i in range(owner.shape[0]):
            who = owner[i]
            order[next_place[who]] = i
            next_place[who] += 1


def longest_unsorted(
    time: cython.const[cython.longlong][::1],
    ends: cython.const[cython.longlong][::1],
    order: cython.const[Place][::1],
) -> cython.Py_ssize_t:
    """The most events of an owner that are not in the order of time, 0 where all are."""
    who: cython.Py_ssize_t
    i: cython.Py_ssize_t
    start: cython.Py_ssize_t = 0
    longest: cython.Py_ssize_t = 0
    with cython.nogil:
        for who in range(ends.shape[0]):
            if ends[who] - start > longest:
                for i in range(start + 1, ends[who]):
                    if time[order[i]] < time[order[i - 1]]:
                        longest = ends[who] - start
                        break
            start = ends[who]
    return longest


def sort_by_time(
    time: cython.const[cython.longlong][::1],
    ends: cython.const[cython.longlong][::1],
    order: Place[::1],
    space: Place[::1],
) -> None:
    """Sort the events of every owner by time, stably; ``space`` is as long as ``longest_unsorted`` says."""
    who: cython.Py_ssize_t
    start: cython.Py_ssize_t = 0
    first: cython.Py_ssize_t
    middle: cython.Py_ssize_t
    end: cython.Py_ssize_t
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    size: cython.Py_ssize_t
    merged: cython.bint
    with cython.nogil:
        for who in range(ends.shape[0]):
            merged = True
            while merged:  # what is in order already is merged with what follows it, until all is
                merged = False
                first = start
                while first < ends[who]:
                    middle = run_end(time, order, first, ends[who])
                    end = run_end(time, order, middle, ends[who])
                    if middle == end:
                        break
                    merged = True
                    size = middle - first
                    for i in range(size):
                        space[i] = order[first + i]
                    i = 0
                    k = first
                    while i < size and middle < end:
                        if time[order[middle]] < time[space[i]]:
                            order[k] = order[middle]
                            middle += 1
                        else:
                            order[k] = space[i]
                            i += 1
                        k += 1
                    while i < size:
                        order[k] = space[i]
                        i += 1
                        k += 1
                    first = end
            start = ends[who]


def count_to_two(codes: cython.const[cython.int][::1], times: cython.uchar[::1]) -> None:
    """Of every code whether it comes never, once or more often: 0, 1 or 2; −1 is no code."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(codes.shape[0]):
            if codes[i] >= 0 and times[codes[i]] < 2:
                times[codes[i]] += 1


def find_ties(
    order: cython.const[Place][::1],
    owner: cython.const[cython.int][::1],
    moment: cython.const[cython.longlong][::1],
    tied: cython.uchar[::1],
) -> None:
    """Of every place in the order whether the event before it or after it has its owner and moment."""
    i: cython.Py_ssize_t
    who: cython.int
    when: cython.longlong
    last_who: cython.int = -1
    last_when: cython.longlong = 0
    with cython.nogil:
        for i in range(order.shape[0]):
            who = owner[order[i]]
            when = moment[order[i]]
            tied[i] = who == last_who and when == last_when
            if tied[i]:
                tied[i - 1] = 1
            last_who = who
            last_when = when


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def run_end(
    time: cython.const[cython.longlong][::1],
    order: cython.const[Place][::1],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Where events that are in the order of time end."""
    if start < end:
        start += 1
        while start < end and time[order[start - 1]] <= time[order[start]]:
            start += 1
    return start
