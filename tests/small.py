"""A dataset of made-up models for the small site: few, but of every kind that pages and scripts have to handle.

Their names look like timm's, but timm has none of them. No tensor is ever allocated, so the largest models can be as
large as timm's. Models that tests rely on have a name here; tests take counts and figures from the data.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from generator.facts.inspections import AtSize, Compute, Deploy, Failure, Level, Module, ParameterTensor, Pyramid, Stage
from generator.facts.records import Dataset, ModelRecord
from generator.facts.registry import Family, Paper, Weights
from generator.facts.shapes import Shape
from generator.ranking.ranks import ranked
from tests import examples
from tests.examples import PLAIN_WEIGHTS, level, tensor

CLASSES: Final = 1000


class Layer(NamedTuple):
    """A module with a weight, and perhaps a bias. The weight is used at ``places`` positions of an image."""

    path: str
    type: str
    shape: Shape
    places: int = 0
    has_bias: bool = True

    @property
    def macs(self) -> int:
        return self.places * math.prod(self.shape)

    @property
    def activations(self) -> int:
        return self.places * self.shape[0]

    @property
    def tensors(self) -> Iterator[ParameterTensor]:
        """Its parameter tensors."""
        yield tensor(f"{self.path}.weight", *self.shape)
        if self.has_bias:
            yield tensor(f"{self.path}.bias", self.shape[0])


def conv(path: str, out: int, into: int, kernel: int, side: int) -> Layer:
    """A convolution without a bias that gives a map of this side, in elements."""
    return Layer(path, "Conv2d", (out, into, kernel, kernel), side**2, has_bias=False)


def linear(path: str, out: int, into: int, tokens: int = 1) -> Layer:
    """A linear layer for this many tokens."""
    return Layer(path, "Linear", (out, into), tokens)


def norm(path: str, channels: int, kind: str = "BatchNorm2d") -> Layer:
    """A normalisation, which costs no MACs."""
    return Layer(path, kind, (channels,))


def made(
    name: str,
    family: str,
    layers: Sequence[Layer],
    *,
    size: int = 224,
    weights: tuple[Weights, ...] = (),
    own: Iterable[ParameterTensor] = (),
    pyramid: Pyramid = examples.BROKEN_PYRAMID,
    unlisted: tuple[str, ...] = (),
    deploy: bool = False,
    buffers: str = "running_mean",
) -> ModelRecord:
    """Make the record of a net of layers, the last of which is its classifier; ``own`` has the other tensors."""
    macs, activations = sum(layer.macs for layer in layers), sum(layer.activations for layer in layers)
    image = 3 * size**2 * 4
    saved = image + 4 * sum(layer.activations for layer in layers)
    cast = [math.prod(layer.shape) for layer in layers if layer.places]
    compute = Compute(
        input_size=(3, size, size),
        macs=macs,
        activations=activations,
        unlisted_operators=unlisted,
        peak_activation_bytes=image + 8 * max(layer.activations for layer in layers),
        saved_activation_bytes=saved,
        saved_activation_bytes_mixed=saved // 2,
        cast_parameter_bytes=2 * sum(cast),
        passes=examples.passes(
            512 * (2 + sum(tensor.bytes for layer in layers for tensor in layer.tensors) // 512),
            image + 8 * max(layer.activations for layer in layers),
            2 * saved,
            saved,
        ),
    )
    norms = [layer for layer in layers if layer.type == "BatchNorm2d"]
    tensors = (*own, *(tensor for layer in layers for tensor in layer.tensors))
    kept = sum(tensor.parameters for tensor in tensors if not tensor.name.startswith(tuple(n.path for n in norms)))
    return examples.record(
        name,
        *tensors,
        family=family,
        weights=weights,
        input_size=(3, size, size),
        types={"": family.title(), **{layer.path: layer.type for layer in layers}},
        buffers=sum(layer.shape[0] for layer in norms),
        buffer_bytes=4 * sum(layer.shape[0] for layer in norms),
        saved=tuple((f"{layer.path}.{buffers}", layer.shape) for layer in norms),
        head=sum(tensor.parameters for tensor in layers[-1].tensors),
        macs={layer.path: layer.macs for layer in layers},
        compute=compute,
        # Without its normalisations.
        deploy=Deploy(kept, 4 * kept, len(tensors) - 2 * len(norms), macs, activations) if deploy else None,
        pyramid=pyramid,
    )


def tagged(name: str, licences: Mapping[str, str | None], size: int = 224) -> tuple[Weights, ...]:
    """Sets of weights by their tags, each with its licence; the first is the default."""
    return tuple(
        PLAIN_WEIGHTS._replace(
            tag=tag,
            is_default=place == 0,
            num_classes=CLASSES,
            input_size=(3, size, size),
            hf_hub_id=f"timm/{name}.{tag}",
            license=licence,
        )
        for place, (tag, licence) in enumerate(licences.items())
    )


# By depth: the channels of the first stage, and the number of blocks of each stage.
_DEPTHS: Final = {
    6: (1, (1, 1)),
    10: (4, (1, 1, 1, 1)),
    14: (8, (1, 1, 2, 1)),
    18: (16, (2, 2, 2, 2)),
    26: (24, (2, 3, 4, 2)),
    34: (32, (3, 4, 6, 3)),
    50: (48, (3, 4, 6, 3)),
    101: (96, (3, 4, 8, 3)),
    152: (128, (3, 6, 11, 3)),
}
# By the suffix after the depth in a name: the number of convolutions in the stem, and the licences of the weights.
_KINDS: Final[dict[str, tuple[int, dict[str, str | None]]]] = {
    "": (1, {"a1_in1k": "apache-2.0", "a2_in1k": "mit", "in22k_ft_in1k": "cc-by-nc-4.0"}),
    "c": (1, {"in1k": "gpl-3.0"}),
    "d": (3, {"in1k": "apache-2.0", "untold_in1k": None}),
    "s": (1, {}),
    "t": (2, {"in21k": "gemma", "in1k": "apache-2.0"}),
}


def tinynet_layers(depth: int, kind: str = "") -> list[Layer]:
    """The layers of a convolutional net: a stem, stages of blocks that are built alike, a classifier."""
    width, stages = _DEPTHS[depth]
    layers, channels, side = [], 3, 112
    # "s" has a stem of larger kernels. "c" has the sizes of the plain kind under other names.
    stem, kernel = ("stem.conv", 7 if kind == "s" else 3) if kind != "c" else ("conv_stem", 3)
    for place in range(_KINDS[kind][0]):
        layers += [conv(f"{stem}{place + 1}", width, channels, kernel, side), norm(f"{stem}{place + 1}_bn", width)]
        channels = width
    for stage, blocks in enumerate(stages):
        side, out = side // 2, width * 2**stage
        for block in range(blocks):
            path = f"stages.{stage}.blocks.{block}"
            layers += [conv(f"{path}.conv1", out, channels, 3, side), norm(f"{path}.bn1", out)]
            layers += [conv(f"{path}.conv2", out, out, 3, side), norm(f"{path}.bn2", out)]
            channels = out
    return [*layers, linear("fc", CLASSES if depth > 6 else 10, channels)]


def _levels(depth: int, kind: str) -> Pyramid:
    """One level for each stage, and for "d" one for the stem. "s" has no pyramid, and that of "t" is unknown."""
    if kind == "s":
        return examples.BROKEN_PYRAMID
    if kind == "t":
        return Pyramid(works=None, reason="RuntimeError: the pass took too long")
    width, stages = _DEPTHS[depth]
    levels = [level(width * 2**stage, 4 * 2**stage, 56 // 2**stage, f"stages.{stage}") for stage in range(len(stages))]
    return Pyramid((*([level(width, 2, 112, "stem.conv3_bn")] if kind == "d" else []), *levels), works=True)


def tinynet(depth: int, kind: str) -> ModelRecord:
    """A model of the large family."""
    name = f"tinynet_{depth}{kind}"
    weights = tagged(name, _KINDS[kind][1])
    record = made(name, "tinynet", tinynet_layers(depth, kind), weights=weights, pyramid=_levels(depth, kind))
    return _at_more_sizes(record) if kind == "d" else record


def _at_more_sizes(record: ModelRecord) -> ModelRecord:
    """A record of a model that is used at a size of twice the pixels, and at one that it refuses."""
    compute = record.inspection.compute
    assert compute is not None
    twice = (2 * compute.macs, 2 * compute.activations, record.parameters, 2 * compute.peak_activation_bytes)
    refused = AtSize(320, 200, reason="AssertionError: height | and `width` are not *equal*")
    return replace(record, inspection=replace(record.inspection, sizes=(AtSize(224, 448, *twice), refused)))


# By size: channels, blocks.
_SIZES: Final = {
    "micro": (8, 1),
    "tiny": (64, 2),
    "small": (192, 3),
    "base": (768, 4),
    "large": (1024, 6),
    "huge": (2048, 8),
    "giant": (4096, 12),
}


def tiny_vit(
    name: str, family: str = "tiny_vit", *, of: str, patch: int = 16, size: int = 224, **licences: str | None
) -> ModelRecord:
    """Make a transformer of equal blocks. It has a position embedding for each patch: its shapes show the input size.

    All levels of its pyramid have the same stride, and timm is wrong about their channels.
    """
    channels, blocks = _SIZES[of]
    side = size // patch
    layers = [Layer("patch_embed.proj", "Conv2d", (channels, 3, patch, patch), side**2)]
    for block in range(blocks):
        path = f"blocks.{block}"
        layers += [
            norm(f"{path}.norm1", channels, "LayerNorm"),
            linear(f"{path}.attn.qkv", 3 * channels, channels, side**2 + 1),
            linear(f"{path}.attn.proj", channels, channels, side**2 + 1),
            norm(f"{path}.norm2", channels, "LayerNorm"),
            linear(f"{path}.mlp.fc1", 4 * channels, channels, side**2 + 1),
            linear(f"{path}.mlp.fc2", channels, 4 * channels, side**2 + 1),
        ]
    layers += [norm("norm", channels, "LayerNorm"), linear("head", CLASSES, channels)]
    return made(
        name,
        family,
        layers,
        size=size,
        weights=tagged(name, licences, size),
        own=(tensor("cls_token", 1, 1, channels), tensor("pos_embed", 1, side**2 + 1, channels)),
        pyramid=Pyramid(tuple(_same_level(channels, patch, side, block) for block in range(2)), works=True),
    )


def _same_level(channels: int, patch: int, side: int, block: int) -> Level:
    return level(channels, patch, side, f"blocks.{block}", layout="NHWC", claimed=(2 * channels, patch))


def tiny_rep(name: str, depth: int) -> ModelRecord:
    """A model with a deploy form."""
    weights = tagged(name, {"in1k": "bsd-3-clause"})
    return made(name, "tiny_rep", tinynet_layers(depth), weights=weights, pyramid=_levels(depth, ""), deploy=True)


# Two of one family that differ only in their number of blocks, and one of another structure.
SIBLINGS: Final = ("tinynet_18", "tinynet_34")
STRANGER: Final = "tiny_vit_base_patch16_224"
# The same net at two input sizes: one tensor has another shape.
SIZES: Final = (STRANGER, "tiny_vit_base_patch16_384")
# Seven of one family, one more than can be compared.
SEVEN: Final = tuple(f"tinynet_{depth}" for depth in (10, 14, 18, 26, 34, 50, 101))
WITH_DEPLOY_FORM: Final = "tiny_rep_b1"
# A typical model: a long layer table, common tensors, and modules for an icicle plot and a tree.
TYPICAL: Final = "tinynet_50d"
# Two with the same tensors and buffers, and one with the same tensors but other buffers.
TWINS: Final = ("tinynet_26", "twinnet_26")
NEARLY_TWIN: Final = "tiny_mean_26"
# A model that timm would have for its own tests, with fewer of everything than the others of its family.
FIXTURE: Final = "test_tinynet"
WITHOUT_PARAMETERS: Final = "tiny_none"
UNSIZED: Final = "tiny_unsized"
DOUBTFUL: Final = "tiny_mixing"
# Deprecated names: of a model with a tag, of a model, and one without a replacement.
DEPRECATED: Final = {"tinynet50_old": "tinynet_50.a1_in1k", "tiny_vit_old": STRANGER, "tiny_gone": None}


def _odd() -> Iterator[ModelRecord]:
    """Yield models that each lack something, have too much of it, or are of no use."""
    yield examples.record(WITHOUT_PARAMETERS, family="tiny_odd", input_size=(1, 8, 8))
    yield examples.record(
        UNSIZED,
        tensor("logit_scale", 1),
        tensor("backbone.weight", 160, 160, dtype="float16"),
        tensor("backbone.bias", 160, trainable=False),
        family="tiny_odd",
        input_size=None,
        head=None,
        pyramid=Pyramid(works=None, reason="timm gives no input size"),
    )
    yield made(
        FIXTURE,
        "tinynet",
        [conv("stem", 2, 3, 1, 8), norm("bn", 2), linear("head", 3, 2)],
        size=8,
        weights=tagged(FIXTURE, {"in1k": "apache-2.0"}, 8),
    )
    # The fewest tensors with which a layer table has a filter.
    yield made("tiny_linear", "tiny_odd", [linear("fc", 21_841, 3 * 8**2)], size=8)
    yield made(
        DOUBTFUL,
        "tiny_odd",
        [conv("stem", 32, 3, 4, 64), norm("bn", 32), linear("head", CLASSES, 32)],
        size=256,
        unlisted=("tiny::mix", "tiny::roll"),
        weights=tagged(DOUBTFUL, {"in1k": "unknown"}, 256),
    )
    twin = tinynet_layers(26)
    yield made(TWINS[1], "twinnet", twin, weights=tagged(TWINS[1], {"in1k": "apple-amlr"}), pyramid=_levels(26, ""))
    yield made(NEARLY_TWIN, "tiny_odd", twin, buffers="mean")
    failure = Failure("tiny_halved", Stage.FORWARD, "ValueError: height is odd | and so is `width`")
    halved = made("tiny_halved", "tiny_odd", tinynet_layers(14))
    yield replace(
        halved,
        inspection=replace(halved.inspection, compute=None, modules=_without_macs(halved)),
        failures=(failure,),
    )


def _without_macs(record: ModelRecord) -> tuple[Module, ...]:
    return tuple(module._replace(macs=None) for module in record.inspection.modules)


def _vits() -> Iterator[ModelRecord]:
    for size in _SIZES:
        yield tiny_vit(f"tiny_vit_{size}_patch16_224", of=size, in21k="apache-2.0", in21k_ft_in1k="apache-2.0")
    yield tiny_vit(SIZES[1], of="base", size=384, in1k="cc-by-nc-4.0")
    yield tiny_vit("tiny_vit_base_patch32_224", of="base", patch=32)
    yield tiny_vit("tiny_vit_large_patch14_clip_quickgelu378", of="large", patch=14, size=378, v2="gemma")
    for size in ("small", "base"):
        yield tiny_vit(f"tiny_deit_{size}_distilled_patch16_224", "tiny_deit", of=size, in1k="agpl-3.0")


def natural(name: str) -> list[tuple[int, str]]:
    """A name as timm sorts it: the numbers in it count as numbers."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"\d+|\D+", name)]


