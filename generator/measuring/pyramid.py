"""Measure the feature pyramid of one model: the feature maps of its ``features_only=True`` form on the meta device.

With ``features_only=True`` timm makes a different model: without a head, and for some models cut off, rebuilt or of
another class. So that model is created through ``timm.create_model``, as users create it, and not imitated here.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from generator.facts.inspections import Level, Pyramid
from generator.facts.registry import CatalogEntry
from generator.facts.shapes import Shape
from generator.facts.texts import printable
from generator.measuring import forward
from generator.measuring.reasons import LONGEST, in_one_line, message_of

# Creates the model with the given options of ``timm.create_model``.
Make = Callable[..., nn.Module]
# Runs a model on an input of the given shape and returns its result.
Run = Callable[[nn.Module, Shape], Any]

# Part of torch's message for an operator that needs the values of a tensor on the meta device, which has none.
_WITHOUT_VALUES = "meta tensor"


class _Map(NamedTuple):
    channels: int
    height: int
    width: int


class _Claim(NamedTuple):
    """The claims of timm's ``feature_info`` about a level; ``None`` where it makes no claim.

    ``before``: whether the feature map is the input of the module, not its output.
    """

    module: str | None = None
    channels: int | None = None
    reduction: int | None = None
    before: bool = False


class _OddError(ValueError):
    """The result of a ``features_only`` model is not a feature pyramid."""


def run_on_meta(model: nn.Module, shape: Shape) -> Any:
    """Run a model on the meta device, where only shapes are computed."""
    with torch.no_grad(), torch.device("meta"):
        return forward.outputs(model, torch.empty(shape, device="meta"))


class WholeNumbers(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Computes the values of integer tensors as well, on the CPU, beside the tensors on the meta device.

    A few models number their patches and read values of these numbers, such as how many rows there are. Such tensors
    are small and depend on sizes alone, not on the values of the image, so their values can be computed.
    """

    # The most elements of a tensor that gets values: more than any model has patches.
    LARGEST = 2**20

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        # Whether all values are right: false once an operator changes a tensor in place and the new values are unknown.
        self.is_sound = True

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        tensors = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)]
        have_values = [hasattr(tensor, "values_beside") for tensor in tensors]
        if func is torch.ops.aten._local_scalar_dense.default and all(have_values) and self.is_sound:
            return args[0].values_beside.item()
        result = func(*args, **kwargs)
        if all(have_values) and self._can_have_values(func, result):
            beside_args, beside_kwargs = tree_map(lambda leaf: getattr(leaf, "values_beside", leaf), (args, kwargs))
            if "device" in kwargs:
                beside_kwargs["device"] = torch.device("cpu")
            beside = func(*beside_args, **beside_kwargs)
            for tensor, values in zip(tree_leaves(result), tree_leaves(beside), strict=True):
                tensor.values_beside = values
        elif func._schema.is_mutable and any(have_values):
            self.is_sound = False
        return result

    def _can_have_values(self, func: Any, result: Any) -> bool:
        leaves = tree_leaves(result)
        return (
            not func.name().startswith("aten::empty")
            and torch.Tag.nondeterministic_seeded not in func.tags
            and all(isinstance(leaf, torch.Tensor) and not leaf.is_floating_point() for leaf in leaves)
            and all(leaf.numel() <= self.LARGEST for leaf in leaves)
        )


def run_with_whole_numbers(model: nn.Module, shape: Shape) -> Any:
    """Run a model that reads values of integer tensors."""
    with torch.no_grad(), torch.device("meta"), WholeNumbers():
        return model(torch.empty(shape))


def measure(entry: CatalogEntry, make: Make, modules: Collection[str]) -> Pyramid:
    """Measure the feature pyramid of a timm model at its default input size, batch 1.

    Args:
        entry: The model.
        make: Creates it; called with ``features_only=True`` and other options of ``timm.create_model``.
        modules: The paths of all modules of the model that ``timm.create_model(name)`` returns.

    Returns:
        The levels, or no levels and the reason. A model for which ``features_only`` raises, or returns something else
        than a feature pyramid, is not a failure.
    """
    if entry.input_size is None:
        return Pyramid(works=None, reason="timm gives no input size")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = _attempt(entry.input_size, make, modules, run_on_meta)
        # With values only in a second attempt: they take time, and almost no model needs them.
        return found if found.works is not None else _attempt(entry.input_size, make, modules, run_with_whole_numbers)


def _attempt(size: Shape, make: Make, modules: Collection[str], run: Run) -> Pyramid:
    try:
        return Pyramid(_levels(size, make, modules, run), works=True)
    except _OddError as error:
        return Pyramid(works=False, reason=printable(str(error), LONGEST))
    except Exception as error:  # users get the same exception from timm
        unknown = _WITHOUT_VALUES in message_of(error)
        return Pyramid(works=None if unknown else False, reason=in_one_line(error))


def _levels(size: Shape, make: Make, modules: Collection[str], run: Run) -> tuple[Level, ...]:
    backbone = make(features_only=True).eval()
    claims = _claims(backbone)
    layout = _layout(backbone)
    with _watched(backbone, claims or []) as passed:
        returned = run(backbone, (1, *size))
    maps = _maps(returned, layout)
    if claims is None:
        claims = [_Claim()] * len(maps)
    if len(maps) != len(claims):
        raise _OddError(f"feature maps that it returns: {len(maps)}, that feature_info tells of: {len(claims)}")
    strides = _strides(size, maps, claims, layout, backbone, make, run)
    return tuple(
        Level(
            module=claim.module if claim.module in modules and passed.has(claim, tensor) else None,
            layout=layout,
            channels=found.channels,
            stride=stride,
            height=found.height,
            width=found.width,
            claimed_channels=claim.channels,
            claimed_reduction=claim.reduction,
        )
        for tensor, found, claim, stride in zip(returned, maps, claims, strides, strict=True)
    )


