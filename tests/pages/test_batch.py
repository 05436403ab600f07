"""Many pages by two processes: the same as by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator import processors
from generator.pages.batch import Batch
from generator.ranking import Standing
from tests.examples import PROVENANCE, record, tensor

STANDING = Standing(1, 300, 0, None, None, None, None)


def batch(models: int) -> Batch:
    """Tiny models of different sizes."""
    records = tuple(record(f"model{number}", tensor("weight", number)) for number in range(models))
    return Batch(records, {made.name: STANDING for made in records}, PROVENANCE)


@pytest.mark.parametrize("models", [0, 1, 199, 200, 333])
def test_every_model_has_its_page_once(models: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, two processes give the pages of one."""
    monkeypatch.setattr(processors, "usable", lambda: 2)
    pages = list(batch(models).pages())
    monkeypatch.setattr(processors, "usable", lambda: 1)
    assert sorted(pages) == sorted(batch(models).pages())
    assert len(dict(pages)) == len(pages) == models


def test_a_fault_in_the_process_beside_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that cannot be rendered ends the rendering, whichever process had it."""
    monkeypatch.setattr(processors, "usable", lambda: 2)
    made = batch(300)
    for name in ("model0", "model299"):
        standings = {other: standing for other, standing in made.standings.items() if other != name}
        with pytest.raises(KeyError, match=name):
            list(replace(made, standings=standings).pages())
