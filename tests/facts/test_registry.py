"""The facts that timm's registry tells: weights, tags, licences."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from tests.examples import BARE_WEIGHTS, FULL_WEIGHTS, PLAIN_WEIGHTS, TINY_CONV, TINY_EMPTY


def test_tags_and_licences_follow_from_the_weights() -> None:
    """Tags stand in the order of the weights; each named licence comes once, and what is not named adds none."""
    assert TINY_CONV.entry.tags == ("r160_in1k", "untrained")
    assert TINY_CONV.entry.licenses == ("cc-by-nc-4.0",)
    weights = tuple(PLAIN_WEIGHTS._replace(license=name) for name in ("mit", None, "gemma", "mit"))
    assert replace(TINY_CONV.entry, weights=weights).licenses == ("mit", "gemma")
    assert (TINY_EMPTY.entry.tags, TINY_EMPTY.entry.licenses) == ((), ())


def test_the_source_is_what_timm_takes() -> None:
    """Of several places timm takes a file first, then the repository on Hugging Face, then the address."""
    assert FULL_WEIGHTS.source == "https://huggingface.co/tiny/tiny_conv"
    assert BARE_WEIGHTS.source == "https://example.org/untrained.pth"
    assert FULL_WEIGHTS._replace(file="/tmp/net.pth").source == "/tmp/net.pth"
    assert BARE_WEIGHTS._replace(url=None).source is None


def test_entries_are_frozen() -> None:
    """Nobody changes a fact of the registry on its way."""
    with pytest.raises(FrozenInstanceError):
        TINY_CONV.entry.name = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        TINY_CONV.entry.weights[0].tag = "other"  # type: ignore[misc]
