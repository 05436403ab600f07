"""Compare models in a terminal: every figure of each model, and its ratio to the figure of the first model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from generator.facts.columns import Section
from generator.facts.figures import ModelRow, row
from generator.facts.inspections import Compute
from generator.facts.records import ModelRecord
from generator.facts.texts import escaped
from generator.pages.lines import TEXT, Line, forward_pass, lines, memory_estimates, times, together, without_idle

_GAP = "  "


class Compared(NamedTuple):
    """A model to compare: its record and row, and its forward pass at another input size if asked for."""

    record: ModelRecord
    row: ModelRow
    at: Compute | None = None


class _Printed(NamedTuple):
    """A line of the comparison: a label, and the cell of each model; a heading has no cells."""

    label: str
    cells: list[str]


def render(models: Sequence[Compared], width: int | None = None) -> str:
    """Render all figures, one column for each model, then the traits that the models share.

    Columns are split into blocks of at most ``width`` characters. No figure is cut short: a column wider than the
    terminal is a block of its own.
    """
    table = [_Printed("", [escaped(model.row.name) for model in models])]
    table += map(_printed, without_idle([_lines(model) for model in models]))
    blocks = [_block(table, columns) for columns in _columns(table, len(models), width)]
    return "\n\n".join([*blocks, "\n".join(map(escaped, together([model.row for model in models])))])


def at_another_size(record: ModelRecord, rank: int, compute: Compute) -> list[Line]:
    """The lines of a forward pass at another input size, below their heading."""
    there = record.at(compute)
    height, width = compute.input_size[1:]
    heading = Line(0, f"At {height} × {width} pixels, batch 1")
    return [heading, *forward_pass(row(there, rank)), *memory_estimates(there)]


def _lines(model: Compared) -> list[Line]:
    listed = lines(model.record, model.row)
    if model.at is None:
        return listed
    # The other input size comes after the model's own.
    end = next(place for place, line in enumerate(listed) if line.label == Section.DEPLOY)
    return [*listed[:end], *at_another_size(model.record, model.row.rank, model.at), *listed[end:]]


def _printed(alike: Sequence[Line]) -> _Printed:
    """One line for all models. The figures of the others are followed by their ratio to the first model's figure."""
    first = alike[0]
    label = "  " * first.depth + first.label
    if first.unit is None:
        return _Printed(label, [])
    if first.unit == TEXT:
        return _Printed(label, [escaped(line.text) for line in alike])
    ratios = [f"{line.text}  {times(line.value, first.value):>6}" for line in alike[1:]]
    return _Printed(label, [first.text, *ratios])


def _columns(table: Sequence[_Printed], models: int, width: int | None) -> list[list[int]]:
    """The models of each block, by index."""
    left = max(len(line.label) for line in table if line.cells)
    widths = [max(len(line.cells[model]) for line in table if line.cells) for model in range(models)]
    blocks: list[list[int]] = [[]]
    for model in range(models):
        taken = left + sum(len(_GAP) + widths[other] for other in [*blocks[-1], model])
        if blocks[-1] and width is not None and taken > width:
            blocks.append([])
        blocks[-1].append(model)
    return blocks


def _block(table: Sequence[_Printed], columns: Sequence[int]) -> str:
    left = max(len(line.label) for line in table if line.cells)
    widths = {model: max(len(line.cells[model]) for line in table if line.cells) for model in columns}
    return "\n".join(
        _GAP.join(
            [f"{line.label:<{left}}", *(f"{line.cells[model]:>{widths[model]}}" for model in columns if line.cells)]
        ).rstrip()
        for line in table
    )
