"""Scans lines of an export and numbers what they hold: event names, users, keys and values.

Lines of the usual shape only: ``{"event": …, "properties": {…}}``. What is of another shape, or broken, is
left to the reader of single lines, which is the definition; a value with escapes, an exponent or brackets is
found here, and read by the reader of JSON. Plain loops over bytes, compiled where a compiler is present and
interpreted with equal results where none is.

A line is mostly like the one before it: the key that followed a key, and the value it had, are compared with
what stands there before anything else is tried.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython

if cython.compiled:
    from cython.cimports.libc.string import memcpy

BLANK, SCANNED, OTHER = 0, 1, 2
"""What became of a line."""

KEY, EVENT, USER = -1, -2, -3
"""What an entry stands for; values have the number of their key's entry."""

PLAIN, ODD, TIME_KEY, USER_KEY = 0, 1, 2, 3
"""What is special about an entry: nothing, that only a reader of JSON can tell what it says, its place."""

MOST_MISSES, MISSES_OF_HIT = 200, 4
"""After so many values more that were new the values of a key are no longer looked for; a hit takes off."""

PADDING = 16
"""Bytes of no meaning that must follow the lines: eight are looked at together."""


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
    entry_kind: cython.uchar[::1],
    follower: cython.int[::1],
    latest: cython.int[::1],
    misses: cython.int[::1],
    slots: cython.int[::1],
    totals: cython.longlong[::1],
) -> cython.bint:
    """Scan whole lines up to ``end``; false where an array is too short, and all must be done again.

    ``data`` has ``PADDING`` zeros after its end. Numbers of lines, pairs and entries go into ``totals``.
    Per line its ``status`` and where it ``starts``, and of those that were scanned the time as it stands,
    the entries of the event's name and of the user (−1 without one). A pair is a property: its line and the
    entry of its value. An entry is a text: what it is of, where it stands, how long it is, a hash, whether it
    is odd. Texts of one key are distinct until nearly all of them are. ``follower``, ``latest`` and
    ``misses`` (of a key: the one after it, the value it had, how many were new) are working space, as is
    ``slots``, filled with −1 and a power of two in length. Times below ``least`` are left to the reader of
    lines.
    """
    p: cython.Py_ssize_t = 0
    q: cython.Py_ssize_t
    line: cython.Py_ssize_t = 0
    lines: cython.Py_ssize_t = status.shape[0]
    room: cython.Py_ssize_t = min(entry_of.shape[0], slots.shape[0] // 2) - 4
    pairs: cython.Py_ssize_t = 0
    most_pairs: cython.Py_ssize_t = pair_line.shape[0]
    first_pair: cython.Py_ssize_t
    first_key: cython.int = -1
    last_name: cython.int = -1
    key: cython.int
    before: cython.int
    found: cython.int
    number: cython.longlong
    good: cython.bint
    enough: cython.bint = True
    blank: cython.uchar = BLANK
    scanned: cython.uchar = SCANNED
    other: cython.uchar = OTHER
    time_key: cython.uchar = TIME_KEY
    user_key: cython.uchar = USER_KEY
    of: cython.int
    before_it: cython.int
    most_misses: cython.int = MOST_MISSES
    misses_of_hit: cython.int = MISSES_OF_HIT
    key_of: cython.int = KEY
    event_of: cython.int = EVENT
    user_of: cython.int = USER
    totals[2] = 0
    with cython.nogil:
        while p < end and enough:
            if line == lines:
                enough = False
                break
            starts[line] = p
            status[line] = other
            time[line] = 0
            event[line] = -1
            user[line] = -1
            first_pair = pairs
            p = past_blanks(data, p)
            if p >= end or data[p] == ord("\n"):
                status[line] = blank
                line += 1
                p += 1
                continue
            good = False
            p = past_opening(data, p)
            if p > 0:
                if last_name >= 0 and same(data, entry_at[last_name], p, entry_size[last_name]):
                    q = p + entry_size[last_name]
                    event[line] = last_name
                else:
                    q = string_end(data, p)
                    if q > p + 2 or q < 0:  # not an event without a name
                        event[line] = last_name = entry(
                            data,
                            p,
                            q,
                            event_of,
                            entry_of,
                            entry_at,
                            entry_size,
                            entry_hash,
                            entry_kind,
                            follower,
                            latest,
                            misses,
                            slots,
                            totals,
                        )
                        q = place(q)
                    else:
                        q = 0
                if q > 0:
                    q = past_name(data, q)
                good = q > 0
                if good:
                    p = q
            else:
                p = starts[line]
            before = -1
            while good:
                good = False
                if totals[2] > room or pairs == most_pairs:
                    enough = False
                    break
                p = past_blanks(data, p)
                found = follower[before] if before >= 0 else first_key
                if found >= 0 and same(data, entry_at[found], p, entry_size[found]):
                    key = found
                    p += entry_size[key]
                else:
                    q = string_end(data, p)
                    if q <= 0:
                        break  # no key, or one with escapes
                    key = entry(
                        data,
                        p,
                        q,
                        key_of,
                        entry_of,
                        entry_at,
                        entry_size,
                        entry_hash,
                        entry_kind,
                        follower,
                        latest,
                        misses,
                        slots,
                        totals,
                    )
                    p = q
                    if before >= 0:
                        follower[before] = key
                    else:
                        first_key = key
                before = key
                p = past_blanks(data, p)
                if data[p] != ord(":"):
                    break
                p = past_blanks(data, p + 1)
                if entry_kind[key] == time_key:
                    q = whole_end(data, p)
                    number = whole(data, p, q)
                    if q == p or q > p + 15 or number < least:
                        break
                    time[line] = number
                    p = q
                else:
                    found = latest[key]
                    if (
                        found >= 0
                        and same(data, entry_at[found], p, entry_size[found])
                        and (data[p] == ord('"') or closes(data[p + entry_size[found]]))
                    ):
                        p += entry_size[found]
                    else:
                        q = value_end(data, p)
                        if q == 0 or (entry_kind[key] == user_key and not names(data, p, q)):
                            break
                        of = key
                        if entry_kind[key] == user_key:
                            of = user_of
                        if misses[key] < most_misses:
                            before_it = totals[2]
                            found = entry(
                                data,
                                p,
                                q,
                                of,
                                entry_of,
                                entry_at,
                                entry_size,
                                entry_hash,
                                entry_kind,
                                follower,
                                latest,
                                misses,
                                slots,
                                totals,
                            )
                            misses[key] += 1 if found == before_it else -misses_of_hit
                        else:
                            found = totals[2]
                            totals[2] += 1
                            entry_of[found] = of
                            entry_at[found] = p
                            entry_size[found] = place(q) - p
                            entry_hash[found] = hash_of(data, p, place(q) - p)
                            entry_kind[found] = q < 0
                        latest[key] = found
                        p = place(q)
                    if entry_kind[key] == user_key:
                        user[line] = found
                    else:
                        pair_line[pairs] = line
                        pair_entry[pairs] = found
                        pairs += 1
                p = past_blanks(data, p)
                if data[p] == ord(","):
                    p += 1
                    good = True
                    continue
                if data[p] != ord("}"):
                    break
                p = past_blanks(data, p + 1)
                if data[p] != ord("}"):
                    break
                p = past_blanks(data, p + 1)
                if (p >= end or data[p] == ord("\n")) and time[line] > 0:
                    status[line] = scanned
            if status[line] != scanned:
                pairs = first_pair
                while p < end and data[p] != ord("\n"):
                    p += 1
            line += 1
            p += 1
    totals[0] = line
    totals[1] = pairs
    return enough


def hash_texts(
    data: cython.const[cython.uchar][::1],
    at: cython.const[cython.longlong][::1],
    size: cython.const[cython.int][::1],
    hashes: cython.ulonglong[::1],
) -> None:
    """The hash that ``scan_lines`` gives a text, of texts in ``data``, which has ``PADDING`` after them."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(at.shape[0]):
            hashes[i] = hash_of(data, at[i], size[i])


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def entry(
    data: cython.const[cython.uchar][::1],
    at: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    of: cython.int,
    entry_of: cython.int[::1],
    entry_at: cython.int[::1],
    entry_size: cython.int[::1],
    entry_hash: cython.ulonglong[::1],
    entry_kind: cython.uchar[::1],
    follower: cython.int[::1],
    latest: cython.int[::1],
    misses: cython.int[::1],
    slots: cython.int[::1],
    totals: cython.longlong[::1],
) -> cython.int:
    """The number of a text, which is a new one where the text is; ``end`` is negative where it is odd."""
    size: cython.Py_ssize_t = place(end) - at
    code: cython.ulonglong = hash_of(data, at, size)
    mask: cython.ulonglong = slots.shape[0] - 1
    slot: cython.Py_ssize_t = ((code >> 20) + of * 7919 + 31676) & mask
    found: cython.int = slots[slot]
    while found >= 0:
        if (
            entry_hash[found] == code
            and entry_of[found] == of
            and entry_size[found] == size
            and same(data, entry_at[found], at, size)
        ):
            return found
        slot = (slot + 1) & mask
        found = slots[slot]
    found = totals[2]
    totals[2] += 1
    slots[slot] = found
    entry_of[found] = of
    entry_at[found] = at
    entry_size[found] = size
    entry_hash[found] = code
    entry_kind[found] = end < 0
    follower[found] = -1
    latest[found] = -1
    misses[found] = 0
    if of == -1 and size == 6 and reads(data, at, 0x22656D697422, 6):  # "time"
        entry_kind[found] = 2
    elif (
        of == -1
        and size == 13
        and reads(data, at, 0x636E697473696422, 8)  # "distinc
        and reads(data, at + 5, 0x2264695F74636E69, 8)  # inct_id"
    ):
        entry_kind[found] = 3
    return found


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def place(end: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Where something ends, whatever the sign says of it."""
    return -end if end < 0 else end


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def eight(data: cython.const[cython.uchar][::1], at: cython.Py_ssize_t) -> cython.ulonglong:
    """Eight bytes as a number, the first one lowest."""
    if cython.compiled:
        word: cython.ulonglong = 0
        memcpy(cython.address(word), cython.address(data[at]), 8)
        return word
    return int.from_bytes(data[at : at + 8], "little")


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def same(
    data: cython.const[cython.uchar][::1],
    one: cython.Py_ssize_t,
    other: cython.Py_ssize_t,
    size: cython.Py_ssize_t,
) -> cython.bint:
    """Whether two stretches of the data are equal; ``size`` is not 0."""
    while size > 8:
        if eight(data, one) != eight(data, other):
            return False
        one += 8
        other += 8
        size -= 8
    return lowest(eight(data, one) ^ eight(data, other), size) == 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def lowest(word: cython.ulonglong, count: cython.Py_ssize_t) -> cython.ulonglong:
    """The first 1 to 8 bytes of eight, zeros for the others."""
    everything: cython.ulonglong = 0xFFFFFFFFFFFFFFFF
    return word & (everything >> (64 - 8 * count))


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def reads(
    data: cython.const[cython.uchar][::1],
    at: cython.Py_ssize_t,
    word: cython.ulonglong,
    size: cython.Py_ssize_t,
) -> cython.bint:
    """Whether up to eight bytes are those of a word, of which the first one is lowest."""
    return lowest(eight(data, at), size) == word


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def hash_of(
    data: cython.const[cython.uchar][::1], at: cython.Py_ssize_t, size: cython.Py_ssize_t
) -> cython.ulonglong:
    """A hash of a text, eight bytes at a time; ``size`` is not 0."""
    everything: cython.ulonglong = 0xFFFFFFFFFFFFFFFF
    prime: cython.ulonglong = 0x9E3779B97F4A7C15
    code: cython.ulonglong = size
    while size > 8:
        code = ((code ^ eight(data, at)) * prime) & everything
        code ^= code >> 32
        at += 8
        size -= 8
    code = ((code ^ lowest(eight(data, at), size)) * prime) & everything
    code = ((code ^ (code >> 32)) * prime) & everything
    return code ^ (code >> 29)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def past_blanks(data: cython.const[cython.uchar][::1], p: cython.Py_ssize_t) -> cython.Py_ssize_t:
    while data[p] == ord(" ") or data[p] == ord("\t") or data[p] == ord("\r"):
        p += 1
    return p


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def past_opening(data: cython.const[cython.uchar][::1], p: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Where the event's name stands after ``{"event":``, 0 without such an opening."""
    if data[p] != ord("{"):
        return 0
    p = past_blanks(data, p + 1)
    if not reads(data, p, 0x22746E65766522, 7):  # "event"
        return 0
    p = past_blanks(data, p + 7)
    return past_blanks(data, p + 1) if data[p] == ord(":") else 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def past_name(data: cython.const[cython.uchar][::1], p: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Where the first key stands after ``,"properties":{``, 0 where something else follows the name."""
    p = past_blanks(data, p)
    if data[p] != ord(","):
        return 0
    p = past_blanks(data, p + 1)
    if not reads(data, p, 0x747265706F727022, 8):  # "propert
        return 0
    if not reads(data, p + 8, 0x22736569, 4):  # ies"
        return 0
    p = past_blanks(data, p + 12)
    if data[p] != ord(":"):
        return 0
    p = past_blanks(data, p + 1)
    return p + 1 if data[p] == ord("{") else 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def string_end(data: cython.const[cython.uchar][::1], p: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The end of a string that begins here, negative where it has escapes, 0 where none is."""
    ones: cython.ulonglong = 0x0101010101010101
    tops: cython.ulonglong = 0x8080808080808080
    places: cython.ulonglong = 0x0001020304050607
    everything: cython.ulonglong = 0xFFFFFFFFFFFFFFFF
    word: cython.ulonglong
    quote: cython.ulonglong
    slash: cython.ulonglong
    hits: cython.ulonglong
    odd: cython.bint = False
    if data[p] != ord('"'):
        return 0
    p += 1
    while True:
        # The lowest mark in ``hits`` is that of the first byte that is a quote, a backslash or below 32.
        word = eight(data, p)
        quote = word ^ (ones * ord('"'))
        slash = word ^ (ones * ord("\\"))
        hits = (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((word - ones * 32) & ~word)) & tops
        if hits == 0:
            p += 8
            continue
        hits = hits & (~hits + 1)
        p += (((hits >> 7) * places) & everything) >> 56
        if data[p] == ord('"'):
            return -(p + 1) if odd else p + 1
        if data[p] != ord("\\") or data[p + 1] < 32:
            return 0
        odd = True
        p += 2


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def whole_end(data: cython.const[cython.uchar][::1], p: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The end of the digits that begin here; none where a number does not begin so."""
    if data[p] == ord("0"):
        return p if ord("0") <= data[p + 1] <= ord("9") else p + 1
    while ord("0") <= data[p] <= ord("9"):
        p += 1
    return p


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def whole(
    data: cython.const[cython.uchar][::1], p: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.longlong:
    """The number that up to 18 digits make."""
    number: cython.longlong = 0
    end = min(end, p + 18)
    while p < end:
        number = number * 10 + (data[p] - ord("0"))
        p += 1
    return number


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def closes(c: cython.uchar) -> cython.bint:
    """Whether a character may stand after a number or a word."""
    return (
        c == ord(",") or c == ord("}") or c == ord("]") or c == ord(" ") or c == ord("\r") or c == ord("\t")
    )


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def names(data: cython.const[cython.uchar][::1], p: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    """Whether a value names a user: a string, or a whole number as it is written."""
    if data[p] == ord('"'):
        return True
    while p < end and ord("0") <= data[p] <= ord("9"):
        p += 1
    return p == end


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def value_end(data: cython.const[cython.uchar][::1], p: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The end of a value that begins here, negative where only a reader of JSON can tell what it says or
    whether it is whole, 0 where none is."""
    c: cython.uchar = data[p]
    if c == ord('"'):
        return string_end(data, p)
    if c == ord("-") or ord("0") <= c <= ord("9"):
        return number_end(data, p)
    if c == ord("{") or c == ord("["):
        return -nested_end(data, p)
    if reads(data, p, 0x65757274, 4) and closes(data[p + 4]):  # true
        return p + 4
    if reads(data, p, 0x6C6C756E, 4) and closes(data[p + 4]):  # null
        return p + 4
    if reads(data, p, 0x65736C6166, 5) and closes(data[p + 5]):  # false
        return p + 5
    return 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def number_end(data: cython.const[cython.uchar][::1], p: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The end of a number; positive where equal numbers are written equally: up to 18 digits of a whole one,
    else up to 15 of which the last is not 0."""
    first: cython.Py_ssize_t = p
    start: cython.Py_ssize_t = p
    point: cython.Py_ssize_t
    if data[p] == ord("-"):
        start += 1
    p = whole_end(data, start)
    if p > start and closes(data[p]):
        if p - start > 18 or (start > first and data[start] == ord("0")):
            return -p
        return p
    point = p
    if p > start and data[p] == ord("."):
        p += 1
        while ord("0") <= data[p] <= ord("9"):
            p += 1
        if p > point + 1 and closes(data[p]) and p - start < 17 and data[p - 1] != ord("0"):
            return p
    p = first
    while (
        ord("0") <= data[p] <= ord("9")
        or data[p] == ord(".")
        or data[p] == ord("-")
        or data[p] == ord("+")
        or data[p] == ord("e")
        or data[p] == ord("E")
    ):
        p += 1
    return -p


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def nested_end(data: cython.const[cython.uchar][::1], p: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The end of an object or a list by its brackets, 0 where the line ends before them."""
    depth: cython.Py_ssize_t = 0
    c: cython.uchar
    while True:
        c = data[p]
        if c == ord('"'):
            p = place(string_end(data, p))
            if p == 0:
                return 0
            continue
        if c == ord("\n") or c == 0:
            return 0
        p += 1
        if c == ord("{") or c == ord("["):
            depth += 1
        elif c == ord("}") or c == ord("]"):
            depth -= 1
            if depth == 0:
                return p
