"""Where printed figures come from, in words."""

from __future__ import annotations

from generator.terminal.source import at_size, dataset_name, how_made, measured_now, source
from tests.examples import DATE, EARLIER, FAILED, FULL, PROVENANCE, SUBSET, TINY_CONV, resized


def test_figures_say_where_they_come_from() -> None:
    """The line below figures has the versions of timm and torch, and the day that is given, not that of the survey."""
    assert source(PROVENANCE, DATE) == "timm 1.0.31, torch 2.15.0, data of 2026-01-02"
    assert source(PROVENANCE, EARLIER) == "timm 1.0.31, torch 2.15.0, data of 2025-12-31"


def test_what_was_measured_now_says_so() -> None:
    """What a command measures is told apart from the dataset, with the version of timm that it was measured with."""
    assert measured_now("1.0.32") == "Every figure is of the model at this size, measured now with timm 1.0.32."


def test_a_dataset_is_called_by_what_it_covers() -> None:
    """Messages name the number of models, the patterns of a subset, and timm's version."""
    assert dataset_name(FULL) == "the dataset (5 models, timm 1.0.31)"
    assert dataset_name(SUBSET) == "the dataset (2 models matching tiny_t*, tiny_v?t, timm 1.0.31)"
    assert dataset_name(FAILED) == "the dataset (0 models, timm 1.0.31)"


def test_a_model_at_a_size_says_how_it_was_made() -> None:
    """The label has height and width, and the words say whether the model was built for them."""
    assert at_size((64, 48)) == "At 64 × 48 pixels"
    assert how_made(resized(TINY_CONV, 64, 48)) == "created as by default"
    assert how_made(resized(TINY_CONV, 64, 48, img_size=64)) == "built for it with img_size=64"
