"""Finds the events that a question is about, so that later loops walk these alone.

Plain loops over integer arrays, compiled where a compiler is present and interpreted with equal results
where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython

if cython.compiled:
    from cython.cimports.libc.string import memcpy

Kind = cython.fused_type(cython.uchar, cython.ushort, cython.uint)
Bits = cython.fused_type(cython.uchar, cython.ushort, cython.uint, cython.ulonglong)
Code = cython.fused_type(cython.schar, cython.short, cython.int, cython.longlong)

BLOCK = 4096
"""So many events are looked at together; what is known of them stays in the innermost cache."""

FEW = 12 if cython.compiled else 2
"""So many wanted kinds are compared with, sixteen events at once; more are looked up, event by event."""

_NO_CODES, _NO_VERDICTS = memoryview(array("b")), memoryview(array("B"))

_EIGHTS = array("H", [0] * (256 * 8))
"""For every set of eight bits the numbers of those that are set, in order, and after them anything."""
_SIZES = array("B", [bits.bit_count() for bits in range(256)])
for _set in range(256):
    for _place, _bit in enumerate(bit for bit in range(8) if _set >> bit & 1):
        _EIGHTS[8 * _set + _place] = _bit


def find_places(
    kind: cython.const[Kind][::1],
    wanted: cython.const[cython.uchar][::1],
    at: cython.longlong[::1],
    bounds: cython.const[cython.longlong][::1] = None,
) -> cython.Py_ssize_t:
    """Fill ``at`` with the places of the events whose kind is wanted, and return how many there are.

    ``wanted``: 1 or 0 for every kind; ``at`` has room for all events. ``bounds``: where the stretches begin
    and, by turns, end that are looked at; without them all events are. There is no branch that depends on an
    event: which of a block are wanted is found first, then of eight at a time where those lie.
    """
    hit: cython.uchar[::1] = memoryview(bytearray(BLOCK))
    near: cython.ushort[::1] = array("H", bytes(2 * BLOCK))
    few: cython.longlong[::1] = memoryview(array("q", bytes(8 * FEW)))
    no_codes: cython.const[cython.schar][::1] = _NO_CODES
    no_verdicts: cython.const[cython.uchar][::1] = _NO_VERDICTS
    eights: cython.const[cython.ushort][::1] = _EIGHTS
    sizes: cython.const[cython.uchar][::1] = _SIZES
    found: cython.Py_ssize_t
    with cython.nogil:
        found = _find(kind, wanted, no_codes, no_verdicts, bounds, hit, near, few, eights, sizes, at)
    return found


def find_passing(
    kind: cython.const[Kind][::1],
    wanted: cython.const[cython.uchar][::1],
    codes: cython.const[Code][::1],
    verdicts: cython.const[cython.uchar][::1],
    at: cython.longlong[::1],
    bounds: cython.const[cython.longlong][::1] = None,
) -> cython.Py_ssize_t:
    """``find_places`` of those alone whose code passes.

    ``verdicts``: 1 or 0 for every code, at last that on the code −1.
    """
    hit: cython.uchar[::1] = memoryview(bytearray(BLOCK))
    near: cython.ushort[::1] = array("H", bytes(2 * BLOCK))
    few: cython.longlong[::1] = memoryview(array("q", bytes(8 * FEW)))
    eights: cython.const[cython.ushort][::1] = _EIGHTS
    sizes: cython.const[cython.uchar][::1] = _SIZES
    found: cython.Py_ssize_t
    with cython.nogil:
        found = _find(kind, wanted, codes, verdicts, bounds, hit, near, few, eights, sizes, at)
    return found


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _find(
    kind: cython.const[Kind][::1],
    wanted: cython.const[cython.uchar][::1],
    codes: cython.const[Code][::1],
    verdicts: cython.const[cython.uchar][::1],
    bounds: cython.const[cython.longlong][::1],
    hit: cython.uchar[::1],
    near: cython.ushort[::1],
    few: cython.longlong[::1],
    eights: cython.const[cython.ushort][::1],
    sizes: cython.const[cython.uchar][::1],
    at: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """``find_passing``; where there are no verdicts, all pass. From ``hit`` to ``sizes``: working space."""
    many: cython.Py_ssize_t = _name_few(wanted, few)
    stretches: cython.Py_ssize_t = 1 if bounds is None else bounds.shape[0] // 2
    i: cython.Py_ssize_t
    s: cython.Py_ssize_t
    end: cython.Py_ssize_t
    size: cython.Py_ssize_t
    found: cython.Py_ssize_t
    n: cython.Py_ssize_t = 0
    for s in range(stretches if many > 0 else 0):
        i = 0
        end = kind.shape[0]
        if bounds is not None:
            i = bounds[2 * s]
            end = bounds[2 * s + 1]
        while i < end:
            size = min(end - i, hit.shape[0])
            _look_at_block(kind, i, size, wanted, few, many, hit)
            found = _gather_near(hit, size, eights, sizes, near)
            if verdicts.shape[0] > 0:
                found = _keep_near(codes, i, verdicts, found, near)
            _add_block(near, found, i, n, at)
            n += found
            i += size
    return n


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _name_few(
    wanted: cython.const[cython.uchar][::1],
    few: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """How many kinds are wanted; the first of them by their codes."""
    k: cython.Py_ssize_t
    many: cython.Py_ssize_t = 0
    for k in range(wanted.shape[0]):
        if wanted[k] != 0:
            if many < few.shape[0]:
                few[many] = k
            many += 1
    return many


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _look_at_block(
    kind: cython.const[Kind][::1],
    start: cython.Py_ssize_t,
    size: cython.Py_ssize_t,
    wanted: cython.const[cython.uchar][::1],
    few: cython.const[cython.longlong][::1],
    many: cython.Py_ssize_t,
    hit: cython.uchar[::1],
) -> cython.void:
    """Which events of a block are wanted, and after them zeros up to a number of eights."""
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    if many > few.shape[0]:
        for j in range(size):
            hit[j] = wanted[kind[start + j]]
    else:
        for k in range(many):
            _compare_block(kind, start, size, few[k], k > 0, hit)
    for j in range(size, size + 7 & ~7):
        hit[j] = 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _compare_block(
    kind: cython.const[Kind][::1],
    start: cython.Py_ssize_t,
    size: cython.Py_ssize_t,
    wanted: cython.longlong,
    also: cython.bint,
    hit: cython.uchar[::1],
) -> cython.void:
    """Which events of a block are of one kind; ``also``: besides those of others."""
    j: cython.Py_ssize_t
    code: Kind = wanted
    if also:
        for j in range(size):
            hit[j] |= 1 if kind[start + j] == code else 0
    else:
        for j in range(size):
            hit[j] = 1 if kind[start + j] == code else 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _gather_near(
    hit: cython.const[cython.uchar][::1],
    size: cython.Py_ssize_t,
    eights: cython.const[cython.ushort][::1],
    sizes: cython.const[cython.uchar][::1],
    near: cython.ushort[::1],
) -> cython.Py_ssize_t:
    """Where in a block the hits are; eight places are written each time, of which the first ones are kept."""
    j: cython.Py_ssize_t
    bits: cython.Py_ssize_t
    e: cython.Py_ssize_t
    here: cython.ushort
    n: cython.Py_ssize_t = 0
    for j in range(0, size, 8):
        bits = _eight(hit, j)
        e = 8 * bits
        here = j
        # All eight are read before one is written, so that they go through the processor as one.
        (
            near[n],
            near[n + 1],
            near[n + 2],
            near[n + 3],
            near[n + 4],
            near[n + 5],
            near[n + 6],
            near[n + 7],
        ) = (
            here + eights[e],
            here + eights[e + 1],
            here + eights[e + 2],
            here + eights[e + 3],
            here + eights[e + 4],
            here + eights[e + 5],
            here + eights[e + 6],
            here + eights[e + 7],
        )
        n += sizes[bits]
    return n


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _eight(hit: cython.const[cython.uchar][::1], j: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Eight ones and zeros as bits, the first one lowest."""
    if cython.compiled:
        word: cython.ulonglong = 0
        # Moves the bit of every byte to a place of its own at the top.
        collect: cython.ulonglong = 0x0102040810204080
        memcpy(cython.address(word), cython.address(hit[j]), 8)
        return (word * collect) >> 56
    low: cython.Py_ssize_t = hit[j] | hit[j + 1] << 1 | hit[j + 2] << 2 | hit[j + 3] << 3
    return low | hit[j + 4] << 4 | hit[j + 5] << 5 | hit[j + 6] << 6 | hit[j + 7] << 7


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _keep_near(
    codes: cython.const[Code][::1],
    start: cython.Py_ssize_t,
    verdicts: cython.const[cython.uchar][::1],
    found: cython.Py_ssize_t,
    near: cython.ushort[::1],
) -> cython.Py_ssize_t:
    """How many of the hits have a code that passes; they come first then."""
    j: cython.Py_ssize_t
    c: cython.Py_ssize_t
    n: cython.Py_ssize_t = 0
    last: cython.Py_ssize_t = verdicts.shape[0] - 1
    for j in range(found):
        c = codes[start + near[j]]
        near[n] = near[j]
        n += verdicts[c if c >= 0 else last] != 0
    return n


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _add_block(
    near: cython.const[cython.ushort][::1],
    found: cython.Py_ssize_t,
    start: cython.Py_ssize_t,
    n: cython.Py_ssize_t,
    at: cython.longlong[::1],
) -> cython.void:
    j: cython.Py_ssize_t
    for j in range(found):
        at[n + j] = start + near[j]


