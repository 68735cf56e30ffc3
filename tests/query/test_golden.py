"""Our builders against params captured from the published client, key order included.

``MIXPANEL_GOLDEN`` names further files (colon-separated); ``deliberate.py`` says where ours differs, and why.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.query.calls import answer_to
from tests.query.deliberate import reason_to_differ
from tests.vectors import load

CASES = [case for case in load("golden_params.jsonl", "MIXPANEL_GOLDEN") if "params" in case]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_sends_what_the_published_client_sends(case: dict[str, Any]) -> None:
    answer = answer_to(case["kwargs_repr"])
    if json.dumps(answer.params) == json.dumps(case["params"]):
        return
    assert reason_to_differ(case["kwargs_repr"], answer.codes), answer
