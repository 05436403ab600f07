"""Published figures beside ours: each cause on a net counted by hand, and exactly one outcome for every figure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.facts import published
from generator.facts.inspections import Compute, Deploy, ParameterTensor, Products, Terms
from generator.facts.published import Cause, Comparison, Kind, Outcome, comparisons, rows
from generator.facts.records import ModelRecord
from generator.facts.results import Published, PublishedFigure
from tests import examples
from tests.examples import PLAIN_WEIGHTS, record, tensor

# The net: a stem with 10,000 parameters, and a head of 10 classes over 100 features.
HEAD = 10 * 100 + 10
PARAMETERS = 10_000 + HEAD
MACS, ACTIVATIONS = 2_000_000, 50_000
# In deploy form it has 3,000 parameters less, and so on.
DEPLOY = Deploy(PARAMETERS - 3_000, 4 * PARAMETERS, 3, MACS - 400_000, ACTIVATIONS - 6_000, Terms(pooling=700))
TERMS = Terms(
    normalisation=30_000,
    pooling=5_000,
    interpolation=900,
    attention=Products(600_000, 8_000),
    shared_values=Products(200_000, 1_000),
    recurrence=Products(90_000, 2_000),
    same_padding=Products(70_000, 3_000),
)


def compute(terms: Terms = TERMS) -> Compute:
    """The cost of the net, with these terms."""
    return Compute((3, 32, 32), MACS, ACTIVATIONS, (), 1, None, None, None, terms=terms)


NET = record(
    "net",
    tensor("stem.weight", 100, 100),
    tensor("head.weight", 10, 100),
    tensor("head.bias", 10),
    head=HEAD,
    buffers=77,
    compute=compute(),
    deploy=DEPLOY,
)
# The same without its head.
HEADLESS = record("headless", tensor("stem.weight", 100, 100), compute=compute(), head=0)


def stated(
    figure: str, value: int, *, rounding: int = 0, size: int = 32, tag: str | None = None, source: str = "a.csv"
) -> PublishedFigure:
    """A figure that a table states of the net."""
    return PublishedFigure(tag, size, figure, value, rounding, (source,))


def beside(model: ModelRecord, *figures: PublishedFigure) -> list[Comparison]:
    """The comparisons of a model of which these figures were published."""
    return [*comparisons(replace(model, published=Published(figures=figures)))]


def causes(model: ModelRecord, *figures: PublishedFigure) -> list[Cause]:
    """The causes of the last of these figures."""
    return [*beside(model, *figures)[-1].causes]


@pytest.mark.parametrize(("value", "agrees"), [(11_000, True), (11_020, True), (11_021, False), (10_999, False)])
def test_equal_is_what_rounding_allows(value: int, agrees: bool) -> None:
    """11,010 is equal to 11,000 and 11,020 where the rounding is 10, and to nothing beyond."""
    (found,) = beside(NET, stated("parameters", value, rounding=10))
    assert (found.ours, found.agrees) == (11_010, agrees)
    assert found.outcome == (Outcome.EQUAL if agrees else Outcome.NOT_EXPLAINED)
    assert found.cause == (None if agrees else "not explained")
    assert found.causes == ()


def test_another_size_is_not_measured() -> None:
    """There is no figure of ours for any of them, not even the parameters, and whether it is equal is not known."""
    for found in beside(NET, *(stated(figure, 11_010, size=40) for figure in ("parameters", "macs", "activations"))):
        assert (found.ours, found.agrees, found.cause) == (None, None, "not measured at this size")
        assert found.outcome == Outcome.NOT_MEASURED


def test_a_model_that_did_not_run_is_not_measured() -> None:
    """Without a forward pass it is not known what the model is at any size."""
    (found,) = beside(examples.TINY_TWIN, stated("parameters", 394))
    assert found.outcome == Outcome.NOT_MEASURED


@pytest.mark.parametrize(
    ("value", "kind", "words", "number"),
    [
        (PARAMETERS - 3_000, Kind.DEPLOY, "deploy form", -3_000),
        (PARAMETERS + 77, Kind.BUFFERS, "buffers counted as parameters", 77),
        (PARAMETERS - HEAD, Kind.HEAD, "no head", -HEAD),
        (PARAMETERS + 990 * 101, Kind.HEAD, "a head of 1,000 classes", 990 * 101),
    ],
)
def test_causes_of_parameters(value: int, kind: Kind, words: str, number: int) -> None:
    """The deploy form, buffers, no head, and a head of 1,000 classes in place of 10: 101 parameters a class."""
    assert causes(NET, stated("parameters", value)) == [Cause(kind, words, number)]
    (found,) = beside(NET, stated("parameters", value))
    assert (found.ours, found.agrees, found.outcome) == (PARAMETERS, False, Outcome.EXPLAINED)
    assert found.cause == f"{words}: {number:+,}"


def test_the_classes_of_a_tag_make_a_head() -> None:
    """A head of 13 classes is one only for a model with weights for 13 classes."""
    figure = stated("parameters", PARAMETERS + 3 * 101)
    assert causes(NET, figure) == []
    tagged = replace(NET, entry=replace(NET.entry, weights=(PLAIN_WEIGHTS._replace(num_classes=13),)))
    assert causes(tagged, figure) == [Cause(Kind.HEAD, "a head of 13 classes", 3 * 101)]


def test_a_model_without_a_head_gets_one() -> None:
    """A linear layer over its 100 features: 101 parameters, 100 MACs and one activation for each of 1,000 classes."""
    parameters = stated("parameters", 10_000 + 101_000)
    assert causes(HEADLESS, parameters) == [Cause(Kind.HEAD, "a head of 1,000 classes", 101_000)]
    macs = stated("macs", MACS + 100_000)
    assert causes(HEADLESS, parameters, macs) == [Cause(Kind.HEAD, "a head of 1,000 classes", 100_000)]
    activations = stated("activations", ACTIVATIONS + 1_000)
    assert causes(HEADLESS, parameters, activations) == [Cause(Kind.HEAD, "a head of 1,000 classes", 1_000)]


@pytest.mark.parametrize(
    ("net", "head"),
    [
        ([tensor("head.weight", 10, 100), tensor("head.bias", 10), tensor("scale")], HEAD),
        ([tensor("head.bias", 10), tensor("last.weight", 100, 100)], 10),
        ([tensor("head.weight", 10, 100), tensor("head.bias", 10)], None),
        ([], 0),
    ],
)
def test_a_head_that_is_not_the_last_tensors_is_not_known(net: list[ParameterTensor], head: int | None) -> None:
    """Then the number of its classes is not known, and no other head is a cause."""
    model = record("other", *net, head=head, compute=compute())
    assert causes(model, stated("parameters", model.parameters + 990 * 101)) == []


MORE = 30_000 + 5_000 + 900
LESS = 90_000 + 70_000
ADDED = [
    Cause(Kind.MORE, "normalisation counted", 30_000),
    Cause(Kind.MORE, "adaptive pooling counted", 5_000),
    Cause(Kind.MORE, "interpolation counted", 900),
    Cause(Kind.RECURRENCE, "recurrence left out", -90_000),
    Cause(Kind.SAME_PADDING, 'padding="same" left out', -70_000),
]


def test_causes_of_macs() -> None:
    """All that fvcore adds and does not know; the same without attention; and with differential attention unfused."""
    assert causes(NET, stated("macs", MACS + MORE - LESS)) == ADDED
    attention = Cause(Kind.ATTENTION, "attention left out", -600_000)
    assert causes(NET, stated("macs", MACS + MORE - LESS - 600_000)) == [*ADDED, attention]
    unfused = Cause(Kind.UNFUSED, "differential attention not fused", -200_000)
    assert causes(NET, stated("macs", MACS + MORE - LESS - 200_000)) == [*ADDED, unfused]
    (found,) = beside(NET, stated("macs", MACS + MORE - LESS - 600_000))
    assert found.kinds == (Kind.MORE, Kind.ATTENTION, Kind.RECURRENCE, Kind.SAME_PADDING)
    assert found.cause == (
        "normalisation counted: +30,000; adaptive pooling counted: +5,000; interpolation counted: +900; "
        'recurrence left out: -90,000; padding="same" left out: -70,000; attention left out: -600,000'
    )


def test_causes_are_all_or_none() -> None:
    """fvcore adds all that it adds: a part of it explains nothing."""
    assert causes(NET, stated("macs", MACS + 30_000)) == []
    assert causes(NET, stated("macs", MACS - 600_000)) == []
    plain = replace(NET, inspection=replace(NET.inspection, compute=compute(Terms(normalisation=30_000))))
    assert causes(plain, stated("macs", MACS + 30_000)) == ADDED[:1]


def test_causes_of_activations() -> None:
    """What fvcore does not know has no activations there, and nothing is added."""
    left_out = [
        Cause(Kind.RECURRENCE, "recurrence left out", -2_000),
        Cause(Kind.SAME_PADDING, 'padding="same" left out', -3_000),
    ]
    assert causes(NET, stated("activations", ACTIVATIONS - 5_000)) == left_out
    assert causes(NET, stated("activations", ACTIVATIONS - 13_000)) == [
        *left_out,
        Cause(Kind.ATTENTION, "attention left out", -8_000),
    ]
    assert causes(NET, stated("activations", ACTIVATIONS + MORE)) == []


def test_a_form_is_that_of_the_row() -> None:
    """MACs of the deploy form are a cause only beside its parameters: in the same table, of the same weights."""
    parameters = stated("parameters", PARAMETERS - 3_000)
    macs, activations = stated("macs", MACS - 400_000), stated("activations", ACTIVATIONS - 6_000)
    by_form = Cause(Kind.DEPLOY, "deploy form", -400_000)
    assert causes(NET, parameters, macs) == [by_form]
    assert causes(NET, parameters, activations) == [Cause(Kind.DEPLOY, "deploy form", -6_000)]
    assert causes(NET, macs) == []
    assert causes(NET, stated("parameters", PARAMETERS), macs) == []
    assert causes(NET, stated("parameters", PARAMETERS - 3_000, source="b.csv"), macs) == []
    assert causes(NET, stated("parameters", PARAMETERS - 3_000, tag="in1k"), macs) == []
    # The deploy form has terms of its own.
    counted = stated("macs", MACS - 400_000 + 700)
    assert causes(NET, parameters, counted) == [by_form, Cause(Kind.MORE, "adaptive pooling counted", 700)]


def test_a_form_without_a_pass_explains_no_macs() -> None:
    """Where the deploy form has no MACs, its parameters are still a cause."""
    model = replace(NET, inspection=replace(NET.inspection, deploy=replace(DEPLOY, macs=None, activations=None)))
    parameters = stated("parameters", PARAMETERS - 3_000)
    assert causes(model, parameters) == [Cause(Kind.DEPLOY, "deploy form", -3_000)]
    assert causes(model, parameters, stated("macs", MACS - 400_000)) == []


def test_every_figure_has_one_outcome() -> None:
    """Whatever is published has one comparison; its causes lead to its value, and its cells say the same."""
    figures = tuple(
        stated(figure, value, rounding=rounding, size=size)
        for figure, ours in (("parameters", PARAMETERS), ("macs", MACS), ("activations", ACTIVATIONS))
        for value in (0, ours - 3_000, ours, ours + 1, ours + 77, ours + MORE - LESS, 10 * ours)
        for rounding in (0, 5)
        for size in (32, 40)
    )
    found = beside(NET, *figures)
    assert tuple(comparison.figure for comparison in found) == figures
    assert {comparison.outcome for comparison in found} == {*Outcome}
    for comparison in found:
        is_explained = comparison.outcome == Outcome.EXPLAINED
        assert is_explained == bool(comparison.causes)
        assert (comparison.agrees is None) == (comparison.ours is None)
        assert (comparison.cause is None) == (comparison.outcome == Outcome.EQUAL)
        if comparison.ours is not None and is_explained:
            reached = comparison.ours + sum(cause.number for cause in comparison.causes)
            assert abs(reached - comparison.figure.value) <= comparison.figure.rounding
            assert all(cause.number for cause in comparison.causes)


def test_a_row_for_each_source() -> None:
    """A figure of two tables is one comparison and two rows, which differ by their source alone."""
    figure = PublishedFigure("in1k", 32, "parameters", PARAMETERS, 0, ("a.csv", "b.csv"))
    model = replace(NET, published=Published(figures=(figure,)))
    assert len(comparisons(model)) == 1
    first, second = rows(model)
    assert tuple(first) == ("in1k", 32, "a.csv", "parameters", PARAMETERS, PARAMETERS, True, None)
    assert second == first._replace(source="b.csv")
    assert tuple(column.name for column in published.COLUMNS) == first._fields


def test_a_model_of_which_nothing_was_published_has_no_rows() -> None:
    """There is nothing to compare."""
    assert (rows(NET), comparisons(NET)) == ([], ())
