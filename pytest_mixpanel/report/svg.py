"""Small charts as static SVG: no script, no font, no outside reference; colours come from the page's CSS."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pytest_mixpanel.core.explanation import Curve

_WIDTH = 480
_HEIGHT = 96
_MARGIN = 6


def curve_svg(curve: Curve) -> str:
    """A line for the curve and a fainter one for what was before; gaps where a value is unknown."""
    known = [value for value in (*curve.values, *curve.before) if value is not None]
    top = max(known, default=0.0) or 1.0
    length = max(len(curve.values), len(curve.before), 2)
    lines = [
        f'<path class="{name}" d="{path}"/>'
        for name, values in (("before", curve.before), ("now", curve.values))
        if (path := _path(values, length, top))
    ]
    label = escape(f"{curve.label}: highest {_number(top, curve.unit)}", quote=True)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">'
        f"<title>{label}</title>"
        f'<path class="axis" d="M{_MARGIN} {_HEIGHT - _MARGIN}H{_WIDTH - _MARGIN}"/>'
        + "".join(lines)
        + "</svg>"
    )


def _path(values: Sequence[float | None], length: int, top: float) -> str:
    commands: list[str] = []
    pen_down = False
    for index, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        x = _MARGIN + index * (_WIDTH - 2 * _MARGIN) / (length - 1)
        y = _HEIGHT - _MARGIN - max(0.0, value) / top * (_HEIGHT - 2 * _MARGIN)
        commands.append(f"{'L' if pen_down else 'M'}{x:.1f} {y:.1f}")
        pen_down = True
    return "".join(commands)


def _number(value: float, unit: str) -> str:
    return f"{value * 100:.1f} %" if unit == "rate" else f"{value:,.6g}"
