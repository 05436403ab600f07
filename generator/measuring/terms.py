"""The counts of fvcore that differ from ours: operations beside products, and products that it does not know.

timm's tables of benchmarks count by fvcore. The numbers here are those of its list of operators,
https://github.com/facebookresearch/fvcore/blob/main/fvcore/nn/flop_count.py. It follows a traced model, in which each
of these functions of torch is one operator.
"""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.nn import functional

from generator.facts.inspections import Products, Terms
from generator.measuring.operators import of_one_image

_NORMALISATION, _POOLING, _INTERPOLATION = "normalisation", "pooling", "interpolation"
_ATTENTION, _SHARED_VALUES, _RECURRENCE, _SAME_PADDING = "attention", "shared_values", "recurrence", "same_padding"


class Otherwise:
    """The terms of a pass so far, for one image: see `Terms`. ``batch`` is the batch of the pass."""

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self._counted: Counter[str] = Counter()
        self._products = dict.fromkeys([_ATTENTION, _SHARED_VALUES, _RECURRENCE, _SAME_PADDING], Products())
        # The unknown part that is running, "" for none.
        self._within = ""
        # The values of the last attention, while they live: to keep them would change the memory of the pass.
        self._values: weakref.ref[torch.Tensor] | None = None

    @property
    def terms(self) -> Terms:
        """All of it."""
        counted, products = self._counted, self._products
        return Terms(
            normalisation=counted[_NORMALISATION],
            pooling=counted[_POOLING],
            interpolation=counted[_INTERPOLATION],
            attention=products[_ATTENTION],
            shared_values=products[_SHARED_VALUES],
            recurrence=products[_RECURRENCE],
            same_padding=products[_SAME_PADDING],
        )

    def add(self, macs: int, activations: int) -> None:
        """Take note of products of one image, which we count."""
        if self._within:
            self._add(self._within, macs, activations)

    def call(
        self, func: Callable[..., Any], instead: Callable[..., Any], args: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        """Call ``instead``, which takes the place of a function of torch, take note of it, and return its result."""
        self._within = _unknown(func, args, options)
        try:
            result = instead(*args, **options)
        finally:
            self._within = ""
        if func in _COUNTED:
            name, operations = _COUNTED[func]
            self._counted[name] += of_one_image(operations(result, *args, **options), self._batch)
        elif func is functional.scaled_dot_product_attention:
            self._attended(result, *args, **options)
        return result

    def _attended(
        self, result: torch.Tensor, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, *_: Any, **__: Any
    ) -> None:
        """Take note where the values are those of the attention before, as in differential attention."""
        if self._values is not None and self._values() is value:
            elements = of_one_image(result.numel(), self._batch)
            self._add(_SHARED_VALUES, elements * value.shape[-2], elements)
        self._values = weakref.ref(value)

    def _add(self, name: str, macs: int, activations: int) -> None:
        before = self._products[name]
        self._products[name] = Products(before.macs + macs, before.activations + activations)


def _unknown(func: Callable[..., Any], args: Sequence[Any], options: dict[str, Any]) -> str:
    name = _UNKNOWN.get(func, "")
    # A convolution's arguments are input, weight, bias, stride, padding.
    if name == _SAME_PADDING and (args[4] if len(args) > 4 else options.get("padding")) != "same":
        return ""
    return name


_UNKNOWN: dict[Callable[..., Any], str] = {
    functional.scaled_dot_product_attention: _ATTENTION,
    torch.lstm: _RECURRENCE,
    torch.gru: _RECURRENCE,
    torch.rnn_tanh: _RECURRENCE,
    torch.rnn_relu: _RECURRENCE,
    torch.conv1d: _SAME_PADDING,
    torch.conv2d: _SAME_PADDING,
    torch.conv3d: _SAME_PADDING,
}


def _by_statistics(elements: int, weight: torch.Tensor | None) -> int:
    """Operations of a normalisation that computes mean and variance itself."""
    return elements * (4 if weight is None else 5)


def _batch_norm(
    _result: Any,
    input: torch.Tensor,
    running_mean: Any,
    running_var: Any,
    weight: torch.Tensor | None = None,
    bias: Any = None,
    training: bool = False,
    *_: Any,
    **__: Any,
) -> int:
    if training:
        return _by_statistics(input.numel(), weight)
    return input.numel() * (1 if weight is None else 2)


def _layer_norm(
    _result: Any, input: torch.Tensor, normalized_shape: Any, weight: torch.Tensor | None = None, *_: Any, **__: Any
) -> int:
    return _by_statistics(input.numel(), weight)


def _group_norm(
    _result: Any, input: torch.Tensor, num_groups: int, weight: torch.Tensor | None = None, *_: Any, **__: Any
) -> int:
    return _by_statistics(input.numel(), weight)


def _instance_norm(
    _result: Any,
    input: torch.Tensor,
    running_mean: Any = None,
    running_var: Any = None,
    weight: torch.Tensor | None = None,
    *_: Any,
    **__: Any,
) -> int:
    return _by_statistics(input.numel(), weight)


def _pooled(_result: Any, input: torch.Tensor, *_: Any, **__: Any) -> int:
    return input.numel()


def _interpolated(
    result: torch.Tensor,
    input: torch.Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    *_: Any,
    antialias: bool = False,
    **__: Any,
) -> int:
    """Operations of an interpolation of images; it knows two modes, and neither with antialiasing."""
    factor = {"nearest": 1, "bilinear": 4}.get(mode, 0)
    return 0 if antialias or input.ndim != 4 else factor * result.numel()


def _sampled(result: torch.Tensor, *_: Any, **__: Any) -> int:
    return 4 * result.numel()


_COUNTED: dict[Callable[..., Any], tuple[str, Callable[..., int]]] = {
    functional.batch_norm: (_NORMALISATION, _batch_norm),
    functional.layer_norm: (_NORMALISATION, _layer_norm),
    functional.group_norm: (_NORMALISATION, _group_norm),
    functional.instance_norm: (_NORMALISATION, _instance_norm),
    functional.adaptive_avg_pool2d: (_POOLING, _pooled),
    functional.interpolate: (_INTERPOLATION, _interpolated),
    functional.grid_sample: (_INTERPOLATION, _sampled),
}

# The functions that `Otherwise.call` has to see.
FOLLOWED = frozenset([*_UNKNOWN, *_COUNTED])
