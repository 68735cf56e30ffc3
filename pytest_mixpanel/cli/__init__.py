"""The ``pytest-mixpanel`` command."""


def main() -> None:
    """Entry point of the console script."""
    from pytest_mixpanel.cli.app import app

    app()
