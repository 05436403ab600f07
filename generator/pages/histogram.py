"""A histogram on a logarithmic axis, as SVG inside the page: no script, and the page's colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from generator.pages import scatter
from generator.pages.formatting import tick
from generator.pages.scatter import LEFT, RIGHT, WIDTH

# As many as the page's script draws.
STEPS = 30
# In units of the drawing, which the page scales.
_HEIGHT, _TOP, _BOTTOM = 240, 28, 44
_MOST_MARKS = 5


def counts(values: Sequence[int]) -> list[int]:
    """How many values are in each of the steps between the least and the greatest, equally wide in logarithms."""
    low, high = math.log10(min(values)), math.log10(max(values))
    found = [0] * STEPS
    for value in values:
        # All in the first step where all are equal.
        share = (math.log10(value) - low) / (high - low) if high > low else 0
        found[min(int(share * STEPS), STEPS - 1)] += 1
    return found


def svg(title: str, values: Sequence[int]) -> str:
    """Draw how many of the positive values are in each step, in one line, which Markdown does not change."""
    steps = counts(values)
    axis = scatter.axis(title, values)
    right, bottom = WIDTH - RIGHT, _HEIGHT - _BOTTOM
    low, high = math.log10(min(values)), math.log10(max(values))
    width = (high - low) / STEPS

    def across(logarithm: float) -> int:
        return round(LEFT + (right - LEFT) * (logarithm - axis.low) / (axis.high - axis.low))

    def down(models: int) -> int:
        return round(bottom - (bottom - _TOP) * models / max(steps))

    # Where all are equal, the bar is as wide as a step of many.
    width = width or (axis.high - axis.low) / STEPS
    bars = "".join(
        f"M{across(low + step * width)} {bottom}V{down(models)}H{across(low + (step + 1) * width)}V{bottom}Z"
        for step, models in enumerate(steps)
        if models
    )
    marks = [(across(math.log10(value)), tick(value)) for value in axis.ticks()]
    sides = [(down(models), tick(models)) for models in range(0, max(steps) + 1, _between(max(steps)))]
    grid = "".join(f"M{place} {_TOP}V{bottom}" for place, _ in marks)
    grid += "".join(f"M{LEFT} {place}H{right}" for place, _ in sides)
    texts = "".join(f'<text x="{place}" y="{bottom + 16}">{text}</text>' for place, text in marks)
    numbers = "".join(f'<text x="{LEFT - 6}" y="{place + 4}">{text}</text>' for place, text in sides)
    return (
        f'<svg viewBox="0 0 {WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}: how many models have how much">'
        f'<path class="grid" d="{grid}"/><path class="bars" d="{bars}"/>'
        f'<path class="axis" d="M{LEFT} {_TOP}V{bottom}H{right}"/>'
        f'<g class="across">{texts}<text x="{(LEFT + right) // 2}" y="{_HEIGHT - 8}">{escape(title)}</text></g>'
        f'<g class="down">{numbers}</g><text x="4" y="16">Models</text></svg>'
    )


def _between(most: int) -> int:
    """The distance of marks on an axis from 0 to ``most``: 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most / step <= _MOST_MARKS:
                return step
        power *= 10
