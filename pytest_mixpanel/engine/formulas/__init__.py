"""The formula language of custom properties: text → syntax → values, once per distinct input."""

from pytest_mixpanel.engine.formulas.columns import (
    Input,
    event_selector_column,
    event_selector_mask,
    formula_column,
    selector_mask,
)
from pytest_mixpanel.engine.formulas.evaluate import Formula, compile_formula

__all__ = [
    "Formula",
    "Input",
    "compile_formula",
    "event_selector_column",
    "event_selector_mask",
    "formula_column",
    "selector_mask",
]
