"""The data files: what machines read is what the records say."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from generator import export, ranking
from generator.pages import comparing
from generator.vocabulary import MODEL_COLUMNS, PYRAMID_COLUMNS, TENSOR_COLUMNS, WEIGHTS_COLUMNS
from tests import examples
from tests.conftest import tree
from tests.examples import DATE, EARLIER, RECORDS, TINY_CONV, TINY_MIXED

COLUMNS = [column.name for column in MODEL_COLUMNS]
TEXTS = dict(export.texts(examples.full()))
BADGES = ("parameters", "memory", "macs", "activations")


def test_every_file_of_the_interface_is_there() -> None:
    """The text files are the schema, both tables, one document a model, and its badges."""
    assert set(TEXTS) == {
        "schema.json",
        "models.json",
        "models.csv",
        "renamed.json",
        "index.json",
        *(f"models/{record.name}.json" for record in RECORDS),
        *(f"badges/{record.name}-{figure}.json" for record in RECORDS for figure in BADGES),
    }


def test_what_is_announced_is_written(tmp_path: Path) -> None:
    """The paths that others link to are exactly the files that are written, with the texts in them."""
    export.write(examples.full(), tmp_path)
    written = tree(tmp_path)
    assert sorted(export.paths(record.name for record in RECORDS)) == sorted(written)
    assert {path: written[path].decode() for path in TEXTS} == TEXTS


def test_models_json_is_the_ranked_table() -> None:
    """The rows have the declared columns in their order, largest first, with exact integers and null for unknown."""
    table: list[dict[str, Any]] = json.loads(TEXTS["models.json"])
    assert all(list(row) == COLUMNS for row in table)
    assert [(row["name"], row["rank"]) for row in table] == [
        ("tiny_conv", 1),
        ("tiny_twin", 1),
        ("tiny_vit", 3),
        ("tiny_mixed", 4),
        ("tiny_empty", 5),
    ]
    assert table[0] == {
        "name": "tiny_conv",
        "family": "tiny",
        "rank": 1,
        "parameters": 394,
        "trainable_parameters": 394,
        "parameter_bytes": 394 * 4,
        "parameter_tensors": 6,
        "buffers": 17,
        "buffer_bytes": 72,
        "head_parameters": 90,
        "backbone_parameters": 394 - 90,
        "deploy_parameters": 386,
        "input_size": [3, 32, 32],
        "macs": 1024 * 8 * 27 + 1024 * 8 * 9 + 80,
        "activations": 2 * 8192 + 10,
        "feature_channels": [8, 8],
        "feature_strides": [2, 4],
        "features_only": True,
        "features_reason": None,
        "tags": ["r160_in1k", "untrained"],
        "licenses": ["cc-by-nc-4.0"],
        "deploy_parameter_bytes": 386 * 4,
        "deploy_parameter_tensors": 5,
        "deploy_macs": 1024 * 8 * 27 + 1024 * 8 * 9 + 80,
        "deploy_activations": 2 * 8192 + 10,
        "unlisted_operators": [],
        "peak_activation_bytes": (2 * 8192 + 3072) * 4,
        "saved_activation_bytes": (19 * 1024 + 8) * 4,
        "saved_activation_bytes_mixed": (19 * 1024 + 8) * 2,
        "cast_parameter_bytes": 368 * 2,
        "persistent_buffer_bytes": 72,
        "signature": TINY_CONV.signature,
        "checkpoint_signature": TINY_CONV.inspection.checkpoint_signature,
        "since": None,
        "date": DATE,
    }
    mixed = table[3]
    assert (mixed["head_parameters"], mixed["backbone_parameters"], mixed["input_size"]) == (None, None, None)
    assert (mixed["tags"], mixed["trainable_parameters"]) == ([], 257)
    assert (mixed["macs"], mixed["deploy_parameters"], mixed["unlisted_operators"]) == (None, None, [])
    assert table[2]["unlisted_operators"] == ["tiny::mix"]


def test_models_json_is_a_row_a_line() -> None:
    """Each model has a line of its own, so that two versions can be compared line by line."""
    assert len(TEXTS["models.json"].splitlines()) == len(RECORDS) + 2


def test_models_csv_has_the_same_rows() -> None:
    """The CSV has the rows of the JSON: lists joined by semicolons, unknown as an empty cell."""
    table = list(csv.DictReader(io.StringIO(TEXTS["models.csv"])))
    expected = [
        {key: ";".join(map(str, value)) if isinstance(value, list) else str(value) for key, value in row.items()}
        for row in ({k: "" if v is None else v for k, v in row.items()} for row in json.loads(TEXTS["models.json"]))
    ]
    assert table == expected
    assert (table[0]["input_size"], table[0]["tags"]) == ("3;32;32", "r160_in1k;untrained")
    assert table[3]["head_parameters"] == ""


def test_parquet_has_the_same_rows(tmp_path: Path) -> None:
    """The Parquet tables have the declared columns, and the models are the rows of the JSON."""
    export.write(examples.full(), tmp_path)
    models = pq.read_table(tmp_path / "models.parquet")
    assert models.column_names == COLUMNS
    assert models.to_pylist() == json.loads(TEXTS["models.json"])
    tensors = pq.read_table(tmp_path / "tensors.parquet")
    assert tensors.column_names == [column.name for column in TENSOR_COLUMNS]
    assert tensors.num_rows == sum(len(record.tensors) for record in RECORDS)


def test_parquet_types_are_the_declared_ones(tmp_path: Path) -> None:
    """Each column of the files has the type that the vocabulary declares."""
    export.write(examples.full(), tmp_path)
    tables = {
        "models": MODEL_COLUMNS,
        "tensors": TENSOR_COLUMNS,
        "pyramid": PYRAMID_COLUMNS,
        "weights": WEIGHTS_COLUMNS,
    }
    for name, columns in tables.items():
        schema = pq.read_schema(tmp_path / f"{name}.parquet")
        found = {
            field.name: str(field.type).replace("list<element: ", "list<").replace("double", "float64")
            for field in schema
        }
        assert found == {column.name: column.type for column in columns}


def test_only_nullable_columns_hold_nulls(tmp_path: Path) -> None:
    """Where a column holds an unknown, it is declared to."""
    export.write(examples.full(), tmp_path)
    table = pq.read_table(tmp_path / "models.parquet")
    holding = {name for name in table.column_names if table.column(name).null_count}
    assert holding == {column.name for column in MODEL_COLUMNS if column.nullable}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_model_s_document_holds_everything(record: Any) -> None:
    """A model's document is its row, its memory by dtype, weights, tensors, modules and the provenance."""
    document = json.loads(TEXTS[f"models/{record.name}.json"])
    row = next(row for row in json.loads(TEXTS["models.json"]) if row["name"] == record.name)
    assert {key: document[key] for key in COLUMNS} == row
    assert set(document) - set(COLUMNS) == {
        "bytes_by_dtype",
        "weights",
        "tensors",
        "pyramid",
        "modules",
        "forms",
        "has_deploy_form",
        "figures",
        "provenance",
    }
    assert sum(document["bytes_by_dtype"].values()) == row["parameter_bytes"]
    assert sum(tensor["parameters"] for tensor in document["tensors"]) == row["parameters"]
    assert [tensor["name"] for tensor in document["tensors"]] == [tensor.name for tensor in record.tensors]
    assert [(path, *module) for path, module in document["modules"].items()] == [*record.inspection.modules]
    assert document["provenance"]["timm_version"] == "1.0.31"


