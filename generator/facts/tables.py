"""The tables with several rows for each model: tensors, modules, pyramid levels, weights, memory, compute,
others' figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from generator.facts import estimates, published, sizes
from generator.facts.columns import Column, column
from generator.facts.estimates import Estimate
from generator.facts.inspections import Level
from generator.facts.licenses import license_class
from generator.facts.records import ModelRecord
from generator.facts.results import RESULT_COLUMNS, SPEED_COLUMNS
from generator.facts.shapes import form, squeeze


class Table(NamedTuple):
    """A table with one row for each part of a model, such as a tensor.

    ``model_meaning`` is the meaning of the first column, the model's name. ``own_columns`` are the other columns, which
    are read from a part. ``parts`` returns the parts of a model.
    """

    name: str
    model_meaning: str
    own_columns: tuple[Column, ...]
    parts: Callable[[ModelRecord], Sequence[Any]]

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, the model's name first."""
        return (Column("model", "string", "", self.model_meaning, None), *self.own_columns)

    def values(self, records: Iterable[ModelRecord]) -> dict[str, list[Any]]:
        """The values of each column, for all parts of the given models."""
        found: dict[str, list[Any]] = {own.name: [] for own in self.columns}
        for record in records:
            parts = self.parts(record)
            found["model"] += [record.name] * len(parts)
            for own in self.own_columns:
                found[own.name] += map(own.value, parts)
        return found

    def document(self, part: Any, *, without: str = "") -> dict[str, Any]:
        """The values of a part by column name, without the model's column and the column ``without``."""
        return {own.name: own.value(part) for own in self.own_columns if own.name != without}


TENSORS = Table(
    "tensors",
    "The model that the tensor belongs to.",
    (
        column("name", "string", "", "Its name in `named_parameters()`.", itemgetter(0)),
        column("shape", "list<int64>", "elements", "Its shape.", itemgetter(1)),
        column(
            "squeezed_shape",
            "list<int64>",
            "elements",
            "The shape without its dimensions of size 1.",
            lambda tensor: squeeze(tensor[1]),
            method="squeezed-shape",
        ),
        column("parameters", "int64", "elements", "Number of elements."),
        column(
            "form",
            "string",
            "",
            "Scalar, Vector, Matrix or Tensor rank N, by the rank of the squeezed shape.",
            lambda tensor: form(tensor[1]),
            method="form",
        ),
        column("dtype", "string", "", "Its torch dtype, e.g. `float32`.", itemgetter(2)),
        column("trainable", "bool", "", "Whether it requires a gradient.", itemgetter(3)),
    ),
    lambda record: record.tensors,
)

MODULES = Table(
    "modules",
    "The model that the module belongs to.",
    (
        column("path", "string", "", "Its dotted path; empty for the model itself."),
        column("type", "string", "", "The name of its Python class."),
        column(
            "macs",
            "int64",
            "multiply-accumulates",
            "Its own: those that ran while it was the innermost running module of this table. They add up to the "
            "model's.",
            nullable=True,
        ),
    ),
    lambda record: record.inspection.modules,
)


def _of_level(name: str) -> Callable[[tuple[int, Level]], Any]:
    return lambda placed: getattr(placed[1], name)


# A part is a pair: the index of a level, and the level.
PYRAMID = Table(
    "pyramid",
    "The model that the level belongs to.",
    (
        column("level", "int64", "levels", "Its place in what `features_only=True` returns, from 0.", itemgetter(0)),
        column(
            "module",
            "string",
            "",
            "The module that gives it, as `feature_info` names it; null where it names none that does.",
            _of_level("module"),
            nullable=True,
            method="feature-claims",
        ),
        column("layout", "string", "", "The order of its dimensions, `NCHW` or `NHWC`.", _of_level("layout")),
        column("channels", "int64", "channels", "Its channels, measured.", _of_level("channels")),
        column(
            "stride",
            "int64",
            "pixels",
            "Pixels of the input to one element of the map, measured.",
            _of_level("stride"),
            method="stride",
        ),
        column("height", "int64", "elements", "Its height at the default input size.", _of_level("height")),
        column("width", "int64", "elements", "Its width at the default input size.", _of_level("width")),
        column(
            "claimed_channels",
            "int64",
            "channels",
            "Its channels by timm's `feature_info`; null where that does not say.",
            _of_level("claimed_channels"),
            nullable=True,
            method="feature-claims",
        ),
        column(
            "claimed_reduction",
            "int64",
            "pixels",
            "Its stride by timm's `feature_info`; null where that does not say.",
            _of_level("claimed_reduction"),
            nullable=True,
            method="feature-claims",
        ),
    ),
    lambda record: tuple(enumerate(record.inspection.pyramid.levels)),
)

