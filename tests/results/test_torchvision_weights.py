"""torchvision's weights: they are those of a tag of timm where both name the same file."""

from __future__ import annotations

from dataclasses import replace

from generator.facts.registry import Catalog, Torchvision, TorchvisionWeights
from generator.facts.results import PublishedFigure, Result, Results, Unused
from generator.results import torchvision_weights
from generator.results.joining import Joining
from tests import examples

STATED = TorchvisionWeights(
    name="TinyConv_Weights.IMAGENET1K_V1",
    url="https://example.org/tiny_conv.pth",
    top1=69.758,
    top5=89.078,
    crop_size=224,
    resize_size=256,
    interpolation="bilinear",
    parameters=11_689_512,
    gmacs=1.814,
)
CATALOG = replace(examples.CATALOG, torchvision=Torchvision("0.29.2", (STATED,)))


def stating(*weights: TorchvisionWeights, **problems: str) -> Catalog:
    """A catalog with these weights of torchvision, and with problems of others."""
    return replace(CATALOG, torchvision=Torchvision("0.29.2", weights, problems))


def read(catalog: Catalog) -> Results:
    """What the models of a catalog get."""
    joining = Joining(catalog)
    torchvision_weights.read(joining)
    return joining.results()


def test_the_same_file_is_the_same_weights() -> None:
    """The tag whose address is equal gets accuracy and sizes, and no other tag does."""
    results = read(CATALOG)
    assert list(results.published) == ["tiny_conv"]
    assert results.of("tiny_conv").results == (
        Result("r160_in1k", 224, "imagenet-val", 69.758, 89.078, 0.875, "bilinear", "torchvision", "0.29.2"),
    )
    assert results.of("tiny_conv").figures == (
        PublishedFigure("r160_in1k", 224, "parameters", 11_689_512, 0, ("torchvision",)),
        PublishedFigure("r160_in1k", 224, "macs", 1_814_000_000, 500_000, ("torchvision",)),
    )
    (source,) = results.sources
    assert (source.name, source.version, source.rows, source.used, source.unused) == ("torchvision", "0.29.2", 1, 1, ())


def test_weights_that_timm_does_not_have_are_named() -> None:
    """A file that no tag names, one that differs in a letter, and metadata that nobody can use go to no model."""
    others = (
        STATED._replace(name="Other.V1", url=STATED.url.replace("https", "http")),
        STATED._replace(name="Other.V2", url=""),
    )
    results = read(stating(*others, broken="ValueError: no"))
    assert results.published == {}
    (source,) = results.sources
    reason = "no tag of timm names its file"
    assert source.unused == (
        Unused(1, "Other.V1", reason),
        Unused(2, "Other.V2", reason),
        Unused(3, "broken", "ValueError: no"),
    )
    assert (source.rows, source.used) == (3, 0)


def test_what_is_not_stated_is_unknown() -> None:
    """Weights without sizes have an accuracy alone."""
    bare = STATED._replace(parameters=None, gmacs=None)
    published = read(stating(bare)).of("tiny_conv")
    assert (len(published.results), published.figures) == (1, ())


def test_two_tags_of_one_file_have_a_row_each() -> None:
    """Where two models have the same weights, both have the accuracy, and both rows count."""
    (first, *others) = CATALOG.entries
    twin = replace(others[-1], weights=(others[-1].weights[0]._replace(url=STATED.url),))
    results = read(replace(CATALOG, entries=(first, *others[:-1], twin)))
    assert list(results.published) == ["tiny_conv", "tiny_vit"]
    assert [(source.rows, source.used) for source in results.sources] == [(2, 2)]


def test_where_torchvision_was_not_read_there_is_no_source() -> None:
    """A catalog without it has no source of that name."""
    assert read(examples.CATALOG) == Results()
