"""The index: small, in the rank's order, with estimates that are those of the pages."""

from __future__ import annotations

from typing import Any

from generator import index, memory
from generator.vocabulary import INDEX_COLUMNS
from tests import examples
from tests.examples import RECORDS, TINY_CONV

DOCUMENT = index.document(examples.full())
BY_NAME: dict[str, dict[str, Any]] = {
    row[0]: dict(zip(DOCUMENT["columns"], row, strict=True)) for row in DOCUMENT["rows"]
}


def test_columns_are_the_declared_ones() -> None:
    """The names stand once, and each row has as many values."""
    assert DOCUMENT["columns"] == [column.name for column in INDEX_COLUMNS]
    assert all(len(row) == len(INDEX_COLUMNS) for row in DOCUMENT["rows"])


def test_rows_are_in_rank_order() -> None:
    """Every model has a row, largest first."""
    assert [(row["name"], row["rank"]) for row in BY_NAME.values()] == [
        ("tiny_conv", 1),
        ("tiny_twin", 1),
        ("tiny_vit", 3),
        ("tiny_mixed", 4),
        ("tiny_empty", 5),
    ]


def test_each_tag_has_its_licence_class() -> None:
    """Classes stand in the order of the tags; a licence that is not named is of class unknown."""
    assert BY_NAME["tiny_conv"]["tags"] == ("r160_in1k", "untrained")
    assert BY_NAME["tiny_conv"]["tag_license_classes"] == ["non-commercial", "unknown"]
    assert BY_NAME["tiny_vit"]["tag_license_classes"] == ["permissive"]
    assert BY_NAME["tiny_mixed"]["tag_license_classes"] == []


def test_estimates_are_those_of_the_pages() -> None:
    """The three estimates are among those that pages show, and unknown where the forward pass is."""
    compute = TINY_CONV.inspection.compute
    assert compute
    shown = {
        (estimate.kind, estimate.optimizer, estimate.batch): estimate.bytes
        for estimate in memory.estimates(TINY_CONV.parameter_bytes, TINY_CONV.inspection.buffer_bytes, compute)
    }
    row = BY_NAME["tiny_conv"]
    assert row["inference_bytes"] == shown[memory.INFERENCE, None, 1]
    assert row["training_bytes"] == shown[memory.TRAINING, "AdamW", 32]
    assert row["training_bytes_mixed"] == shown[memory.TRAINING_MIXED, "AdamW", 32]


def test_unknown_is_null_exactly_where_it_is_declared() -> None:
    """A column holds a null where the vocabulary says that it can, and nowhere else."""
    holding = {name for row in BY_NAME.values() for name, value in row.items() if value is None}
    assert holding == {column.name for column in INDEX_COLUMNS if column.nullable}
    assert len(BY_NAME) == len(RECORDS)


def test_no_models_are_an_index() -> None:
    """Where no model could be inspected, there are columns and no rows."""
    assert index.document(examples.failed()) == {"columns": [column.name for column in INDEX_COLUMNS], "rows": []}
