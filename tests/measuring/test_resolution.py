"""The same measurement at another input size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import timm
import torch
from timm.models import _registry as registry
from torch import nn

from generator.errors import ResolutionError
from generator.facts.inspections import Compute, Inspection, Stage
from generator.facts.records import ModelRecord, Resized
from generator.facts.registry import CatalogEntry
from generator.measuring.inspection import attempt
from generator.measuring.resolution import at_resolution


def entry(name: str, size: int = 224) -> CatalogEntry:
    """A catalog entry as far as it matters here."""
    return CatalogEntry(name, "family", (), (3, size, size))


def compute_at(entry: CatalogEntry, size: tuple[int, int]) -> Compute:
    """The forward pass of a model at a size."""
    compute = at_resolution(entry, size).record.inspection.compute
    assert compute is not None
    return compute


def default(name: str) -> Inspection:
    """What is measured at 224 x 224 pixels."""
    inspection = attempt(entry(name))
    assert isinstance(inspection, Inspection)
    return inspection


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[..., nn.Module]], CatalogEntry]:
    """A function that adds a model to timm's registry until the test ends."""

    def add(name: str, make: Callable[..., nn.Module]) -> CatalogEntry:
        monkeypatch.setitem(registry._model_entrypoints, name, make)
        return entry(name, 8)

    return add


class Sized(nn.Module):
    """A net for images of one size, with a weight for each of their pixels."""

    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(height, width))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        if image.shape[2:] != self.weight.shape:
            raise ValueError("no such size")
        return image * self.weight


def test_the_default_size_is_the_default_measurement() -> None:
    """Asked for at its default size, a model is created as by default and has what its record has."""
    for name in ("resnet18", "vit_tiny_patch16_224"):
        found = at_resolution(entry(name), (224, 224))
        assert (found.record.inspection, found.img_size, found.size) == (default(name), None, (224, 224))


def test_a_convolutional_net_grows_with_its_pixels() -> None:
    """At twice the sides all convolutions take four times as much, and the classifier the same."""
    small = default("resnet18").compute
    assert small is not None
    large = compute_at(entry("resnet18"), (448, 448))
    classifier = 512 * 1000
    assert large.macs - classifier == 4 * (small.macs - classifier)
    assert large.input_size == (3, 448, 448)


def test_a_transformer_is_built_for_the_size() -> None:
    """A model for one size is made for the one that is asked for: 24 x 24 patches and a class token at 384."""
    tokens, width = 24 * 24 + 1, 192
    linear = 12 * tokens * 12 * width**2
    attention = 12 * 2 * tokens**2 * width
    patches = 24 * 24 * width * 3 * 16**2
    found = at_resolution(entry("vit_tiny_patch16_224"), (384, 384))
    assert found.img_size == 384
    assert found.record.inspection.compute is not None
    assert found.record.inspection.compute.macs == linear + attention + patches + width * 1000


def test_everything_is_of_the_model_for_that_size() -> None:
    """Parameters, buffers and checkpoint are those of the model that is built for the size, as timm builds it."""
    found = at_resolution(entry("gmlp_ti16_224"), (384, 384)).record
    with torch.device("meta"):
        model = timm.create_model("gmlp_ti16_224", img_size=384)
    assert found.parameters == sum(parameter.numel() for parameter in model.parameters())
    small = ModelRecord(entry("gmlp_ti16_224"), default("gmlp_ti16_224"), "")
    assert found.parameters > small.parameters
    assert found.inspection.checkpoint_elements == sum(value.numel() for value in model.state_dict().values())
    assert found.inspection.pyramid.works == small.inspection.pyramid.works
    assert found.entry.input_size == (3, 384, 384)


# Models that refuse img_size in their own words, those that break with it, and one with a bare assertion.
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("hrnet_w18_small", (384, 384)),
        ("poolformer_s12", (384, 384)),
        ("ese_vovnet19b_dw", (256, 320)),
        ("crossvit_9_240", (384, 384)),
        ("mvitv2_tiny", (384, 320)),
    ],
)
def test_a_model_that_cannot_be_built_for_the_size_runs_at_it(name: str, size: tuple[int, int]) -> None:
    """What counts is whether the model runs: where img_size is refused or breaks, it is created as by default."""
    found = at_resolution(entry(name), size)
    assert found.record.inspection.compute is not None
    assert found.record.inspection.compute.input_size == (3, *size)


