"""Numbers texts: a growing dictionary of byte strings, asked by many at once.

Plain loops over bytes, compiled where a compiler is present and interpreted with equal results where none is.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython

if cython.compiled:
    from cython.cimports.libc.string import memcmp, memcpy

End = cython.fused_type(cython.uint, cython.longlong)

TOGETHER = 32
"""Texts whose slots are fetched together, so that the waits for memory overlap."""


def look_up(
    data: cython.const[cython.uchar][::1],
    at: cython.const[cython.longlong][::1],
    size: cython.const[cython.int][::1],
    hashes: cython.const[cython.ulonglong][::1],
    known: cython.const[cython.uchar][::1],
    ends: cython.const[End][::1],
    slots: cython.uint[::1],
    codes: cython.int[::1],
    fresh: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """The code of every text of ``data``; returns how many were not ``known``, and lists them as ``fresh``.

    The text of code c ends in ``known`` at ``ends[c]``, where the next one begins; new codes follow.
    ``slots`` are a power of two in number, and more than all texts together. Of the upper half of a text's
    hash the lower bits tell the slot it is looked for in; a slot holds the others, and below them the code
    plus one; 0 is free.
    """
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    start: cython.Py_ssize_t
    code: cython.Py_ssize_t
    before: cython.Py_ssize_t = ends.shape[0]
    found: cython.Py_ssize_t = 0
    lower: cython.uint = slots.shape[0] - 1
    upper: cython.uint = 0xFFFFFFFF ^ lower
    half: cython.uint
    held: cython.uint
    together: cython.Py_ssize_t = TOGETHER
    with cython.nogil:
        for i in range(at.shape[0]):
            if i % together == 0:
                for k in range(i, min(i + together, at.shape[0])):
                    codes[k] = slots[(hashes[k] >> 32) & lower] & 1
            half = hashes[i] >> 32
            slot = half & lower
            while True:
                held = slots[slot]
                if held == 0:
                    code = before + found
                    slots[slot] = (half & upper) | (code + 1)
                    fresh[found] = i
                    found += 1
                    codes[i] = code
                    break
                if held & upper == half & upper:
                    code = (held & lower) - 1
                    if code < before:
                        start = ends[code - 1] if code > 0 else 0
                        if ends[code] - start == size[i] and equal(known, start, data, at[i], size[i]):
                            codes[i] = code
                            break
                    else:
                        start = fresh[code - before]
                        if size[start] == size[i] and equal(data, at[start], data, at[i], size[i]):
                            codes[i] = code
                            break
                slot = (slot + 1) & lower
    return found


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def equal(
    one: cython.const[cython.uchar][::1],
    start: cython.Py_ssize_t,
    other: cython.const[cython.uchar][::1],
    at: cython.Py_ssize_t,
    size: cython.Py_ssize_t,
) -> cython.bint:
    """Whether two stretches of bytes are equal; ``size`` is not 0."""
    if cython.compiled:
        return memcmp(cython.address(one[start]), cython.address(other[at]), size) == 0
    return one[start : start + size] == other[at : at + size]


def take_slots(
    hashes: cython.const[cython.ulonglong][::1], slots: cython.uint[::1], first: cython.Py_ssize_t
) -> None:
    """Put texts that are not in the slots yet into them, under the codes from ``first`` on."""
    i: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    lower: cython.uint = slots.shape[0] - 1
    upper: cython.uint = 0xFFFFFFFF ^ lower
    half: cython.uint
    with cython.nogil:
        for i in range(hashes.shape[0]):
            half = hashes[i] >> 32
            slot = half & lower
            while slots[slot] != 0:
                slot = (slot + 1) & lower
            slots[slot] = (half & upper) | (first + i + 1)


def number_bits(
    count: cython.Py_ssize_t,
    bits: cython.const[cython.ulonglong][::1],
    known: cython.ulonglong[::1],
    slots: cython.int[::1],
    codes: cython.int[::1],
) -> cython.Py_ssize_t:
    """The code of every one of ``bits``; returns how many are ``known`` then, of which ``count`` were before.

    A slot holds a code plus one; 0 is free. ``slots`` is a power of two in length, and larger than ``known``,
    which has room for all.
    """
    i: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    code: cython.Py_ssize_t
    mask: cython.ulonglong = slots.shape[0] - 1
    spread: cython.ulonglong = 0x9E3779B97F4A7C15
    with cython.nogil:
        for i in range(bits.shape[0]):
            slot = ((bits[i] * spread) >> 32) & mask
            while True:
                code = slots[slot] - 1
                if code < 0:
                    code = count
                    known[code] = bits[i]
                    count += 1
                    slots[slot] = count
                    break
                if known[code] == bits[i]:
                    break
                slot = (slot + 1) & mask
            codes[i] = code
    return count


def mark(which: cython.const[cython.int][::1], used: cython.uchar[::1]) -> None:
    """Mark which texts are used; what is −1 uses none. Once all are, no more is looked at."""
    i: cython.Py_ssize_t
    left: cython.Py_ssize_t = used.shape[0]
    with cython.nogil:
        for i in range(which.shape[0]):
            if which[i] >= 0 and used[which[i]] == 0:
                used[which[i]] = 1
                left -= 1
                if left == 0:
                    break


def replace(
    which: cython.const[cython.int][::1], place: cython.const[cython.int][::1], out: cython.int[::1]
) -> None:
    """The place of each of the texts; −1 stays."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(which.shape[0]):
            out[i] = place[which[i]] if which[i] >= 0 else which[i]


