"""The data files of the site: everything under ``/data/``, for who wants the facts and not the pages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd

from generator import index, memory, ranking
from generator.dataset import Dataset, rows, weights_document, write_parquet
from generator.pages import citing, comparing, figures, forms
from generator.records import Compute, ModelRecord, squeeze
from generator.vocabulary import (
    INDEX_COLUMNS,
    MODEL_COLUMNS,
    PYRAMID_COLUMNS,
    TENSOR_COLUMNS,
    WEIGHTS_COLUMNS,
    Column,
    form,
)

# What separates the members of a list in a CSV cell.
CSV_SEPARATOR = ";"


_TEXTS = ("schema.json", "models.json", "models.csv", "index.json", "renamed.json")
_TABLES = ("models.parquet", "weights.parquet", "tensors.parquet", "pyramid.parquet")


def paths(names: Iterable[str]) -> list[str]:
    """Every file below ``/data/`` for models of these names."""
    names = list(names)
    return [*_TEXTS, *_TABLES, *map(_document_path, names), *citing.badge_paths(names)]


def write(dataset: Dataset, folder: Path) -> None:
    """Write every data file into a folder, which need not be there."""
    for path, text in texts(dataset):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
    write_parquet(ranking.ranked(dataset.models), MODEL_COLUMNS, dataset.provenance, folder / "models.parquet")
    tensors = dataset.tensors.assign(squeezed_shape=dataset.tensors["shape"].map(squeeze))
    write_parquet(tensors, TENSOR_COLUMNS, dataset.provenance, folder / "tensors.parquet")
    write_parquet(dataset.pyramid, PYRAMID_COLUMNS, dataset.provenance, folder / "pyramid.parquet")
    write_parquet(dataset.weights, WEIGHTS_COLUMNS, dataset.provenance, folder / "weights.parquet")


def texts(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Every text file below ``/data/``: its path there, and what is in it."""
    ranked = ranking.ranked(dataset.models)
    table = list(rows(ranked))
    yield "schema.json", _json(schema(dataset), indent=1)
    yield "models.json", "[\n" + ",\n".join(map(_json, table)) + "\n]\n"
    yield "models.csv", _csv(ranked)
    yield "renamed.json", _json(dataset.deprecated, indent=1) + "\n"
    yield "index.json", _json(index.document(dataset)) + "\n"
    by_name = {row["name"]: row for row in table}
    for record in dataset.records():
        yield _document_path(record.name), _json(model_document(record, by_name[record.name], dataset)) + "\n"
        for path, badge in citing.badges(record):
            yield path, _json(badge) + "\n"


def schema(dataset: Dataset) -> dict[str, Any]:
    """What the columns mean, and where the figures come from."""
    return {
        "provenance": asdict(dataset.provenance),
        "files": {
            "models.json": {"rows": len(dataset.models), "columns": _describe(MODEL_COLUMNS)},
            "models.parquet": "The rows of models.json.",
            "models.csv": f"The rows of models.json. Lists are joined by {CSV_SEPARATOR!r}, unknown is an empty cell.",
            "index.json": {
                "meaning": "What the site's own scripts know of every model: columns has the names of these, rows a "
                "list of their values for each model, in the order of models.json. It changes as they need.",
                "rows": len(dataset.models),
                "columns": _describe(INDEX_COLUMNS),
            },
            "tensors.parquet": {"rows": len(dataset.tensors), "columns": _describe(TENSOR_COLUMNS)},
            "pyramid.parquet": {"rows": len(dataset.pyramid), "columns": _describe(PYRAMID_COLUMNS)},
            "weights.parquet": {"rows": len(dataset.weights), "columns": _describe(WEIGHTS_COLUMNS)},
            "models/<model>.json": {
                "meaning": "One model, everything: its row of models.json, parameter memory by dtype, every set of "
                "weights, every parameter tensor, every level of its feature pyramid, every module that holds "
                "parameters, its forms, and the figures that comparisons set side by side.",
                "weights": _describe(WEIGHTS_COLUMNS[1:]),
                # The squeezed shape follows from the shape, and would be an eighth of the site's data.
                "tensors": _describe(c for c in TENSOR_COLUMNS if c.name not in ("model", "squeezed_shape")),
                "pyramid": _describe(PYRAMID_COLUMNS[1:]),
                "modules": "A list of type and own macs of each of these modules, by its path.",
                "forms": "A list of the number of tensors and that of parameters of each form, by its name.",
                "has_deploy_form": "Whether reparameterization changes the model; null where that is not known.",
                "figures": "A list of depth, label, unit and value of each line; a heading has neither unit nor value, "
                "an unknown value is null.",
            },
            "renamed.json": "The deprecated names of models in timm: by each the name that took its place, with a tag "
            "where timm names one; null where none did.",
            "badges/<model>-<figure>.json": {
                "meaning": "One figure of one model, as shields.io takes it from an endpoint: schemaVersion, label, "
                "message (the figure as the pages give it, with its unit) and color.",
                "figures": {figure.key: figure.label for figure in citing.FIGURES},
            },
        },
        "failures": [asdict(failure) for failure in dataset.failures],
    }


