"""The memory that a convolution takes on a GPU while it runs, beside its arguments and results.

cuDNN works on tensors whose channels are last (NHWC) wherever it uses tensor cores. For other tensors it makes such
copies of the input and of the weights, and one of the output, from which it copies to the output itself. These rules
say when; they are from the workspaces of all distinct convolutions of timm's models, measured on an NVIDIA H200 with
cuDNN 9.19 at batches of 1, 8 and 32 (docs/guide/method.md). cuDNN chooses among several ways, so they are true of most
calls and not of all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch

from generator.facts.batches import Line

FORWARD, BACKWARD = OPERATORS = ("convolution", "convolution_backward")
# Channels that tensor cores work on at a time.
_ALIGNED = 8
# Fewer channels than this are not worth copies in fp32.
_FEWEST_IN_FULL = 24
# The largest maps, in elements, of which rows that are not aligned are copied.
_LARGEST_UNALIGNED = 200


def of(
    name: str, arguments: Sequence[Any], outputs: Sequence[torch.Tensor], batch: int, dtype: torch.dtype
) -> Line | None:
    """The bytes of the workspace of an operator; ``None`` if it takes none.

    Args:
        name: its name, one of `OPERATORS`.
        arguments: its positional arguments.
        outputs: its results.
        batch: the batch of the pass.
        dtype: the dtype that it works in, be it that of its arguments or another.
    """
    if name == FORWARD:
        features, weight, _, stride, _, _, is_transposed, _, groups = arguments
        result = outputs[0]
    else:
        result, features, weight, _, stride, _, _, is_transposed, _, groups, _ = arguments
    is_full = dtype == torch.float32
    if features.ndim != 4 or not _takes_copies(features, weight, stride, groups, is_transposed, is_full):
        return None
    parts = [_elements(part, batch) for part in (features, result, weight)]
    elements = Line(sum(part.constant for part in parts), sum(part.growing for part in parts))
    return elements.times(dtype.itemsize)


def _takes_copies(
    features: torch.Tensor,
    weight: torch.Tensor,
    stride: Sequence[int],
    groups: int,
    is_transposed: bool,
    is_full: bool,
) -> bool:
    """Whether cuDNN copies the tensors of a two-dimensional convolution: (batch, channels, height, width)."""
    channels = features.shape[1]
    results = weight.shape[1] * groups if is_transposed else weight.shape[0]
    if groups > 1 and groups == channels:
        # Depthwise convolutions have kernels of their own in torch.
        return False
    if math.prod(weight.shape[2:]) == 1 and groups == 1 and math.prod(stride) == 1:
        # A product of matrices: in fp32, or with aligned rows, or with long ones.
        positions = features.shape[2] * features.shape[3]
        return not is_full and positions % 4 != 0 and 1 < positions <= _LARGEST_UNALIGNED
    if is_full and channels < _FEWEST_IN_FULL:
        return False
    return channels % _ALIGNED == 0 and results % _ALIGNED == 0


def _elements(tensor: torch.Tensor, batch: int) -> Line:
    elements = tensor.numel()
    return Line(0, elements // batch) if elements % batch == 0 else Line(elements, 0)
