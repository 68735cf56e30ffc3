"""The ``pytest-mixpanel`` command."""


def main() -> None:
    """Entry point of the console script."""
    raise SystemExit("pytest-mixpanel: no command yet")
