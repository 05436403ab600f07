"""The table of the largest batch on a model's page."""

from __future__ import annotations

from generator.facts import cards
from generator.facts.cards import SIZES
from generator.facts.estimates import SETTINGS
from generator.pages import fit
from generator.pages.formatting import integer
from tests.examples import TINY_CONV, TINY_TWIN
from tests.pages.reading import table_rows


def test_each_card_has_a_row_and_each_setting_a_column() -> None:
    """The cells are the batches that fit, in the order of the estimates."""
    rows = table_rows("\n".join(fit.render(TINY_CONV)), "| GPU memory |")
    assert [row[0] for row in rows] == [f"{size} GB" for size in SIZES]
    for place, setting in enumerate(SETTINGS):
        batches = cards.largest_batches(TINY_CONV, setting.kind, setting.optimizer)
        assert [row[1 + place] for row in rows] == [integer(batch or 0) for batch in batches]


def test_without_a_pass_it_is_unknown() -> None:
    """A model that was not run has a sentence in place of the table."""
    (text,) = fit.render(TINY_TWIN)
    assert "is unknown" in text
