"""The data files: what machines read is what the records say."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from generator.facts.columns import Column
from generator.facts.estimates import SETTINGS
from generator.facts.figures import IN_FILES, IN_INDEX
from generator.facts.inspections import Failure, Stage
from generator.facts.results import TEST_SETS
from generator.facts.tables import PUBLISHED, RESULTS, SPEEDS, TABLES, WEIGHTS
from generator.publishing import data_files
from generator.ranking.ranks import ranked
from tests import examples
from tests.conftest import tree
from tests.examples import DATE, RECORDS, ROWS, TINY_CONV, TINY_VIT

COLUMNS = [figure.name for figure in IN_FILES]
COLUMNS_OF: dict[str, tuple[Column, ...]] = {
    "models": IN_FILES,
    **{table.name: table.columns for table in TABLES},
}
TEXTS = dict(data_files.texts(examples.FULL, ROWS))
BADGES = ("parameters", "memory", "macs", "activations")


def test_every_file_of_the_interface_is_there() -> None:
    """The text files are the schema, both tables, one document a model, and its badges."""
    assert set(TEXTS) == {
        "schema.json",
        "models.json",
        "models.csv",
        "renamed.json",
        "index.json",
        *(f"lines/{setting.key}.json" for setting in SETTINGS),
        *(f"accuracy/{test_set}.json" for test_set in TEST_SETS),
        *(f"models/{record.name}.json" for record in RECORDS),
        *(f"badges/{record.name}-{figure}.json" for record in RECORDS for figure in BADGES),
    }


def test_what_is_announced_is_written(tmp_path: Path) -> None:
    """The paths that others link to are exactly the files that are written, with the texts in them."""
    data_files.write(examples.FULL, tmp_path)
    written = tree(tmp_path)
    assert sorted(data_files.paths(record.name for record in RECORDS)) == sorted(written)
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
        "checkpoint_elements": 394 + 8 + 8 + 1,
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
        "top1": None,
        "top1_tag": None,
        "top1_image_size": None,
        "top1_at_input_size": None,
        "deploy_parameter_bytes": 386 * 4,
        "deploy_parameter_tensors": 5,
        "deploy_macs": 1024 * 8 * 27 + 1024 * 8 * 9 + 80,
        "deploy_activations": 2 * 8192 + 10,
        "unlisted_operators": [],
        "peak_activation_bytes": (2 * 8192 + 3072) * 4,
        "saved_activation_bytes": (19 * 1024 + 8) * 4,
        "saved_activation_bytes_mixed": (19 * 1024 + 8) * 2,
        "cast_parameter_bytes": 368 * 2,
        "training_error": None,
        "persistent_buffer_bytes": 72,
        "signature": TINY_CONV.inspection.signature,
        "checkpoint_signature": TINY_CONV.inspection.checkpoint_signature,
        "since": None,
        "fixture": False,
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
    data_files.write(examples.FULL, tmp_path)
    tables = {name: pq.read_table(tmp_path / f"{name}.parquet") for name in COLUMNS_OF}
    for name, columns in COLUMNS_OF.items():
        assert tables[name].column_names == [column.name for column in columns]
    assert tables["models"].to_pylist() == json.loads(TEXTS["models.json"])
    assert tables["tensors"].num_rows == sum(len(record.tensors) for record in RECORDS)
    assert tables["modules"].num_rows == sum(len(record.inspection.modules) for record in RECORDS)
    assert tables["pyramid"].num_rows == sum(len(record.inspection.pyramid.levels) for record in RECORDS)


def test_parquet_types_are_the_declared_ones(tmp_path: Path) -> None:
    """Each column of the files has the type that is declared for it."""
    data_files.write(examples.FULL, tmp_path)
    for name, columns in COLUMNS_OF.items():
        schema = pq.read_schema(tmp_path / f"{name}.parquet")
        found = {
            field.name: str(field.type).replace("list<element: ", "list<").replace("double", "float64")
            for field in schema
        }
        assert found == {column.name: column.type for column in columns}


def test_only_nullable_columns_hold_nulls(tmp_path: Path) -> None:
    """Where a column holds an unknown, it is declared to."""
    data_files.write(examples.FULL, tmp_path)
    for name, columns in COLUMNS_OF.items():
        table = pq.read_table(tmp_path / f"{name}.parquet")
        holding = {name for name in table.column_names if table.column(name).null_count}
        nullable = {column.name for column in columns if column.nullable}
        assert holding == nullable if name == "models" else holding <= nullable


def test_files_carry_their_provenance(tmp_path: Path) -> None:
    """A Parquet file by itself tells where its figures come from."""
    data_files.write(examples.FULL, tmp_path)
    for name in COLUMNS_OF:
        metadata = pq.read_schema(tmp_path / f"{name}.parquet").metadata
        assert json.loads(metadata[b"timm-atlas"])["timm_version"] == "1.0.31"


def test_the_documents_are_those_of_the_models() -> None:
    """Each model has its document, with its row, in one line."""
    rows = {row["name"]: row for row in json.loads(TEXTS["models.json"])}
    for record in RECORDS:
        text = TEXTS[f"models/{record.name}.json"]
        assert len(text.splitlines()) == 1
        document = json.loads(text)
        assert {key: document[key] for key in COLUMNS} == rows[record.name]


def test_renamed_models_are_told() -> None:
    """The deprecated names are those of timm, each with what took its place."""
    assert json.loads(TEXTS["renamed.json"]) == examples.FULL.deprecated != {}


def test_the_schema_describes_every_file() -> None:
    """Each file is described, and the failures are told, so that rows and failures are the whole registry."""
    schema = json.loads(TEXTS["schema.json"])
    files = schema["files"]
    assert set(files) == {
        "models.json",
        "models.csv",
        "renamed.json",
        "models.parquet",
        "index.json",
        "tensors.parquet",
        "memory.parquet",
        "compute.parquet",
        "modules.parquet",
        "pyramid.parquet",
        "weights.parquet",
        "results.parquet",
        "speeds.parquet",
        "published.parquet",
        "models/<model>.json",
        "badges/<model>-<figure>.json",
        "lines/<setting>.json",
        "accuracy/<test set>.json",
    }
    assert files["badges/<model>-<figure>.json"]["figures"] == {
        "parameters": "Parameters",
        "memory": "Parameter memory",
        "macs": "MACs",
        "activations": "Activations",
    }
    assert [column["name"] for column in files["models.json"]["columns"]] == COLUMNS
    assert [column["name"] for column in files["index.json"]["columns"]] == [figure.name for figure in IN_INDEX]
    assert all(column["meaning"] for column in files["tensors.parquet"]["columns"])
    assert (files["models.json"]["rows"], files["index.json"]["rows"], len(schema["failures"])) == (5, 5, 1)
    assert schema["failures"][0] == {
        "name": "tiny_broken",
        "stage": "create",
        "reason": "ValueError: a *bigger* <input> | or `none`",
    }
    assert schema["provenance"]["date"] == DATE


def test_the_schema_counts_the_rows_of_every_table(tmp_path: Path) -> None:
    """Each table of several rows a model has as many as the schema says, and its columns in their order."""
    data_files.write(examples.FULL, tmp_path)
    files = json.loads(TEXTS["schema.json"])["files"]
    for name in ("tensors", "modules", "pyramid", "weights", "compute"):
        table = pq.read_table(tmp_path / f"{name}.parquet")
        described = files[f"{name}.parquet"]
        assert (described["rows"], [column["name"] for column in described["columns"]]) == (
            table.num_rows,
            table.column_names,
        )


def test_the_schema_describes_each_part_of_a_document() -> None:
    """The keys of the weights, tensors and levels in a document are those that the schema describes, in its order."""
    described = json.loads(TEXTS["schema.json"])["files"]["models/<model>.json"]
    document = json.loads(TEXTS["models/tiny_conv.json"])
    for part in ("weights", "tensors", "pyramid", "sizes"):
        assert list(document[part][0]) == [column["name"] for column in described[part]]
    assert set(document) - set(COLUMNS) - set(described) == {"bytes_by_dtype", "provenance"}


def test_meanings_are_plain_words() -> None:
    """Whoever reads the schema sees no Markdown."""
    assert "`" not in TEXTS["schema.json"].replace("or `none`", "")


def test_failures_of_records_are_told() -> None:
    """A model that failed in a later stage has a row, and its failure stands in the schema all the same."""
    failure = Failure("tiny_vit", Stage.DEPLOY, "ValueError: no")
    made = replace(examples.FULL, records=(replace(TINY_VIT, failures=(failure,)),))
    assert [failure["name"] for failure in data_files.schema(made)["failures"]] == ["tiny_broken", "tiny_vit"]


def test_no_models_are_valid_files(tmp_path: Path) -> None:
    """Where no model could be inspected, the files are there and empty."""
    texts = dict(data_files.texts(examples.FAILED, ()))
    assert json.loads(texts["models.json"]) == []
    assert texts["models.csv"].splitlines() == [",".join(COLUMNS)]
    assert json.loads(texts["index.json"])["values"]["name"] == []
    data_files.write(examples.FAILED, tmp_path)
    for name in COLUMNS_OF:
        assert pq.read_table(tmp_path / f"{name}.parquet").num_rows == 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a\rb", "a\nb", '"=1', "a,b"])
def test_a_text_in_csv_is_no_formula(text: str) -> None:
    """No spreadsheet takes a text for a formula, numbers stay numbers, and every line is one row."""
    weights = TINY_VIT.entry.weights[0]._replace(license=text)
    made = replace(TINY_VIT, entry=replace(TINY_VIT.entry, weights=(weights, weights._replace(license="mit"))))
    dataset = replace(examples.FULL, records=(made,))
    content = dict(data_files.texts(dataset, ranked(dataset.records)))["models.csv"]
    (row,) = csv.DictReader(io.StringIO(content, newline=""))
    guard = "" if text[0] in 'a"' else "'"
    assert row["licenses"] == f"{guard}{text};mit"
    assert row["parameters"] == str(TINY_VIT.parameters)


def test_weights_are_a_table_and_in_each_document(tmp_path: Path) -> None:
    """The table has a row for each tag; a document has the rows of its model, without the model's name."""
    data_files.write(examples.FULL, tmp_path)
    table = pq.read_table(tmp_path / "weights.parquet").to_pylist()
    assert [(row["model"], row["tag"]) for row in table] == [
        ("tiny_conv", "r160_in1k"),
        ("tiny_conv", "untrained"),
        ("tiny_vit", "in1k"),
    ]
    assert all(list(row) == [column.name for column in WEIGHTS.columns] for row in table)
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


