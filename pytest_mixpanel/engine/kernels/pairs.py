"""Puts what was scanned line by line in order by property, and says whether bytes are text.

Plain loops over integers, compiled where a compiler is present and interpreted with equal results where none
is.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython


def group_pairs(
    taken: cython.const[cython.uchar][::1],
    pair_line: cython.const[cython.int][::1],
    pair_entry: cython.const[cython.int][::1],
    entry_key: cython.const[cython.int][::1],
    place: cython.int[::1],
    pair_start: cython.int[::1],
    pair_end: cython.int[::1],
    entry_start: cython.int[::1],
    line: cython.int[::1],
    which: cython.int[::1],
    chosen: cython.int[::1],
) -> None:
    """Sort pairs of a line and an entry, which come by line, by the entry's key, if the line is ``taken``.

    Those of key k are from ``pair_start[k]`` to ``pair_end[k]`` in ``line`` and ``which``, a number among the
    key's distinct entries; these are from ``entry_start[k]`` to ``entry_start[k + 1]`` in ``chosen``, as they
    came. Of several pairs of a line and a key the last one stays. ``place`` is working space, as long as the
    entries; starts are one longer than the keys.
    """
    i: cython.Py_ssize_t
    entry: cython.int
    key: cython.int
    slot: cython.int
    count: cython.int
    pairs: cython.int = 0
    entries: cython.int = 0
    with cython.nogil:
        for i in range(pair_start.shape[0]):
            pair_start[i] = 0
            entry_start[i] = 0
        for i in range(place.shape[0]):
            place[i] = -1
        for i in range(pair_line.shape[0]):
            if taken[pair_line[i]]:
                entry = pair_entry[i]
                key = entry_key[entry]
                pair_start[key] += 1
                if place[entry] < 0:
                    place[entry] = entry_start[key]
                    entry_start[key] += 1
        for i in range(pair_start.shape[0]):
            count = pair_start[i]
            pair_start[i] = pairs
            pair_end[i] = pairs
            pairs += count
            count = entry_start[i]
            entry_start[i] = entries
            entries += count
        for i in range(pair_line.shape[0]):
            if taken[pair_line[i]]:
                entry = pair_entry[i]
                key = entry_key[entry]
                slot = pair_end[key]
                if slot > pair_start[key] and line[slot - 1] == pair_line[i]:
                    slot -= 1
                else:
                    pair_end[key] += 1
                line[slot] = pair_line[i]
                which[slot] = place[entry]
        for i in range(place.shape[0]):
            if place[i] >= 0:
                chosen[entry_start[entry_key[i]] + place[i]] = i


def is_utf8(data: cython.const[cython.uchar][::1], end: cython.Py_ssize_t) -> cython.bint:
    """Whether the bytes before ``end`` are UTF-8; at least three others follow."""
    p: cython.Py_ssize_t = 0
    k: cython.Py_ssize_t
    bits: cython.uchar
    first: cython.uchar
    least: cython.uchar
    most: cython.uchar
    more: cython.Py_ssize_t
    good: cython.bint = True
    with cython.nogil:
        while p < end and good:
            if p + 64 <= end:
                bits = 0
                for k in range(64):
                    bits = bits | data[p + k]
                if bits < 0x80:
                    p += 64
                    continue
            first = data[p]
            if first < 0x80:
                p += 1
                continue
            # After four first bytes less may follow: nothing overlong, no surrogate, none beyond 10FFFF.
            least = 0xA0 if first == 0xE0 else 0x90 if first == 0xF0 else 0x80
            most = 0x9F if first == 0xED else 0x8F if first == 0xF4 else 0xBF
            more = 1 if first < 0xE0 else 2 if first < 0xF0 else 3
            good = 0xC2 <= first < 0xF5 and p + more < end and least <= data[p + 1] <= most
            for k in range(2, more + 1):
                good = good and 0x80 <= data[p + k] < 0xC0
            p += more + 1
    return good
