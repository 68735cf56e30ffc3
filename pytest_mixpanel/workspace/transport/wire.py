"""The wire itself: HTTPS, through the proxy that the environment names for a host."""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

import httpx

from pytest_mixpanel.core.masking import remember


class Wire(httpx.BaseTransport):
    """Sends requests; a client with layers of its own is not told of the environment's proxies by httpx."""

    def __init__(self) -> None:
        self._transports: dict[str | None, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        proxy = proxy_for(request.url)
        if proxy not in self._transports:
            self._transports[proxy] = httpx.HTTPTransport(proxy=proxy)
        return self._transports[proxy].handle_request(request)

    def close(self) -> None:
        for transport in self._transports.values():
            transport.close()


def proxy_for(url: httpx.URL) -> str | None:
    """The proxy of ``HTTPS_PROXY``, ``HTTP_PROXY`` or ``ALL_PROXY``, but for the hosts of ``NO_PROXY``."""
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if proxy is None or proxy_bypass(url.netloc.decode("ascii")):
        return None
    address = httpx.URL(proxy if "://" in proxy else f"http://{proxy}")
    if address.password:
        remember(address.password)
    return str(address)
