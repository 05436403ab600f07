"""Measure the activation memory of one forward pass: its peak, and the part kept for the backward pass.

The pass runs on the meta device, where storages have the sizes and lifetimes of real ones but take no memory. No figure
includes parameters, buffers, or memory that an operator takes only while it runs, such as a convolution's workspace.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import torch
from torch import nn

from generator.measuring.forward import Kind


class Autocast(NamedTuple):
    """The operators that a device's autocast runs in bf16 (``lower``) and in fp32 (``full``).

    All other operators run in the dtype of their arguments.
    """

    lower: frozenset[str]
    full: frozenset[str]


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_FUSED = _set("_scaled_dot_product_efficient_attention _scaled_dot_product_flash_attention_for_cpu")
_PRODUCTS = _FUSED | _set("convolution mm bmm mv dot matmul addmm addbmm addmv baddbmm linear")
_INTERPOLATIONS = _set(
    "upsample_bicubic2d upsample_bilinear2d upsample_linear1d upsample_nearest1d upsample_nearest2d upsample_nearest3d "
    "upsample_trilinear3d _upsample_bicubic2d_aa _upsample_bilinear2d_aa"
)
# https://docs.pytorch.org/docs/stable/amp.html#cuda-ops-that-can-autocast-to-float16
CUDA = Autocast(
    _PRODUCTS | {"_prelu_kernel"},
    _INTERPOLATIONS
    | _set(
        "acos asin cosh cumprod cumsum erfinv exp expm1 linalg_vector_norm log log10 log1p log2 _log_softmax "
        "native_group_norm native_layer_norm norm pow prod reciprocal rsqrt sinh _softmax softplus sum tan"
    ),
)
# https://docs.pytorch.org/docs/stable/amp.html#cpu-ops-that-can-autocast-to-bfloat16
CPU = Autocast(_PRODUCTS, _INTERPOLATIONS | _set("avg_pool3d grid_sampler_2d _fft_c2c _fft_c2r _fft_r2c"))

_NORMALISATIONS = _set("native_batch_norm native_group_norm native_layer_norm")
# Operators that return statistics after their first result. Statistics stay in fp32.
_GIVES_STATISTICS = _NORMALISATIONS | _FUSED
# Operators whose backward pass needs their own results, with the index of the first one needed. Autograd keeps these
# results right after the operator has run, before the next operator keeps its arguments.
_KEEPS_RESULTS_FROM = dict.fromkeys(_NORMALISATIONS | {"max_pool2d_with_indices"}, 1) | dict.fromkeys(
    _FUSED
    | _set(
        "_log_softmax _safe_softmax _softmax amax amin celu cumprod elu exp exp2 expm1 leaky_relu linalg_vector_norm "
        "logsumexp norm reciprocal relu rsqrt sigmoid sqrt tan tanh"
    ),
    0,
)
# Operators whose result has the dtype of the first argument. The other arguments, parameters and statistics, may be in
# fp32.
_FOLLOWS_FIRST = _NORMALISATIONS | {"index"}

_BF16_BYTES, _FP32_BYTES = 2, 4


class _Storage(weakref.ref[torch.UntypedStorage]):
    """A weak reference to a storage, with its figures. ``is_low``: whether it would be in bf16 under autocast."""

    __slots__ = ("bytes", "bytes_live", "identity", "is_low", "is_saved", "is_saved_mixed")
    bytes: int
    bytes_live: int
    identity: int
    is_low: bool
    is_saved: bool
    is_saved_mixed: bool


class ActivationMemory:
    """The watcher of one forward pass, and the context manager to run the pass in.

    All figures are in bytes. ``peak`` and ``saved`` are for the model's own dtypes, ``saved_mixed`` for autocast to
    bf16. ``cast`` is the size of the bf16 copies of parameters that autocast makes once and autograd keeps; it does not
    grow with the batch.
    """

    def __init__(self, model: nn.Module, autocast: Autocast = CUDA) -> None:
        self.peak = 0
        self.saved = 0
        self.saved_mixed = 0
        self.cast = 0
        self._live = 0
        self._autocast = autocast
        self._alive: dict[int, _Storage] = {}
        self._constant = {id(tensor.untyped_storage()) for tensor in _constants(model)}
        # Keeps the storages alive, because Python may give the id of a deleted object to a new one.
        self._kept = [tensor.untyped_storage() for tensor in _constants(model)]
        self._uncast = set(self._constant)
        # The tensors that autograd has kept since the last operator: storage, its identity, elements, whether fp32.
        self._pending: list[tuple[_Storage | None, int, int, bool]] = []
        # The identities of the storages that autograd keeps because they are results of the last operator.
        self._results: set[int] = set()
        # The last copy: the identity of its source, and its storage. Before an in-place operator changes a tensor that
        # the backward pass needs, autograd copies the tensor. The peak is that of a pass without gradients, which makes
        # no such copy: a copy counts for the peak only if the next operator does not change its source.
        self._copy: tuple[int, _Storage] | None = None
        self._hooks: Any = None

    def __enter__(self) -> ActivationMemory:
        self._hooks = torch.autograd.graph.saved_tensors_hooks(self._keep, _unreachable)
        self._hooks.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._hooks.__exit__(*error)
        if self._copy is not None:
            self._judge_copy(None)
        self._settle(frozenset(), lowers=False, raises=False)
        self._alive.clear()

    def begin(self, tensor: torch.Tensor) -> None:
        """Count the input of the pass, which exists before the first operator runs."""
        self._register(tensor)

    def __call__(self, kind: Kind, inputs: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> None:
        lowers, raises = kind.name in self._autocast.lower, kind.name in self._autocast.full
        identities = [id(tensor.untyped_storage()) for tensor in inputs]
        if self._copy is not None:
            self._judge_copy(identities[0] if kind.is_mutable else None)
        if self._pending:
            self._settle(identities, lowers, raises)
        if not kind.is_mutable:
            is_low = lowers or (not raises and self._follows(kind, inputs, identities))
            is_copy = kind.name == "clone"
            for place, tensor in enumerate(outputs):
                storage = self._register(tensor, counts=not is_copy)
                if is_copy and storage is not None:
                    self._copy = (identities[0], storage)
                if storage is not None and tensor.dtype == torch.float32:
                    # Results after the first are statistics, which stay in fp32.
                    storage.is_low = is_low and (place == 0 or kind.name not in _GIVES_STATISTICS)
        kept = outputs[_KEEPS_RESULTS_FROM.get(kind.name, len(outputs)) :]
        self._results = {id(tensor.untyped_storage()) for tensor in kept}

    def _follows(self, kind: Kind, inputs: Sequence[torch.Tensor], identities: Sequence[int]) -> bool:
        """Whether autocast would leave the result of this operator in bf16: only if no argument is in fp32.

        For operators that run in the dtype of their arguments. Tensors without dimensions do not count.
        """
        decisive = False
        for tensor, identity in zip(inputs, identities, strict=True):
            if tensor.dtype == torch.float32 and tensor.ndim:
                storage = self._alive.get(identity)
                if storage is None or not storage.is_low:
                    return False
                decisive = True
                if kind.name in _FOLLOWS_FIRST:
                    return True
        return decisive

    def _register(self, tensor: torch.Tensor, *, counts: bool = True) -> _Storage | None:
        reference = tensor.untyped_storage()
        identity = id(reference)
        if identity in self._constant:
            return None
        storage = self._alive.get(identity)
        if storage is None:
            storage = _Storage(reference, self._forget)
            storage.identity = identity
            storage.bytes = storage.bytes_live = reference.nbytes()
            storage.is_low = storage.is_saved = storage.is_saved_mixed = False
            self._alive[identity] = storage
            self._live += storage.bytes
            if counts and self._live > self.peak:
                self.peak = self._live
        return storage

    def _judge_copy(self, changed: int | None) -> None:
        """Count the last copy for the peak, unless the next operator changes the storage that was copied."""
        assert self._copy is not None
        source, copy = self._copy
        self._copy = None
        if changed == source:
            self._live -= copy.bytes_live
            copy.bytes_live = 0
        else:
            self.peak = max(self.peak, self._live)

    def _forget(self, storage: _Storage) -> None:
        if self._alive.pop(storage.identity, None) is not None:
            self._live -= storage.bytes_live

    def _keep(self, tensor: torch.Tensor) -> None:
        """Count a tensor that autograd keeps.

        Called by autograd, which keeps the returned ``None`` instead of the tensor: lifetimes stay those without
        gradients.
        """
        identity = id(tensor.untyped_storage())
        if identity in self._constant:
            storage = None
        else:
            storage = self._register(tensor)
            if storage is not None and not storage.is_saved:
                storage.is_saved = True
                self.saved += storage.bytes
        self._pending.append((storage, identity, tensor.numel(), tensor.dtype == torch.float32))

    def _settle(self, identities: Sequence[int] | frozenset[int], lowers: bool, raises: bool) -> None:
        """Count the pending tensors as autograd would keep them under autocast.

        Called once it is known which operator they were kept for, since that decides their dtype.
        """
        for storage, identity, elements, is_float in self._pending:
            if identity in self._results:
                # The last operator keeps its results before the next one keeps its arguments.
                self._results.discard(identity)
                is_argument = False
            else:
                is_argument = identity in identities
            if storage is None:
                if is_argument and lowers and identity in self._uncast:
                    self._uncast.discard(identity)
                    self.cast += elements * _BF16_BYTES
            elif is_argument and is_float and lowers and not storage.is_low:
                self.saved_mixed += elements * _BF16_BYTES
            elif is_argument and is_float and raises and storage.is_low:
                self.saved_mixed += elements * _FP32_BYTES
            elif not storage.is_saved_mixed:
                storage.is_saved_mixed = True
                self.saved_mixed += storage.bytes // 2 if storage.is_low else storage.bytes
        self._pending.clear()


def _constants(model: nn.Module) -> Iterable[torch.Tensor]:
    yield from model.parameters()
    yield from model.buffers()


def _unreachable(_: Any) -> torch.Tensor:
    raise AssertionError("nothing runs backward here")
