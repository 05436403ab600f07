"""The declared columns of every table we publish: name, type, unit and meaning, in one place.

The dataset, the data files, ``schema.json`` and the tests all read them here.
"""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """One column. ``type`` is an Arrow type's name; ``nullable`` says whether unknown (null) can occur."""

    name: str
    type: str
    unit: str
    meaning: str
    nullable: bool = False


RANK = Column(
    "rank",
    "int64",
    "",
    "Competition rank by parameter_bytes among the models of this dataset, 1 is the largest; equals share a rank.",
)

SINCE = Column(
    "since",
    "string",
    "",
    "The first release of timm on PyPI that registers a model of this name; null where none that was read does.",
    nullable=True,
)

MODEL_COLUMNS = (
    Column("name", "string", "", "The model's name in timm.list_models()."),
    Column("family", "string", "", "The timm module that defines the model."),
    RANK,
    Column("parameters", "int64", "elements", "Elements of all parameter tensors, tied tensors counted once."),
    Column("trainable_parameters", "int64", "elements", "Elements of the parameter tensors that require a gradient."),
    Column("parameter_bytes", "int64", "bytes", "Parameters times the bytes of their dtype, as created."),
    Column("parameter_tensors", "int64", "tensors", "Number of entries of named_parameters()."),
    Column("buffers", "int64", "elements", "Elements of all buffers, persistent or not, shared buffers counted once."),
    Column("buffer_bytes", "int64", "bytes", "Buffers times the bytes of their dtype."),
    Column(
        "head_parameters",
        "int64",
        "elements",
        "Parameters of timm's classifier: all modules that get_classifier() or the default configuration names. "
        "0 for a model without a classifier.",
        nullable=True,
    ),
    Column("backbone_parameters", "int64", "elements", "Parameters less head_parameters.", nullable=True),
    Column(
        "deploy_parameters",
        "int64",
        "elements",
        "Parameters after timm.utils.reparameterize_model; null where that changes no parameter tensor.",
        nullable=True,
    ),
    Column(
        "input_size",
        "list<int64>",
        "pixels",
        "Channels, height and width of the default configuration.",
        nullable=True,
    ),
    Column(
        "macs",
        "int64",
        "multiply-accumulates",
        "Of the convolutions and matrix products of one forward pass at input_size, batch 1, attention among them.",
        nullable=True,
    ),
    Column(
        "activations",
        "int64",
        "elements",
        "Elements of the results of these convolutions and matrix products.",
        nullable=True,
    ),
    Column(
        "feature_channels",
        "list<int64>",
        "channels",
        "Channels of each level that features_only=True returns, in its order; null where it does not work.",
        nullable=True,
    ),
    Column(
        "feature_strides",
        "list<int64>",
        "pixels",
        "Stride of each of these levels, in pixels of the input; null where features_only=True does not work.",
        nullable=True,
    ),
    Column(
        "features_only",
        "bool",
        "",
        "Whether features_only=True gives a feature pyramid; null where that could not be measured.",
        nullable=True,
    ),
    Column(
        "features_reason",
        "string",
        "",
        "Why features_only=True gives no feature pyramid or could not be measured; null where it gives one.",
        nullable=True,
    ),
    Column("tags", "list<string>", "", "Tags that have weights, the default first. Empty where there are no weights."),
    Column(
        "licenses",
        "list<string>",
        "",
        "Licences that timm names for these weights, each once, that of the default first. Weights without a named "
        "licence add none: the table of weights tells for each tag.",
    ),
    Column(
        "deploy_parameter_bytes",
        "int64",
        "bytes",
        "Parameter memory of the deploy form; null where there is none.",
        nullable=True,
    ),
    Column(
        "deploy_parameter_tensors",
        "int64",
        "tensors",
        "Parameter tensors of the deploy form; null where there is none.",
        nullable=True,
    ),
    Column(
        "deploy_macs",
        "int64",
        "multiply-accumulates",
        "The deploy form's macs at input_size; null where there is no deploy form.",
        nullable=True,
    ),
    Column(
        "deploy_activations",
        "int64",
        "elements",
        "The deploy form's activations at input_size; null where there is no deploy form.",
        nullable=True,
    ),
    Column(
        "unlisted_operators",
        "list<string>",
        "",
        "Operators of the forward pass of which it is not known whether they multiply. Empty where all are known; "
        "otherwise macs and activations may be too low.",
    ),
    Column(
        "peak_activation_bytes",
        "int64",
        "bytes",
        "The most that activations, input included, take at once in one forward pass without gradients, as created, "
        "at input_size and batch 1, from the lifetimes of tensors. Parameters, buffers and workspaces are left out.",
        nullable=True,
    ),
    Column(
        "saved_activation_bytes",
        "int64",
        "bytes",
        "What autograd keeps of one forward pass for the backward pass, as created, at input_size and batch 1. "
        "Parameters and buffers are left out.",
        nullable=True,
    ),
    Column(
        "saved_activation_bytes_mixed",
        "int64",
        "bytes",
        "The same under CUDA's autocast to bf16, without copies of parameters.",
        nullable=True,
    ),
    Column(
        "cast_parameter_bytes",
        "int64",
        "bytes",
        "Copies of parameters in bf16 that autograd keeps under autocast, the same at any batch.",
        nullable=True,
    ),
    Column(
        "persistent_buffer_bytes",
        "int64",
        "bytes",
        "Bytes of the buffers in state_dict(), which a checkpoint has beside the parameters.",
    ),
    Column(
        "signature",
        "string",
        "",
        "SHA-256 of the ordered (name, shape) list of the parameters; equal signatures have equal parameter tensors.",
    ),
    Column(
        "checkpoint_signature",
        "string",
        "",
        "SHA-256 of the (name, shape) list of parameters and persistent buffers, by name; models with equal ones take "
        "each other's checkpoints.",
    ),
    SINCE,
    Column("date", "string", "", "When the model was inspected, UTC."),
)

