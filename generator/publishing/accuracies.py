"""The published accuracy of all weights on one test set, for scripts that find the best that match a filter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from generator.facts.records import ModelRecord
from generator.facts.results import TEST_SETS

PATHS = {test_set: f"accuracy/{test_set}.json" for test_set in TEST_SETS}


def document(test_set: str, records: Iterable[ModelRecord]) -> dict[str, Any]:
    """The top-1 accuracy of all weights as a JSON document. ``records`` are in the order of their ranks."""
    return {"models": [_results(record, test_set) for record in records]}


def _results(record: ModelRecord, test_set: str) -> list[tuple[int, int, float]]:
    """Place of the tag among the model's, image size and top-1 of each result; -1 for weights without a tag of timm.

    Where several sources tell of the same weights at the same size, the first counts, as on pages.
    """
    found: dict[tuple[int, int], float] = {}
    tags = record.entry.tags
    for result in record.published.results:
        if result.test_set == test_set:
            place = tags.index(result.tag) if result.tag in tags else -1
            found.setdefault((place, result.image_size), result.top1)
    return [(place, size, top1) for (place, size), top1 in found.items()]
