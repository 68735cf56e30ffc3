"""Finds the events that a question is about, so that later loops walk these alone.

Plain loops over integer arrays, compiled where a compiler is present and interpreted with equal results
where none is. Indices and divisions are never negative.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython

Kind = cython.fused_type(cython.uchar, cython.ushort, cython.uint)
Bits = cython.fused_type(cython.uchar, cython.ushort, cython.uint, cython.ulonglong)
Code = cython.fused_type(cython.schar, cython.short, cython.int, cython.longlong)


def find_places(
    kind: cython.const[Kind][::1], wanted: cython.const[cython.uchar][::1], at: cython.longlong[::1]
) -> cython.Py_ssize_t:
    """Fill ``at`` with the places of the events whose kind is wanted, and return how many there are.

    ``wanted``: 1 or 0 for every kind; ``at`` has room for all events. Every place is written and only the
    wanted ones are kept, which needs no guess of what comes next; four at once, which do not wait for one
    another.
    """
    i: cython.Py_ssize_t
    a: cython.Py_ssize_t
    b: cython.Py_ssize_t
    c: cython.Py_ssize_t
    d: cython.Py_ssize_t
    fours: cython.Py_ssize_t = kind.shape[0] - kind.shape[0] % 4
    n: cython.Py_ssize_t = 0
    with cython.nogil:
        for i in range(0, fours, 4):
            a = wanted[kind[i]] != 0
            b = wanted[kind[i + 1]] != 0
            c = wanted[kind[i + 2]] != 0
            d = wanted[kind[i + 3]] != 0
            at[n] = i
            n += a
            at[n] = i + 1
            n += b
            at[n] = i + 2
            n += c
            at[n] = i + 3
            n += d
        for i in range(fours, kind.shape[0]):
            at[n] = i
            n += wanted[kind[i]] != 0
    return n


def count_before(
    at: cython.const[cython.longlong][::1],
    bounds: cython.const[cython.longlong][::1],
    before: cython.longlong[::1],
) -> None:
    """How many of the ascending places lie before each of the ascending ``bounds``."""
    b: cython.Py_ssize_t
    n: cython.Py_ssize_t = 0
    with cython.nogil:
        for b in range(bounds.shape[0]):
            while n < at.shape[0] and at[n] < bounds[b]:
                n += 1
            before[b] = n


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


def mark_passing(
    rows: cython.const[cython.longlong][::1],
    passed: cython.const[cython.uchar][::1],
    bit: cython.ulonglong,
    bits: Bits[::1],
) -> None:
    """Set a bit in those of some rows that passed."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(rows.shape[0]):
            bits[rows[i]] |= bit if passed[i] != 0 else 0
