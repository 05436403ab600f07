"""Records made by hand, small enough to add up in one's head."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from generator.facts.batches import Line
from generator.facts.figures import ModelRow
from generator.facts.inspections import (
    AtSize,
    Compute,
    Deploy,
    Failure,
    Inspection,
    Level,
    Memory,
    Module,
    ParameterTensor,
    Passes,
    Pyramid,
    Stage,
)
from generator.facts.records import Dataset, ModelRecord, Provenance, Resized
from generator.facts.registry import Catalog, CatalogEntry, Family, Paper, Weights
from generator.facts.results import Published, PublishedFigure, Result, Source, Speed, Unused
from generator.facts.shapes import Shape, count
from generator.measuring.signatures import signature_of
from generator.ranking.ranks import ranked

# The date when the tiny models were inspected, and the earlier date of one of them.
DATE: Final = "2026-01-02T03:04:05Z"
EARLIER: Final = "2025-12-31T23:59:59Z"


def tensor(name: str, *shape: int, dtype: str = "float32", trainable: bool = True) -> ParameterTensor:
    """Make a parameter tensor, by default float32 and trainable."""
    return ParameterTensor(name, shape, dtype, trainable)


def modules_of(tensors: tuple[ParameterTensor, ...], types: dict[str, str] | None = None) -> tuple[Module, ...]:
    """The modules that tensors of these names imply, each of type "Block" unless ``types`` names another."""
    paths = {"": None}
    for name in (tensor.name for tensor in tensors):
        parts = name.split(".")
        paths.update({".".join(parts[:length]): None for length in range(1, len(parts))})
    return tuple(Module(path, (types or {}).get(path, "Block")) for path in paths)


def level(
    channels: int,
    stride: int,
    size: int,
    module: str | None,
    *,
    layout: str = "NCHW",
    claimed: tuple[int | None, int | None] | None = None,
) -> Level:
    """Make a level with a square map. timm claims the same, unless ``claimed`` has other channels and reduction."""
    return Level(module, layout, channels, stride, size, size, *(claimed or (channels, stride)))


# The pyramid of a model that timm cannot make with features_only.
BROKEN_PYRAMID: Final = Pyramid(works=False, reason="AssertionError: a *model* without | levels")

# Typical weights, with the input size of the tiny models.
PLAIN_WEIGHTS: Final = Weights(
    tag="in1k",
    is_default=True,
    num_classes=10,
    input_size=(3, 32, 32),
    test_input_size=None,
    crop_pct=0.875,
    test_crop_pct=None,
    crop_mode="center",
    interpolation="bicubic",
    mean=(0.485, 0.456, 0.406),
    std=(0.229, 0.224, 0.225),
    hf_hub_id="timm/tiny_vit.in1k",
    license="apache-2.0",
)

# Weights with every field, and weights with next to none.
FULL_WEIGHTS: Final = Weights(
    tag="r160_in1k",
    is_default=True,
    num_classes=10,
    input_size=(3, 32, 32),
    test_input_size=(3, 40, 40),
    crop_pct=0.9,
    test_crop_pct=1.0,
    crop_mode="squash",
    interpolation="bilinear",
    mean=(0.48145466, 0.4578275, 0.40821073),
    std=(0.26862954, 0.26130258, 0.27577711),
    hf_hub_id="tiny/tiny_conv",
    url="https://example.org/tiny_conv.pth",
    license="cc-by-nc-4.0",
    paper_ids=("arXiv:2110.00476", "doi:10.1000/1"),
    paper_name="ResNet *strikes* back",
    origin_url="https://github.com/tiny/tiny",
    description="Trained on | nothing",
    notes=("use it <well>", "https://example.org/why"),
)
BARE_WEIGHTS: Final = Weights(
    tag="untrained",
    is_default=False,
    num_classes=0,
    input_size=(3, 32, 32),
    test_input_size=None,
    crop_pct=1.0,
    test_crop_pct=None,
    crop_mode="center",
    interpolation="bicubic",
    mean=(0.5,),
    std=(0.5,),
    url="https://example.org/untrained.pth",
)


def record(
    name: str,
    *tensors: ParameterTensor,
    family: str = "tiny",
    weights: tuple[Weights, ...] = (),
    input_size: Shape | None = (3, 32, 32),
    types: dict[str, str] | None = None,
    buffers: int = 0,
    buffer_bytes: int = 0,
    head: int | None = 0,
    persistent_buffer_bytes: int | None = None,
    macs: dict[str, int] | None = None,
    compute: Compute | None = None,
    deploy: Deploy | None = None,
    pyramid: Pyramid = BROKEN_PYRAMID,
    saved: tuple[tuple[str, Shape], ...] = (),
    sizes: tuple[AtSize, ...] = (),
    date: str = DATE,
) -> ModelRecord:
    """Make a model's record from its tensors; modules and checkpoint follow from their names.

    ``macs`` has the modules' own MACs by path, 0 for all others; ``None`` where the forward pass is not measured.
    ``saved`` has the names and shapes of the persistent buffers.
    """
    modules = modules_of(tensors, types)
    if macs is not None:
        modules = tuple(module._replace(macs=macs.get(module.path, 0)) for module in modules)
    named = [(tensor.name, tensor.shape) for tensor in tensors]
    return ModelRecord(
        CatalogEntry(name, family, weights, input_size),
        Inspection(
            tensors,
            modules,
            buffers,
            buffer_bytes,
            head,
            signature_of(named),
            signature_of(sorted([*named, *saved])),
            buffer_bytes if persistent_buffer_bytes is None else persistent_buffer_bytes,
            sum(count(shape) for _, shape in (*named, *saved)),
            compute,
            deploy,
            pyramid,
            sizes,
        ),
        date,
    )


def passes(resident: int, peak: int, saved: int, saved_mixed: int) -> Passes:
    """The memory of each kind of pass: bytes that stand, and those of one image; gradients take as much as what stands.

    In training, half of what stands lives at the moment at which most of an image is kept.
    """

    def inferred(divisor: int) -> Memory:
        lines = (Line(0, peak // divisor),)
        return Memory(resident // divisor, lines, lines)

    def trained(kept: int) -> Memory:
        lines, left = (Line(resident // 2, kept),), Line(resident, 0)
        return Memory(resident, lines, lines, left, left)

    return Passes(inferred(1), inferred(2), trained(saved), trained(saved_mixed))


def refusing(compute: Compute, error: str) -> Compute:
    """The same cost for a model that does not train on a single image, with the error that it raises."""
    found = compute.passes
    assert found.training is not None
    assert found.training_mixed is not None
    training = replace(found.training, single=(), left_single=None)
    mixed = replace(found.training_mixed, single=(), left_single=None)
    return replace(compute, training_error=error, passes=replace(found, training=training, training_mixed=mixed))


# 216 + 8 + 8 + 72 + 80 + 10 = 394 parameters in float32: 1,576 bytes.
_CONV_TENSORS: Final = (
    tensor("conv_stem.weight", 8, 3, 3, 3),
    tensor("bn1.weight", 8),
    tensor("bn1.bias", 8),
    tensor("conv_dw.weight", 8, 1, 3, 3),
    tensor("classifier.weight", 10, 8),
    tensor("classifier.bias", 10),
)

# 32 pixels divided by a stride of 2, and by one of 4.
_CONV_PYRAMID: Final = Pyramid((level(8, 2, 16, "conv_stem"), level(8, 4, 8, "conv_dw")), works=True)

# Buffers of one batch normalisation: mean and variance in float32, the count of batches in int64.
_CONV_BUFFERS: Final = (("bn1.running_mean", (8,)), ("bn1.running_var", (8,)), ("bn1.num_batches_tracked", ()))
TINY_CONV: Final = record(
    "tiny_conv",
    *_CONV_TENSORS,
    weights=(FULL_WEIGHTS, BARE_WEIGHTS),
    types={"": "TinyConv", "conv_stem": "Conv2d", "bn1": "BatchNorm2d", "conv_dw": "Conv2d", "classifier": "Linear"},
    buffers=8 + 8 + 1,
    buffer_bytes=8 * 4 + 8 * 4 + 1 * 8,
    saved=_CONV_BUFFERS,
    head=10 * 8 + 10,
    # Both convolutions keep 32 x 32; the classifier sees one pixel.
    macs={"conv_stem": 32 * 32 * 8 * 3 * 9, "conv_dw": 32 * 32 * 8 * 9, "classifier": 8 * 10},
    compute=Compute(
        input_size=(3, 32, 32),
        macs=32 * 32 * 8 * 3 * 9 + 32 * 32 * 8 * 9 + 8 * 10,
        activations=2 * 32 * 32 * 8 + 10,
        unlisted_operators=(),
        peak_activation_bytes=2 * 32 * 32 * 8 * 4 + 32 * 32 * 3 * 4,
        saved_activation_bytes=(3 + 8 + 8) * 32 * 32 * 4 + 8 * 4,
        saved_activation_bytes_mixed=(3 + 8 + 8) * 32 * 32 * 2 + 8 * 2,
        cast_parameter_bytes=(216 + 72 + 80) * 2,
        passes=passes(4096, 2 * 32 * 32 * 8 * 4 + 32 * 32 * 3 * 4, 19 * 32 * 32 * 4, 19 * 32 * 32 * 2),
    ),
    # Without the normalisation, and with a bias in the first convolution.
    deploy=Deploy(
        parameters=216 + 8 + 72 + 80 + 10,
        parameter_bytes=(216 + 8 + 72 + 80 + 10) * 4,
        parameter_tensors=5,
        macs=32 * 32 * 8 * 3 * 9 + 32 * 32 * 8 * 9 + 8 * 10,
        activations=2 * 32 * 32 * 8 + 10,
    ),
    pyramid=_CONV_PYRAMID,
    # One of its weights is tested at it.
    sizes=(
        AtSize(
            height=40,
            width=40,
            macs=40 * 40 * 8 * 3 * 9 + 40 * 40 * 8 * 9 + 8 * 10,
            activations=2 * 40 * 40 * 8 + 10,
            parameters=394,
            peak_activation_bytes=2 * 40 * 40 * 8 * 4 + 40 * 40 * 3 * 4,
        ),
    ),
)

# The same tensors under another name and in another family: it shares the rank and both signatures.
TINY_TWIN: Final = record(
    "tiny_twin",
    *_CONV_TENSORS,
    family="tinynet",
    buffers=8 + 8 + 1,
    buffer_bytes=8 * 4 + 8 * 4 + 1 * 8,
    saved=_CONV_BUFFERS,
    head=10 * 8 + 10,
    pyramid=_CONV_PYRAMID,
    date=EARLIER,
)

# 4 + 20 + 48 + 4 + 1 + 32 + 8 + 32 + 4 + 40 + 10 = 203 parameters in float32: 812 bytes.
TINY_VIT: Final = record(
    "tiny_vit",
    tensor("cls_token", 1, 1, 4),
    tensor("pos_embed", 1, 5, 4),
    tensor("patch_embed.proj.weight", 4, 3, 2, 2),
    tensor("patch_embed.proj.bias", 4),
    tensor("blocks.0.scale"),
    tensor("blocks.0.mlp.fc1.weight", 8, 4),
    tensor("blocks.0.mlp.fc1.bias", 8),
    tensor("blocks.0.mlp.fc2.weight", 4, 8),
    tensor("blocks.0.mlp.fc2.bias", 4),
    tensor("head.weight", 10, 4),
    tensor("head.bias", 10),
    weights=(PLAIN_WEIGHTS,),
    types={"": "TinyVit", "patch_embed.proj": "Conv2d", "blocks": "Sequential", "head": "Linear"},
    head=10 * 4 + 10,
    # Four patches and a class token. One operator of this net is unknown, so its counts are doubtful.
    macs={"patch_embed.proj": 4 * 4 * 3 * 4, "blocks.0.mlp.fc1": 5 * 4 * 8, "blocks.0.mlp.fc2": 5 * 8 * 4, "head": 40},
    compute=Compute(
        input_size=(3, 32, 32),
        macs=4 * 4 * 3 * 4 + 2 * 5 * 4 * 8 + 40,
        activations=4 * 4 + 5 * 8 + 5 * 4 + 10,
        unlisted_operators=("tiny::mix",),
        peak_activation_bytes=(3 * 32 * 32 + 4 * 4) * 4,
        saved_activation_bytes=(3 * 32 * 32 + 5 * 4 + 5 * 8 + 4) * 4,
        saved_activation_bytes_mixed=(3 * 32 * 32 + 5 * 4 + 5 * 8 + 4) * 2,
        cast_parameter_bytes=(48 + 32 + 32 + 40) * 2,
        passes=passes(8192, (3 * 32 * 32 + 4 * 4) * 4, (3 * 32 * 32 + 64) * 4, (3 * 32 * 32 + 64) * 2),
    ),
    # timm is wrong about the first level, and names no module of the model for the second.
    pyramid=Pyramid(
        (
            level(4, 2, 16, "blocks.0", layout="NHWC", claimed=(8, 2)),
            level(4, 2, 16, None, layout="NHWC", claimed=(4, None)),
        ),
        works=True,
    ),
)

# 256 in float16, 16 frozen and 1 in float32: 512 + 64 + 4 = 580 bytes.
TINY_MIXED: Final = record(
    "tiny_mixed",
    tensor("logit_scale", 1),
    tensor("backbone.weight", 16, 16, dtype="float16"),
    tensor("backbone.bias", 16, trainable=False),
    input_size=None,
    head=None,
    pyramid=Pyramid(works=None, reason="timm gives no input size"),
)

TINY_EMPTY: Final = record("tiny_empty", input_size=(1, 8, 8))


def resized(made: ModelRecord, *size: int, img_size: int | None = None, **compute: Any) -> Resized:
    """A model at another input size, height and width in pixels: it has a buffer more, and this pass."""
    assert made.inspection.compute is not None
    inspection = replace(
        made.inspection,
        buffers=made.inspection.buffers + 1,
        buffer_bytes=made.inspection.buffer_bytes + 4,
        compute=replace(made.inspection.compute, input_size=(3, *size), **compute),
    )
    return Resized(replace(made, entry=replace(made.entry, input_size=(3, *size)), inspection=inspection), img_size)


# In timm's order, which is not that of size.
RECORDS: Final = (TINY_CONV, TINY_EMPTY, TINY_MIXED, TINY_TWIN, TINY_VIT)

FAILURES: Final = (Failure("tiny_broken", Stage.CREATE, "ValueError: a *bigger* <input> | or `none`"),)

FAMILIES: Final = (
    Family(
        "tiny",
        "timm.models.tiny",
        "Tiny nets [for] tests",
        (
            Paper("Tiny Nets, and How to *Count* Them", "https://arxiv.org/abs/0000.00001"),
            Paper("More Tiny Nets", "https://arxiv.org/abs/0000.00002"),
        ),
    ),
    Family("tinynet", "timm.models.tinynet", "", ()),
)

PROVENANCE: Final = Provenance(
    timm_version="1.0.31",
    torch_version="2.15.0",
    generator_version="0.1.0",
    date=DATE,
    registered_models=6,
)

FULL: Final = Dataset(
    records=RECORDS,
    failed=FAILURES,
    families=FAMILIES,
    provenance=PROVENANCE,
    deprecated={"tiny_old": "tiny_conv.r160_in1k", "tiny_gone": None},
)


CATALOG: Final = Catalog(
    entries=tuple(made.entry for made in RECORDS),
    families=FAMILIES,
    deprecated=FULL.deprecated,
    timm_version=PROVENANCE.timm_version,
    torch_version=PROVENANCE.torch_version,
)


# What others published about a model, and the dataset of all models with it.
RESULTS_OF_CONV: Final = (
    Result("r160_in1k", 32, "imagenet-val", 80.858, 95.434, 0.875, "bicubic", "timm/results-imagenet.csv", "c0ffee"),
    Result("r160_in1k", 32, "imagenet-real", 85.1, 96.0, 0.875, "bicubic", "timm/results-imagenet-real.csv", "c0ffee"),
    Result("r160_in1k", 40, "imagenet-val", 81.5, 95.6, 1.0, "bicubic", "timm/results-imagenet.csv", "c0ffee"),
    Result("untrained", 32, "our-birds", 91.25, None, None, None, "lab.csv", "sha256:0123456789ab"),
)
SPEEDS_OF_CONV: Final = (
    Speed(
        image_size=32,
        task="inference",
        hardware="NVIDIA GeForce RTX 4090",
        precision="amp",
        layout="NCHW",
        compiled=True,
        batch_size=1024,
        images_per_second=194812.41,
        software="torch 2.9.1, CUDA 12.8",
        source="timm/benchmark-infer-amp-nchw-pt291-cu128-4090-dynamo.csv",
        source_version="c0ffee",
    ),
)
PUBLISHED: Final = replace(
    FULL,
    records=(
        replace(
            TINY_CONV,
            published=Published(
                RESULTS_OF_CONV,
                SPEEDS_OF_CONV,
                (PublishedFigure(None, 32, "parameters", 1_020, 5, (SPEEDS_OF_CONV[0].source,)),),
            ),
        ),
        *RECORDS[1:],
    ),
    sources=(
        Source(
            name="timm/results-imagenet.csv",
            version="c0ffee",
            date="2026-01-01",
            address="https://example.org/c0ffee/results-imagenet.csv",
            rows=3,
            used=2,
            unused=(Unused(4, "tiny_gone.in1k", "timm 1.0.31 has no such model"),),
        ),
        Source("timm/results-imagenet-real.csv", "c0ffee", "2026-01-01", None, rows=1, used=1),
        Source("timm/results-imagenet-a-clean.csv", "c0ffee", "2026-01-01", None, rows=0, left_out="it is left out"),
        Source(SPEEDS_OF_CONV[0].source, "c0ffee", "2026-01-01", None, rows=1, used=1),
        Source("lab.csv", "sha256:0123456789ab", None, None, rows=1, used=1),
    ),
)

# The dataset of some patterns, and the one of a timm whose models all fail.
SUBSET: Final = replace(
    FULL,
    records=(TINY_TWIN, TINY_VIT),
    failed=(),
    provenance=replace(PROVENANCE, patterns=("tiny_t*", "tiny_v?t")),
)
FAILED: Final = replace(FULL, records=())

# The rows of all models, in the order of ranks, and by name.
ROWS: Final = ranked(RECORDS)
ROW: Final[dict[str, ModelRow]] = {row.name: row for row in ROWS}


def in_order(drawn: dict[tuple[tuple[str, ...], str], int]) -> list[ParameterTensor]:
    """Tensors as ``named_parameters()`` gives them: those of a module, then those of each module below it."""
    own = [tensor(name, size) for (path, name), size in drawn.items() if not path]
    for first in dict.fromkeys(path[0] for path, _ in drawn if path):
        below = {(path[1:], name): size for (path, name), size in drawn.items() if path[:1] == (first,)}
        own += [made._replace(name=f"{first}.{made.name}") for made in in_order(below)]
    return own
