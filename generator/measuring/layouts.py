"""The layouts of the results of operators whose own kernels on the meta device are slow.

These kernels are written in Python there, and take a fifth of the time of all passes. Their results have a layout that
is known beforehand. Arguments that are not contiguous are left to torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from generator.facts.shapes import Shape, count

# Size, stride and dtype.
Layout = tuple[Shape, tuple[int, ...], torch.dtype]
# The options of operators with a rule that change no layout.
IRRELEVANT = frozenset({"alpha", "approximate"})
# ``None`` for a result that is left out.
Layouts = tuple[Layout | None, ...]


def layout(tensor: torch.Tensor) -> Layout:
    """The layout of a tensor."""
    return tensor.shape, tensor.stride(), tensor.dtype


_FLOATS = (torch.float32, torch.bfloat16)


def of(name: str, arguments: Sequence[Any]) -> Layouts | None:
    """The layouts of the results of an operator, named as in `operators`; ``None`` if torch has to find them out."""
    rule = _RULES.get(name)
    return None if rule is None else rule(*arguments)


def is_single(name: str) -> bool:
    """Whether the result of an operator with a rule is one tensor, rather than a tuple of them."""
    return _RULES.get(name) is _alike


def _contiguous(shape: Shape, dtype: torch.dtype) -> Layout:
    strides = tuple(count(shape[place + 1 :]) for place in range(len(shape)))
    return shape, strides, dtype


def _batch_norm(features: torch.Tensor, *_: Any) -> Layouts | None:
    if not features.is_contiguous():
        return None
    statistics = _contiguous((features.shape[1],), torch.float32)
    return layout(features), statistics, statistics


def _batch_norm_backward(
    _gradient: Any, features: torch.Tensor, weight: torch.Tensor | None, *others: Any
) -> Layouts | None:
    wanted = others[-1]
    if weight is None or not features.is_contiguous():
        return None
    own = layout(weight)
    return layout(features), own if wanted[1] else None, own if wanted[2] else None


def _layer_norm(features: torch.Tensor, normalized: Sequence[int], *_: Any) -> Layouts | None:
    if not features.is_contiguous():
        return None
    kept = features.shape[: features.ndim - len(normalized)]
    statistics = _contiguous((*kept, *[1] * len(normalized)), torch.float32)
    return layout(features), statistics, statistics


def _layer_norm_backward(
    _gradient: Any,
    features: torch.Tensor,
    _normalized: Any,
    _mean: Any,
    _deviation: Any,
    weight: torch.Tensor | None,
    bias: torch.Tensor | None,
    wanted: Sequence[bool],
) -> Layouts | None:
    if weight is None or bias is None or not all(wanted) or not features.is_contiguous():
        return None
    return layout(features), layout(weight), layout(bias)


def _alike(*arguments: Any) -> Layouts | None:
    """The layout of the result of a function of each element: that of its tensors, if all of them have the same."""
    tensors = [argument for argument in arguments if isinstance(argument, torch.Tensor)]
    first = layout(tensors[0])
    if tensors[0].dtype not in _FLOATS or not tensors[0].is_contiguous():
        return None
    if any(layout(other) != first for other in tensors[1:]):
        return None
    return (first,)


# Functions of each element whose result has the dtype of their arguments.
_OF_ELEMENTS = """
    add clamp_max clamp_min div gelu gelu_backward hardsigmoid hardsigmoid_backward hardswish hardswish_backward
    hardtanh hardtanh_backward mish mul neg relu sigmoid sigmoid_backward silu silu_backward sub tanh tanh_backward
    threshold_backward
"""

_RULES: dict[str, Callable[..., Layouts | None]] = {
    "native_batch_norm": _batch_norm,
    "native_batch_norm_backward": _batch_norm_backward,
    "native_layer_norm": _layer_norm,
    "native_layer_norm_backward": _layer_norm_backward,
    **dict.fromkeys(_OF_ELEMENTS.split(), _alike),
}
