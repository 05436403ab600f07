"""Render the rank table for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from generator.facts.columns import Kind, Place
from generator.facts.figures import IN_TABLE, ModelRow
from generator.facts.records import Provenance
from generator.facts.texts import escaped
from generator.pages.formatting import value_text
from generator.terminal.source import source

_COLUMNS = tuple(figure for figure in IN_TABLE if figure.place is Place.SHOWN)


def render(rows: Sequence[ModelRow], provenance: Provenance) -> str:
    """Render the figures of the rank page in columns, one line for each model."""
    table = [[figure.label + (", pixels" if figure.kind is Kind.SIZE else "") for figure in _COLUMNS]]
    table += [[escaped(value_text(figure, getattr(row, figure.name))) for figure in _COLUMNS] for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(
            f"{cell:<{width}}" if figure.kind in (Kind.TEXT, Kind.TEXTS) else f"{cell:>{width}}"
            for figure, cell, width in zip(_COLUMNS, line, widths, strict=True)
        ).rstrip()
        for line in table
    ]
    return "\n".join([*lines, source(provenance, provenance.date)])
