"""The data files of the site against each other and against their own description."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from generator.dataset import Dataset, rows
from generator.vocabulary import MODEL_COLUMNS, PYRAMID_COLUMNS, TENSOR_COLUMNS, WEIGHTS_COLUMNS


@pytest.fixture(scope="module")
def data(site: Path) -> Path:
    return site / "data"


@pytest.fixture(scope="module")
def models(data: Path) -> pd.DataFrame:
    # As objects, so that a null stays None.
    return pd.DataFrame(json.loads((data / "models.json").read_text()), dtype=object)


def test_columns_are_the_declared_ones(data: Path, models: pd.DataFrame) -> None:
    """JSON, CSV, Parquet and the schema name the same columns in the same order."""
    declared = [column.name for column in MODEL_COLUMNS]
    schema = json.loads((data / "schema.json").read_text())
    assert list(models.columns) == declared
    assert list(pd.read_csv(data / "models.csv").columns) == declared
    assert pq.read_schema(data / "models.parquet").names == declared
    assert [column["name"] for column in schema["files"]["models.json"]["columns"]] == declared
    assert pq.read_schema(data / "tensors.parquet").names == [column.name for column in TENSOR_COLUMNS]
    assert pq.read_schema(data / "pyramid.parquet").names == [column.name for column in PYRAMID_COLUMNS]
    assert pq.read_schema(data / "weights.parquet").names == [column.name for column in WEIGHTS_COLUMNS]


def test_models_agree_in_every_format(data: Path, models: pd.DataFrame, ranked: pd.DataFrame) -> None:
    """The rows of JSON, CSV and Parquet are those of the ranked table; integers stay exact."""
    expected = [
        {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}
        for row in rows(ranked)
    ]
    assert models.to_dict("records") == expected
    assert pq.read_table(data / "models.parquet").to_pylist() == expected
    csv = pd.read_csv(data / "models.csv", keep_default_na=False)
    assert list(csv["parameters"]) == list(ranked["parameters"])
    assert [cell.split(";") if cell else [] for cell in csv["tags"]] == [list(tags) for tags in ranked["tags"]]


def test_totals_follow_from_the_tensors(data: Path, models: pd.DataFrame) -> None:
    """Parameters, tensors and trainable parameters of each model are the sums over tensors.parquet."""
    tensors = pd.read_parquet(data / "tensors.parquet")
    grouped = tensors.groupby("model")["parameters"].agg(["sum", "size"]).loc[models["name"]]
    assert list(grouped["sum"]) == list(models["parameters"])
    assert list(grouped["size"]) == list(models["parameter_tensors"])
    trainable = tensors[tensors["trainable"]].groupby("model")["parameters"].sum().loc[models["name"]]
    assert list(trainable) == list(models["trainable_parameters"])


def test_pyramids_follow_from_their_levels(data: Path, models: pd.DataFrame) -> None:
    """Channels and strides of each model are those of its rows in pyramid.parquet; it has rows where it has these."""
    levels = pd.read_parquet(data / "pyramid.parquet").groupby("model")
    channels, strides = levels["channels"].agg(list), levels["stride"].agg(list)
    known = models[models["features_only"].eq(True)]
    assert set(channels.index) == set(known["name"])
    assert list(channels.loc[known["name"]]) == list(known["feature_channels"])
    assert list(strides.loc[known["name"]]) == list(known["feature_strides"])
    assert all(known["features_reason"].isna())
    assert all(models.loc[~models["features_only"].eq(True), "features_reason"].notna())


def test_each_model_has_a_document(data: Path, models: pd.DataFrame, dataset: Dataset) -> None:
    """/data/models/<model>.json repeats the row of models.json and holds every tensor."""
    assert {path.stem for path in (data / "models").glob("*.json")} == set(models["name"])
    tensors = dict(tuple(dataset.tensors.groupby("model")))
    for row in models.to_dict("records"):
        document = json.loads((data / "models" / f"{row['name']}.json").read_text())
        assert {name: document[name] for name in row} == row
        assert [tensor["name"] for tensor in document["tensors"]] == list(tensors[row["name"]]["name"])
        assert sum(tensor["parameters"] for tensor in document["tensors"]) == row["parameters"]
        assert sum(document["bytes_by_dtype"].values()) == row["parameter_bytes"]


def test_weights_are_those_of_the_models(data: Path, models: pd.DataFrame) -> None:
    """The rows of weights.parquet are the tags of models.json and the weights of each model's document."""
    weights: dict[str, list[dict[str, object]]] = {}
    for row in pq.read_table(data / "weights.parquet").to_pylist():
        weights.setdefault(row["model"], []).append(row)
    for name, tags in zip(models["name"], models["tags"], strict=True):
        found = weights.get(name, [])
        assert [row["tag"] for row in found] == tags
        document = json.loads((data / "models" / f"{name}.json").read_text())
        assert [{"model": name, **row} for row in document["weights"]] == found


def test_each_model_has_its_badges(data: Path, models: pd.DataFrame) -> None:
    """Each badge has what shields.io asks for, and that of the parameters says their exact number."""
    badges = {path.name: json.loads(path.read_text()) for path in (data / "badges").iterdir()}
    figures = json.loads((data / "schema.json").read_text())["files"]["badges/<model>-<figure>.json"]["figures"]
    assert set(badges) == {f"{name}-{figure}.json" for name in models["name"] for figure in figures}
    for badge in badges.values():
        assert set(badge) == {"schemaVersion", "label", "message", "color"}
        assert badge["schemaVersion"] == 1
        assert badge["message"]
    for name, parameters in zip(models["name"], models["parameters"], strict=True):
        assert badges[f"{name}-parameters.json"]["message"] == f"{parameters:,}"
