"""Accuracy as text: what others published is told with its size and its source."""

from __future__ import annotations

import pytest

from generator.facts.results import Result, Source
from generator.pages import accuracy
from tests.examples import PUBLISHED, RESULTS_OF_CONV, TINY_CONV, TINY_VIT

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def result(top1: float, top5: float | None = None, source: str = "lab.csv", version: str = "1") -> Result:
    """A result at 224 pixels."""
    return Result("in1k", 224, "imagenet-val", top1, top5, None, None, source, version)


def test_each_tag_has_its_best() -> None:
    """It is that on the validation set, at the size at which it is best; other test sets do not count."""
    default, untrained = accuracy.bests(TINY_CONV.entry.weights, RESULTS_OF_CONV)
    assert default == RESULTS_OF_CONV[2]
    assert untrained is None
    assert accuracy.bests(TINY_VIT.entry.weights, ()) == [None]


@pytest.mark.parametrize(
    ("found", "cells"),
    [
        (RESULTS_OF_CONV[2], ["81.50 % at 40 px", "95.60 %"]),
        # Rounded half to even by the digits that were published: as a float, 0.145 is less than it says.
        (result(0.145, 99.995), ["0.14 % at 224 px", "100.00 %"]),
        (result(100.0), ["100.00 % at 224 px", "unknown"]),
        (None, ["unknown", "unknown"]),
    ],
)
def test_a_result_has_two_cells(found: Result | None, cells: list[str]) -> None:
    """Top-1 stands with its image size, and what was not told is unknown."""
    assert accuracy.cells(found) == cells


def test_a_result_is_a_line_in_a_terminal() -> None:
    """Test set, image size and source are in it."""
    assert accuracy.line(RESULTS_OF_CONV[2]) == (
        "81.50 % top-1 on ImageNet-1K validation at 40 px (timm/results-imagenet.csv)"
    )


def test_the_legend_names_every_source_once() -> None:
    """A source has its version and date, and a link where it can be read; a commit is cut."""
    shown = [RESULTS_OF_CONV[2], None, RESULTS_OF_CONV[0], result(1.0, source="a *lab*.csv", version=COMMIT)]
    text = accuracy.legend(shown, PUBLISHED.sources)
    assert text.startswith("Accuracy is what [others published](../guide/method.md#published-results), not ours: ")
    assert (
        "From [timm/results-imagenet.csv](https://example.org/c0ffee/results-imagenet.csv) (c0ffee, 2026-01-01); "
        "a \\*lab\\*.csv (0123456789ab). "
    ) in text


def test_an_address_that_is_none_is_no_link() -> None:
    """A source whose address is not of the web stands as a text."""
    strange = Source("lab.csv", "1", None, "javascript:alert(1)", rows=1, used=1)
    assert "From lab.csv (1). " in accuracy.legend([result(1.0)], [strange])
