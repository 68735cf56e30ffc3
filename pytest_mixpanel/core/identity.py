"""Identities that are the same every time."""

from __future__ import annotations

import uuid

NAMESPACE = uuid.UUID("6f1d1c1e-5a3b-4c59-9f7a-0c8f3f1d7a10")


def nth_uuid(collection: str, number: int) -> str:
    """The UUID of the n-th thing that is made in a collection, counted from 1."""
    return str(uuid.uuid5(NAMESPACE, f"{collection}/{number}"))
