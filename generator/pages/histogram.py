"""A histogram on a logarithmic axis, as SVG inside the page: no script, and the page's colours."""

from __future__ import annotations

import math
from collections.abc import Sequence

from generator.pages import scatter
from generator.pages.escaping import in_html
from generator.pages.formatting import tick
from generator.pages.scatter import BOTTOM, LEFT, RIGHT, TOP, WIDTH

# As many as the page's script draws.
STEPS = 30
# In units of the drawing, which the page scales. All else is as in scatter plots.
_HEIGHT = 240
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
    right, bottom = WIDTH - RIGHT, _HEIGHT - BOTTOM
    low, high = math.log10(min(values)), math.log10(max(values))
    width = (high - low) / STEPS

    def across(logarithm: float) -> int:
        return round(LEFT + (right - LEFT) * (logarithm - axis.low) / (axis.high - axis.low))

    def down(models: int) -> int:
        return round(bottom - (bottom - TOP) * models / max(steps))

    # Where all are equal, the bar is as wide as a step of many.
    width = width or (axis.high - axis.low) / STEPS
    bars = "".join(
        f"M{across(low + step * width)} {bottom}V{down(models)}H{across(low + (step + 1) * width)}V{bottom}Z"
        for step, models in enumerate(steps)
        if models
    )
    marks = [(across(math.log10(value)), tick(value)) for value in axis.ticks()]
    sides = [(down(models), tick(models)) for models in range(0, max(steps) + 1, _between(max(steps)))]
    drawn = scatter.frame(marks, sides, title, "Models", _HEIGHT)
    return (
        f'<svg viewBox="0 0 {WIDTH} {_HEIGHT}" role="img" aria-label="{in_html(title)}: how many models have how much">'
        f'{drawn.grid}<path class="bars" d="{bars}"/>{drawn.axes}</svg>'
    )


def _between(most: int) -> int:
    """The distance of marks on an axis from 0 to ``most``: 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most / step <= _MOST_MARKS:
                return step
        power *= 10
