"""Scans lines of an export and numbers what they hold: event names, users, keys and values.

Lines of the usual shape only: ``{"event": …, "properties": {…}}`` with flat values and without escapes. What
is of another shape, broken or unusual, is left to the reader of single lines, which is the definition.
Plain loops over bytes, compiled where a compiler is present and interpreted with equal results where none is.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython

BLANK, SCANNED, OTHER = 0, 1, 2
"""What became of a line."""

KEY, EVENT, USER = -1, -2, -3
"""What an entry stands for; values have the number of their key's entry."""


def scan_lines(
    data: cython.const[cython.uchar][::1],
    end: cython.Py_ssize_t,
    least: cython.longlong,
    status: cython.uchar[::1],
    starts: cython.longlong[::1],
    time: cython.longlong[::1],
    event: cython.int[::1],
    user: cython.int[::1],
    pair_line: cython.int[::1],
    pair_entry: cython.int[::1],
    entry_of: cython.int[::1],
    entry_at: cython.int[::1],
    entry_size: cython.int[::1],
    entry_hash: cython.ulonglong[::1],
    slots: cython.int[::1],
    totals: cython.longlong[::1],
) -> None:
    """Scan whole lines up to ``end``; numbers of lines, pairs and entries go into ``totals``.

    Per line its ``status`` and where it ``starts``, and of those that were scanned the time as it stands,
    the entries of the event's name and of the user (−1 without one). A pair is a property: its line and the
    entry of its value. An entry is a distinct text: what it is of, where it stands, how long it is; ``slots``
    is working space filled with −1, a power of two in length and larger than the number of entries. Times
    below ``least`` are left to the reader of lines.
    """
    p: cython.Py_ssize_t = 0
    q: cython.Py_ssize_t
    at: cython.Py_ssize_t
    stop: cython.Py_ssize_t
    size: cython.Py_ssize_t
    line: cython.Py_ssize_t = 0
    pairs: cython.Py_ssize_t = 0
    first_pair: cython.Py_ssize_t
    entries: cython.Py_ssize_t = 0
    mask: cython.ulonglong = slots.shape[0] - 1
    slot: cython.Py_ssize_t
    found: cython.int
    of: cython.int
    key: cython.int
    want: cython.int
    whole: cython.bint
    good: cython.bint
    same: cython.bint
    digits: cython.int
    number: cython.longlong = 0
    hash: cython.ulonglong
    seed: cython.ulonglong = 1469598103934665603
    prime: cython.ulonglong = 1099511628211
    most: cython.ulonglong = 0x0FFFFFFFFFFFFFFF
    c: cython.uchar
    with cython.nogil:
        while p < end:
            starts[line] = p
            stop = p
            while stop < end and data[stop] != 10:
                stop += 1
            status[line] = 0
            while p < stop and (data[p] == 32 or data[p] == 13 or data[p] == 9):
                p += 1
            if p == stop:
                line += 1
                p = stop + 1
                continue
            status[line] = 2
            time[line] = 0
            event[line] = -1
            user[line] = -1
            first_pair = pairs
            want = -2
            key = 0
            good = False
            # The opening: { "event" : — ten characters at least, and a line has more to come.
            if data[p] == 123 and stop - p > 20:
                p += 1
                while p < stop and data[p] == 32:
                    p += 1
                if (
                    stop - p > 20
                    and data[p] == 34
                    and data[p + 1] == 101
                    and data[p + 2] == 118
                    and data[p + 3] == 101
                    and data[p + 4] == 110
                    and data[p + 5] == 116
                    and data[p + 6] == 34
                ):
                    p += 7
                    while p < stop and data[p] == 32:
                        p += 1
                    if data[p] == 58:
                        p += 1
                        good = True
            while good:
                good = False
                while p < stop and data[p] == 32:
                    p += 1
                if p >= stop:
                    break
                c = data[p]
                at = p
                of = want
                if want == 1:
                    of = key
                hash = seed
                if c == 34:
                    p += 1
                    while p < stop and data[p] != 34 and data[p] != 92 and data[p] >= 32:
                        hash = ((hash ^ data[p]) * prime) & most
                        p += 1
                    if p >= stop or data[p] != 34:
                        break
                    p += 1
                    if want == -2 and p == at + 2:
                        break  # an event without a name
                elif want == 2:
                    # The time: a whole number of at most 15 digits.
                    number = 0
                    digits = 0
                    while p < stop and 48 <= data[p] <= 57 and digits < 16:
                        number = number * 10 + (data[p] - 48)
                        digits += 1
                        p += 1
                    if digits == 0 or digits > 15 or (c == 48 and digits > 1):
                        break
                elif want == 1:
                    # Another value: a number, true, false or null.
                    q = p
                    if c == 45:
                        q += 1
                    if q < stop and 48 <= data[q] <= 57:
                        whole = data[q] != 48
                        q += 1
                        while whole and q < stop and 48 <= data[q] <= 57:
                            q += 1
                        if q + 1 < stop and data[q] == 46 and 48 <= data[q + 1] <= 57:
                            q += 1
                            while q < stop and 48 <= data[q] <= 57:
                                q += 1
                        if q < stop and (data[q] == 101 or data[q] == 69 or data[q] == 46):
                            break  # an exponent, or a broken number
                    elif (
                        stop - p > 4
                        and c == 116
                        and data[p + 1] == 114
                        and data[p + 2] == 117
                        and data[p + 3] == 101
                    ) or (
                        stop - p > 4
                        and c == 110
                        and data[p + 1] == 117
                        and data[p + 2] == 108
                        and data[p + 3] == 108
                    ):
                        q += 4
                    elif (
                        stop - p > 5
                        and c == 102
                        and data[p + 1] == 97
                        and data[p + 2] == 108
                        and data[p + 3] == 115
                        and data[p + 4] == 101
                    ):
                        q += 5
                    else:
                        break
                    while p < q:
                        hash = ((hash ^ data[p]) * prime) & most
                        p += 1
                else:
                    break
                size = p - at
                found = -1
                if want != 2:
                    slot = ((hash ^ (hash >> 32)) + of * 7919 + 31676) & mask
                    while True:
                        found = slots[slot]
                        if found < 0:
                            break
                        if entry_hash[found] == hash and entry_of[found] == of and entry_size[found] == size:
                            same = True
                            for q in range(size):
                                if data[entry_at[found] + q] != data[at + q]:
                                    same = False
                                    break
                            if same:
                                break
                        slot = (slot + 1) & mask
                    if found < 0:
                        found = entries
                        slots[slot] = found
                        entry_of[found] = of
                        entry_at[found] = at
                        entry_size[found] = size
                        entry_hash[found] = hash
                        entries += 1
                while p < stop and data[p] == 32:
                    p += 1
                if p >= stop:
                    break
                if want == -2:
                    # After the name: , "properties" : {
                    event[line] = found
                    if data[p] != 44:
                        break
                    p += 1
                    while p < stop and data[p] == 32:
                        p += 1
                    if stop - p < 16 or data[p] != 34 or data[p + 11] != 34:
                        break
                    if (
                        data[p + 1] != 112
                        or data[p + 2] != 114
                        or data[p + 3] != 111
                        or data[p + 4] != 112
                        or data[p + 5] != 101
                        or data[p + 6] != 114
                        or data[p + 7] != 116
                        or data[p + 8] != 105
                        or data[p + 9] != 101
                        or data[p + 10] != 115
                    ):
                        break
                    p += 12
                    while p < stop and data[p] == 32:
                        p += 1
                    if p >= stop or data[p] != 58:
                        break
                    p += 1
                    while p < stop and data[p] == 32:
                        p += 1
                    if p >= stop or data[p] != 123:
                        break
                    p += 1
                    want = -1
                    good = True
                    continue
                if want == -1:
                    if data[p] != 58:
                        break
                    p += 1
                    key = found
                    want = 1
                    if (
                        size == 6
                        and data[at + 1] == 116
                        and data[at + 2] == 105
                        and data[at + 3] == 109
                        and data[at + 4] == 101
                    ):
                        want = 2
                    elif (
                        size == 13
                        and data[at + 1] == 100
                        and data[at + 2] == 105
                        and data[at + 3] == 115
                        and data[at + 4] == 116
                        and data[at + 5] == 105
                        and data[at + 6] == 110
                        and data[at + 7] == 99
                        and data[at + 8] == 116
                        and data[at + 9] == 95
                        and data[at + 10] == 105
                        and data[at + 11] == 100
                    ):
                        want = -3
                    good = True
                    continue
                if want == 2:
                    if c == 34 or number < least:
                        break
                    time[line] = number
                elif want == -3:
                    user[line] = found
                else:
                    pair_line[pairs] = line
                    pair_entry[pairs] = found
                    pairs += 1
                if data[p] == 44:
                    p += 1
                    want = -1
                    good = True
                    continue
                if data[p] != 125:
                    break
                p += 1
                while p < stop and data[p] == 32:
                    p += 1
                if p >= stop or data[p] != 125:
                    break
                p += 1
                while p < stop and (data[p] == 32 or data[p] == 13):
                    p += 1
                if p == stop and time[line] > 0:
                    status[line] = 1
                break
            if status[line] != 1:
                pairs = first_pair
            line += 1
            p = stop + 1
    totals[0] = line
    totals[1] = pairs
    totals[2] = entries
