"""The section on the feature pyramid."""

from __future__ import annotations

from dataclasses import replace

from generator.facts.records import ModelRecord
from generator.pages import pyramid
from generator.pages.pyramid import disagreements
from generator.ranking.standings import Standing
from tests.examples import TINY_CONV, TINY_EMPTY, TINY_MIXED, TINY_VIT, level
from tests.pages.reading import table_rows

ALONE = Standing(1, 9, 8, None, None, None, None)
HEADING = "| Level | Module | Channels | Stride in pixels | Height × width |"


def rendered(record: ModelRecord, same: int = 0, *nearest: str) -> str:
    """The section of a model whose pyramid so many others have."""
    return pyramid.render(record, replace(ALONE, same_pyramid=same, nearest_pyramids=nearest))


def test_a_level_is_a_row() -> None:
    """Each level has its place, module, channels, stride and size."""
    assert table_rows(rendered(TINY_CONV), HEADING) == [
        ["0", "`conv_stem`", "8", "2", "16 × 16"],
        ["1", "`conv_dw`", "8", "4", "8 × 8"],
    ]


def test_the_call_takes_weights_where_there_are_any() -> None:
    """The line to copy is the call that was measured, with weights where the model has some."""
    text = rendered(TINY_CONV)
    assert text.startswith(
        '`timm.create_model("tiny_conv", pretrained=True, features_only=True)` returns 2 feature maps'
    )
    untrained = replace(TINY_CONV, entry=replace(TINY_CONV.entry, weights=()))
    assert rendered(untrained).startswith('`timm.create_model("tiny_conv", features_only=True)` returns')


def test_the_layout_and_the_input_size_are_told() -> None:
    """The order of the dimensions is told in words, and the input size that the sizes belong to."""
    assert "in NCHW (channels first); the sizes are those at 3 × 32 × 32 pixels." in rendered(TINY_CONV)
    assert "in NHWC (channels last);" in rendered(TINY_VIT)


def test_what_timm_says_otherwise_is_told_level_by_level() -> None:
    """Wrong channels, a wrong stride and a missing module are each named with their level; agreement takes no words."""
    levels = (
        level(8, 2, 16, "stem"),
        level(16, 4, 8, "a", claimed=(32, 4)),
        level(1, 8, 4, None, claimed=(None, 1)),
        level(64, 8, 4, None),
        level(64, 8, 4, None),
    )
    assert disagreements(levels) == [
        "timm's `feature_info` says otherwise: for level 1 it gives 32 channels; for level 2 it gives no channels and "
        "gives a stride of 1 pixel and names no module that gives the map; for levels 3, 4 it names no module "
        "that gives the map."
    ]
    assert disagreements(levels[:1]) == []
    assert "says otherwise" in rendered(TINY_VIT)
    assert "says otherwise" not in rendered(TINY_CONV)


def test_no_pyramid_is_told_with_its_reason() -> None:
    """A model that features_only does not work for says so, one that could not be measured says that instead."""
    assert rendered(TINY_EMPTY) == (
        "`features_only=True` does not work for this model: AssertionError: a \\*model\\* without \\| levels."
    )
    assert rendered(TINY_MIXED) == (
        "Whether `features_only=True` works for this model could not be measured: timm gives no input size."
    )


def test_who_shares_the_pyramid_is_linked() -> None:
    """Few are all linked, many are counted and the nearest linked, and none is said to be none."""
    assert rendered(TINY_CONV).endswith("\n\nNo other model has the same channels and strides.")
    assert rendered(TINY_CONV, 1, "a").endswith("1 other model has the same channels and strides: [a](a.md).")
    assert rendered(TINY_CONV, 1002, "a", "b").endswith(
        "1,002 other models have the same channels and strides, nearest in parameters first: "
        "[a](a.md), [b](b.md), and 1,000 more."
    )
