"""The memory of each way to run a model, as lines over the batch, for scripts that find the largest batch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from generator.facts import cards, estimates
from generator.facts.batches import Line
from generator.facts.estimates import SETTINGS, Setting
from generator.facts.records import ModelRecord

PATHS = {setting.key: f"lines/{setting.key}.json" for setting in SETTINGS}


def document(setting: Setting, records: Iterable[ModelRecord]) -> dict[str, Any]:
    """The lines of all models in one setting as a JSON document. ``records`` are in the order of their ranks."""
    return {**cards.limits(setting.kind), "models": [lines(record, setting) for record in records]}


def of_model(record: ModelRecord) -> dict[str, Any]:
    """The lines of a model in every setting, by its key."""
    return {setting.key: lines(record, setting) for setting in SETTINGS}


def lines(record: ModelRecord, setting: Setting) -> list[Any] | None:
    """Resident bytes, the lines from batch 2 on and, where they differ, those at batch 1; ``None`` if none can run.

    Lines are pairs of constant bytes and bytes for each image, one after the other.
    """
    run = estimates.run_of(record, setting.kind, setting.optimizer)
    if run is None:
        return None
    alike = run.single == run.several
    return [run.resident, _flat(run.several), *([] if alike else [_flat(run.single)])]


def _flat(found: Iterable[Line]) -> list[int]:
    return [number for line in found for number in line]
