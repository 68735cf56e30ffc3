"""A layer of the transport: it does one thing to requests or answers and hands over to the next."""

from __future__ import annotations

import httpx


class Layer(httpx.BaseTransport):
    """What wraps another transport; closing it closes that one."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner

    def close(self) -> None:
        self.inner.close()
