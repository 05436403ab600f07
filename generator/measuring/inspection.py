"""Inspect one model: its parameters and modules, its feature pyramid, one forward pass, its deploy form.

Models are created on the meta device, where tensors have a shape and a dtype but no data, so that 25 GiB of parameters
take no memory. No weights are read and the network is not used.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import timm
import torch
from timm.utils.model import reparameterize_model
from torch import nn
from torch.overrides import TorchFunctionMode

from generator.facts.inspections import (
    AtSize,
    Deploy,
    Failure,
    Inspection,
    Module,
    Outcome,
    ParameterTensor,
    Partial,
    Stage,
)
from generator.facts.registry import CatalogEntry
from generator.facts.shapes import ELEMENT_BYTES, Shape
from generator.measuring import forward, passes, pyramid, sizes
from generator.measuring.nesting import check
from generator.measuring.reasons import in_one_line
from generator.measuring.signatures import signature_of

# In-place methods that set values and do not change the shape or dtype of the tensor.
_VALUE_METHODS = frozenset(
    [
        "add_",
        "bernoulli_",
        "clamp_",
        "copy_",
        "div_",
        "erfinv_",
        "exponential_",
        "fill_",
        "log_normal_",
        "mul_",
        "normal_",
        "pow_",
        "sqrt_",
        "sub_",
        "trunc_normal_",
        "uniform_",
        "zero_",
    ]
)

# The methods that `reparameterize_model` calls on the modules that have one of them.
_DEPLOYING = ("fuse", "reparameterize", "switch_to_deploy")


class SkipInitializers(TorchFunctionMode):
    """Skips functions that would only set the values of a tensor.

    Values do not exist on the meta device, yet initialisers take over half of the time to create a model there.
    """

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if getattr(func, "__module__", None) == "torch.nn.init" or getattr(func, "__name__", "") in _VALUE_METHODS:
            return args[0] if args else (kwargs or {})["tensor"]
        return func(*args, **(kwargs or {}))


def attempt(entry: CatalogEntry, asked: Iterable[tuple[int, int]] = (), **options: Any) -> Outcome:
    """Inspect one timm model, created with these options of ``timm.create_model``, and run it at the sizes asked for.

    An exception becomes a `Failure` that names the stage; earlier facts are kept.
    """
    stage = Stage.CREATE
    try:
        model = create(entry.name, **options)
        stage = Stage.MEASURE
        inspection = measure(model)
    except BaseException as error:  # a model that fails in any way must not end the run
        return Failure(entry.name, stage, in_one_line(error))
    failures = []
    try:
        paths = {path for path, _ in model.named_modules()}
        inspection = replace(inspection, pyramid=pyramid.measure(entry, partial(create, entry.name, **options), paths))
    except BaseException as error:
        failures.append(Failure(entry.name, Stage.PYRAMID, in_one_line(error)))
    if entry.input_size is not None:
        try:
            inspection = with_compute(inspection, model, entry.input_size)
        except BaseException as error:
            failures.append(Failure(entry.name, Stage.FORWARD, in_one_line(error)))
    inspection = replace(inspection, sizes=_at_sizes(entry, model, asked, **options))
    if entry.input_size is None:
        return Partial(inspection, tuple(failures)) if failures else inspection
    try:
        inspection = replace(inspection, deploy=deployed(model, inspection))
    except BaseException as error:
        failures.append(Failure(entry.name, Stage.DEPLOY, in_one_line(error)))
    return Partial(inspection, tuple(failures)) if failures else inspection


def with_sizes(entry: CatalogEntry, inspection: Inspection, asked: Iterable[tuple[int, int]]) -> Outcome:
    """Run a model that was inspected at these sizes too."""
    try:
        found = _at_sizes(entry, create(entry.name), asked)
    except BaseException as error:
        return Partial(inspection, (Failure(entry.name, Stage.SIZES, in_one_line(error)),))
    return replace(inspection, sizes=(*inspection.sizes, *found))


def _at_sizes(
    entry: CatalogEntry, model: nn.Module, asked: Iterable[tuple[int, int]], **options: Any
) -> tuple[AtSize, ...]:
    # Models without a default size take three channels too.
    channels = entry.input_size[0] if entry.input_size else 3
    return sizes.measure(model, partial(create, entry.name, **options), channels, asked)


def create(name: str, **options: Any) -> nn.Module:
    """Create a timm model with ``timm.create_model(name, **options)``, without weights and without taking memory."""
    with _on_meta():
        model: nn.Module = timm.create_model(name, **options)
    return model


def measure(model: nn.Module) -> Inspection:
    """Read the parameters, modules, buffers and head of any ``nn.Module``.

    A tensor that several modules share is counted once, under the first name that ``named_parameters()`` gives it.

    Raises:
        ValueError: the size of a parameter's dtype is not known, or modules and tensors are not in the order of
            their nesting.
    """
    tensors = _tensors(model)
    modules = tuple(_modules_with_parameters(model, tensors))
    check([module.path for module in modules], [tensor.name for tensor in tensors])
    buffers = list(model.buffers())
    state = model.state_dict(keep_vars=True)
    return Inspection(
        tensors=tensors,
        modules=modules,
        buffers=sum(buffer.numel() for buffer in buffers),
        buffer_bytes=sum(buffer.numel() * buffer.element_size() for buffer in buffers),
        head_parameters=head_parameters(model),
        signature=signature_of((tensor.name, tensor.shape) for tensor in tensors),
        checkpoint_signature=checkpoint_signature(state),
        persistent_buffer_bytes=_persistent_buffer_bytes(model),
        checkpoint_elements=sum(value.numel() for value in state.values() if isinstance(value, torch.Tensor)),
    )


def with_compute(inspection: Inspection, model: nn.Module, input_size: Shape) -> Inspection:
    """Add the cost of one forward pass to an inspection: of the whole model, and of each module.

    Raises:
        Exception: the model cannot run at this size; the exception is the model's own.
    """
    compute, own = passes.compute_of(model, input_size, [module.path for module in inspection.modules])
    return replace(
        inspection,
        compute=compute,
        modules=tuple(module._replace(macs=own[module.path]) for module in inspection.modules),
    )


def deployed(model: nn.Module, inspection: Inspection) -> Deploy | None:
    """Turn an inspected model into its deploy form, in place, and measure it.

    Returns:
        The figures of the deploy form, or ``None`` if the model has none: its parameter tensors do not change.
    """
    if not any(hasattr(part, name) for path, part in model.named_modules() if path for name in _DEPLOYING):
        return None
    with _on_meta():
        # Some modules raise in training mode.
        reparameterize_model(model.eval(), inplace=True)
    tensors = _tensors(model)
    if [tensor[:3] for tensor in tensors] == [tensor[:3] for tensor in inspection.tensors]:
        return None
    tally = None
    if inspection.compute is not None:
        tally = forward.run(model, [""], torch.empty(1, *inspection.compute.input_size, device="meta"))
    return Deploy(
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        parameter_bytes=sum(parameter.numel() * parameter.element_size() for parameter in model.parameters()),
        parameter_tensors=len(tensors),
        macs=None if tally is None else tally.macs,
        activations=None if tally is None else tally.activations,
        terms=None if tally is None else tally.otherwise.terms,
    )


def checkpoint_signature(state: Mapping[str, Any]) -> str:
    """The signature of a ``state_dict()``: parameters under each of their names, and persistent buffers.

    Entries are sorted by name, since a strict ``load_state_dict`` asks for the same names and shapes in any order.
    """
    # A module may add state that is not a tensor. Only its name is part of the signature.
    return signature_of(sorted((name, tuple(getattr(value, "shape", ()))) for name, value in state.items()))


def head_parameters(model: nn.Module) -> int | None:
    """Count the parameters of a model's classifier.

    timm names the classifier in two places that do not always agree: ``get_classifier()`` omits VOLO's auxiliary head,
    ``pretrained_cfg["classifier"]`` omits LeViT's normalisation and one of its two heads. The union of both is what
    ``timm.create_model(name, num_classes=0)`` removes. Only in the families efficientvit_msra and shvit does that call
    remove more: the normalisation before the classifier.

    Returns:
        The count; 0 if the model's ``num_classes`` is 0; ``None`` if neither place names a classifier.
    """
    configuration = getattr(model, "pretrained_cfg", None) or {}
    named = configuration.get("classifier") or ()
    prefixes = (named,) if isinstance(named, str) else tuple(named)
    members = {
        id(parameter): parameter.numel()
        for name, parameter in model.named_parameters()
        if any(name.startswith(f"{prefix}.") for prefix in prefixes)
    }
    get_classifier = getattr(model, "get_classifier", None)
    if get_classifier is not None:
        for module in _as_modules(get_classifier()):
            members.update((id(parameter), parameter.numel()) for parameter in module.parameters())
    elif not prefixes and getattr(model, "num_classes", None) != 0:
        return None
    return sum(members.values())


def dtype_name(dtype: torch.dtype) -> str:
    """The name of a dtype without ``torch.``, e.g. ``float32``."""
    name = str(dtype).removeprefix("torch.")
    if name not in ELEMENT_BYTES:
        raise ValueError(f"the size of dtype {name} is not known")
    return name


@contextmanager
def _on_meta() -> Iterator[None]:
    with warnings.catch_warnings(), torch.device("meta"), SkipInitializers():
        warnings.simplefilter("ignore")
        yield


def _persistent_buffer_bytes(model: nn.Module) -> int:
    """Bytes of the buffers in ``state_dict()``. A shared buffer is counted once."""
    persistent = {
        id(buffer): buffer.numel() * buffer.element_size()
        for module in model.modules()
        for name, buffer in module._buffers.items()
        if buffer is not None and name not in module._non_persistent_buffers_set
    }
    return sum(persistent.values())


def _tensors(model: nn.Module) -> tuple[ParameterTensor, ...]:
    return tuple(
        ParameterTensor(name, tuple(parameter.shape), dtype_name(parameter.dtype), parameter.requires_grad)
        for name, parameter in model.named_parameters()
    )


def _as_modules(classifier: Any) -> Iterable[nn.Module]:
    candidates = classifier if isinstance(classifier, (tuple, list)) else (classifier,)
    return (candidate for candidate in candidates if isinstance(candidate, nn.Module))


def _modules_with_parameters(model: nn.Module, tensors: Iterable[ParameterTensor]) -> Iterable[Module]:
    holding = {""}
    for tensor in tensors:
        path = tensor.name
        while "." in path:
            path = path.rpartition(".")[0]
            if path in holding:
                break
            holding.add(path)
    return (Module(path, type(module).__name__) for path, module in model.named_modules() if path in holding)
