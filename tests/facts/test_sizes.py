"""The sizes that a model is used at: those of its weights and of what others published, each once."""

from __future__ import annotations

from dataclasses import replace

from generator.facts import sizes
from generator.facts.inspections import AtSize, Failure, Stage
from generator.facts.results import NOTHING, Published
from tests.examples import PLAIN_WEIGHTS, PUBLISHED, RESULTS_OF_CONV, SPEEDS_OF_CONV, TINY_CONV, TINY_MIXED, TINY_VIT

CONV = PUBLISHED.records[0]


def test_sizes_come_from_weights_and_from_tables() -> None:
    """Sizes of training, of tests, of results and of speeds are all taken, in order, and the default is not."""
    weights = (
        PLAIN_WEIGHTS._replace(input_size=(3, 64, 48)),
        PLAIN_WEIGHTS._replace(tag="more", input_size=(3, 16, 16), test_input_size=(3, 24, 24)),
    )
    published = Published(
        (RESULTS_OF_CONV[0], RESULTS_OF_CONV[0]._replace(image_size=24), RESULTS_OF_CONV[0]._replace(image_size=40)),
        (SPEEDS_OF_CONV[0]._replace(image_size=8),),
    )
    entry = replace(TINY_CONV.entry, weights=weights)
    assert sizes.others(entry, NOTHING) == ((16, 16), (24, 24), (64, 48))
    assert sizes.others(entry, published) == ((8, 8), (16, 16), (24, 24), (40, 40), (64, 48))
    # Without a default, all of them are others.
    assert sizes.others(replace(entry, input_size=None), published)[3:5] == ((32, 32), (40, 40))


def test_what_is_lacking_is_told() -> None:
    """Of the sizes asked for, those that an inspection has are chosen, and the others are lacking."""
    asked = ((16, 16), (40, 40))
    assert sizes.lacking(TINY_CONV.inspection, asked) == ((16, 16),)
    assert sizes.chosen(TINY_CONV.inspection, asked) == TINY_CONV.inspection.sizes
    assert sizes.chosen(TINY_CONV.inspection, asked[:1]) == ()


def test_the_default_size_is_among_the_costs() -> None:
    """Its row comes from the inspection, and stands in order of the sizes."""
    compute = TINY_CONV.inspection.compute
    assert compute is not None
    own = AtSize(32, 32, compute.macs, compute.activations, 394, compute.peak_activation_bytes)
    assert sizes.costs(TINY_CONV) == (own, *TINY_CONV.inspection.sizes)
    smaller = replace(TINY_CONV, inspection=replace(TINY_CONV.inspection, sizes=(AtSize(16, 16, 1),)))
    assert [cost.size for cost in sizes.costs(smaller)] == [(16, 16), (32, 32)]


def test_a_default_that_fails_has_its_reason() -> None:
    """Where the pass failed, the default size has a row without figures; where there is no default, it has none."""
    failed = replace(
        TINY_VIT,
        inspection=replace(TINY_VIT.inspection, compute=None),
        failures=(Failure("tiny_vit", Stage.DEPLOY, "other"), Failure("tiny_vit", Stage.FORWARD, "ValueError: no")),
    )
    assert sizes.costs(failed) == (AtSize(32, 32, reason="ValueError: no"),)
    assert sizes.costs(TINY_MIXED) == ()


def test_weights_are_told_by_size() -> None:
    """Weights are trained at their input size, and tested at that of their tests and at those of their results."""
    assert sizes.trained(CONV.entry, (32, 32)) == ("r160_in1k", "untrained")
    assert sizes.trained(CONV.entry, (40, 40)) == ()
    assert sizes.tested(TINY_CONV, (32, 32)) == ("untrained",)
    assert sizes.tested(CONV, (32, 32)) == ("r160_in1k", "untrained")
    assert sizes.tested(CONV, (40, 40)) == ("r160_in1k",)
