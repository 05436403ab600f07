"""Plots of parameters against MACs, of models with figures that can be counted by hand."""

from __future__ import annotations

from generator.facts.figures import ModelRow, row
from generator.facts.inspections import Compute
from generator.pages import size_plot
from generator.pages.scatter import Point
from generator.pages.size_plot import Placed
from tests.examples import ROW, ROWS, record, tensor


def net(name: str, parameters: int, macs: int | None) -> ModelRow:
    """A model with these figures."""
    compute = None if macs is None else Compute((3, 32, 32), macs, 0, (), 0, 0, 0, 0)
    return row(record(name, tensor("weight", parameters), compute=compute), 1)


def test_known_figures_have_a_place() -> None:
    """Models whose MACs are known have a place with both figures, in the order that they come in; others have none."""
    assert size_plot.placed(ROWS) == [
        Placed(294_992, 394, ROW["tiny_conv"]),
        Placed(552, 203, ROW["tiny_vit"]),
    ]
    assert [model.row.name for model in size_plot.placed(reversed(ROWS))] == ["tiny_vit", "tiny_conv"]


def test_nothing_has_no_place() -> None:
    """An axis of logarithms has no place for 0, whichever of the two figures it is; an unknown one is not 0."""
    kept, *others = net("kept", 1, 1), net("still", 10, 0), net("empty", 0, 10), net("unseen", 10, None)
    assert size_plot.placed([kept, *others]) == [Placed(1, 1, kept)]
    assert size_plot.placed(others) == []


def test_macs_go_across_and_parameters_up() -> None:
    """The axes have the titles that are given, and every model that is placed is between their ends."""
    models = size_plot.placed([net("small", 10, 1_000), net("large", 1_000, 100_000)])
    plot = size_plot.plot(models, "MACs of one image", "Parameters")
    assert (plot.x.title, plot.y.title) == ("MACs of one image", "Parameters")
    assert [plot.x.share(model.macs) < 0.5 for model in models] == [True, False]
    assert [plot.y.share(model.value) < 0.5 for model in models] == [True, False]
    assert plot.x.low < 3 < 5 < plot.x.high
    assert plot.y.low < 1 < 3 < plot.y.high


def test_a_point_tells_of_its_model() -> None:
    """A point has the model's name, figures and input size in words, and leads to the address that is made of it."""
    (model,) = size_plot.placed([net("wide", 4_000, 50_000)])
    words = "wide: 4,000 parameters, 50.000 kMACs at 3 × 32 × 32 pixels"
    assert size_plot.point(model, "../models/{}.md".format) == Point("wide", 50_000, 4_000, "../models/wide.md", words)
    assert size_plot.point(model, str.upper, hollow=True) == Point("wide", 50_000, 4_000, "WIDE", words, hollow=True)