def test_a_document_has_its_own_date() -> None:
    """A model's document has the date of its record, the schema that of the latest."""
    document = json.loads(TEXTS["models/tiny_twin.json"])
    assert (document["date"], document["provenance"]["date"]) == (EARLIER, EARLIER)
    assert json.loads(TEXTS["schema.json"])["provenance"]["date"] == DATE


def test_a_tensor_s_document_has_the_declared_columns() -> None:
    """The tensors of a document have the columns of their table, but the model's name and what follows from the shape
    alone."""
    document = json.loads(TEXTS[f"models/{TINY_MIXED.name}.json"])
    columns = [c.name for c in TENSOR_COLUMNS if c.name not in ("model", "squeezed_shape")]
    assert all(list(tensor) == columns for tensor in document["tensors"])
    assert document["tensors"][0] == {
        "name": "logit_scale",
        "shape": [1],
        "parameters": 1,
        "form": "Scalar",
        "dtype": "float32",
        "trainable": True,
    }


def test_a_level_s_document_has_the_declared_columns() -> None:
    """The levels of a document have the columns of their table, but the model's name; no pyramid is an empty list."""
    levels = json.loads(TEXTS["models/tiny_vit.json"])["pyramid"]
    assert all(list(level) == [c.name for c in PYRAMID_COLUMNS[1:]] for level in levels)
    assert levels[1] == {
        "level": 1,
        "module": None,
        "layout": "NHWC",
        "channels": 4,
        "stride": 2,
        "height": 16,
        "width": 16,
        "claimed_channels": 4,
        "claimed_reduction": None,
    }
    broken = json.loads(TEXTS["models/tiny_empty.json"])
    assert (broken["pyramid"], broken["features_only"], broken["feature_strides"]) == ([], False, None)
    assert broken["features_reason"] == "AssertionError: a *model* without | levels"


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_document_has_what_comparisons_show(record: Any) -> None:
    """The figures are the lines of a comparison, and the forms add up to the model."""
    document = json.loads(TEXTS[f"models/{record.name}.json"])
    assert [(depth, label) for depth, label, _, _ in document["figures"]] == [
        (line.depth, line.label) for line in comparing.lines(record)
    ]
    values = {(label, unit): value for _, label, unit, value in document["figures"]}
    assert values["Parameters", ""] == document["parameters"]
    assert values["Parameter memory", "bytes"] == document["parameter_bytes"]
    assert values["Deploy form", None] is None
    tensors, parameters = (sum(column) for column in zip(*document["forms"].values(), strict=True))
    assert (tensors, parameters) == (document["parameter_tensors"], document["parameters"])