def model_document(record: ModelRecord, row: dict[str, Any], dataset: Dataset) -> dict[str, Any]:
    """Everything about one model: ``row`` is its row of the ranked table."""
    return {
        **row,
        "bytes_by_dtype": record.bytes_by_dtype,
        "weights": [weights_document(weights) for weights in record.entry.weights],
        "tensors": [
            {
                "name": tensor.name,
                "shape": tensor.shape,
                "parameters": tensor.parameters,
                "form": form(len(tensor.squeezed_shape)),
                "dtype": tensor.dtype,
                "trainable": tensor.trainable,
            }
            for tensor in record.tensors
        ],
        "pyramid": [
            {"level": index, **level._asdict()} for index, level in enumerate(record.inspection.pyramid.levels)
        ],
        # Not a list of objects: their keys would be a quarter of the file.
        "modules": {module.path: (module.type, module.macs) for module in record.inspection.modules},
        "forms": {share.name: (share.tensors, share.parameters) for share in forms.form_shares(record)},
        "has_deploy_form": _has_deploy_form(record, dataset),
        "figures": [_line(line) for line in comparing.lines(record)],
        # The record's own date, so that the document of one model does not change when another is inspected again.
        "provenance": asdict(replace(dataset.provenance, date=record.date)),
    }


def compute_document(record: ModelRecord, compute: Compute) -> dict[str, Any]:
    """What a forward pass takes at its input size, with the estimates of memory that follow, and their errors."""
    return {
        **asdict(compute),
        "estimates": [
            {**estimate._asdict(), "measured_by_estimate": memory.BANDS[estimate.kind]._asdict()}
            for estimate in figures.memory_estimates(record, compute)
        ],
    }


def comparison_document(
    models: Sequence[comparing.Compared], table: Mapping[str, dict[str, Any]], dataset: Dataset
) -> dict[str, Any]:
    """Models side by side, in the order in which they were named: ``table`` has the row of each in the ranked table.

    Groups are lists of the names that share something; a model that shares it with none is in no list.
    """
    records = [model.record for model in models]
    return {
        "models": [
            {
                **table[model.record.name],
                **({"at_resolution": compute_document(model.record, model.at)} if model.at else {}),
            }
            for model in models
        ],
        "same_checkpoint": comparing.groups(records, lambda record: record.inspection.checkpoint_signature),
        "same_signature": comparing.groups(records, lambda record: record.signature),
        "same_pyramid": comparing.groups(records, comparing.pyramid_of),
        "provenance": asdict(dataset.provenance),
    }


def _has_deploy_form(record: ModelRecord, dataset: Dataset) -> bool | None:
    if record.inspection.deploy is not None:
        return True
    return False if figures.lacks_deploy_form(record, dataset.failures) else None


def _line(line: comparing.Line) -> tuple[int, str, str | None, int | None]:
    return (line.depth, line.label, *((line.figure.unit, line.figure.value) if line.figure else (None, None)))


def _document_path(name: str) -> str:
    return f"models/{name}.json"


def _describe(columns: Iterable[Column]) -> list[dict[str, Any]]:
    return [column._asdict() for column in columns]


def _csv(table: pd.DataFrame) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(map(_csv_cell, row.values()) for row in rows(table))
    return buffer.getvalue()


def _csv_cell(value: Any) -> Any:
    return CSV_SEPARATOR.join(map(str, value)) if isinstance(value, tuple) else value


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=(",", ": " if indent else ":"))
