"""Scatter plots of positive figures, as SVG inside the page: no script, and the page's colours."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from generator.pages.escaping import in_html
from generator.pages.formatting import tick

# In units of the drawing, which the page scales. The right margin has room for half a tick label, the bottom margin
# for two lines of text.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 480, 300, 56, 16, 28, 44
RADIUS = 4

# The least ratio of an axis's end to its start. Ticks at 1, 2, 5 and 10 are at most a factor of 2.5 apart, so that at
# least two ticks fit.
_LEAST_RATIO = 6
_MOST_TICKS = 7
# The margin at each end of an axis, as a share of the range of values.
_MARGIN = 0.04


class Axis(NamedTuple):
    """An axis from ``low`` to ``high``, both logarithms to the base of 10."""

    title: str
    low: float
    high: float

    def share(self, value: int | float) -> float:
        """The place of a positive value on the axis, from 0 at the low end to 1 at the high end."""
        return (math.log10(value) - self.low) / (self.high - self.low)

    @staticmethod
    def text(value: int | float) -> str:
        """The text of a tick."""
        return tick(int(value))

    def ticks(self) -> list[int]:
        """The ticks of the axis: 1, 2 and 5 times powers of ten, or only powers of ten if those are too many."""
        exponents = range(max(0, math.floor(self.low)), math.floor(self.high) + 1)
        found: list[int] = []
        for steps in ((1, 2, 5), (1,)):
            values = (step * 10**exponent for exponent in exponents for step in steps)
            found = [value for value in values if 0 <= self.share(value) <= 1]
            if len(found) <= _MOST_TICKS:
                break
        return found


class LinearAxis(NamedTuple):
    """An axis from ``low`` to ``high``, whose ticks are told with a unit."""

    title: str
    low: float
    high: float
    unit: str

    def share(self, value: int | float) -> float:
        """The place of a value on the axis, from 0 at the low end to 1 at the high end."""
        return (value - self.low) / (self.high - self.low)

    def text(self, value: int | float) -> str:
        """The text of a tick."""
        return f"{value:g}{self.unit}"

    def ticks(self) -> list[int]:
        """The ticks of the axis: multiples of the least of 1, 2, 5, 10 and so on of which few enough fit."""
        steps = (step * 10**power for power in itertools.count() for step in (1, 2, 5))
        step = next(step for step in steps if (self.high - self.low) / step <= _MOST_TICKS)
        return [*range(math.ceil(self.low / step) * step, math.floor(self.high) + 1, step)]


def linear_axis(title: str, values: Iterable[int | float], unit: str) -> LinearAxis:
    """Make a linear axis that covers all of the given values.

    Raises:
        ValueError: there is no value.
    """
    known = [*values]
    low, high = min(known), max(known)
    # At least two ticks fit.
    margin = max(_MARGIN * (high - low), 1.0)
    return LinearAxis(title, low - margin, high + margin, unit)


def axis(title: str, values: Iterable[int | float]) -> Axis:
    """Make an axis that covers all of the given positive values.

    Raises:
        ValueError: there is no value, or one is not positive.
    """
    places = [math.log10(value) for value in values]
    low, high = min(places), max(places)
    margin = max(_MARGIN * (high - low), (math.log10(_LEAST_RATIO) - (high - low)) / 2)
    return Axis(title, low - margin, high + margin)


class Frame(NamedTuple):
    """The surroundings of a drawing: ``grid`` lies behind it, ``axes`` with their marks and titles before it."""

    grid: str
    axes: str


def frame(
    across: Sequence[tuple[int, str]], down: Sequence[tuple[int, str]], x_title: str, y_title: str, height: int
) -> Frame:
    """Draw the frame of a drawing that is ``height`` high. Marks are given by their place in it and their text."""
    right, bottom = WIDTH - RIGHT, height - BOTTOM
    grid = "".join(f"M{place} {TOP}V{bottom}" for place, _ in across)
    grid += "".join(f"M{LEFT} {place}H{right}" for place, _ in down)
    marks = "".join(f'<text x="{place}" y="{bottom + 16}">{text}</text>' for place, text in across)
    sides = "".join(f'<text x="{LEFT - 6}" y="{place + 4}">{text}</text>' for place, text in down)
    return Frame(
        f'<path class="grid" d="{grid}"/>',
        f'<path class="axis" d="M{LEFT} {TOP}V{bottom}H{right}"/>'
        f'<g class="across">{marks}<text x="{(LEFT + right) // 2}" y="{height - 8}">{in_html(x_title)}</text></g>'
        f'<g class="down">{sides}</g><text x="4" y="16">{in_html(y_title)}</text>',
    )


class Point(NamedTuple):
    """A model in a plot: its two figures, the address of its page, its description, and whether it is drawn hollow."""

    name: str
    x: int | float
    y: int | float
    address: str
    words: str
    hollow: bool = False


class Plot(NamedTuple):
    """A plot with two axes. The other methods return content to pass to `svg`, the bottom layer first."""

    x: Axis
    y: Axis | LinearAxis

    def place(self, x: int | float, y: int | float) -> tuple[int, int]:
        """The place of a pair of values in the drawing, in whole units from the top left corner."""
        across = LEFT + (WIDTH - LEFT - RIGHT) * self.x.share(x)
        down = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * self.y.share(y)
        return round(across), round(down)

    def points(self, points: Iterable[Point]) -> str:
        """Draw points as links. They can have the focus, and show their name while they have it."""
        drawn = []
        # Links use xlink:href, the older name of href in SVG: with navigation.instant, Material's script fails at SVG
        # links with the newer name.
        for point in points:
            across, down = self.place(point.x, point.y)
            hollow = ' class="hollow"' if point.hollow else ""
            drawn.append(
                f'<a xlink:href="{in_html(point.address)}"><title>{in_html(point.words)}</title>'
                f'<circle{hollow} cx="{across}" cy="{down}" r="{RADIUS}"/><text>{in_html(point.name)}</text></a>'
            )
        return "".join(drawn)

    def cloud(self, pairs: Iterable[tuple[int | float, int | float]]) -> str:
        """Draw dots for pairs of values, in one element. Dots at the same place are drawn once."""
        places = sorted({self.place(x, y) for x, y in pairs})
        return '<path class="cloud" d="' + "".join(f"M{across} {down}h0" for across, down in places) + '"/>'

    def line(self, pairs: Iterable[tuple[int | float, int | float]]) -> str:
        """Draw a line through pairs of values."""
        places = [self.place(x, y) for x, y in pairs]
        return '<path class="front" d="M' + "L".join(f"{across} {down}" for across, down in places) + '"/>'

    def svg(self, label: str, *content: str) -> str:
        """The drawing in one line, which Markdown does not change.

        ``label`` describes the drawing for screen readers, which read the points as a list of links.
        """
        drawn = frame(
            [(self.place(value, 1)[0], self.x.text(value)) for value in self.x.ticks()],
            [(self.place(1, value)[1], self.y.text(value)) for value in self.y.ticks()],
            self.x.title,
            self.y.title,
            HEIGHT,
        )
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="group" aria-label="{in_html(label)}">'
            f'<g aria-hidden="true">{drawn.grid}{drawn.axes}</g>'
            f"{''.join(content)}</svg>"
        )
