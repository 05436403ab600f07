"""Plots of a figure against MACs at the same input size: their models, axes and points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from generator.facts.figures import ModelRow
from generator.pages import scatter
from generator.pages.formatting import integer, metric, pixels, published_percent
from generator.pages.scatter import Plot, Point


class Up(NamedTuple):
    """A figure that goes up in a plot: its name, how its value is told, and whether its axis is linear."""

    name: str
    words: Callable[[int | float], str]
    is_linear: bool = False


PARAMETERS = Up("parameters", lambda value: f"{integer(int(value))} parameters")
ACCURACY = Up("top1_at_input_size", lambda value: f"{published_percent(value)} top-1", is_linear=True)


class Placed(NamedTuple):
    """A model that can be placed on the axes: both figures are known and positive. ``value`` is that which goes up."""

    macs: int
    value: int | float
    row: ModelRow


def placed(rows: Iterable[ModelRow], up: Up = PARAMETERS) -> list[Placed]:
    """The models that can be placed on the axes, in their order."""
    found = ((row.macs, getattr(row, up.name), row) for row in rows)
    return [Placed(macs, value, row) for macs, value, row in found if macs and value]


def plot(models: Sequence[Placed], across: str, title: str, up: Up = PARAMETERS) -> Plot:
    """Make a plot with axes that cover all of the models: MACs across, and ``title`` up."""
    values = [model.value for model in models]
    return Plot(
        scatter.axis(across, [model.macs for model in models]),
        scatter.linear_axis(title, values, " %") if up.is_linear else scatter.axis(title, values),
    )


def point(model: Placed, address: Callable[[str], str], up: Up = PARAMETERS, *, hollow: bool = False) -> Point:
    """The point of a model. It links to ``address(name)``."""
    row = model.row
    words = f"{row.name}: {up.words(model.value)}, {metric(model.macs, 'MACs')} at {pixels(row.input_size)} pixels"
    return Point(row.name, model.macs, model.value, address(row.name), words, hollow=hollow)
