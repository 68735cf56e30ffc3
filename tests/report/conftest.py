from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from pytest_mixpanel.report.run import Run
from tests.report.runs import checkout_run


class TextFile(SingleFileSnapshotExtension):
    """A golden file as it would stand on disk."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def golden(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(TextFile)


@pytest.fixture
def run() -> Run:
    return checkout_run()
