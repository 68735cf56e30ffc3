"""A server that runs: on a socket of this machine, in a thread, or until it is told to stop."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.server.access import Access, generated
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.projects import LOCAL_PROJECT_ID

if TYPE_CHECKING:
    import uvicorn

LOOPBACK = "127.0.0.1"
START_SECONDS = 30.0
STOP_SECONDS = 5


@frozen
class LocalMixpanel:
    """A Mixpanel on this machine: where it is, and who may ask it.

    ``environment`` is what clients read: ``MP_API_BASE_URL``, ``MP_USERNAME``, ``MP_SECRET``,
    ``MP_PROJECT_ID`` and ``MP_REGION``.
    """

    url: str
    access: Access
    project_id: str = LOCAL_PROJECT_ID

    @property
    def username(self) -> str:
        return self.access.username

    @property
    def secret(self) -> str:
        return self.access.secret

    @property
    def token(self) -> str:
        """The bearer token that is accepted as well."""
        return self.access.token

    @property
    def environment(self) -> dict[str, str]:
        return {
            "MP_API_BASE_URL": self.url,
            "MP_USERNAME": self.username,
            "MP_SECRET": self.secret,
            "MP_PROJECT_ID": self.project_id,
            "MP_REGION": "us",
        }


@contextmanager
def running(server: Server, access: Access | None = None) -> Iterator[LocalMixpanel]:
    """A real HTTP server in a thread, on a free port of the loopback interface, while the block lasts."""
    access = access or generated()
    with bound(LOOPBACK, 0) as listener:
        service = service_for(server, access)
        thread = Thread(target=service.run, args=([listener],), name="local Mixpanel", daemon=True)
        thread.start()
        try:
            _wait_for(service, thread)
            yield LocalMixpanel(url_of(listener), access)
        finally:
            service.should_exit = True
            thread.join(STOP_SECONDS + 1)


def service_for(server: Server, access: Access | None, *, show_requests: bool = False) -> uvicorn.Server:
    """What listens: give its ``run`` the sockets. In the main thread SIGINT and SIGTERM end it."""
    import uvicorn

    from pytest_mixpanel.server.http import application

    return uvicorn.Server(
        uvicorn.Config(
            application(server, access),
            log_level="info" if show_requests else "warning",
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )


def bound(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 is a free one. Raises ``ConfigError`` for an address that cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise ConfigError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error
    return listener


def url_of(listener: socket.socket) -> str:
    """The base URL under which the socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _wait_for(service: uvicorn.Server, thread: Thread) -> None:
    end = monotonic() + START_SECONDS
    while not service.started:
        if not thread.is_alive() or monotonic() > end:
            raise ConfigError("the local server did not start; its log says why")
        sleep(0.005)
