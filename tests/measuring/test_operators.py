"""What operators cost, counted by hand."""

from __future__ import annotations

import pytest
import torch
from timm.layers.attention import Attention
from timm.layers.cond_conv2d import CondConv2d
from timm.models.swin_transformer import SwinTransformerBlock
from timm.models.vision_transformer import Block
from torch import nn

from generator.measuring import forward, operators
from generator.measuring.forward import Tally


def counted(net: nn.Module, *size: int) -> Tally:
    """What one forward pass of a net costs, for an input of this size at batch 1."""
    with torch.no_grad():
        return forward.run(net.to("meta"), [""], torch.empty(1, *size, device="meta"))


class Recurrent(nn.LSTM):
    """An LSTM that gives its outputs alone."""

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:  # type: ignore[override]
        return super().forward(tokens)[0]


class Dynamic(nn.Module):
    """timm's dynamic convolution of four experts, which all have a part in each image."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = CondConv2d(3, 8, 3, padding=1, num_experts=4)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.conv(image, torch.empty(1, 4, device=image.device))
        return result


class Product(nn.Module):
    """The product of what it is given with itself, by an equation."""

    def __init__(self, equation: str) -> None:
        super().__init__()
        self.equation = equation

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return torch.einsum(self.equation, tokens, tokens)


# Two heads of size 4 over 5 tokens: both products of attention take 2 x 5 x 5 x 4.
ATTENTION = 5 * 8 * 24 + 2 * (2 * 5 * 5 * 4) + 5 * 8 * 8
# Four windows of four tokens.
WINDOWS = 16 * 8 * 24 + 4 * 2 * (2 * 4 * 4 * 4) + 16 * 8 * 8


@pytest.mark.parametrize(
    ("net", "size", "macs", "activations"),
    [
        pytest.param(nn.Conv2d(3, 8, 3, padding=1), (3, 10, 10), 100 * 8 * 3 * 9, 800, id="conv"),
        pytest.param(nn.Conv2d(3, 8, 3, stride=2), (3, 11, 11), 25 * 8 * 3 * 9, 200, id="strided conv"),
        pytest.param(nn.Conv2d(8, 8, 3, padding=1, groups=8), (8, 10, 10), 100 * 8 * 9, 800, id="depthwise conv"),
        pytest.param(nn.Conv2d(4, 8, 3, padding=1, groups=2), (4, 10, 10), 100 * 8 * 2 * 9, 800, id="grouped conv"),
        pytest.param(nn.ConvTranspose2d(3, 8, 2, stride=2), (3, 5, 5), 75 * 8 * 4, 800, id="transposed conv"),
        pytest.param(
            nn.ConvTranspose2d(4, 8, 2, groups=2), (4, 5, 5), 100 * 4 * 4, 8 * 6 * 6, id="grouped transposed conv"
        ),
        pytest.param(nn.Conv1d(3, 8, 5), (3, 9), 5 * 8 * 3 * 5, 40, id="conv of one dimension"),
        pytest.param(nn.Linear(10, 4), (10,), 40, 4, id="linear"),
        pytest.param(nn.Linear(10, 4, bias=False), (7, 10), 280, 28, id="linear of tokens"),
        pytest.param(Product("bnd,bmd->bnm"), (5, 4), 5 * 5 * 4, 25, id="einsum"),
        pytest.param(Recurrent(4, 5, batch_first=True), (3, 4), 3 * (4 * 20 + 5 * 20), 3 * 2 * 20, id="LSTM"),
        pytest.param(Dynamic(), (3, 10, 10), 4 * 216 + 100 * 8 * 3 * 9, 216 + 800, id="dynamic conv"),
        pytest.param(
            Attention(8, num_heads=2), (5, 8), ATTENTION, 5 * 24 + 2 * (5 * 5 + 5 * 4) + 5 * 8, id="attention"
        ),
        pytest.param(
            Block(8, num_heads=2),
            (5, 8),
            ATTENTION + 2 * 5 * 8 * 32,
            250 + 5 * 32 + 5 * 8,
            id="ViT block",
        ),
        pytest.param(
            SwinTransformerBlock(8, (4, 4), num_heads=2, window_size=2),
            (4, 4, 8),
            WINDOWS + 2 * 16 * 8 * 32,
            16 * 24 + 4 * 2 * (4 * 4 + 4 * 4) + 16 * 8 + 16 * 32 + 16 * 8,
            id="window attention",
        ),
        pytest.param(nn.Sequential(nn.BatchNorm2d(3), nn.GELU(), nn.MaxPool2d(2)), (3, 8, 8), 0, 0, id="no products"),
    ],
)
def test_a_net_is_counted(net: nn.Module, size: tuple[int, ...], macs: int, activations: int) -> None:
    """Multiply-accumulates and activations are those that one counts by hand, and every operator is known."""
    tally = counted(net, *size)
    assert (tally.macs, tally.activations, tally.unlisted) == (macs, activations, set())


@pytest.mark.parametrize(
    ("call", "macs", "elements"),
    [
        (lambda m, v: torch.mv(m, v), 6 * 6, 6),
        (lambda m, v: torch.addmv(v, m, v), 6 * 6, 6),
        (lambda m, v: torch.dot(v, v), 6, 1),
        (lambda m, v: torch.addr(m, v, v), 36, 36),
        (lambda m, v: torch.addmm(m, m, m), 6**3, 36),
        (lambda m, v: torch.baddbmm(m[None], m[None], m[None]), 6**3, 36),
        (lambda m, v: m.clone().addmm_(m, m), 6**3, 36),
    ],
)
def test_a_product_is_counted(call: object, macs: int, elements: int) -> None:
    """Products of vectors and of batches, with something added or in place, cost what their sums have terms."""

    class Net(nn.Module):
        def forward(self, matrix: torch.Tensor) -> torch.Tensor:
            return call(matrix[0], matrix[0, 0])  # type: ignore[operator,no-any-return]

    tally = counted(Net(), 6, 6)
    assert (tally.macs, tally.activations, tally.unlisted) == (macs, elements, set())


def test_an_unlisted_operator_is_told() -> None:
    """An operator of which nobody said what it costs is named each time, remembered or not."""

    class Net(nn.Module):
        def forward(self, points: torch.Tensor) -> torch.Tensor:
            return torch.cdist(points, points)

    for _ in range(2):
        assert counted(Net(), 5, 4).unlisted == {"_cdist_forward"}


def test_no_operator_is_listed_twice() -> None:
    """An operator is either counted or known not to be, for one reason."""
    names = [name for group in operators._GROUPS.values() for name in group.split()]
    assert len(names) == len(set(names))
    assert not set(names) & set(operators.COUNTED)
