"""The MACs and activations of torch's operators, and the list of operators that are not counted.

Names are those of aten without namespace and overload: ``addmm`` for ``aten::addmm.default``. A model that calls an
operator in neither list may have too low a count, so the names of such operators are reported with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch


class Cost(NamedTuple):
    """The cost of one call: its MACs, and its activations (elements of outputs of convolutions and matrix products)."""

    macs: int
    activations: int


FREE = Cost(0, 0)

Formula = Callable[..., Cost]


def _convolution(result: torch.Tensor, features: torch.Tensor, weight: torch.Tensor, *arguments: Any, **_: Any) -> Cost:
    """The cost of a convolution: one filter for each output element, or for each input element if it is transposed.

    ``weight`` is (out, in / groups, *kernel), or (in, out / groups, *kernel) if the convolution is transposed.
    """
    transposed = arguments[4]
    positions = features if transposed else result
    return Cost(positions.numel() * math.prod(weight.shape[1:]), result.numel())


def _product(result: torch.Tensor, left: torch.Tensor, right: torch.Tensor, *_: Any, **__: Any) -> Cost:
    """The cost of (..., n, k) times (..., k, m): m MACs for each element of ``left``. Either may be a vector."""
    columns = right.shape[-1] if right.ndim > 1 else 1
    return Cost(left.numel() * columns, result.numel())


def _added_product(result: torch.Tensor, _added: torch.Tensor, *factors: Any, **__: Any) -> Cost:
    """The cost of a product plus a term. The term needs no multiplication."""
    return _product(result, *factors)


def _outer(result: torch.Tensor, *_: Any, **__: Any) -> Cost:
    """The cost of an outer product: one multiplication for each element of the result."""
    return Cost(result.numel(), result.numel())


def _linear(result: torch.Tensor, _features: torch.Tensor, weight: torch.Tensor, *_: Any, **__: Any) -> Cost:
    """The cost of a linear layer with ``weight`` (out, in): ``in`` MACs for each element of the result."""
    return Cost(result.numel() * weight.shape[-1], result.numel())


def _attention(
    _results: Sequence[torch.Tensor], query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, *_: Any, **__: Any
) -> Cost:
    """The cost of the two matrix products in the unfused form, whose results are N x M and N x V for each head.

    Query is (..., N, D), key (..., M, D), value (..., M, V). Softmax, scale and mask are never counted. A causal mask
    saves nothing in the unfused form.
    """
    *leading, queries, size = query.shape
    keys, values = key.shape[-2], value.shape[-1]
    heads = math.prod(leading)
    return Cost(heads * queries * keys * (size + values), heads * queries * (keys + values))


COUNTED: dict[str, Formula] = {
    "convolution": _convolution,
    "convolution_overrideable": _convolution,
    "mm": _product,
    "bmm": _product,
    "mv": _product,
    "dot": _product,
    "vdot": _product,
    "matmul": _product,
    "addmm": _added_product,
    "addbmm": _added_product,
    "addmv": _added_product,
    "baddbmm": _added_product,
    "ger": _outer,
    "addr": lambda result, _added, *vectors, **options: _outer(result, *vectors, **options),
    "linear": _linear,
    "_scaled_dot_product_flash_attention": _attention,
    "_scaled_dot_product_flash_attention_for_cpu": _attention,
    "_scaled_dot_product_efficient_attention": _attention,
    "_scaled_dot_product_cudnn_attention": _attention,
    "_scaled_dot_product_fused_attention_overrideable": _attention,
}

# The operators that are not counted, by the reason. In-place operators are listed without their trailing underscore.
_GROUPS = {
    "moves, views or selects data": """
        _reshape_alias _reshape_copy _to_copy _unsafe_view alias arange as_strided bucketize broadcast_to cat chunk
        clone col2im concat constant_pad_nd contiguous copy detach diag diagonal embedding expand flip gather im2col
        index index_copy index_fill index_put index_select lift lift_fresh masked_fill masked_scatter masked_select
        meshgrid movedim narrow permute pixel_shuffle pixel_unshuffle reflection_pad1d reflection_pad2d
        reflection_pad3d repeat repeat_interleave replication_pad1d replication_pad2d replication_pad3d reshape resize
        resolve_conj resolve_neg roll rot90 scatter select select_scatter set slice slice_scatter split
        split_with_sizes squeeze stack t take tile to transpose tril triu unbind unfold unsafe_chunk unsafe_split
        unsafe_split_with_sizes unsqueeze view view_as_complex view_as_real where
    """,
    "creates tensors": """
        bernoulli empty empty_like empty_permuted empty_strided eye fill full full_like linspace new_empty
        new_empty_strided new_full new_ones new_zeros normal ones ones_like rand rand_like randint randn randn_like
        randperm scalar_tensor tril_indices triu_indices uniform zero zeros zeros_like
    """,
    "works element by element": """
        abs acos add addcdiv addcmul asin atan atan2 bitwise_and bitwise_left_shift bitwise_not bitwise_or
        bitwise_right_shift bitwise_xor ceil celu clamp clamp_max clamp_min complex conj cos cosh div elu eq erf erfc
        erfinv exp exp2 expm1 floor floor_divide fmod frac ge gelu glu gt hardshrink hardsigmoid hardswish hardtanh
        isfinite isinf isnan le leaky_relu lerp log log10 log1p log2 log_sigmoid_forward logical_and logical_not
        logical_or logical_xor logit lt maximum minimum mish mul native_dropout ne neg nan_to_num polar pow prelu
        _prelu_kernel reciprocal relu relu6 remainder round rrelu rrelu_with_noise rsqrt rsub selu sgn sigmoid sign
        silu sin sinc sinh softplus softshrink sqrt square sub tan tanh threshold trunc xlogy
    """,
    "reduces or sorts": """
        all amax amin aminmax any argmax argmin argsort bincount count_nonzero cummax cummin cumprod cumsum
        linalg_vector_norm logcumsumexp logsumexp max mean median min norm prod searchsorted sort std std_mean sum topk
        var var_mean
    """,
    "normalises": """
        _fused_rms_norm _log_softmax _native_batch_norm_legit _native_batch_norm_legit_no_training _safe_softmax
        _softmax native_batch_norm native_group_norm native_layer_norm
    """,
    "pools": """
        _adaptive_avg_pool2d _adaptive_avg_pool3d adaptive_avg_pool1d adaptive_max_pool2d adaptive_max_pool3d
        avg_pool1d avg_pool2d avg_pool3d max_pool1d max_pool2d_with_indices max_pool3d_with_indices
    """,
    "interpolates": """
        _upsample_bicubic2d_aa _upsample_bilinear2d_aa _upsample_nearest_exact1d _upsample_nearest_exact2d
        _upsample_nearest_exact3d grid_sampler_2d upsample_bicubic2d upsample_bilinear2d upsample_linear1d
        upsample_nearest1d upsample_nearest2d upsample_nearest3d upsample_trilinear3d
    """,
    "checks values": "_assert_async _assert_scalar _local_scalar_dense equal is_nonzero item",
    "transforms by a fast Fourier transform": "_fft_c2c _fft_c2r _fft_r2c",
}
NOT_COUNTED: dict[str, str] = {name: why for why, names in _GROUPS.items() for name in names.split()}


def name_of(operator: torch._ops.OpOverload) -> str:
    """The name that an operator is listed under: without namespace, overload, and the underscore of in-place forms."""
    namespace, _, name = operator._schema.name.partition("::")
    if namespace != "aten":
        return str(operator._schema.name)
    return name.removesuffix("_") if operator._schema.is_mutable else name


def is_listed(name: str) -> bool:
    """Whether an operator of this name is in one of the two lists, so that its cost is known."""
    return name in COUNTED or name in NOT_COUNTED


def cost(operator: torch._ops.OpOverload, arguments: Sequence[Any], options: dict[str, Any], results: Any) -> Cost:
    """The cost of one call, from its arguments and results. An operator in neither list costs nothing."""
    formula = COUNTED.get(name_of(operator))
    return FREE if formula is None else formula(results, *arguments, **options)


def of_one_image(number: int, batch: int) -> int:
    """A number of elements or operations at batch 1, from that at a batch which is 1 or the prime of a pass."""
    if batch > 1:
        # Models exist in which a matrix grows with the square of the batch, such as csatv2.
        while number and number % batch == 0:
            number //= batch
    return number
