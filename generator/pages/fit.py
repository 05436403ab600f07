"""The table of the largest batch that fits on cards of each size, on a model's page."""

from __future__ import annotations

from generator.facts import cards, estimates
from generator.facts.cards import SIZES
from generator.facts.records import ModelRecord
from generator.pages.formatting import UNKNOWN, integer
from generator.pages.markdown import link, table


def render(record: ModelRecord) -> list[str]:
    """The blocks below the heading; a sentence where no pass of the model could be measured."""
    runs = [(kind, optimizer) for kind, optimizers in estimates.KINDS.items() for optimizer in optimizers]
    rows = [
        [called(*run), *map(_cell, cards.largest_batches(record, *run))]
        for run in runs
        if record.inspection.compute is not None
    ]
    explained = link("largest batch", "../guide/method.md#fit")
    if not rows:
        return [f"The {explained} that fits on a card is unknown: no forward pass of this model could be measured."]
    headings = [f"{size} GB" for size in SIZES]
    return [
        table(["Run", *headings], rows, numeric=headings),
        f"The {explained} at the default input size that fits into the memory of a GPU, if it takes the most that real "
        "runs took beyond their estimate. 0: not a single image.",
    ]


def called(kind: str, optimizer: str | None) -> str:
    """The name of a run, as it begins a row."""
    return f"{kind[0].upper()}{kind[1:]}" + (f", {optimizer}" if optimizer else "")


def _cell(batch: int | None) -> str:
    return UNKNOWN if batch is None else integer(batch)
