"""Run one pass on the meta device, forward or forward and backward, and watch it operator by operator.

A pass is run at a large prime batch. What grows with the batch is then a multiple of the prime, and what does not grow
is not, so one pass tells both apart, at each moment. Tensors on the meta device take no memory at any size.

Models repeat their blocks, so the layout of an operator's results is remembered. The key is all that the layout depends
on: the shapes, strides and dtypes of the tensor arguments, and the other arguments. A later call with the same key gets
new empty tensors without running the operator, in a tenth of the time. Only operators that return new tensors, or
their first argument changed in place, are remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from generator.measuring import layouts, operators, terms
from generator.measuring.layouts import Layout, Layouts, layout
from generator.measuring.modes import in_mode
from generator.measuring.operators import FREE, Cost, of_one_image

_META = torch.device("meta")
_DETACH = torch.ops.aten.detach.default
# Follows the copy that a reshape has to make.
_RESHAPED = torch.ops.aten._unsafe_view.default
# Fused attention, without and with a mask. Only the first gives its result the layout of the query. Both keep the same
# tensors for the backward pass.
_FLASH = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
_EFFICIENT = torch.ops.aten._scaled_dot_product_efficient_attention
# The batch of a pass that stands for all batches. No size that does not come from the batch has it as a factor.
BATCH = 10_007
# The limit of remembered calls in a process, over all its models: about 50 MB. At the limit all are forgotten.
_MOST_REMEMBERED = 100_000


class Kind(NamedTuple):
    """The traits of an operator that do not depend on its arguments.

    ``name`` is its name in the lists of `operators`, ``is_listed`` whether it is in one of them. ``is_own``: whether it
    is one of torch's own, whose results have a layout that follows from its arguments.
    """

    name: str
    is_view: bool
    is_mutable: bool
    is_listed: bool
    is_own: bool


class Watcher(Protocol):
    """A function that is called after every operator that returns new tensors or changes one."""

    def __call__(
        self, kind: Kind, inputs: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor], arguments: Sequence[Any]
    ) -> None:
        """Take note of one call.

        Args:
            kind: the operator.
            inputs: the tensors among its arguments, in order.
            outputs: the tensors among its results, in order.
            arguments: its positional arguments.
        """

    def reshaped(self, source: torch.Tensor, shape: Sequence[int]) -> None:
        """Take note that a tensor, just made as a copy, is seen in another shape."""


class _Remembered(NamedTuple):
    """The results of a remembered call, and its cost.

    ``results`` has the size, stride and dtype of each result, ``None`` for a result that is left out; or it is ``None``
    where the operator changes its first argument in place. ``is_single``: whether the result is one tensor rather than
    a tuple.
    """

    results: Layouts | None
    is_single: bool
    cost: Cost


_kinds: dict[torch._ops.OpOverload, Kind] = {}
_remembered: dict[Any, _Remembered] = {}


class Tally:
    """The cost of a forward pass so far, for one image.

    ``batch`` is the batch of the pass. ``own`` has the own MACs of each module by its path: those counted while no
    module inside it was running.
    ``normalises_single_values``: whether a batch normalisation would be given one value for each channel of one image.
    ``otherwise`` is what fvcore counts otherwise.
    """

    def __init__(self, paths: Iterable[str], batch: int = 1) -> None:
        self.batch = batch
        self.macs = 0
        self.activations = 0
        self.own = dict.fromkeys(paths, 0)
        self.unlisted: set[str] = set()
        self.normalises_single_values = False
        self.running = [""]
        self.otherwise = terms.Otherwise(batch)

    def add(self, cost: Cost) -> None:
        """Add the cost of one operator call to the totals and to the innermost running module."""
        macs, activations = of_one_image(cost.macs, self.batch), of_one_image(cost.activations, self.batch)
        self.macs += macs
        self.activations += activations
        self.own[self.running[-1]] += macs
        self.otherwise.add(macs, activations)


class _Watching(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Intercepts every operator below autograd: counts it and remembers its results."""

    def __init__(self, tally: Tally, watcher: Watcher | None, remember: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._tally = tally
        self._watcher = watcher
        self._remember = remember

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # torch would wrap the method below for its compiler, which takes a tenth of the time of a pass.
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func is _DETACH:
            return func(*args)
        options = kwargs or {}
        kind = _kinds.get(func) or _learn(func)
        if not kind.is_listed:
            self._tally.unlisted.add(kind.name)
        if kind.is_view:
            if func is _RESHAPED and self._watcher is not None:
                self._watcher.reshaped(*args)
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
                result = _made(known.results[0])
            else:
                result = tuple(map(_made, known.results))
        if cost is not FREE:
            self._tally.add(cost)
        if self._watcher is not None:
            self._watcher(kind, inputs, _tensors(result), args)
        return result

    def _run(
        self, kind: Kind, func: Any, args: Any, options: dict[str, Any], key: Any, inputs: Sequence[torch.Tensor]
    ) -> tuple[Any, Cost]:
        is_ruled = self._remember and not kind.is_mutable and options.keys() <= layouts.IRRELEVANT
        known = layouts.of(kind.name, args) if is_ruled else None
        if known is not None and all(tensor.is_meta for tensor in inputs):
            is_single = layouts.is_single(kind.name)
            _store(key, _Remembered(known, is_single, FREE))
            return _made(known[0]) if is_single else tuple(map(_made, known)), FREE
        before = layout(args[0]) if kind.is_mutable and inputs else None
        result = func(*args, **options)
        cost = operators.cost(func, args, options, result)
        if kind.is_own and all(tensor.is_meta for tensor in inputs):
            results = _tensors(result)
            if kind.is_mutable:
                if result is args[0] and before == layout(result):
                    _store(key, _Remembered(None, True, cost))
            elif _are_new(results, inputs, result):
                parts = [result] if isinstance(result, torch.Tensor) else result
                found = tuple(None if part is None else layout(part) for part in parts)
                _store(key, _Remembered(found, isinstance(result, torch.Tensor), cost))
        return result, cost


class _Functions(TorchFunctionMode):
    """Intercepts functions of torch above autograd: runs attention in its fused form, and notes what fvcore counts.

    Activation memory is that of fused attention. Otherwise torch decomposes attention into its parts on the meta
    device. As in torch, only attention of four dimensions (batch, heads, tokens, size) has a fused form.
    """

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self._tally = tally

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        options = kwargs or {}
        if func not in terms.FOLLOWED:
            return func(*args, **options)
        if func is nn.functional.batch_norm:
            # Its first argument is (batch, channels, ...). torch itself compares these numbers in training mode.
            features = args[0] if args else options["input"]
            single = features.ndim > 1 and features.numel() == features.shape[1] * self._tally.batch
            self._tally.normalises_single_values |= single
        instead = _attend if func is nn.functional.scaled_dot_product_attention else func
        return self._tally.otherwise.call(func, instead, args, options)


def run(
    model: nn.Module,
    paths: Iterable[str],
    inputs: torch.Tensor,
    *,
    watcher: Watcher | None = None,
    remember: bool = True,
) -> Tally:
    """Run a model on the meta device once, in evaluation mode and without gradients, and count its cost.

    Args:
        model: the model, with all its parameters on the meta device.
        paths: the paths of the modules that MACs are attributed to, with "" for the root among them.
        inputs: the input of the model, on the meta device, at batch 1 or `BATCH`.
        watcher: called after every operator.
        remember: whether to remember results. This changes the time only, not the figures.
    """
    tally = Tally(paths, inputs.shape[0])
    with torch.no_grad(), _following(model, tally):
        _call(model, inputs, tally, watcher, remember=remember)
    return tally


def outputs(model: nn.Module, inputs: torch.Tensor) -> Any:
    """Run a model on the meta device once, in evaluation mode, and return its result."""
    return _call(model, inputs, Tally([""]), None, remember=True)


@contextmanager
def watching(batch: int, watcher: Watcher | None) -> Iterator[None]:
    """Watch whatever runs on the meta device inside, a backward pass too, without counting its cost."""
    tally = Tally([""], batch)
    with _Functions(tally), _Watching(tally, watcher, remember=True):
        yield


def _call(model: nn.Module, inputs: torch.Tensor, tally: Tally, watcher: Watcher | None, *, remember: bool) -> Any:
    with in_mode(model, training=False), _Functions(tally), _Watching(tally, watcher, remember):
        return model(inputs)


@contextmanager
def _following(model: nn.Module, tally: Tally) -> Iterator[None]:
    """Keep ``tally.running`` the stack of running modules, of those that MACs are attributed to."""
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
        is_own=func.namespace == "aten",
    )
    _kinds[func] = kind
    return kind