WEIGHTS = Table(
    "weights",
    "The model that the weights belong to.",
    (
        column("tag", "string", "", "Their name: `timm.create_model` takes them by `model.tag`.", method="tags"),
        column("is_default", "bool", "", "Whether `pretrained=True` takes them where no tag is named."),
        column("num_classes", "int64", "classes", "Classes of their classifier; 0 for weights without one."),
        column("input_size", "list<int64>", "pixels", "Channels, height and width of the input in training."),
        column(
            "test_input_size",
            "list<int64>",
            "pixels",
            "The same in testing; null where timm names none, and `input_size` holds.",
            nullable=True,
        ),
        column(
            "crop_pct",
            "float64",
            "share of the side",
            "Side of the crop as a share of that of the resized image, 0 to 1.",
        ),
        column(
            "test_crop_pct",
            "float64",
            "share of the side",
            "The same in testing; null where timm names none, and `crop_pct` holds.",
            nullable=True,
        ),
        column("crop_mode", "string", "", "How the crop is taken: `center`, `squash` or `border`."),
        column("interpolation", "string", "", "How the image is resized, e.g. `bicubic`."),
        column("mean", "list<float64>", "pixel values from 0 to 1", "The value that is subtracted from each channel."),
        column("std", "list<float64>", "pixel values from 0 to 1", "The value that each channel is then divided by."),
        column(
            "file",
            "string",
            "",
            "Path of the file on the machine that timm ran on; null for a download.",
            nullable=True,
        ),
        column("hf_hub_id", "string", "", "Repository on Hugging Face; null where there is none.", nullable=True),
        column("url", "string", "", "Address of the file, taken where there is no repository.", nullable=True),
        column("license", "string", "", "Name of the licence in timm; null where timm names none.", nullable=True),
        column(
            "license_class",
            "string",
            "",
            "What the licence allows: permissive, copyleft, non-commercial, custom terms or unknown.",
            lambda weights: license_class(weights.license),
            method="weights",
        ),
        column("paper_ids", "list<string>", "", "Papers, e.g. `arXiv:2110.00476`. Empty where timm names none."),
        column("paper_name", "string", "", "Title of the paper; null where timm gives none.", nullable=True),
        column(
            "origin_url", "string", "", "Where the weights were first published; null where not told.", nullable=True
        ),
        column("description", "string", "", "What timm says of them; null where it says nothing.", nullable=True),
        column("notes", "list<string>", "", "Notes in timm. Empty where there are none."),
    ),
    lambda record: record.entry.weights,
)


def _of_band(name: str) -> Callable[[Estimate], float]:
    return lambda estimate: getattr(estimates.band(estimate.kind, estimate.batch), name)


MEMORY = Table(
    "memory",
    "The model that is run.",
    (
        column("kind", "string", "", "What is run, and in which dtype."),
        column("optimizer", "string", "", "The optimiser that trains it; null in inference.", nullable=True),
        column("batch", "int64", "images", "Images at a time, of the default input size."),
        column(
            "bytes",
            "int64",
            "bytes",
            "The estimated GPU memory; null where the run is impossible or unknown.",
            nullable=True,
            method="memory-estimates",
        ),
        column(
            "least",
            "float64",
            "times",
            "Measured / estimated memory: real runs of this kind and batch took at least so much, but for 1 in 200.",
            _of_band("least"),
        ),
        column(
            "greatest", "float64", "times", "Real runs took at most so much, but for 1 in 200.", _of_band("greatest")
        ),
        column(
            "reason",
            "string",
            "",
            "The error that makes the run impossible; null where there is none, or none is known.",
            nullable=True,
        ),
    ),
    estimates.estimates,
)

COMPUTE = Table(
    "compute",
    "The model that is run.",
    (
        column("height", "int64", "pixels", "Height of the input.", method="sizes"),
        column("width", "int64", "pixels", "Width of the input.", method="sizes"),
        *(
            column(
                name, "int64", unit, f"{meaning}; null where it does not run, or no pass was measured.", nullable=True
            )
            for name, unit, meaning in (
                ("macs", "multiply-accumulates", "MACs of one image of this size"),
                ("activations", "elements", "Elements of the results of convolutions and matrix products"),
                ("parameters", "elements", "Parameters of the model as it ran"),
                ("peak_activation_bytes", "bytes", "Peak activation memory of inference in fp32 at batch 1"),
            )
        ),
        column(
            "reason",
            "string",
            "",
            "The error that keeps it from running at this size; null where there is none, or none is known.",
            nullable=True,
        ),
    ),
    sizes.costs,
)

RESULTS = Table(
    "results", "The model that the weights belong to.", RESULT_COLUMNS, lambda record: record.published.results
)

SPEEDS = Table("speeds", "The model that was run.", SPEED_COLUMNS, lambda record: record.published.speeds)

PUBLISHED = Table("published", "The model that the figure is about.", published.COLUMNS, published.rows)

# Each is a Parquet file below /data/.
TABLES = (WEIGHTS, TENSORS, MODULES, PYRAMID, MEMORY, COMPUTE, RESULTS, SPEEDS, PUBLISHED)
