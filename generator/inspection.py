"""One model to one record: the only part that imports torch.

Models are made on the meta device, where tensors have a shape and a dtype but no storage, so that 25 GiB of parameters
cost nothing. No weights are read and the network is not used.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any

import timm
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from generator.errors import in_one_line
from generator.records import ELEMENT_BYTES, CatalogEntry, Failure, Inspection, Module, ParameterTensor, signature_of

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


def attempt(entry: CatalogEntry) -> Inspection | Failure:
    """Inspect one timm model; whatever it raises becomes a `Failure` that names the stage."""
    stage = "create"
    try:
        model = create(entry.name)
        stage = "measure"
        return measure(model)
    except BaseException as error:  # any fault of a model is a result, never the end of the run
        return Failure(entry.name, stage, in_one_line(error))


def create(name: str) -> nn.Module:
    """Make a timm model without weights and without memory, as ``timm.create_model(name)`` makes it by default."""
    with warnings.catch_warnings(), torch.device("meta"), SkipInitializers():
        warnings.simplefilter("ignore")
        model: nn.Module = timm.create_model(name)
    return model


def measure(model: nn.Module) -> Inspection:
    """Read the parameters, modules, buffers and head of any module.

    Totals come from the root: a tensor that several modules share is counted once, under the first name that
    ``named_parameters()`` gives it.

    Raises:
        ValueError: a parameter has a dtype whose size is not known.
    """
    tensors = tuple(
        ParameterTensor(name, tuple(parameter.shape), dtype_name(parameter.dtype), parameter.requires_grad)
        for name, parameter in model.named_parameters()
    )
    buffers = list(model.buffers())
    return Inspection(
        tensors=tensors,
        modules=tuple(_modules_with_parameters(model, tensors)),
        buffers=sum(buffer.numel() for buffer in buffers),
        buffer_bytes=sum(buffer.numel() * buffer.element_size() for buffer in buffers),
        head_parameters=head_parameters(model),
        checkpoint_signature=checkpoint_signature(model),
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
