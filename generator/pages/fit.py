"""The table of the largest batch that fits on cards of each size, on a model's page."""

from __future__ import annotations

from generator.facts import cards
from generator.facts.cards import SIZES
from generator.facts.estimates import SETTINGS
from generator.facts.records import ModelRecord
from generator.pages.formatting import UNKNOWN, integer
from generator.pages.markdown import link, table


def render(record: ModelRecord) -> list[str]:
    """The blocks below the heading; a sentence where no pass of the model could be measured."""
    explained = link("largest batch", "../guide/method.md#fit")
    if record.inspection.compute is None:
        return [f"The {explained} that fits on a card is unknown: no forward pass of this model could be measured."]
    columns = [cards.largest_batches(record, setting.kind, setting.optimizer) for setting in SETTINGS]
    # In lines of their own, so that a phone shows several columns.
    headings = [setting.words.replace(", ", ",<br>") for setting in SETTINGS]
    return [
        table(
            ["GPU memory", *headings],
            [
                [f"{size} GB", *map(_cell, batches)]
                for size, batches in zip(SIZES, zip(*columns, strict=True), strict=True)
            ],
            numeric=headings,
        ),
        f"The {explained} at the default input size that fits into the memory of a GPU, if it takes the most that real "
        f"runs took beyond their estimate, and CUDA {cards.TAKEN / cards.GB:g} GB. 0: not a single image.",
    ]


def card_options(identity: str) -> str:
    """Real cards as suggestions of a field, in HTML; ``identity`` is the id that the field names."""
    options = "".join(f'<option value="{size} GB">{", ".join(names)}</option>' for size, names in cards.CARDS.items())
    return f'<datalist id="{identity}">{options}</datalist>'


def _cell(batch: int | None) -> str:
    return UNKNOWN if batch is None else integer(batch)