def gather(
    data: cython.const[cython.uchar][::1],
    at: cython.const[cython.longlong][::1],
    size: cython.const[cython.int][::1],
    some: cython.const[cython.longlong][::1],
    out: cython.uchar[::1],
) -> None:
    """Write some of the texts one after the other."""
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    start: cython.Py_ssize_t
    done: cython.Py_ssize_t = 0
    with cython.nogil:
        for i in range(some.shape[0]):
            start = at[some[i]]
            if cython.compiled:
                memcpy(cython.address(out[done]), cython.address(data[start]), size[some[i]])
            else:
                for k in range(size[some[i]]):
                    out[done + k] = data[start + k]
            done += size[some[i]]


def quote(
    data: cython.const[cython.uchar][::1], ends: cython.const[cython.longlong][::1], out: cython.uchar[::1]
) -> None:
    """Write texts that follow each other, each between ``ends``, in quotes."""
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    done: cython.Py_ssize_t = 0
    with cython.nogil:
        for i in range(ends.shape[0] - 1):
            out[done] = ord('"')
            done += 1
            for k in range(ends[i], ends[i + 1]):
                out[done] = data[k]
                done += 1
            out[done] = ord('"')
            done += 1


def read_numbers(
    data: cython.const[cython.uchar][::1],
    at: cython.const[cython.longlong][::1],
    size: cython.const[cython.int][::1],
    numbers: cython.double[::1],
) -> cython.Py_ssize_t:
    """Texts as numbers where that is exact and plain (``-12``, ``0.25``); returns how many are not, NaN here.

    A whole number of up to 15 digits, or such a one over a power of ten up to 22, is divided exactly enough
    that the quotient is the nearest number to the text, as IEEE 754 rounds once.
    """
    i: cython.Py_ssize_t
    p: cython.Py_ssize_t
    end: cython.Py_ssize_t
    digits: cython.Py_ssize_t
    places: cython.Py_ssize_t
    minus: cython.bint
    whole: cython.longlong
    scale: cython.double
    number: cython.double
    missing: cython.double = float("nan")
    left: cython.Py_ssize_t = 0
    with cython.nogil:
        for i in range(at.shape[0]):
            p = at[i]
            end = p + size[i]
            minus = p < end and data[p] == ord("-")
            if minus:
                p += 1
            digits = end - p
            places = 0
            whole = 0
            if digits <= 16:
                while p < end and ord("0") <= data[p] <= ord("9"):
                    whole = whole * 10 + (data[p] - ord("0"))
                    p += 1
                if p < end and data[p] == ord("."):
                    p += 1
                    digits -= 1
                    places = end - p
                    while p < end and ord("0") <= data[p] <= ord("9"):
                        whole = whole * 10 + (data[p] - ord("0"))
                        p += 1
            if p < end or digits == 0 or digits > 15:
                numbers[i] = missing
                left += 1
                continue
            scale = 1.0
            while places > 0:
                scale = scale * 10.0
                places -= 1
            number = whole
            number = number / scale
            numbers[i] = -number if minus else number
    return left