class _Passed:
    """The tensors that went through the modules that ``feature_info`` names.

    timm's wrapper classes collect the feature maps by these names, so the names are right. Other models collect the
    maps in their own code, which may not agree with the names in their ``feature_info``.
    """

    def __init__(self, is_wrapper: bool) -> None:
        self.is_wrapper = is_wrapper
        self.tensors: dict[str, list[Any]] = {}

    def has(self, claim: _Claim, tensor: Any) -> bool:
        """Whether the feature map ``tensor`` can come from the claimed module: a tensor of its shape went through.

        The shape is compared, not the tensor itself: an activation function may run between the module and the map.
        """
        through = self.tensors.get(claim.module or "", ())
        return self.is_wrapper or any(getattr(other, "shape", None) == tensor.shape for other in through)


@contextmanager
def _watched(backbone: nn.Module, claims: list[_Claim]) -> Iterator[_Passed]:
    """Note the tensors that go through the claimed modules. Wrappers are not watched; see `_Passed`."""
    passed = _Passed(is_wrapper=hasattr(backbone, "output_fmt"))
    named = dict(backbone.named_modules())
    with ExitStack() as stack:
        for claim in () if passed.is_wrapper else claims:
            if claim.module is None or claim.module not in named:
                continue
            module, tensors = named[claim.module], passed.tensors.setdefault(claim.module, [])
            if claim.before:
                handle = module.register_forward_pre_hook(lambda _, taken, tensors=tensors: tensors.extend(taken))
            else:
                handle = module.register_forward_hook(lambda _, taken, given, tensors=tensors: tensors.append(given))
            stack.callback(handle.remove)
        yield passed


def _claims(backbone: nn.Module) -> list[_Claim] | None:
    """The claims of ``feature_info`` about the returned levels; ``None`` for a model without ``feature_info``."""
    info = getattr(backbone, "feature_info", None)
    if info is None:
        return None
    return [
        _Claim(
            level.get("module"),
            level.get("num_chs"),
            level.get("reduction"),
            before=level.get("hook_type") == "forward_pre",
        )
        for level in info.get_dicts()
    ]


def _layout(backbone: nn.Module) -> str:
    """The order of the dimensions of a feature map: that in ``output_fmt``, or NCHW for a model without one."""
    return str(getattr(getattr(backbone, "output_fmt", None), "value", "NCHW"))


def _maps(returned: Any, layout: str) -> list[_Map]:
    """The channels, height and width of each returned feature map."""
    if not isinstance(returned, (list, tuple)):
        raise _OddError(f"it returns a {type(returned).__name__}, not a list of feature maps")
    if not returned:
        raise _OddError("it returns no feature maps")
    found = []
    for level, tensor in enumerate(returned):
        if not isinstance(tensor, torch.Tensor) or tensor.ndim != 4:
            shape = tuple(tensor.shape) if isinstance(tensor, torch.Tensor) else type(tensor).__name__
            raise _OddError(f"level {level} is no feature map of four dimensions: {shape}")
        sizes = dict(zip(layout, tensor.shape, strict=True))
        found.append(_Map(sizes["C"], sizes["H"], sizes["W"]))
    return found


def _strides(
    size: Shape,
    maps: list[_Map],
    claims: list[_Claim],
    layout: str,
    backbone: nn.Module,
    make: Make,
    run: Run,
) -> list[int]:
    """The stride of each level.

    If input size / feature map size is a whole number and equals timm's claim, it is the stride. If not, the quotient
    may not be the stride: a convolution of stride 2 makes 8 of 15, and 8 of 16. Then a second pass with a larger input
    shows by how many pixels the input has to grow for the map to grow by one. If a map does not grow, as in a model
    that resizes its input, the stride is the quotient, rounded to the nearest integer.
    """
    _, height, width = size
    quotients = [round((height + width) / (level.height + level.width)) for level in maps]

    def is_confirmed(level: _Map, claim: _Claim) -> bool:
        return (height, width) == (level.height * (claim.reduction or 0), level.width * (claim.reduction or 0))

    if all(map(is_confirmed, maps, claims)):
        return quotients
    growth = 2 * math.lcm(*(claim.reduction or quotient for claim, quotient in zip(claims, quotients, strict=True)))
    grown = _maps(_run_larger((1, size[0], height + growth, width + growth), backbone, make, run), layout)
    return [
        quotient if is_confirmed(level, claim) or more.height <= level.height else _stride(growth, level, more)
        for level, claim, more, quotient in zip(maps, claims, grown, quotients, strict=True)
    ]


def _stride(growth: int, level: _Map, grown: _Map) -> int:
    return round(2 * growth / (grown.height - level.height + grown.width - level.width))


def _run_larger(shape: Shape, backbone: nn.Module, make: Make, run: Run) -> Any:
    """Run the model on a larger input. A model that takes only its own size is created anew for the larger size."""
    try:
        return run(backbone, shape)
    except Exception:  # models of a fixed size raise different exceptions
        return run(make(features_only=True, img_size=shape[2:]).eval(), shape)
