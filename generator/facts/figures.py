"""The figures of a model, each declared once, in the order of the columns of ``models.*``.

All that shows figures is made from these declarations: Parquet, CSV, JSON, ``schema.json``, the index, the finder's
columns and limits, the axes of plots, comparisons, ``show``, the table in the data guide and the glossary.
``docs/contributing/figures.md`` explains how to add a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator.facts import cards, estimates
from generator.facts.columns import Kind, Place, Section, figure, figures_of
from generator.facts.fixtures import is_fixture
from generator.facts.inspections import Compute, Deploy
from generator.facts.licenses import license_class
from generator.facts.records import ModelRecord
from generator.facts.releases import since
from generator.facts.results import best_of_all
from generator.facts.shapes import Shape


@dataclass(frozen=True, slots=True)
class ModelRow:
    """The figures of one model of a dataset. Unknown figures are ``None``."""

    name: str = figure(
        lambda record: record.name,
        "The model's name in `timm.list_models()`.",
        label="Model",
        place=Place.SHOWN,
        term="An architecture as `timm.list_models()` names it, such as `mobilenetv2_120d`. One page each.",
        method="models",
    )
    family: str = figure(
        lambda record: record.entry.family,
        "The timm module that defines the model, such as `efficientnet`.",
        place=Place.SHOWN,
        method="family",
    )
    rank: int = figure(
        None,
        "Competition rank by `parameter_bytes` among the models of the dataset, 1 is the largest; equals share a rank.",
        place=Place.SHOWN,
        method="rank",
        term="The place by parameter memory, 1 for the largest. Equal models share a rank: 1, 2, 2, 4. The rank of a "
        "shape is another thing: the number of its dimensions.",
    )
    parameters: int = figure(
        lambda record: record.parameters,
        "Elements of all parameter tensors, tied tensors counted once.",
        "elements",
        axis="Parameters",
        section=Section.SIZE,
        place=Place.SHOWN,
        limit="25M",
        badge="parameters",
        has_neighbours=True,
        method="parameters",
    )
    trainable_parameters: int = figure(
        lambda record: record.trainable_parameters,
        "Elements of the parameter tensors that require a gradient.",
        "elements",
        section=Section.SIZE,
        method="trainable-parameters",
        term="The parameters that require a gradient in the model as created.",
    )
    parameter_bytes: int = figure(
        lambda record: record.parameter_bytes,
        "Parameters times the bytes of their dtype, as created.",
        "bytes",
        label="Parameter memory",
        kind=Kind.BYTES,
        axis="Parameter memory",
        section=Section.SIZE,
        place=Place.SHOWN,
        gives_way=True,
        limit="90 MiB",
        badge="memory",
        method="parameter-memory",
    )
    fp32_bytes: int = figure(
        lambda record: _in_format(record, 32),
        "Parameter memory where every parameter takes 32 bits.",
        "bytes",
        label="In fp32",
        line="in fp32",
        kind=Kind.BYTES,
        section=Section.SIZE,
        depth=1,
        is_in_files=False,
        method="parameter-memory",
    )
    half_bytes: int = figure(
        lambda record: _in_format(record, 16),
        "Parameter memory where every parameter takes 16 bits.",
        "bytes",
        label="In bf16 or fp16",
        line="in bf16 or fp16",
        kind=Kind.BYTES,
        section=Section.SIZE,
        depth=1,
        is_in_files=False,
        method="parameter-memory",
    )
    int8_bytes: int = figure(
        lambda record: _in_format(record, 8),
        "Parameter memory where every parameter takes 8 bits.",
        "bytes",
        label="In int8",
        line="in int8",
        kind=Kind.BYTES,
        section=Section.SIZE,
        depth=1,
        is_in_files=False,
        method="parameter-memory",
    )
    int4_bytes: int = figure(
        lambda record: _in_format(record, 4),
        "Parameter memory where every parameter takes 4 bits; whole bytes, rounded up.",
        "bytes",
        label="In int4",
        line="in int4",
        kind=Kind.BYTES,
        section=Section.SIZE,
        depth=1,
        is_in_files=False,
        method="parameter-memory",
    )
    checkpoint_bytes: int = figure(
        lambda record: record.checkpoint_bytes,
        "Bytes of what `state_dict()` holds: parameters as created, and persistent buffers.",
        "bytes",
        label="Checkpoint size",
        kind=Kind.BYTES,
        section=Section.SIZE,
        is_in_files=False,
        method="checkpoint-size",
        term="The bytes of a model's parameters and persistent buffers.",
    )
    checkpoint_elements: int = figure(
        lambda record: record.inspection.checkpoint_elements,
        "Elements of all tensors that `state_dict()` holds. A tied tensor is held under each of its names and counts "
        "each time; buffers that do not persist are left out.",
        "elements",
        section=Section.SIZE,
        noun="elements",
        method="checkpoint-elements",
        term="The elements of all tensors that a checkpoint of a model holds, tied ones under each of their names.",
    )
    parameter_tensors: int = figure(
        lambda record: len(record.tensors),
        "Number of entries of `named_parameters()`.",
        "tensors",
        axis="Parameter tensors",
        section=Section.SIZE,
        place=Place.SHOWN,
        gives_way=True,
        method="parameter-tensors",
        term="Entries of `named_parameters()`. Model pages also call them layers.",
    )
    buffers: int = figure(
        lambda record: record.inspection.buffers,
        "Elements of all buffers, persistent or not, shared buffers counted once.",
        "elements",
        section=Section.SIZE,
        noun="elements",
        method="buffers",
        term="The elements of tensors that belong to a model but are no parameters, such as a running mean.",
    )
    buffer_bytes: int = figure(
        lambda record: record.inspection.buffer_bytes,
        "Buffers times the bytes of their dtype.",
        "bytes",
        label="Buffer memory",
        kind=Kind.BYTES,
        section=Section.SIZE,
        method="buffers",
    )
    head_parameters: int | None = figure(
        lambda record: record.inspection.head_parameters,
        "Parameters of timm's classifier: all modules that `get_classifier()` or the default configuration names. 0 "
        "for a model without a classifier.",
        "elements",
        section=Section.SIZE,
        method="head",
    )
    backbone_parameters: int | None = figure(
        lambda record: record.backbone_parameters,
        "Parameters less `head_parameters`.",
        "elements",
        axis="Parameters without the head",
        section=Section.SIZE,
        place=Place.ON_REQUEST,
        limit="25M",
        method="head",
        term="A model's parameters without those of its [head](#head).",
    )
    deploy_parameters: int | None = figure(
        lambda record: _of_deploy(record, "parameters"),
        "Parameters after `timm.utils.reparameterize_model`; null where that changes no parameter tensor.",
        "elements",
        line="parameters",
        section=Section.DEPLOY,
        depth=1,
        method="deploy-form",
    )
    input_size: Shape | None = figure(
        lambda record: record.entry.input_size,
        "Channels, height and width of the default configuration.",
        "pixels",
        kind=Kind.SIZE,
        axis="Input size, pixels",
        place=Place.SHOWN,
        limit="256",
        method="input-size",
    )
    macs: int | None = figure(
        lambda record: _of_compute(record, "macs"),
        "Multiply-accumulates of the convolutions and matrix products of one forward pass at `input_size`, batch 1, "
        "attention among them.",
        "multiply-accumulates",
        label="MACs",
        kind=Kind.MACS,
        axis="MACs of one image at the model's input size",
        section=Section.PASS,
        depth=1,
        place=Place.SHOWN,
        limit="4.5 GMACs",
        badge="macs",
        has_neighbours=True,
        is_at_input_size=True,
        method="macs",
        term="Multiply-accumulates of one forward pass of one image, at a stated size. GFLOPs are 2 × GMACs.",
    )
    activations: int | None = figure(
        lambda record: _of_compute(record, "activations"),
        "Elements of the results of the convolutions and matrix products of one forward pass at `input_size`, batch 1.",
        "elements",
        axis="Activations of one image at the model's input size, elements",
        section=Section.PASS,
        line="activations",
        depth=1,
        noun="elements",
        place=Place.SHOWN,
        gives_way=True,
        limit="12M",
        badge="activations",
        is_at_input_size=True,
        method="activations",
        term="Elements of the results of convolutions and matrix products in one forward pass; not bytes. timm calls "
        "them macts.",
    )
    feature_channels: Shape | None = figure(
        lambda record: record.inspection.pyramid.channels,
        "Channels of each level that `features_only=True` returns, in its order; null where it does not work.",
        "channels",
        method="feature-pyramid",
    )
    feature_strides: Shape | None = figure(
        lambda record: record.inspection.pyramid.strides,
        "Stride of each level that `features_only=True` returns, in pixels of the input; null where it does not work.",
        "pixels",
        place=Place.ON_REQUEST,
        method="stride",
        term="The strides of the levels of a [feature pyramid](#feature-pyramid), in pixels of the input.",
    )
    features_only: bool | None = figure(
        lambda record: record.inspection.pyramid.works,
        "Whether `features_only=True` gives a feature pyramid; null where that could not be measured.",
        method="no-pyramid",
    )
    features_reason: str | None = figure(
        lambda record: record.inspection.pyramid.reason,
        "Why `features_only=True` gives no feature pyramid or could not be measured; null where it gives one.",
        method="no-pyramid",
    )
    tags: tuple[str, ...] = figure(
        lambda record: record.entry.tags,
        "Tags that have weights, the default first. Empty where there are no weights.",
        kind=Kind.NUMBER_OF,
        place=Place.SHOWN,
        gives_way=True,
        method="tags",
        term="The names of the sets of pretrained [weights](#weights) of a model.",
    )
    tag_license_classes: tuple[str, ...] = figure(
        lambda record: tuple(license_class(weights.license) for weights in record.entry.weights),
        "Class of the licence of each of these tags, in their order.",
        is_in_files=False,
        is_for_scripts=True,
        method="weights",
    )
    license_classes: tuple[str, ...] = figure(
        lambda record: tuple(dict.fromkeys(license_class(weights.license) for weights in record.entry.weights)),
        "Classes of the licences of these tags, each once, that of the default first.",
        label="Licences",
        place=Place.SHOWN,
        gives_way=True,
        is_in_files=False,
        method="weights",
        term="The [classes](#licence-class) of the licences of a model's weights, each once.",
    )
    licenses: tuple[str, ...] = figure(
        lambda record: record.entry.licenses,
        "Licences that timm names for these weights, each once, that of the default first. Weights without a named "
        "licence add none: the table of weights tells for each tag.",
        method="weights",
    )
    top1: float | None = figure(
        lambda record: _of_best(record, "top1"),
        "Top-1 accuracy on the validation images of ImageNet-1K, as published, of those of its weights that are best.",
        "% of images",
        label="Top-1",
        axis="Top-1 accuracy on ImageNet-1K of the best weights, published",
        place=Place.ON_REQUEST,
        limit="80 %",
        method="published-results",
        term="The share of images whose first class is right, as others published it: of a model, that of its best "
        "weights at their best image size, on the validation images of ImageNet-1K unless another test set is named.",
    )
    top1_tag: str | None = figure(
        lambda record: _of_best(record, "tag"),
        "The tag of the weights with that accuracy; null where none was published.",
        label="Weights of top-1",
        place=Place.ON_REQUEST,
        method="published-results",
    )
    top1_image_size: int | None = figure(
        lambda record: _of_best(record, "image_size"),
        "The side of the images that this accuracy was measured at.",
        "pixels",
        label="Pixels of top-1",
        place=Place.ON_REQUEST,
        method="published-results",
    )
    top1_at_input_size: float | None = figure(
        lambda record: _top1_at_input_size(record),
        "The best top-1 accuracy of its weights on images of `input_size`, so that it stands beside `macs` at the same "
        "size.",
        "% of images",
        label="Top-1 at input size",
        axis="Top-1 accuracy on ImageNet-1K at the model's input size, published",
        place=Place.ON_REQUEST,
        limit="80 %",
        is_at_input_size=True,
        method="published-results",
    )
    deploy_parameter_bytes: int | None = figure(
        lambda record: _of_deploy(record, "parameter_bytes"),
        "Parameter memory of the deploy form; null where there is none.",
        "bytes",
        line="memory",
        kind=Kind.BYTES,
        section=Section.DEPLOY,
        depth=1,
        method="deploy-form",
    )
    deploy_parameter_tensors: int | None = figure(
        lambda record: _of_deploy(record, "parameter_tensors"),
        "Parameter tensors of the deploy form; null where there is none.",
        "tensors",
        line="tensors",
        section=Section.DEPLOY,
        depth=1,
        method="deploy-form",
    )
    deploy_macs: int | None = figure(
        lambda record: _of_deploy(record, "macs"),
        "The deploy form's `macs` at `input_size`; null where there is no deploy form.",
        "multiply-accumulates",
        line="MACs",
        kind=Kind.MACS,
        section=Section.DEPLOY,
        depth=1,
        is_at_input_size=True,
        method="deploy-form",
    )
    deploy_activations: int | None = figure(
        lambda record: _of_deploy(record, "activations"),
        "The deploy form's `activations` at `input_size`; null where there is no deploy form.",
        "elements",
        line="activations",
        noun="elements",
        section=Section.DEPLOY,
        depth=1,
        is_at_input_size=True,
        method="deploy-form",
    )
    unlisted_operators: tuple[str, ...] = figure(
        lambda record: record.inspection.compute.unlisted_operators if record.inspection.compute else (),
        "Operators of the forward pass of which it is not known whether they multiply. Empty where all are known; "
        "otherwise `macs` and `activations` may be too low.",
        label="Cost not known of",
        line="cost not known of",
        section=Section.PASS,
        depth=1,
        method="macs",
    )
    peak_activation_bytes: int | None = figure(
        lambda record: _of_compute(record, "peak_activation_bytes"),
        "The most that activations, input included, take at once in one forward pass without gradients, as created, at "
        "`input_size` and batch 1, from the lifetimes of tensors. Parameters, buffers and workspaces are left out.",
        "bytes",
        line="activation memory, peak",
        kind=Kind.BYTES,
        section=Section.PASS,
        depth=1,
        is_at_input_size=True,
        method="activation-memory",
    )
    saved_activation_bytes: int | None = figure(
        lambda record: _of_compute(record, "saved_activation_bytes"),
        "What autograd keeps of a forward pass in training for the backward pass, as created, at `input_size` and "
        "batch 1. Parameters and buffers are left out.",
        "bytes",
        line="saved for training in fp32",
        kind=Kind.BYTES,
        section=Section.PASS,
        depth=1,
        is_at_input_size=True,
        method="activation-memory",
    )
    saved_activation_bytes_mixed: int | None = figure(
        lambda record: _of_compute(record, "saved_activation_bytes_mixed"),
        "The same under CUDA's autocast to bf16, without copies of parameters.",
        "bytes",
        line="saved for training in bf16, mixed",
        kind=Kind.BYTES,
        section=Section.PASS,
        depth=1,
        is_at_input_size=True,
        method="activation-memory",
    )
    cast_parameter_bytes: int | None = figure(
        lambda record: _of_compute(record, "cast_parameter_bytes"),
        "Copies of parameters in bf16 that autograd keeps under autocast, the same at any batch.",
        "bytes",
        kind=Kind.BYTES,
        method="activation-memory",
    )
    training_error: str | None = figure(
        lambda record: _of_compute(record, "training_error"),
        "The error that training on a single image at `input_size` raises; null where it raises none, and where no "
        "forward pass could be measured.",
        is_at_input_size=True,
        method="single-image",
    )
    inference_bytes: int | None = figure(
        lambda record: estimates.estimate(record, estimates.INFERENCE, None, 1).bytes,
        "Estimated memory of inference in fp32 at `input_size` and batch 1.",
        "bytes",
        label="Inference memory",
        kind=Kind.BYTES,
        axis="Estimated memory of inference, fp32, batch 1",
        place=Place.ON_REQUEST,
        limit="300 MiB",
        is_at_input_size=True,
        is_in_files=False,
        method="memory-estimates",
    )
    training_bytes: int | None = figure(
        lambda record: estimates.estimate(record, estimates.TRAINING, "AdamW", 32).bytes,
        "Estimated memory of training in fp32 by AdamW at `input_size` and batch 32.",
        "bytes",
        label="Training memory, fp32",
        kind=Kind.BYTES,
        axis="Estimated memory of training, fp32, AdamW, batch 32",
        place=Place.ON_REQUEST,
        limit="24 GiB",
        is_at_input_size=True,
        is_in_files=False,
        method="memory-estimates",
    )
    training_bytes_mixed: int | None = figure(
        lambda record: estimates.estimate(record, estimates.TRAINING_MIXED, "AdamW", 32).bytes,
        "Estimated memory of training in bf16, mixed precision, by AdamW at `input_size` and batch 32.",
        "bytes",
        label="Training memory, mixed",
        kind=Kind.BYTES,
        axis="Estimated memory of training, bf16 mixed, AdamW, batch 32",
        place=Place.ON_REQUEST,
        limit="24 GiB",
        is_at_input_size=True,
        is_in_files=False,
        method="memory-estimates",
    )
    largest_batch: int | None = figure(
        cards.usual_batch,
        f"The largest batch that trains in bf16, mixed precision, by AdamW at `input_size` on a GPU of "
        f"{cards.USUAL_SIZE} GB, if it takes the most that real runs took; 0 where not a single image fits.",
        "images",
        axis=f"Largest batch that trains in {cards.USUAL_SIZE} GB, bf16 mixed, AdamW",
        place=Place.ON_REQUEST,
        limit="32",
        is_at_input_size=True,
        is_in_files=False,
        method="fit",
        term="The most images at a time that fit into the memory of a GPU; without a choice of yours, those that train "
        f"in bf16, mixed precision, by AdamW in {cards.USUAL_SIZE} GB.",
    )
    persistent_buffer_bytes: int = figure(
        lambda record: record.inspection.persistent_buffer_bytes,
        "Bytes of the buffers in `state_dict()`, which a checkpoint has beside the parameters.",
        "bytes",
        kind=Kind.BYTES,
        method="checkpoint-size",
    )
    signature: str = figure(
        lambda record: record.inspection.signature,
        "SHA-256 of the ordered (name, shape) list of the parameters; equal signatures have equal parameter tensors.",
        method="signature",
    )
    checkpoint_signature: str = figure(
        lambda record: record.inspection.checkpoint_signature,
        "SHA-256 of the (name, shape) list of parameters and persistent buffers, by name; models with equal ones take "
        "each other's checkpoints.",
        method="checkpoints",
    )
    since: str | None = figure(
        lambda record: since(record.name),
        "The first release of timm on PyPI that registers a model of this name; null where none that was read does.",
        label="In timm since",
        method="since",
    )
    fixture: bool = figure(
        lambda record: is_fixture(record.name),
        "Whether timm has the model for its own tests only.",
        label="Test fixture",
        is_for_scripts=True,
        method="fixtures",
    )
    date: str = figure(
        lambda record: record.date,
        "When the model was inspected, UTC.",
        method="versions",
    )


FIGURES = figures_of(ModelRow)
BY_NAME = {declared.name: declared for declared in FIGURES}
# The columns of models.json, models.csv and models.parquet, and those of index.json.
IN_FILES = tuple(declared for declared in FIGURES if declared.is_in_files)
IN_INDEX = tuple(declared for declared in FIGURES if declared.is_in_index)
# The columns of the rank table. The rank comes first, since the table is sorted by it.
IN_TABLE = tuple(sorted((declared for declared in FIGURES if declared.place), key=lambda found: found.name != "rank"))


def row(record: ModelRecord, rank: int) -> ModelRow:
    """The figures of a model, from its record and its rank."""
    values: dict[str, Any] = {found.name: rank if found.read is None else found.read(record) for found in FIGURES}
    return ModelRow(**values)


def _in_format(record: ModelRecord, bits: int) -> int:
    """Bytes of all parameters if each takes ``bits`` bits, rounded up."""
    return -(-record.parameters * bits // 8)


def _of_best(record: ModelRecord, name: str) -> Any:
    result = best_of_all(record.published.results)
    return None if result is None else getattr(result, name)


def _top1_at_input_size(record: ModelRecord) -> float | None:
    # Published sizes are sides of squares.
    sides = {*(record.entry.input_size or ())[1:]}
    result = best_of_all([result for result in record.published.results if {result.image_size} == sides])
    return None if result is None else result.top1


def _of_compute(record: ModelRecord, name: str) -> Any:
    compute: Compute | None = record.inspection.compute
    return None if compute is None else getattr(compute, name)


def _of_deploy(record: ModelRecord, name: str) -> int | None:
    deploy: Deploy | None = record.inspection.deploy
    return None if deploy is None else getattr(deploy, name)
