"""How many bytes of activations a forward pass has in memory at once, and how many it keeps for the backward pass.

Measured on the meta device, where storages have sizes and lifetimes as anywhere, and no memory. Parameters and buffers
are left out of all figures. So is what an operator takes while it runs, such as the workspace of a convolution.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import torch
from torch import nn

from generator.forward import Kind


class Autocast(NamedTuple):
    """Which operators a device's autocast runs in bf16 and which in fp32. All others take what they are given."""

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
# Operators whose results after the first are statistics, which stay in fp32.
_GIVES_STATISTICS = _NORMALISATIONS | _FUSED
# Operators whose backward pass needs their results, from the first or from the second on. Autograd keeps these right
# after the operator has run, before the next keeps its arguments.
_KEEPS_RESULTS_FROM = dict.fromkeys(_NORMALISATIONS | {"max_pool2d_with_indices"}, 1) | dict.fromkeys(
    _FUSED
    | _set(
        "_log_softmax _safe_softmax _softmax amax amin celu cumprod elu exp exp2 expm1 leaky_relu linalg_vector_norm "
        "logsumexp norm reciprocal relu rsqrt sigmoid sqrt tan tanh"
    ),
    0,
)
# Their results have the dtype of the first argument: the others, parameters and statistics, may be in fp32.
_FOLLOWS_FIRST = _NORMALISATIONS | {"index"}

_BF16_BYTES, _FP32_BYTES = 2, 4


class _Storage(weakref.ref[torch.UntypedStorage]):
    """What is known of one storage, which ends with it. ``is_low`` says that it would be in bf16 under autocast."""

    __slots__ = ("bytes", "bytes_live", "identity", "is_low", "is_saved", "is_saved_mixed")
    bytes: int
    bytes_live: int
    identity: int
    is_low: bool
    is_saved: bool
    is_saved_mixed: bool


class Residency:
    """A watcher of one forward pass, a context around it.

    ``peak`` and ``saved`` are bytes as the model is, ``saved_mixed`` under autocast to bf16. ``cast`` is the bytes of
    the bf16 copies of parameters that autocast makes once and autograd keeps; they do not grow with the batch.
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
        # Holds the storages, so that no other can have the identity of one of them.
        self._kept = [tensor.untyped_storage() for tensor in _constants(model)]
        self._uncast = set(self._constant)
        # What autograd has kept since the last operator: identity, elements, whether fp32.
        self._pending: list[tuple[_Storage | None, int, int, bool]] = []
        # The storages of the last operator's results that autograd keeps for it, as results.
        self._results: set[int] = set()
        # Autograd copies what an in-place operator is about to change where the backward pass needs it. Without
        # gradients there is no such copy, so that a copy only counts for the peak when no such operator follows it.
        self._copy: tuple[int, _Storage] | None = None
        self._hooks: Any = None

    def __enter__(self) -> Residency:
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
        """Count what is there before the pass: its input."""
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
                    # What comes after the first result are statistics, which stay in fp32.
                    storage.is_low = is_low and (place == 0 or kind.name not in _GIVES_STATISTICS)
        kept = outputs[_KEEPS_RESULTS_FROM.get(kind.name, len(outputs)) :]
        self._results = {id(tensor.untyped_storage()) for tensor in kept}

    def _follows(self, kind: Kind, inputs: Sequence[torch.Tensor], identities: Sequence[int]) -> bool:
        """Whether the result of an operator that takes what it is given is in bf16: where no argument is in fp32."""
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
        """Count the last copy for the peak, unless it is of the storage that the next operator changes."""
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
        """Autograd keeps a tensor. Nothing is kept of it here, so that lifetimes are those without gradients."""
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
        """Count what autograd would have kept under autocast, now that it is known for which operator it is."""
        for storage, identity, elements, is_float in self._pending:
            if identity in self._results:
                # The last operator keeps its result before the next keeps its arguments.
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
