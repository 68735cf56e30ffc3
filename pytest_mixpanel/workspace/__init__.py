"""The client: ``Workspace``, sessions and credentials, transport, discovery, queries."""
