"""The same measurement at another input size."""

from __future__ import annotations

import pytest

from generator.errors import ResolutionError
from generator.facts.inspections import Compute, Inspection
from generator.facts.registry import CatalogEntry
from generator.measuring.inspection import attempt
from generator.measuring.resolution import at_resolution


def entry(name: str, size: int = 224) -> CatalogEntry:
    """A catalog entry as far as it matters here."""
    return CatalogEntry(name, "family", (), (3, size, size))


def at_default(name: str) -> Compute:
    """What the model takes at 224 x 224 pixels."""
    inspection = attempt(entry(name))
    assert isinstance(inspection, Inspection)
    assert inspection.compute is not None
    return inspection.compute


def test_the_default_size_is_the_default_measurement() -> None:
    """Asked for at its default size, a model takes what its record says."""
    for name in ("resnet18", "vit_tiny_patch16_224"):
        assert at_resolution(entry(name), (224, 224)) == at_default(name)


def test_a_convolutional_net_grows_with_its_pixels() -> None:
    """At twice the sides all convolutions take four times as much, and the classifier the same."""
    default, large = at_default("resnet18"), at_resolution(entry("resnet18"), (448, 448))
    classifier = 512 * 1000
    assert large.macs - classifier == 4 * (default.macs - classifier)
    assert large.input_size == (3, 448, 448)


def test_a_transformer_is_built_for_the_size() -> None:
    """A model for one size is made for the one that is asked for: 24 x 24 patches and a class token at 384."""
    tokens, width = 24 * 24 + 1, 192
    linear = 12 * tokens * 12 * width**2
    attention = 12 * 2 * tokens**2 * width
    patches = 24 * 24 * width * 3 * 16**2
    assert at_resolution(entry("vit_tiny_patch16_224"), (384, 384)).macs == linear + attention + patches + width * 1000


@pytest.mark.parametrize("name", ["convmixer_768_32", "efficientformer_l1"])
def test_a_size_that_does_not_suit_is_refused(name: str) -> None:
    """A model whose size is fixed, or too small a size, is refused in a sentence that names size and default."""
    size = 2 if name.startswith("convmixer") else 384
    with pytest.raises(ResolutionError, match=rf"{name} does not run at {size} x {size} \(.*\); its default is 224"):
        at_resolution(entry(name), (size, size))


def test_a_size_need_not_be_square() -> None:
    """Height comes before width, for a net of convolutions and for a transformer of 16 x 16 pixels a patch."""
    assert at_resolution(entry("resnet18"), (192, 320)).input_size == (3, 192, 320)
    wide = at_resolution(entry("vit_tiny_patch16_224"), (192, 320))
    tokens, width = 12 * 20 + 1, 192
    assert wide.macs == (
        12 * tokens * 12 * width**2 + 12 * 2 * tokens**2 * width + 12 * 20 * width * 3 * 16**2 + width * 1000
    )


def test_a_model_without_a_default_is_refused_too() -> None:
    """Where timm gives no default size, the sentence says that it is unknown."""
    with pytest.raises(ResolutionError, match=r"convmixer_768_32 does not run at 2 x 2 \(.*\); its default is unknown"):
        at_resolution(CatalogEntry("convmixer_768_32", "family", (), None), (2, 2))
