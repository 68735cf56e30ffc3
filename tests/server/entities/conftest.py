"""The local project of a few events that the client's tests use, too."""

from tests.workspace.entities.conftest import export as export