def _key(values: Sequence[Any], tensors: list[torch.Tensor]) -> tuple[Any, ...]:
    """The key of a call, from its arguments. Tensor arguments are appended to ``tensors`` as well."""
    parts: list[Any] = []
    for value in values:
        if isinstance(value, torch.Tensor):
            tensors.append(value)
            # Some models create small tensors on the CPU; these are not moved to the meta device.
            parts.append((value.shape, value.stride(), value.dtype, value.is_meta))
        elif isinstance(value, (list, tuple)):
            parts.append(_key(value, tensors))
        else:
            # The type is part of the key: 1, 1.0 and True are equal but give results of different dtypes.
            parts.append((type(value), value))
    return tuple(parts)


def _tensors(result: Any) -> Sequence[torch.Tensor]:
    if isinstance(result, torch.Tensor):
        return (result,)
    if isinstance(result, (tuple, list)):
        return [tensor for tensor in result if isinstance(tensor, torch.Tensor)]
    return ()


def _made(known: Layout | None) -> torch.Tensor | None:
    if known is None:
        return None
    size, stride, dtype = known
    return torch.empty_strided(size, stride, dtype=dtype, device=_META)


def _are_new(results: Sequence[torch.Tensor], inputs: Sequence[torch.Tensor], result: Any) -> bool:
    """Whether all results are new tensors: each is alone in its storage, and fills it as a newly made tensor does.

    An operator of the backward pass leaves out the gradients that nobody asks for.
    """
    if not isinstance(result, torch.Tensor) and (
        type(result) is not tuple or len(results) + sum(part is None for part in result) != len(result)
    ):
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
    """Bytes of the storage that a new tensor of the same layout gets."""
    if tensor.numel() == 0:
        return 0
    last = sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.stride(), strict=True))
    return (last + 1) * tensor.element_size()


def _store(key: Any, remembered: _Remembered) -> None:
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[key] = remembered
