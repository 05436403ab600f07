"""The workspaces of convolutions: copies with channels last, where cuDNN makes them."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from generator.facts.batches import Line
from generator.measuring import workspaces
from generator.measuring.forward import BATCH

LOW = torch.bfloat16
CONVOLUTION = torch.ops.aten.convolution.default


def of_convolution(
    channels: int,
    results: int,
    kernel: int,
    *,
    size: int = 8,
    stride: int = 1,
    groups: int = 1,
    batch: int = BATCH,
    dtype: torch.dtype = torch.float32,
) -> Line | None:
    """The workspace of a convolution with padding."""
    features = torch.empty(batch, channels, size, size, device="meta")
    weight = torch.empty(results, channels // groups, kernel, kernel, device="meta")
    how: tuple[Any, ...] = ([stride] * 2, [kernel // 2] * 2, [1, 1], False, [0, 0], groups)
    result = CONVOLUTION(features, weight, None, *how)
    return workspaces.of("convolution", (features, weight, None, *how), (result,), batch, dtype)


def of_backward_pass(channels: int, results: int, kernel: int, dtype: torch.dtype = torch.float32) -> Line | None:
    """The workspace of the backward pass of a convolution with padding, of maps of 8 × 8."""
    features, result = (torch.empty(BATCH, number, 8, 8, device="meta") for number in (channels, results))
    weight = torch.empty(results, channels, kernel, kernel, device="meta")
    how: tuple[Any, ...] = ([1, 1], [kernel // 2] * 2, [1, 1], False, [0, 0], 1)
    arguments = (result, features, weight, None, *how, [True, True, False])
    return workspaces.of("convolution_backward", arguments, (features, weight), BATCH, dtype)


def test_input_result_and_weights_are_copied() -> None:
    """A kernel of several elements takes copies of all three: those of the images grow with the batch."""
    assert of_convolution(32, 24, 3) == Line(32 * 24 * 9, (32 + 24) * 64).times(4)
    assert of_convolution(32, 24, 3, groups=2) == Line(16 * 24 * 9, (32 + 24) * 64).times(4)
    assert of_convolution(32, 24, 3, stride=2) == Line(32 * 24 * 9, 32 * 64 + 24 * 16).times(4)
    assert of_convolution(32, 24, 3, batch=1) == Line(0, 32 * 24 * 9 + (32 + 24) * 64).times(4)
    assert of_convolution(32, 24, 3, dtype=LOW) == Line(32 * 24 * 9, (32 + 24) * 64).times(2)
    assert of_backward_pass(32, 24, 3) == of_convolution(32, 24, 3)


def test_copies_in_bf16_are_filled_up_to_eight_channels() -> None:
    """28 channels take copies of 32, and 20 results copies of 24; groups take none then."""
    assert of_convolution(28, 20, 3, dtype=LOW) == Line(32 * 24 * 9, (32 + 24) * 64).times(2)
    assert of_backward_pass(28, 20, 3, LOW) == of_convolution(28, 20, 3, dtype=LOW)
    assert of_convolution(28, 20, 3, groups=2, dtype=LOW) is None


def test_four_channels_are_enough_in_fp32() -> None:
    """Multiples of four have no copy of the result, but in groups and backward; others take no copies."""
    assert of_convolution(28, 20, 3) == Line(28 * 20 * 9, 28 * 64).times(4)
    assert of_backward_pass(28, 20, 3) == Line(28 * 20 * 9, (28 + 20) * 64).times(4)
    assert of_convolution(12, 20, 3, groups=2) == Line(6 * 20 * 9, (12 + 20) * 64).times(4)
    assert of_convolution(30, 20, 3) is None


def test_images_are_copied_for_large_kernels_in_bf16() -> None:
    """Three channels are filled up to eight where kernels overlap, or give enough results of images that are small."""
    stem = of_convolution(3, 24, 7, size=16, stride=2, dtype=LOW)
    assert stem == Line(24 * 8 * 49, 8 * 256 + 24 * 64).times(2)
    assert of_convolution(3, 24, 3, size=16, stride=2, dtype=LOW) is None
    assert of_convolution(3, 24, 7, size=16, stride=2) is None
    assert of_backward_pass(3, 24, 7, LOW) is None
    patches: dict[str, Any] = {"kernel": 16, "stride": 16, "dtype": LOW}
    assert of_convolution(3, 512, size=224, **patches) is not None
    assert of_convolution(3, 384, size=224, **patches) is None
    assert of_convolution(3, 512, size=512, **patches) is None
    assert of_convolution(3, 384, 32, size=224, stride=32, dtype=LOW) is not None


def test_pooling_copies_a_map_that_is_part_of_another() -> None:
    """A map whose elements do not follow each other is copied; channels may be first or last."""
    whole = torch.empty(BATCH, 4, 8, 8, device="meta")
    last = whole.to(memory_format=torch.channels_last)
    for features, expected in ((whole, None), (last, None), (whole[:, :2], Line(0, 2 * 64 * 2))):
        assert workspaces.of("max_pool2d_with_indices", (features, [2, 2]), (), BATCH, LOW) == expected


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"channels": 16, "results": 16, "kernel": 3, "groups": 16}, id="depthwise"),
        pytest.param({"channels": 3, "results": 16, "kernel": 3}, id="three channels"),
        pytest.param({"channels": 16, "results": 32, "kernel": 3}, id="few channels"),
        pytest.param({"channels": 16, "results": 24, "kernel": 1}, id="a product of matrices"),
        pytest.param({"channels": 16, "results": 24, "kernel": 1, "size": 1}, id="a product of a vector"),
    ],
)
def test_other_convolutions_take_none(given: dict[str, Any]) -> None:
    """Depthwise convolutions and products of matrices work on tensors as they are."""
    assert of_convolution(**given) is None


def test_rows_that_are_not_aligned_are_copied_in_bf16() -> None:
    """A product of matrices in bf16 needs rows of a multiple of four elements, unless they are long."""
    assert of_convolution(16, 24, 1, size=7, dtype=LOW) is not None
    assert of_convolution(16, 24, 1, size=7) is None
    assert of_convolution(16, 24, 1, size=15, dtype=LOW) is None
    # A stride makes it a convolution.
    assert of_convolution(32, 24, 1, stride=2) is not None


def test_other_dimensions_have_no_rule() -> None:
    """Only convolutions of two dimensions have a rule."""
    tokens = torch.empty(BATCH, 32, 8, device="meta")
    weight = torch.empty(32, 32, 3, device="meta")
    how: tuple[Any, ...] = ([1], [1], [1], False, [0], 1)
    result = CONVOLUTION(tokens, weight, None, *how)
    assert workspaces.of("convolution", (tokens, weight, None, *how), (result,), BATCH, LOW) is None