def test_published_results_are_files(tmp_path: Path) -> None:
    """Accuracy and speed of others have a file each, and their tables with all unused rows are in the schema."""
    data_files.write(examples.PUBLISHED, tmp_path)
    results = pq.read_table(tmp_path / "results.parquet").to_pylist()
    assert results == [{"model": "tiny_conv", **result._asdict()} for result in examples.RESULTS_OF_CONV]
    speeds = pq.read_table(tmp_path / "speeds.parquet").to_pylist()
    assert speeds == [{"model": "tiny_conv", **speed._asdict()} for speed in examples.SPEEDS_OF_CONV]
    sources = json.loads((tmp_path / "schema.json").read_text())["sources"]
    assert [source["name"] for source in sources] == [source.name for source in examples.PUBLISHED.sources]
    assert sources[0]["unused"] == [{"line": 4, "name": "tiny_gone.in1k", "reason": "timm 1.0.31 has no such model"}]
    for source in sources:
        assert source["used"] == sum(row["source"] == source["name"] for row in (*results, *speeds))


def test_without_results_their_files_are_empty(tmp_path: Path) -> None:
    """The files are there with their columns, and no source is named."""
    data_files.write(examples.FULL, tmp_path)
    for table in (RESULTS, SPEEDS, PUBLISHED):
        written = pq.read_table(tmp_path / f"{table.name}.parquet")
        assert (written.num_rows, written.column_names) == (0, [column.name for column in table.columns])
    assert json.loads(TEXTS["schema.json"])["sources"] == []
