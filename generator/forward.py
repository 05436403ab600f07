"""One forward pass on the meta device, watched operator by operator.

Blocks repeat, so the results of an operator are remembered by what they follow from: shapes, strides and dtypes of its
tensors and its other arguments. The next call with the same is given new empty tensors at once, which takes a tenth of
the time. Only operators whose results are new tensors, or their first argument changed in place, are remembered.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from generator import operators
from generator.operators import FREE, Cost
from generator.records import Shape

_META = torch.device("meta")
_DETACH = torch.ops.aten.detach.default
# Without a mask the result has the layout of the query, with one it does not. Both keep the same for backward.
_FLASH = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
_EFFICIENT = torch.ops.aten._scaled_dot_product_efficient_attention
# Results that are remembered at most, over all models of a process: about 50 MB. All are forgotten when they are more.
_MEMORY = 100_000


class Kind(NamedTuple):
    """What is known of an operator, whatever it is called with: its listed name, and what becomes of its arguments."""

    name: str
    is_view: bool
    is_mutable: bool
    is_listed: bool


class Watcher(Protocol):
    """Who wants to know of every operator that gives new tensors or changes one: called after it has run."""

    def __call__(self, kind: Kind, inputs: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> None:
        """``inputs`` are the tensors among the arguments, ``outputs`` those among the results, each in their order."""


class _Remembered(NamedTuple):
    """The results of an operator: size, stride and dtype of each, ``None`` for the first argument changed in place."""

    results: tuple[tuple[Shape, tuple[int, ...], torch.dtype], ...] | None
    is_single: bool
    cost: Cost


_kinds: dict[torch._ops.OpOverload, Kind] = {}
_remembered: dict[Any, _Remembered] = {}


class Tally:
    """What a forward pass has cost so far.

    ``own`` has the MACs that ran while a module was the innermost running one, by its path.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self.macs = 0
        self.activations = 0
        self.own = dict.fromkeys(paths, 0)
        self.unlisted: set[str] = set()
        self.running = [""]

    def add(self, cost: Cost) -> None:
        """Count one call of an operator for the module that is running."""
        self.macs += cost.macs
        self.activations += cost.activations
        self.own[self.running[-1]] += cost.macs


