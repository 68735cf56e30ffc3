"""Puts events in order: by owner, those of one owner as they are.

Plain loops over integers, compiled where a compiler is present and interpreted with equal results where none
is.
"""

from __future__ import annotations

try:
    import cython
except ImportError:
    from pytest_mixpanel.engine.kernels import _interpreted as cython


def place_by_owner(
    owner: cython.const[cython.int][::1],
    given: cython.const[cython.longlong][::1],
    next_place: cython.longlong[::1],
    order: cython.longlong[::1],
) -> None:
    """Sort the events of a ``given`` order by owner, stably, into ``order``.

    ``next_place``: zeros for every owner and one more.
    """
    i: cython.Py_ssize_t
    who: cython.int
    with cython.nogil:
        for i in range(owner.shape[0]):
            next_place[owner[i] + 1] += 1
        for i in range(1, next_place.shape[0]):
            next_place[i] += next_place[i - 1]
        for i in range(given.shape[0]):
            who = owner[given[i]]
            order[next_place[who]] = given[i]
            next_place[who] += 1
