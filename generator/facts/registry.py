"""The facts in timm's registry, known before a model is created: models, weights, families, deprecated names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from generator.facts.shapes import Shape


class Weights(NamedTuple):
    """One set of pretrained weights, as timm's registry describes it. The tag is empty if timm gives none.

    Sizes are (channels, height, width) in pixels. ``crop_pct`` is the side of the crop as a share of the side of the
    resized image. ``mean`` and ``std`` have a value for each channel, for pixel values from 0 to 1. A ``test_`` setting
    is ``None`` if timm has none; then the one for training holds.

    timm loads weights from the first source that is given: ``file``, a path on the machine that timm ran on,
    ``hf_hub_id``, a repository on Hugging Face, or ``url``, an address. ``paper_ids`` are as timm writes them, e.g.
    ``arXiv:2110.00476``.
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
        """The path or address that timm loads the weights from."""
        return self.file or (f"https://huggingface.co/{self.hf_hub_id}" if self.hf_hub_id else self.url)


class TorchvisionWeights(NamedTuple):
    """One set of weights of torchvision with an accuracy on ImageNet-1K, as torchvision's metadata states it.

    ``url`` is the address of the file. ``top1`` and ``top5`` are in percent of the validation images, measured on the
    square of ``crop_size`` pixels in the middle of images whose shorter side was resized to ``resize_size`` pixels.
    ``gmacs`` are billions of multiply-accumulates at ``crop_size``, rounded by torchvision to three decimals. ``None``
    is what torchvision does not state.
    """

    name: str
    url: str
    top1: float
    top5: float
    crop_size: int
    resize_size: int
    interpolation: str
    parameters: int | None
    gmacs: float | None


@dataclass(frozen=True, slots=True)
class Torchvision:
    """The statements of torchvision about all its weights that have an accuracy on ImageNet-1K, in its order.

    ``problems`` has the weights of which it states what nobody can use, by name: why, in one line.
    """

    version: str
    weights: tuple[TorchvisionWeights, ...]
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One model, as the registry describes it.

    ``weights`` begins with the default, which ``pretrained=True`` loads. ``input_size`` is (channels, height, width) of
    the default configuration; ``None`` if timm gives none. ``problem`` is why the model can have no record, in one
    line: timm says of it what nobody can use, or its name cannot be that of a page. Then all other fields are empty.
    """

    name: str
    family: str
    weights: tuple[Weights, ...]
    input_size: Shape | None
    problem: str | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the weights, the default first."""
        return tuple(weights.tag for weights in self.weights)

    @property
    def licenses(self) -> tuple[str, ...]:
        """The licences that timm names for the weights, each once, the licence of the default weights first."""
        return tuple(dict.fromkeys(weights.license for weights in self.weights if weights.license is not None))


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper named in the docstring of a timm module."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Family:
    """A family: the import path of its timm module, the first line of the docstring, and the papers named there."""

    name: str
    module: str
    title: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """The whole registry: all models and families in timm's order, and the successor of each deprecated name.

    ``torchvision`` has what torchvision states of its own weights, some of which timm has as well; ``None`` if it was
    not read.
    """

    entries: tuple[CatalogEntry, ...]
    families: tuple[Family, ...]
    deprecated: dict[str, str | None]
    timm_version: str
    torch_version: str
    torchvision: Torchvision | None = None
