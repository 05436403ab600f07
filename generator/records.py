"""The plain facts: frozen, exact integers and names, no formatting, no torch.

Everything that is measured passes through these types, on its way from `inspection` to `dataset` and back from there to
`pages`. Sizes are numbers of elements unless a name says bytes.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import itemgetter
from typing import NamedTuple

Shape = tuple[int, ...]

# Bytes of one element, by the name of the torch dtype without "torch.". Needed where torch is not.
ELEMENT_BYTES = {
    "float64": 8,
    "complex64": 8,
    "int64": 8,
    "uint64": 8,
    "float32": 4,
    "int32": 4,
    "uint32": 4,
    "float16": 2,
    "bfloat16": 2,
    "int16": 2,
    "uint16": 2,
    "float8_e4m3fn": 1,
    "float8_e5m2": 1,
    "int8": 1,
    "uint8": 1,
    "bool": 1,
    "complex128": 16,
}


@cache
def squeeze(shape: Shape) -> Shape:
    """The shape with every dimension of size 1 removed."""
    return tuple(size for size in shape if size != 1)


@cache
def count(shape: Shape) -> int:
    """Number of elements of a tensor of this shape; 1 for the empty shape."""
    return math.prod(shape)


class ParameterTensor(NamedTuple):
    """One entry of ``named_parameters()``. A named tuple, since there are half a million of them."""

    name: str
    shape: Shape
    dtype: str
    trainable: bool

    @property
    def squeezed_shape(self) -> Shape:
        return squeeze(self.shape)

    @property
    def parameters(self) -> int:
        return count(self.shape)

    @property
    def bytes(self) -> int:
        return self.parameters * ELEMENT_BYTES[self.dtype]


class Module(NamedTuple):
    """One module that holds parameters, itself or below: its dotted path ("" is the root) and its class's name.

    ``macs`` are its own: those that ran while it was the innermost running one of these modules. They add up to the
    model's. ``None`` where the forward pass was not measured.
    """

    path: str
    type: str
    macs: int | None = None


class Weights(NamedTuple):
    """One set of pretrained weights, as timm's registry describes it.

    Sizes are (channels, height, width) in pixels. ``crop_pct`` is the side of the crop as a share of that of the
    resized image; ``mean`` and ``std`` are for pixel values from 0 to 1, a value a channel. What is for testing is
    ``None`` where timm names none, and that for training holds. ``file`` is a path on the machine that timm ran on,
    ``hf_hub_id`` a repository on Hugging Face and ``url`` an address: of several, timm takes the first. ``paper_ids``
    are as timm writes them, e.g. ``arXiv:2110.00476``.
    """

    tag: str
    is_default: bool
    num_classes: int
    input_size: Shape
    test_input_size: Shape | None
    crop_pct: float
    test_crop_pct: float | None
    crop_mode: str
    interpolation: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    file: str | None = None
    hf_hub_id: str | None = None
    url: str | None = None
    license: str | None = None
    paper_ids: tuple[str, ...] = ()
    paper_name: str | None = None
    origin_url: str | None = None
    description: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> str | None:
        """Where timm loads the weights from: a path or an address."""
        return self.file or (f"https://huggingface.co/{self.hf_hub_id}" if self.hf_hub_id else self.url)


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """What timm's registry says about a model, before it is made.

    ``weights`` has the one that ``pretrained=True`` takes first. ``input_size`` is (channels, height, width) of the
    default configuration, ``None`` where timm gives none.
    """

    name: str
    family: str
    weights: tuple[Weights, ...]
    input_size: Shape | None

    @property
    def tags(self) -> tuple[str, ...]:
        """The names of the sets of weights, the default first."""
        return tuple(weights.tag for weights in self.weights)

    @property
    def licenses(self) -> tuple[str, ...]:
        """The licences that timm names for the weights, each once, that of the default first."""
        return tuple(dict.fromkeys(weights.license for weights in self.weights if weights.license is not None))


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that a docstring names."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Family:
    """The timm module that defines models: its import path, the first line of its docstring, the papers it names."""

    name: str
    module: str
    title: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything timm's registry says: all models in natural order, and which names are deprecated aliases of which."""

    entries: tuple[CatalogEntry, ...]
    families: tuple[Family, ...]
    deprecated: dict[str, str | None]
    timm_version: str
    torch_version: str


class Level(NamedTuple):
    """One level of a feature pyramid: a feature map that ``features_only=True`` returns, at batch 1.

    ``module`` is the path of the module that gives it, as timm names it; ``None`` where timm names none, or one that
    the model lacks or that gives something else. ``layout`` is NCHW or NHWC. ``stride`` is in pixels of the input,
    ``height`` and ``width`` are in elements of the map. What timm's ``feature_info`` says is claimed; ``None`` where it
    does not say.
    """

    module: str | None
    layout: str
    channels: int
    stride: int
    height: int
    width: int
    claimed_channels: int | None
    claimed_reduction: int | None

    @property
    def is_as_claimed(self) -> bool:
        claimed = (self.claimed_channels, self.claimed_reduction)
        return self.module is not None and claimed == (self.channels, self.stride)


@dataclass(frozen=True, slots=True)
class Pyramid:
    """The feature pyramid of a model: its levels in the order in which they are returned.

    ``works`` says whether ``features_only=True`` gives one, ``None`` where that is not known. Where it is not true,
    there are no levels, and ``reason`` says why in one line.
    """

    levels: tuple[Level, ...] = ()
    works: bool | None = None
    reason: str | None = None

    @property
    def channels(self) -> Shape | None:
        return tuple(level.channels for level in self.levels) if self.works else None

    @property
    def strides(self) -> Shape | None:
        return tuple(level.stride for level in self.levels) if self.works else None


