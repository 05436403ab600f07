"""The lines of a comparison: every figure of a model, one in each line, below headings.

The terminal prints them. The comparison page reads them from the models' data files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from generator.facts import cards, estimates
from generator.facts.columns import Figure, Kind, Section
from generator.facts.figures import FIGURES, ModelRow
from generator.facts.records import ModelRecord
from generator.facts.results import TEST_SETS
from generator.pages.accuracy import at_size
from generator.pages.formatting import (
    UNDEFINED,
    UNKNOWN,
    integer,
    memory,
    metric,
    pixels,
    plural,
    quotient,
)

# The fewest and the most models of a comparison. More would be hard to read.
LEAST, MOST = 2, 6

# Units of lines. A value of unit TEXT is shown as it is; values of unit BYTES and MACS are scaled.
TEXT, BYTES, MACS = "text", "bytes", "MACs"
# The value of a line if the model is known not to have the figure, such as one of a missing deploy form.
NONE = "none"
# The value of a line if such a run raises an error.
IMPOSSIBLE = "not possible"

# The declarations of this module that the site's scripts need, besides the lines.
FOR_SCRIPTS = {
    "compared": {"least": LEAST, "most": MOST},
    "card": {
        "size": cards.USUAL_SIZE,
        "setting": cards.USUAL_SETTING,
        "settings": {setting.key: setting.words for setting in estimates.SETTINGS},
    },
    "test_sets": dict(TEST_SETS),
    "words": {"unknown": UNKNOWN, "undefined": UNDEFINED, "none": NONE},
}


class Line(NamedTuple):
    """One line about one model. ``depth`` is the number of headings that the line is under.

    A heading has neither unit nor value. A value of unit `TEXT` is a text, "" if empty. Any other value is a number of
    that unit, ``None`` if it is unknown, `NONE` or `IMPOSSIBLE`.
    """

    depth: int
    label: str
    unit: str | None = None
    value: int | str | None = None

    @property
    def text(self) -> str:
        """The value as text, with its unit; "" for a heading."""
        if self.unit is None or isinstance(self.value, str):
            return str(self.value or (UNDEFINED if self.unit == TEXT else ""))
        if self.unit == BYTES:
            return memory(self.value)
        if self.unit == MACS:
            return metric(self.value, MACS)
        return integer(self.value) + (f" {self.unit}" if self.unit and self.value is not None else "")


class Shared(NamedTuple):
    """A trait that models can share. ``words`` is true of models with equal keys; a key of ``None`` equals no other."""

    key: str | None
    words: str


def lines(record: ModelRecord, row: ModelRow, batch: int | None = None) -> list[Line]:
    """Every line about a model: the same lines in the same order for every model.

    Memory is estimated at ``batch``, or at the batches that pages show.
    """
    return [
        family(row),
        Line(0, "Rank by parameter memory", TEXT, integer(row.rank)),
        *figures(record, row, batch),
        *weights(row),
    ]


def family(row: ModelRow) -> Line:
    """The family of the model."""
    return Line(0, "Family", TEXT, row.family)


def figures(record: ModelRecord, row: ModelRow, batch: int | None = None) -> list[Line]:
    """All that is measured: sizes, the forward pass, memory, the deploy form, the feature pyramid."""
    return [
        *size(row),
        Line(0, "Input size, pixels", TEXT, pixels(row.input_size)),
        Line(0, Section.PASS),
        *forward_pass(row),
        # The figures above are of one image.
        *([] if batch is None else [Line(0, f"At the input size, {batch_words(batch)}")]),
        *memory_estimates(record, batch),
        Line(0, Section.DEPLOY),
        *deploy_form(record, row),
        Line(0, "Feature pyramid"),
        Line(1, "channels", TEXT, _levels(row, row.feature_channels)),
        Line(1, "strides, pixels", TEXT, _levels(row, row.feature_strides)),
    ]


def weights(row: ModelRow) -> list[Line]:
    """The number of the model's weights, and their licences."""
    return [
        Line(0, "Weights", TEXT, plural(len(row.tags), "tag") if row.tags else NONE),
        Line(0, "Top-1 on ImageNet-1K, published", TEXT, _accuracy(row)),
        Line(0, "Licences named", TEXT, ", ".join(row.licenses) or NONE),
    ]


def _accuracy(row: ModelRow) -> str:
    if row.top1 is None or row.top1_image_size is None:
        return ""
    at = at_size(row.top1, row.top1_image_size)
    return f"{at} ({row.top1_tag})" if row.top1_tag else at


def size(row: ModelRow) -> list[Line]:
    """The figures of the model's size."""
    return _section(row, Section.SIZE)


def forward_pass(row: ModelRow) -> list[Line]:
    """The figures of one forward pass at batch 1."""
    return _section(row, Section.PASS)


def memory_estimates(record: ModelRecord, batch: int | None = None) -> list[Line]:
    """The memory estimates at ``batch``, or at the batches that pages show, below a heading for each kind."""
    found: list[Line] = []
    for estimate in estimates.estimates(record, estimates.SHOWN_BATCHES if batch is None else (batch,)):
        heading = Line(1, f"memory of {estimate.kind} ({band(estimate.kind, batch)})")
        if heading not in found:
            found.append(heading)
        label = ", ".join(filter(None, [estimate.optimizer, batch_words(estimate.batch)]))
        found.append(Line(2, label, BYTES, IMPOSSIBLE if estimate.reason else estimate.bytes))
    # Left out of comparisons of models that all train on one image.
    compute = record.inspection.compute
    error = compute.training_error if compute else None
    found.append(Line(1, "no training on one image", TEXT, error or ""))
    return found


