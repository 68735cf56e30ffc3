"""Which release this is; the packaging reads it here, too."""

VERSION = "0.1.0"