def test_each_way_to_make_a_model_is_tried(register: Callable[..., CatalogEntry]) -> None:
    """A model may take one number for a square, or only two, or none; the first way in which it runs is taken."""

    def one_number(img_size: Any = 8, **_: object) -> nn.Module:
        return Sized(img_size, img_size + 0)

    def two_numbers(img_size: Any = (8, 8), **_: object) -> nn.Module:
        return Sized(*img_size)

    def breaks(img_size: Any = None, **_: object) -> nn.Module:
        assert img_size is None
        return nn.Conv2d(3, 2, 1)

    def runs_at_no_other(img_size: Any = None, **_: object) -> nn.Module:
        return nn.Conv2d(3, 2, 1) if img_size is None else Sized(1, 1)

    square = {
        "one": at_resolution(register("one_number", one_number), (16, 16)),
        "two": at_resolution(register("two_numbers", two_numbers), (16, 16)),
        "breaks": at_resolution(register("breaks", breaks), (16, 16)),
        "runs": at_resolution(register("runs_at_no_other", runs_at_no_other), (16, 16)),
    }
    assert {name: found.img_size for name, found in square.items()} == {
        "one": 16,
        "two": (16, 16),
        "breaks": None,
        "runs": None,
    }
    assert square["two"].record.parameters == 16 * 16
    assert at_resolution(register("two_numbers", two_numbers), (16, 32)).record.parameters == 16 * 32


def test_a_refusal_has_the_actual_reason(register: Callable[..., CatalogEntry]) -> None:
    """Where no way works, the sentence has the reason of each, but for img_size where the model does not take it."""

    def fixed(**options: object) -> nn.Module:
        if "img_size" in options:
            raise TypeError("Fixed.__init__() got unexpected keyword argument(s): ['img_size']")
        return Sized(8, 8)

    def fussy(img_size: Any = (8, 8), **_: object) -> nn.Module:
        if img_size not in (8, (8, 8)):
            raise ValueError("one size fits all")
        return Sized(8, 8)

    with pytest.raises(ResolutionError) as caught:
        at_resolution(register("fixed", fixed), (16, 16))
    assert str(caught.value) == "fixed does not run at 16 x 16 (ValueError: no such size); its default is 8 x 8."
    with pytest.raises(ResolutionError) as caught:
        at_resolution(register("fussy", fussy), (16, 16))
    assert caught.value.reason == (
        "with img_size=16: ValueError: one size fits all; as created by default: ValueError: no such size"
    )


def test_what_fails_beside_the_pass_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that runs at the size is measured, and tells what else failed."""

    def fail(*_: object) -> None:
        raise ValueError("no deploy form")

    monkeypatch.setattr("generator.measuring.inspection.deployed", fail)
    found = at_resolution(entry("resnet18"), (64, 64))
    assert isinstance(found, Resized)
    assert [(failure.stage, failure.reason) for failure in found.record.failures] == [
        (Stage.DEPLOY, "ValueError: no deploy form")
    ]


@pytest.mark.parametrize("name", ["convmixer_768_32", "efficientformer_l1"])
def test_a_size_that_does_not_suit_is_refused(name: str) -> None:
    """A model whose size is fixed, or too small a size, is refused in a sentence that names size and default."""
    size = 2 if name.startswith("convmixer") else 384
    with pytest.raises(ResolutionError, match=rf"{name} does not run at {size} x {size} \(.*\); its default is 224"):
        at_resolution(entry(name), (size, size))


def test_a_size_need_not_be_square() -> None:
    """Height comes before width, for a net of convolutions and for a transformer of 16 x 16 pixels a patch."""
    assert compute_at(entry("resnet18"), (192, 320)).input_size == (3, 192, 320)
    wide = compute_at(entry("vit_tiny_patch16_224"), (192, 320))
    tokens, width = 12 * 20 + 1, 192
    assert wide.macs == (
        12 * tokens * 12 * width**2 + 12 * 2 * tokens**2 * width + 12 * 20 * width * 3 * 16**2 + width * 1000
    )


def test_a_model_without_a_default_is_refused_too() -> None:
    """Where timm gives no default size, the sentence says that it is unknown."""
    with pytest.raises(ResolutionError, match=r"convmixer_768_32 does not run at 2 x 2 \(.*\); its default is unknown"):
        at_resolution(replace(entry("convmixer_768_32"), input_size=None), (2, 2))