class _Watching(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Sees every operator below autograd, counts it, and remembers results."""

    def __init__(self, tally: Tally, watcher: Watcher | None, remember: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._tally = tally
        self._watcher = watcher
        self._remember = remember

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func is _DETACH:
            return func(*args)
        options = kwargs or {}
        kind = _kinds.get(func) or _learn(func)
        if kind.is_view:
            if not kind.is_listed:
                self._tally.unlisted.add(kind.name)
            return func(*args, **options)
        inputs: list[torch.Tensor] = []
        key = (func, _key(args, inputs), _key(tuple(options.items()), inputs) if options else None)
        known = _remembered.get(key) if self._remember else None
        if known is None:
            result, cost = self._run(kind, func, args, options, key, inputs)
        else:
            cost = known.cost
            if known.results is None:
                result = args[0]
            elif known.is_single:
                size, stride, dtype = known.results[0]
                result = torch.empty_strided(size, stride, dtype=dtype, device=_META)
            else:
                result = tuple(
                    torch.empty_strided(size, stride, dtype=dtype, device=_META)
                    for size, stride, dtype in known.results
                )
        if cost is not FREE:
            self._tally.add(cost)
        if self._watcher is not None:
            self._watcher(kind, inputs, _tensors(result))
        return result

    def _run(
        self, kind: Kind, func: Any, args: Any, options: dict[str, Any], key: Any, inputs: Sequence[torch.Tensor]
    ) -> tuple[Any, Cost]:
        if not kind.is_listed:
            self._tally.unlisted.add(kind.name)
        before = _layout(args[0]) if kind.is_mutable and inputs else None
        result = func(*args, **options)
        cost = operators.cost(func, args, options, result)
        if kind.is_listed and all(tensor.is_meta for tensor in inputs):
            results = _tensors(result)
            if kind.is_mutable:
                if result is args[0] and before == _layout(result):
                    _store(key, _Remembered(None, True, cost))
            elif _are_new(results, inputs, result):
                layouts = tuple(map(_layout, results))
                _store(key, _Remembered(layouts, isinstance(result, torch.Tensor), cost))
        return result, cost


class _FusedAttention(TorchFunctionMode):
    """Gives attention its fused operator, which the meta device decomposes, since memory is that of the fused form.

    As in torch only attention of four dimensions (batch, heads, tokens, size) has a fused form.
    """

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func is nn.functional.scaled_dot_product_attention:
            return _attend(*args, **(kwargs or {}))
        return func(*args, **(kwargs or {}))


def run(
    model: nn.Module,
    paths: Iterable[str],
    inputs: torch.Tensor,
    *,
    watcher: Watcher | None = None,
    remember: bool = True,
) -> Tally:
    """Run a model on the meta device once, in evaluation mode, and count what it costs.

    Args:
        model: the model, with all its parameters on the meta device.
        paths: the modules that MACs are attributed to; the root, "", has to be among them.
        inputs: what the model is called with, on the meta device.
        watcher: told of every operator. Gradients are recorded where the caller enables them.
        remember: whether results are remembered; the figures are the same without.
    """
    tally = Tally(paths)
    with _following(model, tally):
        _call(model, inputs, _Watching(tally, watcher, remember))
    return tally


def outputs(model: nn.Module, inputs: torch.Tensor) -> Any:
    """What a model returns on the meta device, in evaluation mode."""
    return _call(model, inputs, _Watching(Tally([""]), None, remember=True))


def _call(model: nn.Module, inputs: torch.Tensor, watching: _Watching) -> Any:
    was_training = model.training
    model.eval()
    try:
        with warnings.catch_warnings(), _FusedAttention(), watching:
            warnings.simplefilter("ignore")
            return model(inputs)
    finally:
        model.train(was_training)


@contextmanager
def _following(model: nn.Module, tally: Tally) -> Iterator[None]:
    """Keep ``tally.running`` at the module that runs, among those that are attributed to."""
    handles = []
    try:
        for path, module in model.named_modules():
            if path and path in tally.own:

                def enter(_module: nn.Module, _arguments: Any, path: str = path) -> None:
                    tally.running.append(path)

                def leave(_module: nn.Module, _arguments: Any, _result: Any) -> None:
                    tally.running.pop()

                handles += [module.register_forward_pre_hook(enter), module.register_forward_hook(leave)]
        yield
    finally:
        for handle in handles:
            handle.remove()


def _attend(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> torch.Tensor:
    if query.ndim != 4 or enable_gqa:
        options = {"enable_gqa": True} if enable_gqa else {}
        return nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask, dropout_p, is_causal, scale=scale, **options
        )
    if attn_mask is None and query.shape[-1] == value.shape[-1]:
        return _first(_FLASH(query, key, value, dropout_p, is_causal, scale=scale))
    if attn_mask is not None:
        if attn_mask.dtype == torch.bool:
            attn_mask = torch.zeros_like(attn_mask, dtype=query.dtype).masked_fill_(~attn_mask, float("-inf"))
        attn_mask = attn_mask.expand(*query.shape[:-1], key.shape[-2])
    return _first(_EFFICIENT(query, key, value, attn_mask, torch.is_grad_enabled(), dropout_p, is_causal, scale=scale))


def _first(results: Sequence[torch.Tensor]) -> torch.Tensor:
    return results[0]


def _learn(func: torch._ops.OpOverload) -> Kind:
    name = operators.name_of(func)
    schema = func._schema
    aliases = [result.alias_info for result in schema.returns]
    kind = Kind(
        name,
        is_view=not schema.is_mutable and (any(aliases) or name in ("_unsafe_view", "_reshape_alias")),
        is_mutable=schema.is_mutable,
        is_listed=operators.is_listed(name),
    )
    _kinds[func] = kind
    return kind


def _key(values: Sequence[Any], tensors: list[torch.Tensor]) -> tuple[Any, ...]:
    """What results follow from, of any arguments; the tensors among them are added to ``tensors``."""
    parts: list[Any] = []
    for value in values:
        if isinstance(value, torch.Tensor):
            tensors.append(value)
            # Some models make small tensors on the CPU, which stay there.
            parts.append((value.shape, value.stride(), value.dtype, value.is_meta))
        elif isinstance(value, (list, tuple)):
            parts.append(_key(value, tensors))
        else:
            # With the type, since 1, 1.0 and True are equal and give results of different dtypes.
            parts.append((type(value), value))
    return tuple(parts)


def _tensors(result: Any) -> Sequence[torch.Tensor]:
    if isinstance(result, torch.Tensor):
        return (result,)
    if isinstance(result, (tuple, list)):
        return [tensor for tensor in result if isinstance(tensor, torch.Tensor)]
    return ()


def _layout(tensor: torch.Tensor) -> tuple[Shape, tuple[int, ...], torch.dtype]:
    return tensor.shape, tensor.stride(), tensor.dtype


def _are_new(results: Sequence[torch.Tensor], inputs: Sequence[torch.Tensor], result: Any) -> bool:
    """Whether the results are tensors alone, each with a storage of its own that it fills as a new one does."""
    if not isinstance(result, torch.Tensor) and (type(result) is not tuple or len(results) != len(result)):
        return False
    storages = [id(tensor.untyped_storage()) for tensor in results]
    given = {id(tensor.untyped_storage()) for tensor in inputs}
    return (
        bool(results)
        and len(set(storages)) == len(storages)
        and not given & set(storages)
        and all(tensor.is_meta and tensor.storage_offset() == 0 and not tensor.is_complex() for tensor in results)
        and all(tensor.untyped_storage().nbytes() == _extent(tensor) for tensor in results)
    )


def _extent(tensor: torch.Tensor) -> int:
    """Bytes of the storage that a new tensor of this layout gets."""
    if tensor.numel() == 0:
        return 0
    last = sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.stride(), strict=True))
    return (last + 1) * tensor.element_size()


def _store(key: Any, remembered: _Remembered) -> None:
    if len(_remembered) >= _MEMORY:
        _remembered.clear()
    _remembered[key] = remembered