def deploy_form(record: ModelRecord, row: ModelRow) -> list[Line]:
    """The figures of the deploy form."""
    listed = _section(row, Section.DEPLOY)
    if record.has_deploy_form is False:
        return [line._replace(value=NONE) for line in listed]
    return listed


def shares(row: ModelRow) -> list[Shared]:
    """The traits that a model can share with others, in the same order for every model."""
    pyramid = f"{row.feature_channels} {row.feature_strides}" if row.features_only else None
    return [
        Shared(row.checkpoint_signature, "take each other's checkpoints"),
        Shared(row.signature, "have the same parameter tensors, by name and shape"),
        Shared(pyramid, "have a feature pyramid of the same channels and strides"),
    ]


def together(rows: Sequence[ModelRow]) -> list[str]:
    """One sentence for each trait: which of the models share it."""
    return [_sentence([row.name for row in rows], alike) for alike in zip(*map(shares, rows), strict=True)]


def groups(names: Sequence[str], keys: Sequence[str | None]) -> list[list[str]]:
    """The groups of two or more models with equal keys, by name. A key of ``None`` equals no other."""
    found: dict[str, list[str]] = {}
    for name, key in zip(names, keys, strict=True):
        if key is not None:
            found.setdefault(key, []).append(name)
    return [alike for alike in found.values() if len(alike) > 1]


def without_idle(listed: Sequence[Sequence[Line]]) -> list[tuple[Line, ...]]:
    """The lines of several models side by side, without lines that say nothing about any model.

    A text line that is empty for every model is left out. A heading becomes a line with the value `NONE` if all lines
    below it are `NONE` for every model.
    """
    alike = list(zip(*listed, strict=True))
    kept: list[tuple[Line, ...]] = []
    place = 0
    while place < len(alike):
        heading, stop = alike[place], place + 1
        if heading[0].unit is None:
            while stop < len(alike) and alike[stop][0].depth > heading[0].depth:
                stop += 1
            if stop > place + 1 and all(line.value == NONE for row in alike[place + 1 : stop] for line in row):
                kept.append(tuple(line._replace(unit=TEXT, value=NONE) for line in heading))
                place = stop
                continue
        if heading[0].unit != TEXT or any(line.value for line in heading):
            kept.append(heading)
        place += 1
    return kept


def real_runs(kind: str, *batches: int) -> str:
    """The least and the greatest ratio of real runs to the estimates of a kind at these batches, as text."""
    bands = [estimates.band(kind, batch) for batch in batches]
    return f"× {min(band.least for band in bands):.2f} to {max(band.greatest for band in bands):.2f}"


def batch_words(batch: int) -> str:
    """The number of images in a run, e.g. ``batch 32``."""
    return f"batch {integer(batch)}"


def band(kind: str, batch: int | None = None) -> str:
    """The remark that a kind is estimated, and how far real runs were from the estimates that are shown.

    Where there are no runs at ``batch``, it names the batches that they had.
    """
    if batch is None:
        return f"estimated; real runs {real_runs(kind, *estimates.SHOWN_BATCHES)}"
    measured = estimates.measured_around(batch)
    where = "" if measured == (batch,) else f" at {' and '.join(map(batch_words, measured))}"
    return f"estimated; real runs{where} {real_runs(kind, batch)}"


def times(value: int | str | None, first: int | str | None) -> str:
    """The ratio of a value to that of the first model, e.g. ``×1.52``; "" if either is not a number, or first is 0."""
    if not isinstance(value, int) or not isinstance(first, int) or not first:
        return ""
    text = quotient(value, first, 2)
    return "×<0.01" if value and text == "0.00" else f"×{text}"


def line(figure: Figure, row: ModelRow) -> Line:
    """The line of a figure of a model."""
    value = getattr(row, figure.name)
    if figure.kind is Kind.TEXTS:
        return Line(figure.depth, figure.line, TEXT, ", ".join(value))
    unit = {Kind.BYTES: BYTES, Kind.MACS: MACS}.get(figure.kind, figure.noun)
    return Line(figure.depth, figure.line, unit, value)


def _section(row: ModelRow, section: Section) -> list[Line]:
    return [line(figure, row) for figure in FIGURES if figure.section is section]


def _levels(row: ModelRow, values: tuple[int, ...] | None) -> str:
    if not row.features_only:
        return UNKNOWN if row.features_only is None else NONE
    return ", ".join(map(integer, values or ()))


def _sentence(names: Sequence[str], alike: Sequence[Shared]) -> str:
    found, do = groups(names, [shared.key for shared in alike]), alike[0].words
    if not found:
        return f"No two of them {do}."
    if len(found[0]) == len(names):
        return f"{'Both' if len(names) == 2 else 'All of them'} {do}."
    return "; ".join(f"{', '.join(group[:-1])} and {group[-1]} {do}" for group in found) + "."
