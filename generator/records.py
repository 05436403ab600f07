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
    """One module that holds parameters, itself or below: its dotted path ("" is the root) and its class's name."""

    path: str
    type: str


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


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was measured on one model: all that `inspection` returns.

    ``buffers`` counts elements, shared buffers once. ``head_parameters`` is ``None`` where the model does not tell.
    ``checkpoint_signature`` is the `signature_of` everything in a checkpoint, ordered by name.
    """

    tensors: tuple[ParameterTensor, ...]
    modules: tuple[Module, ...]
    buffers: int
    buffer_bytes: int
    head_parameters: int | None
    checkpoint_signature: str


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


@dataclass(frozen=True, slots=True)
class Failure:
    """A model that could not be inspected: at which stage, and why, in one line."""

    name: str
    stage: str
    reason: str


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
    """The outcome for every model that was asked for: records and failures together, nothing dropped."""

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
