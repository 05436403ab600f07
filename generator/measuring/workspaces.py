"""The memory that an operator takes on a GPU while it runs, beside its arguments and results: copies of them.

cuDNN works on tensors whose channels are last (NHWC) wherever it uses tensor cores. For other tensors it makes such
copies of the input and of the weights, and one of the output, from which it copies to the output itself. These rules
say when; they are from the workspaces of all distinct convolutions of timm's models, measured on an NVIDIA H200 with
cuDNN 9.19 at batches of 1, 8 and 32 (docs/guide/method.md). cuDNN chooses among several ways, so they are true of most
calls and not of all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch

from generator.facts.batches import Line
from generator.facts.shapes import Shape

FORWARD, BACKWARD, POOLING = OPERATORS = ("convolution", "convolution_backward", "max_pool2d_with_indices")
# Channels that tensor cores work on at a time: 16 bytes of them.
_ALIGNED, _ALIGNED_IN_FULL = 8, 4
# Fewer channels than this are not worth copies in fp32, unless they are in groups.
_FEWEST_IN_FULL = 24
# The largest maps, in elements, of which rows that are not aligned are copied.
_LARGEST_UNALIGNED = 200
# The smallest kernels for which images of a few channels are copied; where kernels do not overlap, also the largest
# images, by their side, and the fewest results, unless kernels are large.
_SMALLEST_KERNEL, _LARGE_KERNEL, _LARGEST_IMAGE, _FEWEST_RESULTS = 5, 32, 400, 448


class _Call(NamedTuple):
    """A convolution: ``map`` and ``kernel`` are (height, width)."""

    channels: int
    results: int
    map: Shape
    kernel: Shape
    stride: Shape
    groups: int
    is_forward: bool

    @property
    def is_product(self) -> bool:
        """Whether it is a product of matrices."""
        return math.prod(self.kernel) == 1 and self.groups == 1 and math.prod(self.stride) == 1

    def is_aligned(self, channels: int) -> bool:
        return self.channels % channels == 0 and self.results % channels == 0


class _Copies(NamedTuple):
    """The copies of the input, the weights and perhaps the result, filled up to a multiple of so many channels."""

    has_result: bool = True
    multiple: int = 1


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
    if name == POOLING:
        features = arguments[0]
        # Its kernels read maps whose elements follow each other, channels first or last.
        if features.ndim != 4 or features.is_contiguous() or features.is_contiguous(memory_format=torch.channels_last):
            return None
        return _elements(features.shape, batch).times(dtype.itemsize)
    if name == FORWARD:
        features, weight, _, stride, _, _, is_transposed, _, groups = arguments
        result = outputs[0]
    else:
        result, features, weight, _, stride, _, _, is_transposed, _, groups, _ = arguments
    if features.ndim != 4:
        return None
    channels, results = features.shape[1], weight.shape[1] * groups if is_transposed else weight.shape[0]
    # Depthwise convolutions have kernels of their own in torch.
    if groups > 1 and groups == channels:
        return None
    call = _Call(
        channels, results, features.shape[2:], weight.shape[2:], tuple(stride), groups, is_forward=name == FORWARD
    )
    copies = _in_full(call) if dtype == torch.float32 else _in_low(call)
    if copies is None:
        return None
    parts = [
        _elements(_filled(features.shape, (1,), copies.multiple), batch),
        _elements(_filled(weight.shape, (0, 1), copies.multiple), batch),
    ]
    if copies.has_result:
        parts.append(_elements(_filled(result.shape, (1,), copies.multiple), batch))
    elements = Line(sum(part.constant for part in parts), sum(part.growing for part in parts))
    return elements.times(dtype.itemsize)


def _in_full(call: _Call) -> _Copies | None:
    """The copies in fp32, where tensor cores work on TF32."""
    if call.is_product or not call.is_aligned(_ALIGNED_IN_FULL):
        return None
    if call.groups > 1:
        return _Copies()
    if call.channels < _FEWEST_IN_FULL:
        return None
    return _Copies(has_result=call.is_aligned(_ALIGNED) or not call.is_forward)


def _in_low(call: _Call) -> _Copies | None:
    """The copies in bf16."""
    if call.is_product:
        # Rows have to be aligned, unless they are long.
        elements = math.prod(call.map)
        return _Copies() if elements % 4 != 0 and 1 < elements <= _LARGEST_UNALIGNED else None
    if call.is_aligned(_ALIGNED):
        return _Copies()
    if call.groups > 1:
        return None
    if call.channels >= _ALIGNED:
        return _Copies(multiple=_ALIGNED)
    # Images. Their gradient is not asked for.
    kernel, stride = min(call.kernel), max(call.stride)
    takes_patches = max(call.map) <= _LARGEST_IMAGE and (call.results >= _FEWEST_RESULTS or kernel >= _LARGE_KERNEL)
    if call.is_forward and kernel >= _SMALLEST_KERNEL and (kernel > stride or takes_patches):
        return _Copies(multiple=_ALIGNED)
    return None


def _filled(shape: Sequence[int], places: Sequence[int], multiple: int) -> Shape:
    """A shape with its sizes at these places filled up to a multiple."""
    return tuple(-(-size // multiple) * multiple if place in places else size for place, size in enumerate(shape))


def _elements(shape: Shape, batch: int) -> Line:
    elements = math.prod(shape)
    return Line(0, elements // batch) if elements % batch == 0 else Line(elements, 0)
