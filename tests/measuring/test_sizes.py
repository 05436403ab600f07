"""The cost at other sizes: counted by hand, made for a size only where needed, one size lost at a time."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch
from torch import nn

from generator.facts.inspections import AtSize, Inspection
from generator.facts.registry import CatalogEntry
from generator.measuring import inspection
from generator.measuring.inspection import attempt, create, with_sizes
from generator.measuring.sizes import measure


def never(**options: Any) -> nn.Module:
    """No model has to be made again."""
    pytest.fail(f"made anew with {options}")


class Embedded(nn.Module):
    """A convolution of 4 x 4 patches whose results get an embedding for each place, for one size of square."""

    def __init__(self, img_size: int = 8) -> None:
        super().__init__()
        self.img_size = img_size
        self.proj = nn.Conv2d(3, 2, 4, stride=4, bias=False)
        self.embedding = nn.Parameter(torch.empty(2, img_size // 4, img_size // 4))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        assert image.shape[-2:] == (self.img_size, self.img_size), "another size"
        patches: torch.Tensor = self.proj(image)
        return patches + self.embedding


def on_meta(make: Any, **options: Any) -> nn.Module:
    """A model without data."""
    with torch.device("meta"):
        made: nn.Module = make(**options)
    return made


def test_a_convolution_grows_with_its_area() -> None:
    """A convolution that takes any size is not made anew; MACs, activations and memory go with height x width."""
    net = on_meta(partial(nn.Conv2d, 3, 5, 1, bias=False))
    found = measure(net, never, 3, [(4, 4), (4, 8)])
    assert found == (
        AtSize(4, 4, macs=16 * 3 * 5, activations=16 * 5, parameters=15, peak_activation_bytes=16 * (3 + 5) * 4),
        AtSize(4, 8, macs=32 * 3 * 5, activations=32 * 5, parameters=15, peak_activation_bytes=32 * (3 + 5) * 4),
    )


def test_a_model_of_one_size_is_made_for_others() -> None:
    """Where a model does not run as it is, it is made for the size, and its parameters are those that it has then."""
    small = on_meta(Embedded)
    found = measure(small, partial(on_meta, Embedded), 3, [(8, 8), (16, 16)])
    weight = 2 * 3 * 4 * 4
    assert [(own.size, own.parameters, own.macs) for own in found] == [
        ((8, 8), weight + 2 * 2 * 2, 4 * weight),
        ((16, 16), weight + 2 * 4 * 4, 16 * weight),
    ]


def test_a_size_that_is_refused_is_lost_alone() -> None:
    """Whatever a model raises at a size, the others are measured, and the reason stands in place of figures."""

    class Odd(nn.Conv2d):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            if image.shape[-1] == 5:
                raise SystemExit("height is odd\nand so is width")
            return super().forward(image)

    def refuses(**options: Any) -> nn.Module:
        raise TypeError(f"got an unexpected keyword argument {options}")

    found = measure(on_meta(partial(Odd, 3, 2, 1, bias=False)), refuses, 3, [(4, 4), (5, 5), (6, 6)])
    assert [own.macs for own in found] == [16 * 6, None, 36 * 6]
    assert found[1] == AtSize(5, 5, reason="SystemExit: height is odd")


def test_both_reasons_are_told() -> None:
    """A model that can be made for a size and does not run then has the reason of each way."""

    def breaks(img_size: Any) -> nn.Module:
        raise ValueError("one size fits all")

    (found,) = measure(on_meta(Embedded), breaks, 3, [(16, 16)])
    assert found.reason == (
        "as created by default: AssertionError: another size; with img_size=16: ValueError: one size fits all"
    )


@pytest.mark.parametrize("name", ["test_resnet", "test_vit", "test_efficientnet"])
def test_the_default_size_costs_what_it_does(name: str) -> None:
    """A pass at batch 1 alone finds what the measurement at the default size finds for every batch."""
    entry = CatalogEntry(name, "family", (), (3, 160, 160))
    inspected = attempt(entry, [(160, 160)])
    assert isinstance(inspected, Inspection)
    compute, (own,) = inspected.compute, inspected.sizes
    assert compute is not None
    assert (own.macs, own.activations, own.peak_activation_bytes) == (
        compute.macs,
        compute.activations,
        compute.peak_activation_bytes,
    )
    assert own.parameters == sum(tensor.parameters for tensor in inspected.tensors)


def test_sizes_can_be_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that was inspected gets more sizes, after those it has, without being measured again."""
    entry = CatalogEntry("test_resnet", "family", (), (3, 160, 160))
    whole = attempt(entry, [(96, 96), (128, 64)])
    first = attempt(entry, [(96, 96)])
    assert isinstance(first, Inspection)
    monkeypatch.setattr(inspection, "measure", lambda _: pytest.fail("measured again"))
    assert with_sizes(entry, first, [(128, 64)]) == whole


def test_a_model_without_a_default_has_its_sizes() -> None:
    """Where timm gives no default size, images of three channels are taken."""
    found = attempt(CatalogEntry("test_resnet", "family", (), None), [(64, 64)])
    assert isinstance(found, Inspection)
    assert found.compute is None
    assert found.sizes == measure(create("test_resnet"), never, 3, [(64, 64)])
