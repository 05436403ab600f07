"""The largest batch that fits on a card."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.facts import cards, estimates
from generator.facts.batches import Line
from generator.facts.estimates import Band
from generator.facts.inspections import Compute, Memory, Passes
from tests.examples import TINY_TWIN, record, tensor

# Ten million bytes an image, and as many that stand.
PASS = Memory(10**7, (Line(0, 10**7),), (Line(0, 10**7),))
NET = record("net", tensor("weight", 10), compute=Compute((3, 8, 8), 1, 1, (), 1, 1, 1, 1, None, Passes(PASS)))


def test_the_band_is_left_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The estimate of the largest batch times the most that real runs took is within the card, that of one more not."""
    monkeypatch.setattr(estimates, "BANDS", dict.fromkeys(estimates.BANDS, Band(0.8, 1.25)))
    # 8 x 10^9 bytes less 0.92 x 10^9 for CUDA, of which a 1.25th can be estimated: 566 x 10^7, one of them stands.
    assert cards.largest_batches(NET, estimates.INFERENCE, None, [8])[0] == 566 - 1


def test_a_wider_band_of_larger_batches_counts_there_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where large batches are less certain, the largest of the certain ones stays."""
    bands = {(kind, batch): Band(1.0, 4.0 if batch == 128 else 1.0) for kind, batch in estimates.BANDS}
    monkeypatch.setattr(estimates, "BANDS", bands)
    assert cards.largest_batches(NET, estimates.INFERENCE, None, [1.92])[0] == 32
    # A quarter of 6 x 10^9 bytes is 150 x 10^7, one of which stands.
    assert cards.largest_batches(NET, estimates.INFERENCE, None, [6.92])[0] == 149


def test_what_does_not_fit_is_none_and_unknown_is_not_zero() -> None:
    """A model that is larger than the card has 0; one that was not measured, or does not run so, has no batch."""
    large = replace(PASS, resident=10**12)
    compute = Compute((3, 8, 8), 1, 1, (), 1, 1, 1, 1, None, Passes(large))
    assert cards.largest_batches(record("net", compute=compute), estimates.INFERENCE, None, [141])[0] == 0
    assert cards.largest_batches(NET, estimates.TRAINING, "AdamW", [141])[0] is None
    assert cards.largest_batches(TINY_TWIN, estimates.INFERENCE, None, [141])[0] is None


def test_a_larger_card_takes_no_smaller_batch() -> None:
    """The batch grows with the card."""
    found = [cards.largest_batches(NET, estimates.INFERENCE, None, [size])[0] or 0 for size in cards.SIZES]
    assert found == sorted(found)
    assert found[0] > 0
