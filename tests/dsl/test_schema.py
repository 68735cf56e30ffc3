from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pytest_mixpanel.dsl.document import read_document
from pytest_mixpanel.dsl.schema import json_schema
from pytest_mixpanel.kinds.registry import grammars

CHECKOUT = Path(__file__).parent / "checkout.checks.yaml"


def test_the_schema_is_json_and_knows_every_kind() -> None:
    schema = json.loads(json.dumps(json_schema(grammars())))
    measure = schema["properties"]["checks"]["items"]["properties"]["measure"]
    assert set(measure["anyOf"][1]["properties"]) == set(grammars())


def test_a_sound_file_uses_only_keys_of_the_schema() -> None:
    document, _ = read_document(CHECKOUT.read_text(), "x")
    schema = json_schema(grammars())

    def walk(value: Any, told: dict[str, Any]) -> None:
        if isinstance(value, dict) and told.get("additionalProperties") is False:
            assert set(value) <= set(told["properties"])
            assert set(told.get("required", ())) <= set(value)
            for key, inner in value.items():
                walk(inner, told["properties"][key])
        elif isinstance(value, list) and "items" in told:
            for inner in value:
                walk(inner, told["items"])

    walk(document.plain, schema)
