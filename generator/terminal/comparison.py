"""Compare models in a terminal: every figure of each model, and its ratio to the figure of the first model."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from generator.facts.figures import ModelRow, row
from generator.facts.records import ModelRecord, Resized
from generator.facts.shapes import Shape
from generator.facts.texts import escaped
from generator.pages.formatting import UNDEFINED
from generator.pages.lines import TEXT, Line, family, figures, lines, times, together, weights, without_idle
from generator.terminal.source import at_size, how_made

_GAP = "  "
# The most characters of a text in a line of its cell. A longer one, such as a reason, goes on in the next line.
_WIDEST = 48


class Compared(NamedTuple):
    """A model to compare: its record and row, and the model at another input size if asked for, or why it fails."""

    record: ModelRecord
    row: ModelRow
    at: Resized | str | None = None


class _Printed(NamedTuple):
    """A line of the comparison: a label, and the cell of each model; a heading has no cells."""

    label: str
    cells: list[str]


def render(
    models: Sequence[Compared], width: int | None = None, size: Shape | None = None, batch: int | None = None
) -> str:
    """Render all figures, one column for each model, then the traits that the models share.

    Columns are split into blocks of at most ``width`` characters. No figure is cut short: a column wider than the
    terminal is a block of its own. With ``size``, height and width in pixels, every figure is of the models at that
    input size. With ``batch``, memory is estimated at that batch.
    """
    table = [_Printed("", [escaped(model.row.name) for model in models])]
    listed = [
        lines(model.record, model.row, batch) if size is None else _lines_at(model, size, batch) for model in models
    ]
    table += chain.from_iterable(map(_printed, without_idle(listed)))
    blocks = [_block(table, columns) for columns in _columns(table, len(models), width)]
    rows = [model.row for model in models]
    if size is not None:
        rows = [row(model.at.record, model.row.rank) for model in models if isinstance(model.at, Resized)]
    return "\n\n".join([*blocks, *(["\n".join(map(escaped, together(rows)))] if len(rows) > 1 else [])])


def _lines_at(model: Compared, size: Shape, batch: int | None) -> list[Line]:
    """The lines of a model at another input size. If it does not run, the reason takes the place of its figures."""
    if isinstance(model.at, Resized):
        resized = model.at.record
        how, found = how_made(model.at), figures(resized, row(resized, model.row.rank), batch)
    else:
        how = f"does not run: {model.at}"
        found = [_blank(line) for line in figures(model.record, model.row, batch)]
    return [family(model.row), Line(0, at_size(size), TEXT, how), *found, *weights(model.row)]


def _blank(line: Line) -> Line:
    """A line without its value; a heading is left as it is."""
    return line if line.unit is None else line._replace(value="" if line.unit == TEXT else UNDEFINED)


def _printed(alike: Sequence[Line]) -> Iterator[_Printed]:
    """One line for all models. The figures of the others are followed by their ratio to the first model's figure."""
    first = alike[0]
    label = "  " * first.depth + first.label
    if first.unit is None:
        yield _Printed(label, [])
    elif first.unit == TEXT:
        for cells in zip_longest(*(textwrap.wrap(escaped(line.text), _WIDEST) for line in alike), fillvalue=""):
            yield _Printed(label, [*cells])
            label = ""
    else:
        ratios = [f"{line.text}  {times(line.value, first.value):>6}" for line in alike[1:]]
        yield _Printed(label, [first.text, *ratios])


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