RECORDS: Final = tuple(
    sorted(
        [
            *(tinynet(depth, kind) for depth in _DEPTHS for kind in _KINDS if depth < 101 or kind in ("", "d", "s")),
            *_vits(),
            *(tiny_rep(f"tiny_rep_b{number}", depth) for number, depth in enumerate((10, 18, 34, 50))),
            *_odd(),
        ],
        key=lambda record: natural(record.name),
    )
)

_PAPERS: Final = {
    "tinynet": (Paper("Tiny Nets, and How to *Count* Them", "https://arxiv.org/abs/0000.00001"),),
    "tiny_vit": (Paper("A Few Words", "https://arxiv.org/abs/0000.00002"), Paper("Some More", "https://example.org/")),
}
FAILED: Final = Failure("tiny_broken", Stage.CREATE, "ValueError: a *bigger* <input> | or `none`")

SMALL: Final = Dataset(
    records=RECORDS,
    failed=(FAILED,),
    families=tuple(
        Family(name, f"timm.models.{name}", f"{name.title()} nets [for] tests", _PAPERS.get(name, ()))
        for name in sorted({record.entry.family for record in RECORDS})
    ),
    provenance=replace(examples.PROVENANCE, registered_models=len(RECORDS) + 1),
    deprecated=DEPRECATED,
)
# In the order of ranks.
ROWS: Final = ranked(RECORDS)
RECORD: Final = {record.name: record for record in RECORDS}
