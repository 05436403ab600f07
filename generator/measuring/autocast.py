"""CUDA's autocast to bf16, for tensors on the meta device.

torch has an autocast for each real device and none for the meta device. Its kernels are made here in Python, for a
device type that torch reserves for others, by the lists of operators that CUDA's autocast has:
https://docs.pytorch.org/docs/stable/amp.html#cuda-ops-that-can-autocast-to-float16 and ``ATen/autocast_mode.h``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import torch

# Run in bf16. Attention is here in the fused forms that a pass runs.
_LOWER = """
    _convolution _scaled_dot_product_efficient_attention _scaled_dot_product_flash_attention_for_cpu addbmm addmm addmv
    addr baddbmm bmm chain_matmul conv1d conv2d conv3d conv_tbc conv_transpose1d conv_transpose2d.input
    conv_transpose3d.input convolution einsum linalg_multi_dot linalg_vecdot linear matmul mm mv prelu
    scaled_dot_product_attention
"""
# Run in fp32.
_FULL = """
    _upsample_bicubic2d_aa _upsample_bilinear2d_aa _upsample_nearest_exact1d _upsample_nearest_exact2d
    _upsample_nearest_exact3d acos asin cdist cosh cosine_similarity erfinv exp expm1 group_norm layer_norm log log10
    log1p log2 logsumexp native_layer_norm pow.Scalar pow.Tensor_Scalar pow.Tensor_Tensor reciprocal renorm rsqrt sinh
    softplus tan upsample_bicubic2d upsample_bilinear2d upsample_linear1d upsample_nearest1d upsample_nearest2d
    upsample_nearest3d upsample_trilinear3d
"""
# Give a result in fp32, unless they are told another dtype.
_FULL_RESULT = "cumprod cumsum linalg_vector_norm log_softmax.int prod prod.dim_int softmax.int sum sum.dim_IntList"
# Run in the widest dtype of their arguments.
_WIDEST = "addcdiv addcmul atan2 bilinear cross dot grid_sampler index_put scatter_add tensordot vdot"

_KEY: Any = torch._C.DispatchKey.AutocastPrivateUse1  # type: ignore[attr-defined]
_DEVICE = "privateuseone"
_LOW, _FLOAT = torch.bfloat16, torch.float32
# As CUDA's autocast does, keeps the copies of parameters until it ends, by the identity of the parameter.
_copies: dict[int, torch.Tensor] = {}


@contextmanager
def autocast() -> Iterator[None]:
    """Run operators on the meta device as CUDA's autocast to bf16 does."""
    _register()
    torch.set_autocast_enabled(_DEVICE, True)
    try:
        with torch._C._IncludeDispatchKeyGuard(_KEY):
            yield
    finally:
        torch.set_autocast_enabled(_DEVICE, False)
        _copies.clear()


@cache
def _register() -> tuple[torch.library.Library, ...]:
    """Make the kernels, once a process. They are there as long as what is returned."""
    everything: Any = torch.library.Library("_", "IMPL")  # type: ignore[no-untyped-call]
    everything.fallback(torch.library.fallthrough_kernel, _KEY.name)
    own: Any = torch.library.Library("aten", "IMPL")  # type: ignore[no-untyped-call]
    for names, kernel in ((_LOWER, _lower), (_FULL, _full), (_FULL_RESULT, _full_result), (_WIDEST, _widest)):
        for name in names.split():
            operator = _operator(name)
            if operator is not None:
                own.impl(name, kernel(operator), _KEY.name)
    return everything, own


def _operator(name: str) -> Any:
    """An operator of torch; ``None`` if this version has none of this name."""
    packet, _, overload = name.partition(".")
    return getattr(getattr(torch.ops.aten, packet, None), overload or "default", None)


Kernel = Callable[..., Any]


def _lower(operator: Any) -> Kernel:
    def kernel(*arguments: Any, **options: Any) -> Any:
        with torch._C._ExcludeDispatchKeyGuard(_KEYS):
            return operator(*map(_to_low, arguments), **options)

    return kernel


def _full(operator: Any) -> Kernel:
    def kernel(*arguments: Any, **options: Any) -> Any:
        with torch._C._ExcludeDispatchKeyGuard(_KEYS):
            return operator(*(_to(argument, _FLOAT) for argument in arguments), **options)

    return kernel


def _full_result(operator: Any) -> Kernel:
    place = [argument.name for argument in operator._schema.arguments].index("dtype")

    def kernel(*arguments: Any, **options: Any) -> Any:
        with torch._C._ExcludeDispatchKeyGuard(_KEYS):
            told = arguments[place] if len(arguments) > place else options.get("dtype")
            if told is None and _is_castable(arguments[0]) and arguments[0].dtype == _LOW:
                arguments, options = arguments[:place], {**options, "dtype": _FLOAT}
            return operator(*arguments, **options)

    return kernel


def _widest(operator: Any) -> Kernel:
    def kernel(*arguments: Any, **options: Any) -> Any:
        with torch._C._ExcludeDispatchKeyGuard(_KEYS):
            floats = [argument.dtype for argument in arguments if _is_castable(argument)]
            widest = _FLOAT if _FLOAT in floats else _LOW
            return operator(*(_to(argument, widest) for argument in arguments), **options)

    return kernel


def _to_low(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(map(_to_low, value))
    if not _is_castable(value) or value.dtype == _LOW:
        return value
    if not (value.requires_grad and value.is_leaf and value._base is None):
        return value.to(_LOW)
    if id(value) not in _copies:
        _copies[id(value)] = value.to(_LOW)
    return _copies[id(value)]


def _to(value: Any, dtype: torch.dtype) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(_to(part, dtype) for part in value)
    return value.to(dtype) if _is_castable(value) else value


def _is_castable(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_meta and value.dtype in (_LOW, torch.float16, _FLOAT)


_KEYS = torch._C.DispatchKeySet(_KEY)
