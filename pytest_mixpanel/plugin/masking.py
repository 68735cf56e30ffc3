"""Known secrets are masked in what pytest shows and hands on: tracebacks, variables, captured output."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Generator
from typing import Any
from urllib.parse import urlsplit

import pytest

KNOWN = "pytest_mixpanel.core.masking"
"""Who knows the secrets; as long as nothing has imported it there are none, and a run pays for nothing."""

VARIABLES = ("MP_SECRET", "MP_OAUTH_TOKEN", "MP_CUSTOM_HEADER_VALUE")
"""Of the environment: secret even where no client was ever opened."""

DEEPEST = 30
"""Levels of objects in the representation of a failure; pytest's own has about ten."""


PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")
"""Of the environment: URLs that may hold a password."""


def remember_environment() -> None:
    """Know the secrets that the environment holds."""
    found = [os.environ.get(name, "") for name in VARIABLES]
    for name in PROXIES:
        try:
            found.append(urlsplit(os.environ.get(name, "")).password or "")
        except ValueError:  # no URL
            continue
    if any(found):
        from pytest_mixpanel.core.masking import remember

        for secret in found:
            remember(secret)


class Masking:
    """Masks reports as the last to touch them, before they are printed, written or sent to a controller."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        _mask_report(report)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        _mask_report(report)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        told = warning_message.message
        if isinstance(told, Warning):
            told.args = _masked(told.args)

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: object) -> None:
        _masked(excrepr)


def mask_known(text: str) -> str:
    """The text without the secrets that are known."""
    if KNOWN not in sys.modules:
        return text
    from pytest_mixpanel.core.masking import mask

    return mask(text)


def _mask_report(report: pytest.TestReport | pytest.CollectReport) -> None:
    report.sections[:] = [(name, mask_known(text)) for name, text in report.sections]
    if report.longrepr is not None and not report.passed:
        report.longrepr = _masked(report.longrepr)
    if isinstance(report, pytest.TestReport):
        report.user_properties[:] = [(name, _masked(value)) for name, value in report.user_properties]
        if (results := getattr(report, "mixpanel", None)) is not None:
            report.mixpanel = _masked(results)  # type: ignore[attr-defined]  # the plugin's own


def _masked(value: Any, depth: int = 0) -> Any:
    """The same structure with its texts masked; objects are changed in place."""
    if KNOWN not in sys.modules:
        return value
    from pytest_mixpanel.core.masking import mask, reveals

    if isinstance(value, str):
        return mask(value) if reveals(value) or "..." in value else value
    if depth > DEEPEST:
        return value
    if isinstance(value, list):
        value[:] = [_masked(inner, depth + 1) for inner in value]
    elif isinstance(value, tuple) and type(value) is tuple:
        return tuple(_masked(inner, depth + 1) for inner in value)
    elif isinstance(value, dict):
        value.update({key: _masked(inner, depth + 1) for key, inner in value.items()})
    elif type(value).__module__.partition(".")[0] in ("_pytest", "pytest", "pytest_mixpanel"):
        for name, inner in list(getattr(value, "__dict__", {}).items()):
            if (changed := _masked(inner, depth + 1)) is not inner:
                object.__setattr__(value, name, changed)
    return value
