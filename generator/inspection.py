"""One model to one record: what its parts are, what a forward pass takes, and what its other forms have.

Models are made on the meta device, where tensors have a shape and a dtype but no storage, so that 25 GiB of parameters
cost nothing. No weights are read and the network is not used.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import timm
import torch
from timm.utils.model import reparameterize_model
from torch import nn
from torch.overrides import TorchFunctionMode

from generator import forward, pyramid
from generator.errors import in_one_line
from generator.records import (
    ELEMENT_BYTES,
    CatalogEntry,
    Compute,
    Deploy,
    Failure,
    Inspection,
    Module,
    Outcome,
    ParameterTensor,
    Partial,
    Shape,
    signature_of,
)
from generator.residency import Residency

# In-place methods that set values and leave shape, dtype and identity alone.
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

# The methods that `reparameterize_model` calls on the parts of a model that have one.
_DEPLOYING = ("fuse", "reparameterize", "switch_to_deploy")


class SkipInitializers(TorchFunctionMode):
    """Leaves tensors as they are where a function would only set their values.

    Values do not exist on the meta device, yet initialisers take over half of the time that making a model takes there.
    """

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if getattr(func, "__module__", None) == "torch.nn.init" or getattr(func, "__name__", "") in _VALUE_METHODS:
            return args[0] if args else (kwargs or {})["tensor"]
        return func(*args, **(kwargs or {}))


def attempt(entry: CatalogEntry) -> Outcome:
    """Inspect one timm model; whatever it raises becomes a `Failure` that names the stage."""
    stage = "create"
    try:
        model = create(entry.name)
        stage = "measure"
        inspection = measure(model)
    except BaseException as error:  # any fault of a model is a result, never the end of the run
        return Failure(entry.name, stage, in_one_line(error))
    failures = []
    try:
        paths = {path for path, _ in model.named_modules()}
        inspection = replace(inspection, pyramid=pyramid.measure(entry, partial(create, entry.name), paths))
    except BaseException as error:
        failures.append(Failure(entry.name, "pyramid", in_one_line(error)))
    if entry.input_size is None:
        return Partial(inspection, tuple(failures)) if failures else inspection
    try:
        inspection = with_compute(inspection, model, entry.input_size)
    except BaseException as error:
        failures.append(Failure(entry.name, "forward", in_one_line(error)))
    try:
        inspection = replace(inspection, deploy=deployed(model, inspection))
    except BaseException as error:
        failures.append(Failure(entry.name, "deploy", in_one_line(error)))
    return Partial(inspection, tuple(failures)) if failures else inspection


def create(name: str, **options: Any) -> nn.Module:
    """Make a timm model without weights and without memory, as ``timm.create_model(name, **options)`` makes it."""
    with _on_meta():
        model: nn.Module = timm.create_model(name, **options)
    return model


def measure(model: nn.Module) -> Inspection:
    """Read the parameters, modules, buffers and head of any module.

    Totals come from the root: a tensor that several modules share is counted once, under the first name that
    ``named_parameters()`` gives it.

    Raises:
        ValueError: a parameter has a dtype whose size is not known.
    """
    tensors = _tensors(model)
    buffers = list(model.buffers())
    return Inspection(
        tensors=tensors,
        modules=tuple(_modules_with_parameters(model, tensors)),
        buffers=sum(buffer.numel() for buffer in buffers),
        buffer_bytes=sum(buffer.numel() * buffer.element_size() for buffer in buffers),
        head_parameters=head_parameters(model),
        checkpoint_signature=checkpoint_signature(model),
        persistent_buffer_bytes=_persistent_buffer_bytes(model),
    )


def with_compute(inspection: Inspection, model: nn.Module, input_size: Shape) -> Inspection:
    """The inspection of a model with what one forward pass takes, as a whole and module by module.

    Raises:
        Exception: whatever the model raises where it cannot run at this size.
    """
    compute, own = compute_of(model, input_size, [module.path for module in inspection.modules])
    return replace(
        inspection,
        compute=compute,
        modules=tuple(module._replace(macs=own[module.path]) for module in inspection.modules),
    )


def compute_of(model: nn.Module, input_size: Shape, paths: Iterable[str] = ("",)) -> tuple[Compute, dict[str, int]]:
    """What one forward pass takes, and the own MACs of the modules at ``paths``, the root among them.

    Gradients are recorded, since what autograd keeps is measured in the same pass; nothing else changes with them.
    """
    image = torch.empty(1, *input_size, device="meta")
    residency = Residency(model)
    with torch.enable_grad(), residency:
        residency.begin(image)
        tally = forward.run(model, paths, image, watcher=residency)
    compute = Compute(
        input_size=tuple(input_size),
        macs=tally.macs,
        activations=tally.activations,
        unlisted_operators=tuple(sorted(tally.unlisted)),
        peak_activation_bytes=residency.peak,
        saved_activation_bytes=residency.saved,
        saved_activation_bytes_mixed=residency.saved_mixed,
        cast_parameter_bytes=residency.cast,
    )
    return compute, tally.own


def deployed(model: nn.Module, inspection: Inspection) -> Deploy | None:
    """The deploy form of an inspected model, ``None`` where it has none. The model is changed into it.

    A model has a deploy form where its parameter tensors change.
    """
    if not any(hasattr(part, name) for path, part in model.named_modules() if path for name in _DEPLOYING):
        return None
    with _on_meta():
        # Some parts refuse in training mode.
        reparameterize_model(model.eval(), inplace=True)
    tensors = _tensors(model)
    if [tensor[:3] for tensor in tensors] == [tensor[:3] for tensor in inspection.tensors]:
        return None
    tally = None
    if inspection.compute is not None:
        with torch.no_grad():
            tally = forward.run(model, [""], torch.empty(1, *inspection.compute.input_size, device="meta"))
    return Deploy(
        parameters=sum(tensor.parameters for tensor in tensors),
        parameter_bytes=sum(tensor.bytes for tensor in tensors),
        parameter_tensors=len(tensors),
        macs=None if tally is None else tally.macs,
        activations=None if tally is None else tally.activations,
    )


def checkpoint_signature(model: nn.Module) -> str:
    """The signature of what ``state_dict()`` holds: parameters under each of their names, and persistent buffers.

    Ordered by name, since a strict ``load_state_dict`` asks for the same names and shapes in whatever order.
    """
    state = model.state_dict(keep_vars=True)
    # A module may add state of its own that is no tensor: its name counts.
    return signature_of(sorted((name, tuple(getattr(value, "shape", ()))) for name, value in state.items()))


def head_parameters(model: nn.Module) -> int | None:
    """Number of parameters of timm's classifier.

    timm names the classifier in two places that do not always agree: ``get_classifier()`` leaves out VOLO's auxiliary
    head, ``pretrained_cfg["classifier"]`` leaves out LeViT's normalisation and one of its two heads. Their union is
    what ``timm.create_model(name, num_classes=0)`` removes, except in the families efficientvit_msra and shvit, where
    that removes the normalisation before the classifier as well.

    Returns:
        The count, 0 for a model that says it has no classes, ``None`` where the model tells in neither place.
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
    """Bytes of the buffers that ``state_dict()`` has, shared buffers once."""
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
