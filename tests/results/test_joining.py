"""Joining: no model gets another's row, and every row is accounted for."""

from __future__ import annotations

import pytest

from generator.facts.results import Published, PublishedFigure, Result, Source
from generator.results.joining import Joining
from tests import examples


def result(tag: str, size: int, test_set: str, source: str = "s") -> Result:
    """A result of which only the key matters."""
    return Result(tag, size, test_set, 50.0, None, None, None, source, "1")


@pytest.mark.parametrize(
    ("name", "tag", "reason"),
    [
        ("tiny_conv", None, None),
        ("tiny_conv", "untrained", None),
        ("tiny_conv", "", "timm 1.0.31 has no such weights of tiny_conv"),
        ("tiny_vit", "r160_in1k", "timm 1.0.31 has no such weights of tiny_vit"),
        ("tiny_con", None, "timm 1.0.31 has no such model"),
        ("TINY_CONV", None, "timm 1.0.31 has no such model"),
        ("tiny_old", None, "it is a deprecated name of tiny_conv.r160_in1k"),
        ("tiny_gone", None, "timm 1.0.31 has no such model"),
    ],
)
def test_names_are_joined_exactly(name: str, tag: str | None, reason: str | None) -> None:
    """Neither case nor a tag of another model nor a former name will do."""
    assert Joining(examples.CATALOG).why_not(name, tag) == reason


def test_results_are_in_order() -> None:
    """The default tag comes first, then sizes grow, then come test sets as they are known, then the user's by name."""
    joining = Joining(examples.CATALOG)
    asked = [
        result("untrained", 32, "imagenet-val"),
        result("r160_in1k", 40, "imagenet-val"),
        result("r160_in1k", 32, "zebras"),
        result("r160_in1k", 32, "birds"),
        result("r160_in1k", 32, "imagenet-a"),
        result("r160_in1k", 32, "imagenet-val", "second"),
        result("r160_in1k", 32, "imagenet-val", "third"),
    ]
    for added in asked:
        joining.add_result("tiny_conv", added)
    assert joining.results().of("tiny_conv").results == tuple(asked[place] for place in (5, 6, 4, 3, 2, 1, 0))


def test_equal_figures_are_one_with_several_sources() -> None:
    """Tables that state the same are named together; another value, size or rounding is another figure."""
    joining = Joining(examples.CATALOG)
    joining.add_figures("tiny_conv", None, 32, [("macs", 10, 5)], "one")
    joining.add_figures("tiny_conv", None, 32, [("macs", 10, 5), ("parameters", 7, 0)], "two")
    joining.add_figures("tiny_conv", None, 40, [("macs", 10, 5)], "two")
    joining.add_figures("tiny_conv", "untrained", 32, [("macs", 10, 0)], "two")
    assert joining.results().published == {
        "tiny_conv": Published(
            figures=(
                PublishedFigure(None, 32, "macs", 10, 5, ("one", "two")),
                PublishedFigure(None, 32, "parameters", 7, 0, ("two",)),
                PublishedFigure(None, 40, "macs", 10, 5, ("two",)),
                PublishedFigure("untrained", 32, "macs", 10, 0, ("two",)),
            )
        )
    }


def test_models_are_in_the_order_of_timm() -> None:
    """Whatever the order of the tables, models are in that of the catalog, and one that no table has is not there."""
    joining = Joining(examples.CATALOG)
    joining.add_result("tiny_vit", result("in1k", 32, "imagenet-val"))
    joining.add_result("tiny_conv", result("untrained", 32, "imagenet-val"))
    joining.add_source(Source("s", "1", None, None, rows=2))
    found = joining.results()
    assert list(found.published) == ["tiny_conv", "tiny_vit"]
    assert [source.used for source in found.sources] == [2]
