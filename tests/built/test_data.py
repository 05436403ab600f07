"""The data files of the site against each other and against their own description."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from generator.facts.figures import IN_FILES, IN_INDEX, ModelRow
from generator.facts.tables import PYRAMID, TENSORS, WEIGHTS
from tests.index_reading import models_of


def test_columns_are_the_declared_ones(data: Path, models: pd.DataFrame) -> None:
    """JSON, CSV, Parquet and the schema name the same columns in the same order."""
    declared = [figure.name for figure in IN_FILES]
    schema = json.loads((data / "schema.json").read_text())
    assert list(models.columns) == declared
    assert list(pd.read_csv(data / "models.csv").columns) == declared
    assert pq.read_schema(data / "models.parquet").names == declared
    assert [column["name"] for column in schema["files"]["models.json"]["columns"]] == declared
    for table in (TENSORS, PYRAMID, WEIGHTS):
        columns = [column.name for column in table.columns]
        assert pq.read_schema(data / f"{table.name}.parquet").names == columns
        assert [column["name"] for column in schema["files"][f"{table.name}.parquet"]["columns"]] == columns


def test_the_index_has_the_figures_of_every_model(data: Path, rows: tuple[ModelRow, ...]) -> None:
    """The index declares its figures, and has a value of each for every model, in the order of ranks."""
    index = json.loads((data / "index.json").read_text())
    names = [figure["name"] for figure in index["figures"]]
    assert names == [figure.name for figure in IN_INDEX]
    assert models_of(index) == [{name: plain(getattr(row, name)) for name in names} for row in rows]


def test_models_agree_in_every_format(data: Path, models: pd.DataFrame, rows: tuple[ModelRow, ...]) -> None:
    """The rows of JSON, CSV and Parquet are those of the ranked table; integers stay exact."""
    expected = [{figure.name: plain(getattr(row, figure.name)) for figure in IN_FILES} for row in rows]
    assert models.to_dict("records") == expected
    assert pq.read_table(data / "models.parquet").to_pylist() == expected
    csv = pd.read_csv(data / "models.csv", keep_default_na=False)
    assert list(csv["parameters"]) == [row.parameters for row in rows]
    assert [tuple(cell.split(";")) if cell else () for cell in csv["tags"]] == [row.tags for row in rows]


def plain(value: object) -> object:
    """A value as JSON and Parquet give it back."""
    return list(value) if isinstance(value, tuple) else value


def test_totals_follow_from_the_tensors(tensors: pd.DataFrame, models: pd.DataFrame) -> None:
    """Parameters, tensors and trainable parameters of each model are the sums over tensors.parquet."""
    grouped = tensors.groupby("model")["parameters"].agg(["sum", "size"]).reindex(models["name"], fill_value=0)
    assert list(grouped["sum"]) == list(models["parameters"])
    assert list(grouped["size"]) == list(models["parameter_tensors"])
    trainable = tensors[tensors["trainable"]].groupby("model")["parameters"].sum().reindex(models["name"], fill_value=0)
    assert list(trainable) == list(models["trainable_parameters"])


def test_macs_follow_from_the_modules(data: Path, models: pd.DataFrame) -> None:
    """MACs of each model are the sum over its rows in modules.parquet, where they are known."""
    modules = pd.read_parquet(data / "modules.parquet").groupby("model")["macs"]
    known = models[models["macs"].notna()]
    assert list(modules.sum().loc[known["name"]]) == list(known["macs"])
    assert set(modules.size().index) == set(models["name"])


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


def test_each_model_has_a_document(data: Path, models: pd.DataFrame, tensors: pd.DataFrame) -> None:
    """/data/models/<model>.json repeats the row of models.json and holds every tensor."""
    assert {path.stem for path in (data / "models").glob("*.json")} == set(models["name"])
    names = tensors.groupby("model")["name"].agg(list)
    for row in models.to_dict("records"):
        document = json.loads((data / "models" / f"{row['name']}.json").read_text())
        assert {name: document[name] for name in row} == row
        assert [tensor["name"] for tensor in document["tensors"]] == names.get(row["name"], [])
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


def test_published_results_join_with_the_models(data: Path, models: pd.DataFrame) -> None:
    """Each accuracy is of weights that there are, each speed of a model, once by a source; torchvision's are there."""
    results, speeds = (pq.read_table(data / f"{name}.parquet").to_pylist() for name in ("results", "speeds"))
    tags = {(name, tag) for name, own in zip(models["name"], models["tags"], strict=True) for tag in own}
    assert {(row["model"], row["tag"]) for row in results} <= tags
    assert {row["model"] for row in speeds} <= set(models["name"])
    keys = [[row[name] for name in ("model", "tag", "image_size", "test_set", "source")] for row in results]
    keys += [[row[name] for name in ("model", "image_size", "source")] for row in speeds]
    assert len({tuple(key) for key in keys}) == len(keys)
    assert all(0 <= row["top1"] <= (100 if row["top5"] is None else row["top5"]) <= 100 for row in results)
    assert all(row["images_per_second"] > 0 for row in speeds)
    assert "torchvision" in {row["source"] for row in results}


def test_every_published_row_is_accounted_for(data: Path, models: pd.DataFrame) -> None:
    """The rows of each source add up, and used ones are as many as the files and the models' documents have."""
    found: dict[str, int] = {}
    for table in ("results", "speeds"):
        for row in pq.read_table(data / f"{table}.parquet").to_pylist():
            found[row["source"]] = found.get(row["source"], 0) + 1
    sources = json.loads((data / "schema.json").read_text())["sources"]
    assert {source["name"]: source["used"] for source in sources if source["used"]} == found
    for source in sources:
        assert source["rows"] == source["used"] + source["others"] + len(source["unused"])
    documents = [json.loads((data / "models" / f"{name}.json").read_text()) for name in models["name"]]
    assert sum(len(document["results"]) + len(document["speeds"]) for document in documents) == sum(found.values())


def test_published_figures_stand_beside_ours(data: Path, docs: Path, models: pd.DataFrame) -> None:
    """Ours are the models' own, each row has one outcome, and the numbers of its causes lead to what was published."""
    figures = ("parameters", "macs", "activations")
    own = {row["name"]: row for row in models[["name", *figures]].to_dict("records")}
    unexplained = set()
    for row in pq.read_table(data / "published.parquet").to_pylist():
        if row["ours"] is None:
            assert (row["agrees"], row["cause"]) == (None, "not measured at this size")
            continue
        assert row["ours"] == own[row["model"]][row["figure"]]
        assert row["agrees"] == (row["cause"] is None)
        if row["cause"] == "not explained":
            unexplained.add(tuple(row[name] for name in ("model", "tag", "image_size", "figure", "published")))
        elif row["cause"]:
            numbers = re.findall(r": ([+-][\d,]+)(?:;|$)", row["cause"])
            reached = row["ours"] + sum(int(number.replace(",", "")) for number in numbers)
            # timm's tables have two decimals of billions of MACs, and of millions of the others.
            assert abs(reached - row["published"]) <= (5_000_000 if row["figure"] == "macs" else 5_000)
    told = re.search(r"\*\*Not explained: ([\d,]+) ", (docs / "generated" / "published.md").read_text())
    assert told is not None, "the page of published figures has no count"
    assert int(told[1].replace(",", "")) == len(unexplained)
