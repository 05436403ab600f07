"""Models side by side for a terminal: every figure of each, and how many times that of the first it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from generator.pages import figures
from generator.pages.figures import Figure, counted, sized
from generator.pages.formatting import UNDEFINED, UNKNOWN, integer, pixels, plural
from generator.records import Compute, Failure, ModelRecord

# How many models can be compared: what a reader can keep in view.
LEAST, MOST = 2, 6
_GAP = "  "
_AT_INPUT_SIZE, _DEPLOY_FORM = "At the input size, batch 1", "Deploy form"


class Compared(NamedTuple):
    """A model to compare: its record, its rank, its failures, and what it takes at another input size if asked for."""

    record: ModelRecord
    rank: int
    failures: tuple[Failure, ...] = ()
    at: Compute | None = None


class Line(NamedTuple):
    """One line of what is set side by side: a figure of a model, or a heading, which has none.

    ``depth`` tells how far a line is below those before it; lines of one depth below a heading belong to it.
    """

    depth: int
    label: str
    figure: Figure | None = None


class _Row(NamedTuple):
    """A fact about each model, or a heading where there are no cells."""

    label: str
    cells: list[str]


def render(models: Sequence[Compared], width: int | None = None) -> str:
    """All figures in columns, a model each, in as many blocks as ``width`` letters need; then what they share.

    No figure is cut short: a column that is wider than the terminal still is a block of its own.
    """
    table = _table(models)
    blocks = [_block(table, columns) for columns in _columns(table, len(models), width)]
    return "\n\n".join([*blocks, "\n".join(shared([model.record for model in models]))])


def shared(records: Sequence[ModelRecord]) -> list[str]:
    """What the models have in common, a sentence each: checkpoints, parameter tensors, feature pyramid."""
    return [
        _together(records, lambda record: record.inspection.checkpoint_signature, "take each other's checkpoints"),
        _together(records, lambda record: record.signature, "have the same parameter tensors, by name and shape"),
        _together(records, pyramid_of, "have a feature pyramid of the same channels and strides"),
    ]


def groups(records: Sequence[ModelRecord], key: Callable[[ModelRecord], Hashable]) -> list[list[str]]:
    """The names of models with equal keys, where there are several; ``None`` equals nothing."""
    found: dict[Hashable, list[str]] = {}
    for record in records:
        if (value := key(record)) is not None:
            found.setdefault(value, []).append(record.name)
    return [names for names in found.values() if len(names) > 1]


def pyramid_of(record: ModelRecord) -> Hashable:
    """Channels and strides of each level, ``None`` for a model without a feature pyramid."""
    pyramid = record.inspection.pyramid
    return (pyramid.channels, pyramid.strides) if pyramid.works else None


def _together(records: Sequence[ModelRecord], key: Callable[[ModelRecord], Hashable], do: str) -> str:
    found = groups(records, key)
    if not found:
        return f"No two of them {do}."
    if len(found[0]) == len(records):
        return f"{'Both' if len(records) == 2 else 'All of them'} {do}."
    return "; ".join(f"{', '.join(names[:-1])} and {names[-1]} {do}" for names in found) + "."


def lines(record: ModelRecord) -> list[Line]:
    """Every number of a model that comparisons divide, with headings: the same lines in the same order for every model.

    Without a deploy form its numbers are ``None``; `figures.lacks_deploy_form` tells whether there is none.
    """
    compute = record.inspection.compute
    return [*_size(record), Line(0, _AT_INPUT_SIZE), *_pass(compute), *_estimates(record, compute), *_deploy(record)]


def _table(models: Sequence[Compared]) -> list[_Row]:
    records = [model.record for model in models]
    sizes = {compute.input_size[1:] for model in models if (compute := model.at)}
    rows = [
        _Row("", [record.name for record in records]),
        _Row("Family", [record.entry.family for record in records]),
        _Row("Rank by parameter memory", [integer(model.rank) for model in models]),
        *_rows([_size(record) for record in records]),
        _Row("Input size, pixels", [pixels(record.entry.input_size) for record in records]),
        _Row(_AT_INPUT_SIZE, []),
        *_compute_rows(records, [record.inspection.compute for record in records]),
    ]
    for height, width in sorted(sizes):
        rows.append(_Row(f"At {height} × {width} pixels, batch 1", []))
        rows += _compute_rows(records, [model.at for model in models])
    return [
        *rows,
        *_deploy_rows(models),
        _Row("Feature pyramid", []),
        _Row("  channels", [_levels(record, "channels") for record in records]),
        _Row("  strides, pixels", [_levels(record, "stride") for record in records]),
        _Row("Weights", [plural(len(record.entry.tags), "tag") if record.entry.tags else "none" for record in records]),
        _Row("Licences named", [", ".join(record.entry.licenses) or "none" for record in records]),
    ]


def _size(record: ModelRecord) -> list[Line]:
    return [
        *_lines(
            0,
            counted("Parameters", record.parameters),
            counted("Trainable parameters", record.trainable_parameters),
            counted("Backbone parameters", record.backbone_parameters),
            counted("Head parameters", record.inspection.head_parameters),
            sized("Parameter memory", record.parameter_bytes),
        ),
        *_lines(1, *figures.memory_by_format(record)),
        *_lines(
            0,
            sized("Checkpoint", figures.checkpoint_bytes(record)),
            counted("Parameter tensors", len(record.tensors)),
            counted("Buffers, elements", record.inspection.buffers),
            sized("Buffer memory", record.inspection.buffer_bytes),
        ),
    ]


def _pass(compute: Compute | None) -> list[Line]:
    return _lines(1, *figures.forward_pass(compute))


def _estimates(record: ModelRecord, compute: Compute | None) -> list[Line]:
    found = []
    for kind, estimates in figures.estimates(record, compute).items():
        found += [Line(1, f"memory of {kind} ({figures.band(kind)})"), *_lines(2, *estimates)]
    return found


def _deploy(record: ModelRecord) -> list[Line]:
    return [Line(0, _DEPLOY_FORM), *_lines(1, *figures.deploy_form(record))]


def _lines(depth: int, *listed: Figure) -> list[Line]:
    return [Line(depth, figure.label, figure) for figure in listed]


def _compute_rows(records: Sequence[ModelRecord], computes: Sequence[Compute | None]) -> list[_Row]:
    rows = _rows([_pass(compute) for compute in computes])
    doubts = [figures.doubt(compute) for compute in computes]
    if any(doubts):
        rows.append(_Row("  cost not known of", [doubt or UNDEFINED for doubt in doubts]))
    return rows + _rows([_estimates(record, compute) for record, compute in zip(records, computes, strict=True)])


def _deploy_rows(models: Sequence[Compared]) -> list[_Row]:
    without = [figures.lacks_deploy_form(model.record, model.failures) for model in models]
    if all(without):
        return [_Row(_DEPLOY_FORM, ["none"] * len(models))]
    return [
        row._replace(cells=["none" if none else cell for cell, none in zip(row.cells, without, strict=True)])
        if row.cells
        else row
        for row in _rows([_deploy(model.record) for model in models])
    ]


def _rows(listed: Sequence[Sequence[Line]]) -> list[_Row]:
    """A row for each line, with the ratios to the first model behind the figures of the others."""
    return [
        _Row("  " * alike[0].depth + alike[0].label, _cells([line.figure for line in alike if line.figure]))
        for alike in zip(*listed, strict=True)
    ]


def _cells(alike: Sequence[Figure]) -> list[str]:
    """The texts of a figure of each model; none for a heading, which has no figures."""
    return [figure.text for figure in alike[:1]] + [
        f"{figure.text}  {figures.times(figure.value, alike[0].value):>6}" for figure in alike[1:]
    ]


def _levels(record: ModelRecord, figure: str) -> str:
    pyramid = record.inspection.pyramid
    if not pyramid.works:
        return UNKNOWN if pyramid.works is None else "none"
    return ", ".join(integer(getattr(level, figure)) for level in pyramid.levels)


def _columns(table: Sequence[_Row], models: int, width: int | None) -> list[list[int]]:
    """Which models stand in which block."""
    left = max(len(row.label) for row in table if row.cells)
    widths = [max(len(row.cells[model]) for row in table if row.cells) for model in range(models)]
    blocks: list[list[int]] = [[]]
    for model in range(models):
        taken = left + sum(len(_GAP) + widths[other] for other in [*blocks[-1], model])
        if blocks[-1] and width is not None and taken > width:
            blocks.append([])
        blocks[-1].append(model)
    return blocks


def _block(table: Sequence[_Row], columns: Sequence[int]) -> str:
    left = max(len(row.label) for row in table if row.cells)
    widths: dict[int, int] = {model: max(len(row.cells[model]) for row in table if row.cells) for model in columns}
    return "\n".join(
        _GAP.join(
            [f"{row.label:<{left}}", *(f"{row.cells[model]:>{widths[model]}}" for model in columns if row.cells)]
        ).rstrip()
        for row in table
    )
