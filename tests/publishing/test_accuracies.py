"""The published accuracy of all weights, for the scripts that find the best that match."""

from __future__ import annotations

from dataclasses import replace

from generator.facts.results import TEST_SETS, VALIDATION, Published, Result
from generator.publishing import accuracies
from tests.examples import TINY_CONV, TINY_VIT


def result(tag: str, size: int, top1: float, source: str = "one", test_set: str = VALIDATION) -> Result:
    """A result of which nothing else matters."""
    return Result(tag, size, test_set, top1, None, None, None, source, "1")


def test_results_name_the_place_of_their_tag() -> None:
    """Each has the place of its tag, its size and its top-1; the first source counts, and other sets are apart."""
    first, second = TINY_CONV.entry.tags
    results = (
        result(second, 40, 81.5),
        result(second, 40, 99.0, "another"),
        result(first, 32, 80.25),
        result("", 32, 7.0),
        result(first, 32, 60.0, test_set="imagenet-v2"),
    )
    records = [replace(TINY_CONV, published=Published(results)), TINY_VIT]
    assert accuracies.document(VALIDATION, records) == {"models": [[(1, 40, 81.5), (0, 32, 80.25), (-1, 32, 7.0)], []]}
    assert accuracies.document("imagenet-v2", records) == {"models": [[(0, 32, 60.0)], []]}
    assert list(accuracies.PATHS) == list(TEST_SETS)
