"""Assertions for tests written in Python, on results of ``Workspace`` methods.

They judge by the rules of the checks and fail in their words; where the data cannot decide, the test is
skipped with the reason (``undecided="fail"`` or ``"pass"`` change that).
"""

from pytest_mixpanel.assertions.claims import ClaimFailed
from pytest_mixpanel.assertions.counts import assert_no_mix_shift, assert_volume
from pytest_mixpanel.assertions.data import assert_expectations, assert_lexicon
from pytest_mixpanel.assertions.rates import assert_conversion, assert_no_conversion_drop, assert_retention

__all__ = [
    "ClaimFailed",
    "assert_conversion",
    "assert_expectations",
    "assert_lexicon",
    "assert_no_conversion_drop",
    "assert_no_mix_shift",
    "assert_retention",
    "assert_volume",
]
