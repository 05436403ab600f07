"""Plots of parameters against MACs: their models, axes and points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from generator.facts.figures import ModelRow
from generator.pages import scatter
from generator.pages.formatting import integer, metric, pixels
from generator.pages.scatter import Plot, Point


class Placed(NamedTuple):
    """A model that can be placed on logarithmic axes: both figures are known and positive."""

    macs: int
    parameters: int
    row: ModelRow


def placed(rows: Iterable[ModelRow]) -> list[Placed]:
    """The models that can be placed on logarithmic axes, in their order."""
    return [Placed(row.macs, row.parameters, row) for row in rows if row.macs and row.parameters]


def plot(models: Sequence[Placed], across: str, up: str) -> Plot:
    """Make a plot with axes that cover all of the models, with the titles ``across`` and ``up``."""
    return Plot(
        scatter.axis(across, [model.macs for model in models]),
        scatter.axis(up, [model.parameters for model in models]),
    )


def point(model: Placed, address: Callable[[str], str], *, hollow: bool = False) -> Point:
    """The point of a model. It links to ``address(name)``."""
    row = model.row
    words = (
        f"{row.name}: {integer(model.parameters)} parameters, {metric(model.macs, 'MACs')} "
        f"at {pixels(row.input_size)} pixels"
    )
    return Point(row.name, model.macs, model.parameters, address(row.name), words, hollow=hollow)
