"""Render the models that fit into the memory of a GPU for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from generator.facts.figures import ModelRow
from generator.facts.records import Provenance
from generator.facts.texts import escaped
from generator.pages.formatting import integer, memory
from generator.terminal.source import source

_HEADINGS = ("Rank", "Model", "Parameters", "Parameter memory", "Largest batch")


def render(found: Sequence[tuple[ModelRow, int]], summary: str, provenance: Provenance | None) -> str:
    """Render a line for each model with the largest batch that fits, below a sentence that says what was asked for.

    Models that were measured now have no rank among all, and ``provenance`` is ``None``.
    """
    table: list[tuple[str, ...]] = [_HEADINGS]
    table += [
        (str(row.rank), escaped(row.name), integer(row.parameters), memory(row.parameter_bytes), integer(batch))
        for row, batch in found
    ]
    table = [line if provenance else line[1:] for line in table]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(
            f"{cell:<{width}}" if heading == "Model" else f"{cell:>{width}}"
            for heading, cell, width in zip(table[0], line, widths, strict=True)
        ).rstrip()
        for line in table
    ]
    below = [source(provenance, provenance.date)] if provenance else []
    return "\n".join([summary, *(lines if found else []), *below])