TENSOR_COLUMNS = (
    Column("model", "string", "", "The model that the tensor belongs to."),
    Column("name", "string", "", "Its name in named_parameters()."),
    Column("shape", "list<int64>", "elements", "Its shape."),
    Column("squeezed_shape", "list<int64>", "elements", "The shape without its dimensions of size 1."),
    Column("parameters", "int64", "elements", "Number of elements."),
    Column("form", "string", "", "Scalar, Vector, Matrix or Tensor rank N, by the rank of the squeezed shape."),
    Column("dtype", "string", "", "Its torch dtype, e.g. float32."),
    Column("trainable", "bool", "", "Whether it requires a gradient."),
)

WEIGHTS_COLUMNS = (
    Column("model", "string", "", "The model that the weights belong to."),
    Column("tag", "string", "", "Their name: timm.create_model takes them by model.tag."),
    Column("is_default", "bool", "", "Whether pretrained=True takes them where no tag is named."),
    Column("num_classes", "int64", "classes", "Classes of their classifier; 0 for weights without one."),
    Column("input_size", "list<int64>", "pixels", "Channels, height and width of the input in training."),
    Column(
        "test_input_size",
        "list<int64>",
        "pixels",
        "The same in testing; null where timm names none, and input_size holds.",
        nullable=True,
    ),
    Column(
        "crop_pct", "float64", "share of the side", "Side of the crop as a share of that of the resized image, 0 to 1."
    ),
    Column(
        "test_crop_pct",
        "float64",
        "share of the side",
        "The same in testing; null where timm names none, and crop_pct holds.",
        nullable=True,
    ),
    Column("crop_mode", "string", "", "How the crop is taken: center, squash or border."),
    Column("interpolation", "string", "", "How the image is resized, e.g. bicubic."),
    Column("mean", "list<float64>", "pixel values from 0 to 1", "What is subtracted from each channel."),
    Column("std", "list<float64>", "pixel values from 0 to 1", "What each channel is then divided by."),
    Column(
        "file", "string", "", "Path of the file on the machine that timm ran on; null for a download.", nullable=True
    ),
    Column("hf_hub_id", "string", "", "Repository on Hugging Face; null where there is none.", nullable=True),
    Column("url", "string", "", "Address of the file, taken where there is no repository.", nullable=True),
    Column("license", "string", "", "Name of the licence in timm; null where timm names none.", nullable=True),
    Column(
        "license_class",
        "string",
        "",
        "What the licence allows: permissive, copyleft, non-commercial, custom terms or unknown.",
    ),
    Column("paper_ids", "list<string>", "", "Papers, e.g. arXiv:2110.00476. Empty where timm names none."),
    Column("paper_name", "string", "", "Title of the paper; null where timm gives none.", nullable=True),
    Column("origin_url", "string", "", "Where the weights were first published; null where not told.", nullable=True),
    Column("description", "string", "", "What timm says of them; null where it says nothing.", nullable=True),
    Column("notes", "list<string>", "", "Notes in timm. Empty where there are none."),
)