def look_up(
    codes: cython.const[Code][::1],
    at: cython.const[cython.longlong][::1],
    verdicts: cython.const[cython.uchar][::1],
    found: cython.uchar[::1],
) -> None:
    """The verdict on the code at every place; the last verdict is that on the code −1."""
    i: cython.Py_ssize_t
    c: cython.Py_ssize_t
    last: cython.Py_ssize_t = verdicts.shape[0] - 1
    with cython.nogil:
        for i in range(at.shape[0]):
            c = codes[at[i]]
            found[i] = verdicts[c if c >= 0 else last]


def keep_passing(
    codes: cython.const[Code][::1],
    at: cython.const[cython.longlong][::1],
    rows: cython.const[cython.longlong][::1],
    verdicts: cython.const[cython.uchar][::1],
    kept: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Fill ``kept`` with the rows whose code passes, and return how many there are; it may be ``rows``.

    Row r is of the event ``at[r]``. ``verdicts``: 1 or 0 for every code, at last that on the code −1.
    """
    i: cython.Py_ssize_t
    c: cython.Py_ssize_t
    r: cython.Py_ssize_t
    n: cython.Py_ssize_t = 0
    last: cython.Py_ssize_t = verdicts.shape[0] - 1
    with cython.nogil:
        for i in range(rows.shape[0]):
            r = rows[i]
            c = codes[at[r]]
            kept[n] = r
            n += verdicts[c if c >= 0 else last] != 0
    return n


def mark_rows(rows: cython.const[cython.longlong][::1], bit: cython.ulonglong, bits: Bits[::1]) -> None:
    """Set a bit in some rows."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(rows.shape[0]):
            bits[rows[i]] |= bit
