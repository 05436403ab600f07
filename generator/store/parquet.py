"""Write columns to Parquet files, with their provenance in the file's metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from generator.facts.columns import Column
from generator.facts.records import Provenance
from generator.store import codec

_ARROW_TYPES = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "list<int64>": pa.list_(pa.int64()),
    "list<float64>": pa.list_(pa.float64()),
    "list<string>": pa.list_(pa.string()),
}


def write(values: Mapping[str, Sequence[Any]], columns: Sequence[Column], provenance: Provenance, path: Path) -> None:
    """Write a table, with the provenance as JSON under ``timm-atlas`` in the file's metadata.

    Args:
        values: the values of each column, by its name. All columns have the same number of values.
        columns: the columns of the file, in their order.
        provenance: where the values come from.
        path: the file.
    """
    arrays = {column.name: pa.array(values[column.name], type=_ARROW_TYPES[column.type]) for column in columns}
    table = pa.table(arrays).replace_schema_metadata({"timm-atlas": codec.encode(provenance)})
    pq.write_table(table, path, compression="zstd")