_OF_MODELS = {column.name: column for column in MODEL_COLUMNS}

# What the site's own scripts know of every model.
INDEX_COLUMNS = (
    *(
        _OF_MODELS[name]
        for name in (
            "name",
            "family",
            "rank",
            "parameters",
            "parameter_bytes",
            "parameter_tensors",
            "macs",
            "activations",
            "input_size",
            "feature_strides",
            "tags",
        )
    ),
    Column(
        "tag_license_classes",
        "list<string>",
        "",
        "Class of the licence of each of these tags, in their order.",
    ),
    Column(
        "inference_bytes",
        "int64",
        "bytes",
        "Estimated memory of inference in fp32 at input_size and batch 1.",
        nullable=True,
    ),
    Column(
        "training_bytes",
        "int64",
        "bytes",
        "Estimated memory of training in fp32 by AdamW at input_size and batch 32.",
        nullable=True,
    ),
    Column(
        "training_bytes_mixed",
        "int64",
        "bytes",
        "Estimated memory of training in bf16, mixed precision, by AdamW at input_size and batch 32.",
        nullable=True,
    ),
)

MODULE_COLUMNS = (
    Column("model", "string", "", "The model that the module belongs to."),
    Column("path", "string", "", "Its dotted path; empty for the model itself."),
    Column("type", "string", "", "The name of its Python class."),
    Column(
        "macs",
        "int64",
        "multiply-accumulates",
        "Its own: those that ran while it was the innermost running module of this table. They add up to the model's.",
        nullable=True,
    ),
)

PYRAMID_COLUMNS = (
    Column("model", "string", "", "The model that the level belongs to."),
    Column("level", "int64", "levels", "Its place in what features_only=True returns, from 0."),
    Column(
        "module",
        "string",
        "",
        "The module that gives it, as feature_info names it; null where it names none that does.",
        nullable=True,
    ),
    Column("layout", "string", "", "The order of its dimensions, NCHW or NHWC."),
    Column("channels", "int64", "channels", "Its channels, measured."),
    Column("stride", "int64", "pixels", "Pixels of the input to one element of the map, measured."),
    Column("height", "int64", "elements", "Its height at the default input size."),
    Column("width", "int64", "elements", "Its width at the default input size."),
    Column(
        "claimed_channels",
        "int64",
        "channels",
        "Its channels by timm's feature_info; null where that does not say.",
        nullable=True,
    ),
    Column(
        "claimed_reduction",
        "int64",
        "pixels",
        "Its stride by timm's feature_info; null where that does not say.",
        nullable=True,
    ),
)

FORM_SCALAR, FORM_VECTOR, FORM_MATRIX = "Scalar", "Vector", "Matrix"


def form(squeezed_rank: int) -> str:
    """The form of a tensor by the rank of its squeezed shape."""
    return (
        (FORM_SCALAR, FORM_VECTOR, FORM_MATRIX)[squeezed_rank] if squeezed_rank < 3 else f"Tensor rank {squeezed_rank}"
    )
