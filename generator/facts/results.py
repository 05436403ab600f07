"""Facts that others measured and published: accuracy of weights, speed of models, and what they say of sizes.

Nothing here is ours. Every row names the table that it was read from, and the version of that table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from generator.facts.columns import column

# Test sets by the name that rows have, with the name that people know. A user's own table may have others.
VALIDATION: Final = "imagenet-val"
TEST_SETS: Final = {
    VALIDATION: "ImageNet-1K validation",
    "imagenet-real": "ImageNet-ReaL",
    "imagenet-v2": "ImageNetV2 matched frequency",
    "imagenet-sketch": "ImageNet-Sketch",
    "imagenet-a": "ImageNet-A",
    "imagenet-r": "ImageNet-R",
}

INFERENCE: Final = "inference"
TRAINING: Final = "training"

# The figures of a model's size that tables state.
PARAMETERS: Final = "parameters"
MACS: Final = "macs"
ACTIVATIONS: Final = "activations"


class Result(NamedTuple):
    """The accuracy of a set of weights on a test set, as published.

    ``tag`` is that of the weights, empty for weights without one. ``image_size`` is the side of the square input in
    pixels. ``top1`` and ``top5`` are in percent of images, 0 to 100, with the digits that were published. ``crop_pct``
    is the side of the crop as a share of that of the resized image. What the table does not tell is ``None``.
    """

    tag: str
    image_size: int
    test_set: str
    top1: float
    top5: float | None
    crop_pct: float | None
    interpolation: str | None
    source: str
    source_version: str


class Speed(NamedTuple):
    """The speed of a model on one machine, as published.

    ``image_size`` is the side of the square input in pixels, ``images_per_second`` is in images for each second, with
    ``batch_size`` images at a time. ``task`` is "inference", or "training": forward pass, backward pass and step.
    ``precision`` is that of the published table, e.g. "amp" for mixed precision in fp16; ``layout`` is the order of the
    dimensions in memory, "NCHW" or "NHWC"; ``compiled`` tells whether ``torch.compile`` was used. ``software`` has the
    versions of torch and, on a GPU, of CUDA.
    """

    image_size: int
    task: str
    hardware: str
    precision: str
    layout: str
    compiled: bool
    batch_size: int
    images_per_second: float
    software: str
    source: str
    source_version: str


class PublishedFigure(NamedTuple):
    """A size of a model that tables state: parameters in elements, MACs, or activations in elements.

    ``tag`` is ``None`` where the table is about the model and not about a set of weights. ``value`` is in our unit.
    What was rounded lies within ``value`` plus or minus ``rounding``: 25.56 M parameters are 25,560,000 and 5,000.
    ``sources`` are all tables that state this value, at this image size.
    """

    tag: str | None
    image_size: int
    figure: str
    value: int
    rounding: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """All that others published about one model and its weights."""

    results: tuple[Result, ...] = ()
    speeds: tuple[Speed, ...] = ()
    figures: tuple[PublishedFigure, ...] = ()

    @property
    def sources(self) -> list[str]:
        """The source of each row of accuracy or speed."""
        return [result.source for result in self.results] + [speed.source for speed in self.speeds]


NOTHING: Final = Published()


class Unused(NamedTuple):
    """A row of a table that no model got: its line, the name in it, and why."""

    line: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """A table that was read, and what became of its rows.

    - ``name``: as the rows name it in ``source``; ``version``: a commit, a version, or the digest of the content.
    - ``date``: when this version was published, ISO 8601; ``address``: where it can be read; ``None`` if not known.
    - ``rows``: all its rows. ``used`` of them are rows of models of this dataset, ``others`` those of models of timm
      that the dataset does not have, and ``unused`` are the rest.
    - ``left_out``: why the whole table is not used; ``None`` if it is. Then all rows are neither used nor others.
    """

    name: str
    version: str
    date: str | None
    address: str | None
    rows: int
    used: int = 0
    others: int = 0
    unused: tuple[Unused, ...] = ()
    left_out: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """All that was read from tables: what was published about each model, by its name, and the tables."""

    published: Mapping[str, Published] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    def of(self, name: str) -> Published:
        """All that was published about a model; nothing for a model that no table has."""
        return self.published.get(name, NOTHING)

    def among(self, names: Collection[str]) -> Results:
        """The results of the named models alone. The rows of all others count as ``others`` of their table."""
        kept = {name: own for name, own in self.published.items() if name in names}
        dropped = Counter(source for name, own in self.published.items() if name not in kept for source in own.sources)
        return Results(
            kept,
            tuple(
                replace(
                    source,
                    used=source.used - dropped[source.name],
                    others=source.others + dropped[source.name],
                )
                for source in self.sources
            ),
        )


def best(results: Collection[Result], tag: str, test_set: str = VALIDATION) -> Result | None:
    """The result with the best top-1 accuracy of a set of weights on a test set; ``None`` where there is none.

    Where several sources tell of one image size, the first counts, so that tags are compared by one source where they
    can be. Of equal results it is that at the smaller size.
    """
    first: dict[int, Result] = {}
    for result in results:
        if result.tag == tag and result.test_set == test_set:
            first.setdefault(result.image_size, result)
    return min(first.values(), key=lambda result: (-result.top1, result.image_size), default=None)


def best_of_all(results: Collection[Result], test_set: str = VALIDATION) -> Result | None:
    """The result with the best top-1 accuracy of all weights of a model; ``None`` where there is none.

    Of equal results it is that at the smaller size, then that of the tag that is told first.
    """
    tags = dict.fromkeys(result.tag for result in results)
    found = [result for tag in tags if (result := best(results, tag, test_set)) is not None]
    return min(found, key=lambda result: (-result.top1, result.image_size), default=None)


_SOURCE = (
    column("source", "string", "", "The table that it was read from.", method="published-results"),
    column("source_version", "string", "", "Its commit or version, or the beginning of its SHA-256."),
)

RESULT_COLUMNS = (
    column("tag", "string", "", "The weights; empty for weights without a tag.", method="tags"),
    column("image_size", "int64", "pixels", "The side of the images that they were tested on."),
    column("test_set", "string", "", "The test set, e.g. `imagenet-val`.", method="published-results"),
    column("top1", "float64", "% of images", "Images whose first class is right, as published."),
    column(
        "top5",
        "float64",
        "% of images",
        "Images whose class is among the first five, as published; null where not told.",
        nullable=True,
    ),
    column(
        "crop_pct",
        "float64",
        "share of the side",
        "Side of the crop as a share of that of the resized image; null where not told.",
        nullable=True,
    ),
    column("interpolation", "string", "", "How images were resized; null where not told.", nullable=True),
    *_SOURCE,
)

SPEED_COLUMNS = (
    column("image_size", "int64", "pixels", "The side of the images."),
    column("task", "string", "", "`inference` or `training`.", method="published-speeds"),
    column("hardware", "string", "", "The GPU or processor that it ran on."),
    column(
        "precision",
        "string",
        "",
        "As published: `fp32`, `bf16`, `amp` (mixed, fp16) or `amp_bf16`.",
        method="published-speeds",
    ),
    column("layout", "string", "", "The order of dimensions in memory, `NCHW` or `NHWC`."),
    column("compiled", "bool", "", "Whether `torch.compile` was used."),
    column("batch_size", "int64", "images", "Images at a time."),
    column("images_per_second", "float64", "images a second", "The speed, as published.", method="published-speeds"),
    column("software", "string", "", "Versions of torch and, on a GPU, of CUDA."),
    *_SOURCE,
)
