"""What the libraries below log is masked: httpx tells URLs, httpcore the headers of answers."""

from __future__ import annotations

import logging
import re

from pytest_mixpanel.core.masking import MASK, mask

LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)
_COOKIES = re.compile(r"(?i)(b'set-cookie', b')[^']*")


class MaskingFilter(logging.Filter):
    """Lets every record pass, its message without known secrets and cookies."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _COOKIES.sub(rf"\1{MASK}", mask(record.getMessage())), ()
        return True


_FILTER = MaskingFilter()


def mask_logs() -> None:
    """Mask from now on; may be called again."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
