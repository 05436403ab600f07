"""What fvcore counts otherwise, counted by hand, and as fvcore's own list of operators says."""

from __future__ import annotations

import pytest
import torch
from timm.layers.std_conv import ScaledStdConv2d
from torch import nn
from torch.nn import functional

from generator.facts.inspections import Products, Terms
from generator.measuring import forward
from generator.measuring.forward import BATCH, Tally


class Recurrent(nn.LSTM):
    """An LSTM that gives its outputs alone."""

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:  # type: ignore[override]
        return super().forward(tokens)[0]


class Interpolating(nn.Module):
    """An interpolation to 6 x 6."""

    def __init__(self, mode: str, **options: bool) -> None:
        super().__init__()
        self.mode = mode
        self.options = options

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return functional.interpolate(image, size=(6, 6), mode=self.mode, **self.options)


class Attending(nn.Module):
    """Attention of tokens with themselves, as often as asked for, with the same values or with others each time."""

    def __init__(self, times: int, *, same: bool) -> None:
        super().__init__()
        self.times = times
        self.same = same

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        values = tokens + 1
        for _ in range(self.times):
            functional.scaled_dot_product_attention(tokens, tokens, values if self.same else tokens + 1)
        return tokens


def passed(net: nn.Module, *size: int, batch: int = 1) -> Tally:
    """A forward pass of a net, for an input of this size."""
    with torch.no_grad():
        return forward.run(net.to("meta"), [""], torch.empty(batch, *size, device="meta"))


# Two heads, 5 tokens of size 4: the product with the keys and that with the values.
KEYS, VALUES = Products(2 * 5 * 5 * 4, 2 * 5 * 5), Products(2 * 5 * 5 * 4, 2 * 5 * 4)
ATTENTION = Products(KEYS.macs + VALUES.macs, KEYS.activations + VALUES.activations)
TWICE = Products(2 * ATTENTION.macs, 2 * ATTENTION.activations)
# Elements of 8 channels of 4 x 4.
ELEMENTS = 8 * 4 * 4


@pytest.mark.parametrize("batch", [1, BATCH])
@pytest.mark.parametrize(
    ("net", "size", "expected"),
    [
        (nn.BatchNorm2d(8), (8, 4, 4), Terms(normalisation=2 * ELEMENTS)),
        (nn.BatchNorm2d(8, affine=False), (8, 4, 4), Terms(normalisation=ELEMENTS)),
        (nn.LayerNorm(4), (8, 4, 4), Terms(normalisation=5 * ELEMENTS)),
        (nn.LayerNorm(4, elementwise_affine=False), (8, 4, 4), Terms(normalisation=4 * ELEMENTS)),
        (nn.GroupNorm(2, 8), (8, 4, 4), Terms(normalisation=5 * ELEMENTS)),
        (nn.InstanceNorm2d(8), (8, 4, 4), Terms(normalisation=4 * ELEMENTS)),
        # Its weights, 8 filters of 3 x 3 x 3, are normalised by their own statistics, with a gain.
        (ScaledStdConv2d(3, 8, 3), (3, 4, 4), Terms(normalisation=5 * 8 * 27)),
        (nn.AdaptiveAvgPool2d(1), (8, 4, 4), Terms(pooling=ELEMENTS)),
        (nn.AdaptiveMaxPool2d(1), (8, 4, 4), Terms()),
        (nn.AvgPool2d(2), (8, 4, 4), Terms()),
        (Interpolating("nearest"), (8, 4, 4), Terms(interpolation=8 * 6 * 6)),
        (Interpolating("bilinear"), (8, 4, 4), Terms(interpolation=4 * 8 * 6 * 6)),
        (Interpolating("bilinear", antialias=True), (8, 4, 4), Terms()),
        (Interpolating("bicubic"), (8, 4, 4), Terms()),
        (Attending(1, same=True), (2, 5, 4), Terms(attention=ATTENTION)),
        (Attending(2, same=False), (2, 5, 4), Terms(attention=TWICE)),
        (Attending(2, same=True), (2, 5, 4), Terms(attention=TWICE, shared_values=VALUES)),
        (nn.Conv2d(3, 8, 3, padding="same"), (3, 4, 4), Terms(same_padding=Products(ELEMENTS * 27, ELEMENTS))),
        (nn.Conv2d(3, 8, 3, padding=1), (3, 4, 4), Terms()),
        (nn.Linear(4, 4), (5, 4), Terms()),
    ],
    ids=lambda part: type(part).__name__,
)
def test_terms_are_those_of_fvcore(net: nn.Module, size: tuple[int, ...], expected: Terms, batch: int) -> None:
    """Each operator has fvcore's numbers, for one image at any batch, and one that it knows as we do has none."""
    assert passed(net, *size, batch=batch).otherwise.terms == expected


def test_all_of_a_recurrent_layer_is_unknown_to_fvcore() -> None:
    """Five steps of four gates of 3 x 4 and 4 x 4: all products of the net are the recurrent layer's."""
    tally = passed(Recurrent(3, 4, batch_first=True), 5, 3)
    assert tally.macs == 5 * 4 * (3 * 4 + 4 * 4)
    assert tally.otherwise.terms == Terms(recurrence=Products(tally.macs, tally.activations))


def test_what_follows_an_unknown_part_is_known() -> None:
    """Only the products within a convolution with padding="same" are unknown, not those after it."""
    net = nn.Sequential(nn.Conv2d(3, 8, 3, padding="same"), nn.Conv2d(8, 8, 1))
    tally = passed(net, 3, 4, 4)
    assert tally.macs == ELEMENTS * 27 + ELEMENTS * 8
    assert tally.otherwise.terms == Terms(same_padding=Products(ELEMENTS * 27, ELEMENTS))
