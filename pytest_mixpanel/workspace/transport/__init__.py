"""How requests travel: over HTTPS to Mixpanel, in process to a server over local events, or from a recording.

Nothing else in the client knows the difference. Each module is one layer around one seam
(``httpx.BaseTransport``); ``stack`` puts them into order.
"""

from pytest_mixpanel.workspace.transport.answers import decoded, send

__all__ = ["decoded", "send"]
