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
    """The workspace of a convolution with padding, forward, which is that of its backward pass too."""
    features = torch.empty(batch, channels, size, size, device="meta")
    weight = torch.empty(results, channels // groups, kernel, kernel, device="meta")
    how: tuple[Any, ...] = ([stride] * 2, [kernel // 2] * 2, [1, 1], False, [0, 0], groups)
    result = CONVOLUTION(features, weight, None, *how)
    found = workspaces.of("convolution", (features, weight, None, *how), (result,), batch, dtype)
    backward = (result, features, weight, None, *how, [True, True, False])
    assert workspaces.of("convolution_backward", backward, (features, weight), batch, dtype) == found
    return found


def test_input_result_and_weights_are_copied() -> None:
    """A kernel of several elements takes copies of all three: those of the images grow with the batch."""
    assert of_convolution(32, 24, 3) == Line(32 * 24 * 9, (32 + 24) * 64).times(4)
    assert of_convolution(32, 24, 3, groups=2) == Line(16 * 24 * 9, (32 + 24) * 64).times(4)
    assert of_convolution(32, 24, 3, stride=2) == Line(32 * 24 * 9, 32 * 64 + 24 * 16).times(4)
    assert of_convolution(32, 24, 3, batch=1) == Line(0, 32 * 24 * 9 + (32 + 24) * 64).times(4)
    assert of_convolution(32, 24, 3, dtype=LOW) == Line(32 * 24 * 9, (32 + 24) * 64).times(2)


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
