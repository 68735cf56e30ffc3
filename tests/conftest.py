"""What the whole suite needs."""

import numpy  # noqa: F401  # pytester forgets modules after a run; C extensions cannot be imported twice
import yaml  # noqa: F401  # as above

pytest_plugins = ["pytester"]

collect_ignore_glob = ["*.checks.yaml"]
"""What tests read; they are no checks of ours."""

collect_ignore_glob = ["*.checks.yaml", "*.checks.yml"]
"""Checks files among the tests are material of tests; pytest would run them as checks."""
