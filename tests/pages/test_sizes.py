"""The table of the cost by size: each size that is used, with its weights, and why one has no figures."""

from __future__ import annotations

from dataclasses import replace

from generator.facts.inspections import AtSize
from generator.facts.records import ModelRecord
from generator.pages.sizes import render
from tests.examples import FULL_WEIGHTS, PLAIN_WEIGHTS, TINY_CONV, TINY_VIT


def with_sizes(*own: AtSize) -> ModelRecord:
    """The tiny net at other sizes than its own."""
    return replace(TINY_CONV, inspection=replace(TINY_CONV.inspection, sizes=own))


def rows(record: ModelRecord) -> list[list[str]]:
    """The cells of the table, the headings first."""
    lines = render(record)[2].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line]


def test_a_model_of_one_size_has_no_table() -> None:
    """Where no other size is used, what it costs stands above already."""
    assert render(TINY_VIT) == []


def test_each_size_has_its_cost_and_its_weights() -> None:
    """The default comes with the others, and each says which weights are trained and tested at it."""
    assert rows(TINY_CONV) == [
        ["Size", "MACs", "Activations", "Activation memory", "Weights trained at it", "Weights tested at it"],
        ["32 × 32, the default", "294.992 kMACs", "16.394 k", "76.000 KiB", "all 2", "`untrained`"],
        ["40 × 40", "460.880 kMACs", "25.610 k", "118.750 KiB", "none", "`r160_in1k`"],
    ]


def test_other_parameters_are_shown() -> None:
    """Where a model has other parameters at a size, all sizes have theirs."""
    headings, default, other = rows(with_sizes(AtSize(40, 40, 1, 2, 1234, 4)))
    assert headings[4] == "Parameters"
    assert (default[4], other[4]) == ("394", "1,234")


def test_a_size_without_figures_has_a_reason() -> None:
    """A size at which the model does not run is told, with the model's own words escaped."""
    record = with_sizes(AtSize(40, 48, reason="ValueError: a *bigger* <input>"))
    assert rows(record)[2][:4] == ["40 × 48", *["not possible"] * 3]
    assert render(record)[3] == r"At 40 × 48 pixels the model does not run: ValueError: a \*bigger\* &lt;input&gt;"


def test_many_tags_are_counted() -> None:
    """A cell names few tags, and of many says how many there are."""
    weights = (FULL_WEIGHTS, *(PLAIN_WEIGHTS._replace(tag=f"t{number}", is_default=False) for number in range(5)))
    tested = rows(replace(TINY_CONV, entry=replace(TINY_CONV.entry, weights=weights)))[1][-2:]
    assert tested == ["all 6", "[5 tags](#weights)"]
