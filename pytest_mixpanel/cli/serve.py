"""``pytest-mixpanel serve``: a local Mixpanel for any client of the HTTP API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pytest_mixpanel.server.access import Access
    from pytest_mixpanel.server.projects import LocalProject

LOOPBACK = "127.0.0.1"


def serve(
    project: Annotated[str, typer.Argument(help="demo, demo:incident, or the path of exported events")],
    host: Annotated[str, typer.Option(help="the address to listen on")] = LOOPBACK,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="the port; 0 is a free one")] = 0,
    now: Annotated[
        datetime | None, typer.Option(help="the clock of every answer (UTC); the project suggests one")
    ] = None,
    time_zone: Annotated[str | None, typer.Option(help="the time zone of exported events")] = None,
    no_auth: Annotated[bool, typer.Option("--no-auth", help="answer whoever asks, on loopback only")] = False,
    log: Annotated[bool, typer.Option("--log", help="show every request")] = False,
) -> None:
    """Serve PROJECT under Mixpanel's HTTP API until Ctrl-C.

    Clients find it through MP_API_BASE_URL. The service account and the token are those of MP_USERNAME,
    MP_SECRET and MP_OAUTH_TOKEN; what is not set is made up and printed.
    """
    from pytest_mixpanel.core.errors import MixpanelHeadlessError

    try:
        _serve(project, host, port, now, time_zone, no_auth, log)
    except MixpanelHeadlessError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        pass  # which does not come where a shell has put the command into the background
    typer.echo("stopped")


def _serve(
    address: str,
    host: str,
    port: int,
    now: datetime | None,
    time_zone: str | None,
    no_auth: bool,
    log: bool,
) -> None:
    from pytest_mixpanel.core.address import parse_address
    from pytest_mixpanel.core.errors import ConfigError
    from pytest_mixpanel.core.zones import known_zone
    from pytest_mixpanel.server.access import access_from
    from pytest_mixpanel.server.app import Server
    from pytest_mixpanel.server.projects import open_project
    from pytest_mixpanel.server.running import bound, is_loopback, service_for, url_of

    if no_auth and not is_loopback(host):
        raise ConfigError(
            f"--no-auth would let everyone on the network ask: leave out --host {host}, or --no-auth"
        )
    found = parse_address(address)
    if not found.is_local:
        raise ConfigError(f"project {address} is Mixpanel's own; serve demo or the path of exported events")
    if time_zone is not None:
        known_zone(time_zone, "--time-zone")
    opened = open_project(found, time_zone)
    clock = now.replace(tzinfo=now.tzinfo or UTC) if now is not None else opened.now
    access = None if no_auth else access_from()
    with bound(host, port) as listener:
        typer.echo(_greeting(opened, clock, url_of(listener), access))
        server = Server(opened.store, clock, opened.entities, opened.name, opened.saved)
        service_for(server, access, show_requests=log).run([listener])


def _greeting(project: LocalProject, clock: datetime, url: str, access: Access | None) -> str:
    from pytest_mixpanel.server.projects import LOCAL_PROJECT_ID

    lines = [
        f"{project.name}, {project.store.time_zone}, as of {clock:%Y-%m-%d %H:%M}, at {url}",
        "",
        f"export MP_API_BASE_URL={url} MP_PROJECT_ID={LOCAL_PROJECT_ID} MP_REGION=us",
    ]
    if access is None:
        lines.append("export MP_USERNAME=anyone MP_SECRET=anything")
    elif access.is_generated:
        lines.append(f"export MP_USERNAME={access.username} MP_SECRET={access.secret}")
        lines.append(f"# or: Authorization: Bearer {access.token}")
    else:
        lines.append(f"# as {access.username}, with the secret in MP_SECRET")
    return "\n".join([*lines, "", "Ctrl-C stops it."])
