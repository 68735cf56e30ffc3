"""A layer of the transport: it does one thing to requests or answers and hands over to the next."""

from __future__ import annotations

import ipaddress

import httpx


class Layer(httpx.BaseTransport):
    """What wraps another transport; closing it closes that one."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner

    def close(self) -> None:
        self.inner.close()


class Away(Layer):
    """Leaves out the layer below for requests to this machine: a server here is no service to be spared."""

    def __init__(self, layer: Layer) -> None:
        super().__init__(layer)
        self._without = layer.inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return (self._without if is_here(request.url.host) else self.inner).handle_request(request)


def is_here(host: str) -> bool:
    """Whether a host is this machine by its name or address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
