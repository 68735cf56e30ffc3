"""The checks files below are what tests read; they are no checks of ours."""

collect_ignore_glob = ["*.checks.yaml"]
