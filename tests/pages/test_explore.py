"""What the explore page shows without its script, counted on tiny models."""

from __future__ import annotations

import re
from dataclasses import replace

import lxml.html

from generator.facts.figures import IN_INDEX
from generator.facts.inspections import Compute
from generator.facts.records import ModelRecord
from generator.facts.results import VALIDATION, Published, Result
from generator.pages import explore
from generator.pages.markdown import is_generated
from generator.ranking.ranks import ranked
from tests.examples import ROWS, record, tensor
from tests.pages.reading import words


def made(name: str, parameters: int, macs: int | None) -> ModelRecord:
    """A model with these figures, and as many activations as parameters."""
    compute = None if macs is None else Compute((3, 8, 8), macs, parameters, (), 0, 0, 0, 0)
    return record(name, tensor("weight", parameters), compute=compute)


# What others publish; the tiny models have none of it.
UNPUBLISHED = ("top1", "top1_at_input_size")
FOUR = ranked([made("wide", 400, 50), made("plain", 300, 60), made("small", 100, 10), made("unseen", 900, None)])


def test_the_picture_has_a_dot_for_all_and_points_for_the_front() -> None:
    """Every model with known figures is a dot, and those of the front are links, most parameters first."""
    text = explore.picture(FOUR)
    (cloud,) = re.findall(r'class="cloud" d="([^"]*)"', text)
    assert cloud.count("M") == 3
    assert re.findall(r'<a xlink:href="([^"]*)"><title>([^<]*)', text) == [
        ("../models/wide/", "wide: 400 parameters, 0.050 kMACs at 3 × 32 × 32 pixels"),
        ("../models/small/", "small: 100 parameters, 0.010 kMACs at 3 × 32 × 32 pixels"),
    ]
    assert "3 models, both axes logarithmic." in words(text)


def test_accuracy_goes_up_where_it_is_known() -> None:
    """With a published accuracy at the input size, the picture, the front and the lists begin with it."""

    def tested(name: str, macs: int, top1: float, size: int = 32) -> ModelRecord:
        result = Result("in1k", size, VALIDATION, top1, None, None, None, "a table", "1")
        return replace(made(name, 100, macs), published=Published((result,)))

    rows = ranked(
        [tested("best", 50, 81.25), tested("worse", 60, 80), tested("least", 10, 70.5), tested("x", 5, 9, 64)]
    )
    text = explore.picture(rows)
    assert re.findall(r'<a xlink:href="([^"]*)"><title>([^<]*)', text) == [
        ("../models/best/", "best: 81.25 % top-1, 0.050 kMACs at 3 × 32 × 32 pixels"),
        ("../models/least/", "least: 70.50 % top-1, 0.010 kMACs at 3 × 32 × 32 pixels"),
    ]
    assert "3 models with a published accuracy at their input size." in words(text)
    assert ">70 %</text>" in text
    assert "81.25 %, 3 × 32 × 32 pixels" in words(explore.front(rows))
    assert 'value="top1_at_input_size" selected' in explore.axes_up(rows)
    assert 'value="parameters" selected' in explore.axes_up(FOUR)
    assert 'value="macs" selected' in explore.axes_across()
    assert "No accuracy is known in this build." in words(explore.picture(FOUR))


def test_the_front_is_a_table_of_links() -> None:
    """The models of the front stand in a table with their figures, beside how many they are."""
    text = explore.front(FOUR)
    assert words(text).startswith("2 models of those in the plot, for which less across and more up is better: ")
    assert words(text).endswith(
        "wide 0.050 kMACs, 3 × 32 × 32 pixels 400 tiny small 0.010 kMACs, 3 × 32 × 32 pixels 100 tiny"
    )
    assert text.count('<a href="../models/') == 2
    assert text.count('<a href="../families/tiny/">') == 2


def test_a_distribution_is_in_figures_of_models() -> None:
    """The least, the greatest and what shares of the models have at most, each a figure that a model has."""
    text = explore.distributions(ranked([made(f"net_{size}", size, None) for size in range(1, 11)]))
    assert "Parameters 1 1 3 5 8 9 10 " in words(text)
    # Nobody's MACs are known, so that there is nothing to tell of them.
    assert "MACs" not in text
    assert "Parameters 1 1 1 1 1 1 1 " in words(explore.distributions(ranked([made("one", 1, None)])))


def test_a_distribution_is_told_of_every_axis_with_its_unit() -> None:
    """Each figure that can be an axis has its distribution in its own units, but for input sizes, which have three."""
    text = words(explore.distributions(ROWS))
    # Of five models, two of which have known MACs.
    assert "Parameter tensors 0 0 3 6 6 11 11 " in text
    assert "Parameter memory 0.000 KiB 0.000 KiB 0.566 KiB 0.793 KiB 1.539 KiB 1.539 KiB 1.539 KiB " in text
    assert "MACs of one image at the model's input size 0.552 kMACs 0.552 kMACs 0.552 kMACs 0.552 kMACs 294.992" in text
    assert "Activations of one image at the model's input size, elements 86 86 86 86 16,394 16,394 16,394 " in text
    assert "Input size" not in text
    assert all(
        figure.axis in text
        for figure in explore.AXES
        if figure.name not in ("input_size", *UNPUBLISHED) and figure.axis
    )


def test_every_axis_can_be_chosen() -> None:
    """Each figure with a long name is an option by its name in the index, the figures of the picture among them."""
    options = lxml.html.fragments_fromstring(explore.axes().partition("-->")[2].strip())
    assert [(option.get("value"), option.text) for option in options] == [
        (figure.name, figure.axis) for figure in IN_INDEX if figure.axis
    ]
    assert {"macs", "parameters", "input_size", "training_bytes"} <= {option.get("value") for option in options}


def test_nothing_known_is_said() -> None:
    """Where no model has known MACs there is no picture, and it says so."""
    assert "There is no picture: no model has known MACs." in explore.picture(ranked([made("a", 5, None)]))
    for text in (explore.picture(()), explore.front(()), explore.distributions(()), explore.axes()):
        assert is_generated(text)


def test_the_histogram_has_every_model_with_parameters() -> None:
    """The picture that the page begins with is that of parameters; where no model has any, it says so."""
    text = explore.bars(FOUR)
    assert 'aria-label="Parameters: how many models have how much"' in text
    (drawn,) = re.findall(r'class="bars" d="([^"]*)"', text)
    assert drawn.count("M") == 4
    assert "There is no picture: no model has parameters." in explore.bars(())
    assert is_generated(text)