@dataclass(frozen=True, slots=True)
class Compute:
    """What one forward pass takes, in evaluation mode, at batch 1 and an input of (channels, height, width).

    ``activations`` are elements of the results of convolutions and matrix products. ``unlisted_operators`` are those
    of which it is not known what they cost: while there are any, ``macs`` and ``activations`` may be too low.

    Bytes leave out parameters and buffers, and what operators take while they run. ``peak_activation_bytes`` is the
    most that is there at once without gradients, the input included. ``saved_activation_bytes`` is what autograd keeps
    for the backward pass, ``saved_activation_bytes_mixed`` the same under CUDA's autocast to bf16, which keeps
    ``cast_parameter_bytes`` besides: copies of parameters in bf16, the same at any batch.
    """

    input_size: Shape
    macs: int
    activations: int
    unlisted_operators: tuple[str, ...]
    peak_activation_bytes: int
    saved_activation_bytes: int
    saved_activation_bytes_mixed: int
    cast_parameter_bytes: int


@dataclass(frozen=True, slots=True)
class Deploy:
    """The deploy form: the model after ``timm.utils.reparameterize_model``.

    ``macs`` and ``activations`` at the input size of the model's own `Compute`, ``None`` where there is none.
    """

    parameters: int
    parameter_bytes: int
    parameter_tensors: int
    macs: int | None
    activations: int | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was measured on one model: all that `inspection` returns.

    ``buffers`` counts elements, shared buffers once; ``persistent_buffer_bytes`` are those that a checkpoint has.
    ``head_parameters`` is ``None`` where the model does not tell. ``checkpoint_signature`` is the `signature_of`
    everything in a checkpoint, ordered by name. ``compute`` is ``None`` where the forward pass failed or has no known
    input size, ``deploy`` where there is no deploy form or it could not be measured. ``pyramid`` is known of timm's
    models alone.
    """

    tensors: tuple[ParameterTensor, ...]
    modules: tuple[Module, ...]
    buffers: int
    buffer_bytes: int
    head_parameters: int | None
    checkpoint_signature: str
    persistent_buffer_bytes: int
    compute: Compute | None = None
    deploy: Deploy | None = None
    pyramid: Pyramid = Pyramid()


@dataclass(frozen=True)
class ModelRecord:
    """All plain facts about one model. Sums over its tensors are made once, when they are asked for.

    ``date`` is when the model was inspected, UTC, ISO 8601.
    """

    entry: CatalogEntry
    inspection: Inspection
    date: str

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def tensors(self) -> tuple[ParameterTensor, ...]:
        return self.inspection.tensors

    @cached_property
    def alike(self) -> Counter[tuple[Shape, str, bool]]:
        """How many tensors have each (shape, dtype, trainable). Sums go over these: models repeat few kinds often."""
        return Counter(map(itemgetter(1, 2, 3), self.tensors))

    @cached_property
    def parameters(self) -> int:
        return sum(count(shape) * tensors for (shape, _, _), tensors in self.alike.items())

    @cached_property
    def trainable_parameters(self) -> int:
        return sum(count(shape) * tensors for (shape, _, trainable), tensors in self.alike.items() if trainable)

    @cached_property
    def parameter_bytes(self) -> int:
        return sum(self.bytes_by_dtype.values())

    @cached_property
    def trainable_bytes(self) -> int:
        return sum(
            count(shape) * ELEMENT_BYTES[dtype] * tensors
            for (shape, dtype, trainable), tensors in self.alike.items()
            if trainable
        )

    @cached_property
    def bytes_by_dtype(self) -> dict[str, int]:
        """Parameter memory in bytes for each dtype, largest first."""
        totals: Counter[str] = Counter()
        for (shape, dtype, _), tensors in self.alike.items():
            totals[dtype] += count(shape) * ELEMENT_BYTES[dtype] * tensors
        return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))

    @property
    def backbone_parameters(self) -> int | None:
        head = self.inspection.head_parameters
        return None if head is None else self.parameters - head

    @property
    def signature(self) -> str:
        return signature_of((tensor.name, tensor.shape) for tensor in self.tensors)


# Stages after which a model has a record even where they failed: it lacks what they would have measured.
LATER_STAGES = ("forward", "deploy")


@dataclass(frozen=True, slots=True)
class Failure:
    """A model that could not be inspected, or not wholly: at which stage, and why, in one line."""

    name: str
    stage: str
    reason: str

    @property
    def leaves_a_record(self) -> bool:
        return self.stage in LATER_STAGES


@dataclass(frozen=True, slots=True)
class Partial:
    """An inspection that lacks what later stages would have measured, and why."""

    inspection: Inspection
    failures: tuple[Failure, ...]


# What becomes of a model that is inspected.
Outcome = Inspection | Partial | Failure


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures come from. ``patterns`` is empty for the whole registry.

    ``date`` is that of the latest record, UTC, ISO 8601; where there is no record, that of the survey.
    """

    timm_version: str
    torch_version: str
    generator_version: str
    date: str
    registered_models: int
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """The outcome for every model that was asked for: records and failures together, nothing dropped.

    A model has a record or a failure; a failure that leaves a record goes beside it.
    """

    records: tuple[ModelRecord, ...]
    failures: tuple[Failure, ...]
    families: tuple[Family, ...]
    provenance: Provenance
    deprecated: dict[str, str | None] = field(default_factory=dict)


def signature_of(tensors: Iterable[tuple[str, Shape]]) -> str:
    """SHA-256 of an ordered (name, shape) list, in hexadecimal digits: one line a tensor, ``name d0,d1,...``."""
    digest = hashlib.sha256()
    for name, shape in tensors:
        digest.update(f"{name} {','.join(map(str, shape))}\n".encode())
    return digest.hexdigest()
