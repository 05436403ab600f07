"""Render the models that fit into the memory of a GPU for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from generator.facts.figures import ModelRow
from generator.facts.records import Provenance
from generator.facts.texts import escaped
from generator.pages.formatting import integer, memory
from generator.terminal.source import source

_HEADINGS = ("Rank", "Model", "Parameters", "Parameter memory", "Largest batch")


def render(found: Sequence[tuple[ModelRow, int]], summary: str, provenance: Provenance) -> str:
    """Render a line for each model with the largest batch that fits, below a sentence that says what was asked for."""
    table = [_HEADINGS] + [
        (str(row.rank), escaped(row.name), integer(row.parameters), memory(row.parameter_bytes), integer(batch))
        for row, batch in found
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(
            f"{cell:<{width}}" if heading == "Model" else f"{cell:>{width}}"
            for heading, cell, width in zip(_HEADINGS, line, widths, strict=True)
        ).rstrip()
        for line in table
    ]
    return "\n".join([summary, *(lines if found else []), source(provenance, provenance.date)])