def test_whether_there_is_a_deploy_form_can_be_unknown() -> None:
    """One that was measured is there, one that was looked for is not, and where nothing ran it is not known."""
    documents = [json.loads(TEXTS[f"models/{name}.json"]) for name in ("tiny_conv", "tiny_vit", "tiny_twin")]
    assert [document["has_deploy_form"] for document in documents] == [True, False, None]


def test_renamed_models_are_told() -> None:
    """The deprecated names are those of timm, each with what took its place."""
    assert json.loads(TEXTS["renamed.json"]) == examples.full().deprecated != {}


def test_the_schema_describes_every_file() -> None:
    """Each file is described, and the failures are told, so that rows and failures are the whole registry."""
    schema = json.loads(TEXTS["schema.json"])
    assert set(schema["files"]) == {
        "models.json",
        "models.csv",
        "renamed.json",
        "models.parquet",
        "index.json",
        "tensors.parquet",
        "pyramid.parquet",
        "weights.parquet",
        "models/<model>.json",
        "badges/<model>-<figure>.json",
    }
    assert schema["files"]["badges/<model>-<figure>.json"]["figures"] == {
        "parameters": "parameters",
        "memory": "parameter memory",
        "macs": "MACs",
        "activations": "activations",
    }
    assert [column["name"] for column in schema["files"]["models.json"]["columns"]] == COLUMNS
    assert all(column["meaning"] for column in schema["files"]["tensors.parquet"]["columns"])
    assert (schema["files"]["models.json"]["rows"], len(schema["failures"])) == (5, 1)
    assert schema["failures"][0]["name"] == "tiny_broken"


def test_no_models_are_valid_files(tmp_path: Path) -> None:
    """Where no model could be inspected, the files are there and empty."""
    texts = dict(export.texts(examples.failed()))
    assert json.loads(texts["models.json"]) == []
    assert texts["models.csv"].splitlines() == [",".join(COLUMNS)]
    export.write(examples.failed(), tmp_path)
    assert pq.read_table(tmp_path / "models.parquet").num_rows == 0


def test_a_document_takes_its_row_from_the_table() -> None:
    """The function behind both the site and the command line gives JSON as it is."""
    stored = examples.full()
    table = ranking.ranked(stored.models)
    row = {"name": "tiny_conv", "rank": 1}
    document = export.model_document(TINY_CONV, row, stored)
    assert (document["rank"], len(document["tensors"])) == (1, len(TINY_CONV.tensors))
    assert json.loads(json.dumps(document))["tensors"][0]["shape"] == [8, 3, 3, 3]
    assert len(table) == len(RECORDS)


def test_weights_are_a_table_and_in_each_document(tmp_path: Path) -> None:
    """The table has a row for each tag; a document has the rows of its model, without the model's name."""
    export.write(examples.full(), tmp_path)
    table = pq.read_table(tmp_path / "weights.parquet").to_pylist()
    assert [(row["model"], row["tag"]) for row in table] == [
        ("tiny_conv", "r160_in1k"),
        ("tiny_conv", "untrained"),
        ("tiny_vit", "in1k"),
    ]
    assert all(list(row) == [column.name for column in WEIGHTS_COLUMNS] for row in table)
    for record in RECORDS:
        document = json.loads(TEXTS[f"models/{record.name}.json"])
        assert [{"model": record.name, **weights} for weights in document["weights"]] == [
            row for row in table if row["model"] == record.name
        ]
    assert (table[0]["license_class"], table[1]["license"], table[1]["license_class"]) == (
        "non-commercial",
        None,
        "unknown",
    )
    assert (table[0]["test_crop_pct"], table[1]["test_crop_pct"], table[1]["mean"]) == (1.0, None, [0.5])


def test_a_badge_is_an_endpoint() -> None:
    """A badge's file has what shields.io asks of an endpoint, with the figure as the pages give it."""
    assert json.loads(TEXTS["badges/tiny_conv-parameters.json"]) == {
        "schemaVersion": 1,
        "label": "parameters",
        "message": "394",
        "color": "00695c",
    }
    assert json.loads(TEXTS["badges/tiny_conv-memory.json"])["message"] == "1.539 KiB"
    assert json.loads(TEXTS["badges/tiny_conv-macs.json"])["message"] == "294.992 kMACs"
    assert json.loads(TEXTS["badges/tiny_conv-activations.json"])["message"] == "16,394 elements"
    assert json.loads(TEXTS["badges/tiny_twin-macs.json"])["message"] == "unknown"
