"""Parquet files: the values that went in, in columns of the declared types."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from generator.facts.columns import Column
from generator.store import parquet
from tests.examples import PROVENANCE

COLUMNS = tuple(
    Column(name, type_, "", "Anything.", None, nullable=True)
    for name, type_ in {
        "text": "string",
        "number": "int64",
        "share": "float64",
        "flag": "bool",
        "sizes": "list<int64>",
        "shares": "list<float64>",
        "texts": "list<string>",
    }.items()
)
VALUES: dict[str, list[Any]] = {
    "text": ["a", None, ""],
    # Neither is exact as a float.
    "number": [2**62 + 1, None, -1],
    "share": [0.1, None, 1.0],
    "flag": [True, None, False],
    "sizes": [(2**62 + 1, 3), None, ()],
    "shares": [(0.1, 1.0), None, ()],
    "texts": [("a", "b"), None, ()],
}


def written(tmp_path: Path, columns: tuple[Column, ...] = COLUMNS) -> Path:
    """A file of these columns."""
    parquet.write(VALUES, columns, PROVENANCE, tmp_path / "table.parquet")
    return tmp_path / "table.parquet"


def test_values_come_back(tmp_path: Path) -> None:
    """Numbers keep every digit, unknown is null, and an empty list is not unknown."""
    found = pq.read_table(written(tmp_path)).to_pydict()
    assert found == {
        name: [list(value) if isinstance(value, tuple) else value for value in values]
        for name, values in VALUES.items()
    }


def test_columns_have_the_declared_types(tmp_path: Path) -> None:
    """Each column has the Arrow type that it declares, whatever its values."""
    schema = pq.read_schema(written(tmp_path))
    found = {field.name: str(field.type).replace("element: ", "").replace("double", "float64") for field in schema}
    assert found == {column.name: column.type for column in COLUMNS}
    parquet.write({"number": [], "texts": []}, (COLUMNS[1], COLUMNS[-1]), PROVENANCE, tmp_path / "empty.parquet")
    empty = pq.read_table(tmp_path / "empty.parquet")
    assert (empty.num_rows, str(empty.schema.field("number").type)) == (0, "int64")


def test_columns_stand_in_their_order(tmp_path: Path) -> None:
    """The file has the declared columns in their order, and no other value that was given."""
    columns = (COLUMNS[2], COLUMNS[0])
    assert pq.read_schema(written(tmp_path, columns)).names == ["share", "text"]


def test_a_file_carries_its_provenance(tmp_path: Path) -> None:
    """A Parquet file by itself tells where its figures come from."""
    metadata = pq.read_schema(written(tmp_path)).metadata
    provenance = json.loads(metadata[b"timm-atlas"])
    assert provenance == {**asdict(PROVENANCE), "patterns": []}
    assert provenance["timm_version"] == "1.0.31"
