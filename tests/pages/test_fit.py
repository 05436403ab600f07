"""The table of the largest batch on a model's page."""

from __future__ import annotations

from generator.facts import cards, estimates
from generator.facts.cards import SIZES
from generator.pages import fit
from generator.pages.formatting import integer
from tests.examples import TINY_CONV, TINY_TWIN
from tests.pages.reading import table_rows


def test_each_run_has_a_row_and_each_card_a_column() -> None:
    """The cells are the batches that fit, in the order of the estimates."""
    rows = table_rows("\n".join(fit.render(TINY_CONV)), "| Run |")
    runs = [(kind, optimizer) for kind, optimizers in estimates.KINDS.items() for optimizer in optimizers]
    assert [row[0] for row in rows] == [fit.called(*run) for run in runs]
    for row, run in zip(rows, runs, strict=True):
        assert row[1:] == [integer(cards.largest_batches(TINY_CONV, *run, [size])[0] or 0) for size in SIZES]


def test_without_a_pass_it_is_unknown() -> None:
    """A model that was not run has a sentence in place of the table."""
    (text,) = fit.render(TINY_TWIN)
    assert "is unknown" in text
