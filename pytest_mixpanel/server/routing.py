"""How the functions that answer requests are found."""

from __future__ import annotations

from collections.abc import Callable

from pytest_mixpanel.api.endpoint import Endpoint
from pytest_mixpanel.server.messages import Request, Response
from pytest_mixpanel.server.served import Served

Handler = Callable[["Served", Request, dict[str, str]], Response]
"""Answers a request, given the parameters of its path."""

Routes = dict[Endpoint, Handler]
