"""Write the data files of the site: everything below ``/data/``."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generator.facts.columns import Column
from generator.facts.estimates import SETTINGS
from generator.facts.figures import IN_FILES, IN_INDEX, ModelRow
from generator.facts.records import Dataset
from generator.facts.results import TEST_SETS
from generator.facts.tables import COMPUTE, PYRAMID, RESULTS, SPEEDS, TABLES, TENSORS, WEIGHTS
from generator.pages.citing import CITED
from generator.publishing import accuracies, badges, index, memory_lines
from generator.publishing.documents import model_document, row_document
from generator.ranking.ranks import ranked
from generator.store import parquet

# The separator of the elements of a list in a CSV cell.
CSV_SEPARATOR = ";"
# A spreadsheet takes a text that begins like this for a formula, and runs it.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")

_TEXTS = (
    "schema.json",
    "models.json",
    "models.csv",
    "index.json",
    "renamed.json",
    *memory_lines.PATHS.values(),
)


def paths(names: Iterable[str]) -> list[str]:
    """The paths of all files below ``/data/`` for the named models."""
    names = list(names)
    tables = ["models.parquet", *(f"{table.name}.parquet" for table in TABLES)]
    return [*_TEXTS, *accuracies.PATHS.values(), *tables, *map(_document_path, names), *badges.paths(names)]


def write(dataset: Dataset, folder: Path) -> None:
    """Write every data file into a folder, which is created if it does not exist."""
    rows = ranked(dataset.records)
    for path, text in texts(dataset, rows):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
    models = {figure.name: [getattr(row, figure.name) for row in rows] for figure in IN_FILES}
    parquet.write(models, IN_FILES, dataset.provenance, folder / "models.parquet")
    for table in TABLES:
        values = table.values(dataset.records)
        parquet.write(values, table.columns, dataset.provenance, folder / f"{table.name}.parquet")


def texts(dataset: Dataset, rows: Sequence[ModelRow]) -> Iterator[tuple[str, str]]:
    """Every text file below ``/data/``: its path, and its content. ``rows`` are the ranked rows of the dataset."""
    yield "schema.json", _json(schema(dataset), indent=1)
    yield "models.json", "[\n" + ",\n".join(_json(row_document(row)) for row in rows) + "\n]\n"
    yield "models.csv", _csv(rows)
    yield "renamed.json", _json(dataset.deprecated, indent=1) + "\n"
    yield "index.json", _json(index.document(rows)) + "\n"
    by_name = {row.name: row for row in rows}
    records = {record.name: record for record in dataset.records}
    for setting in SETTINGS:
        document = memory_lines.document(setting, [records[row.name] for row in rows])
        yield memory_lines.PATHS[setting.key], _json(document) + "\n"
    for test_set, path in accuracies.PATHS.items():
        yield path, _json(accuracies.document(test_set, [records[row.name] for row in rows])) + "\n"
    for record in dataset.records:
        row = by_name[record.name]
        yield _document_path(record.name), _json(model_document(record, row, dataset.provenance)) + "\n"
        for path, badge in badges.documents(row):
            yield path, _json(badge) + "\n"


def schema(dataset: Dataset) -> dict[str, Any]:
    """The meaning of every column, and where the figures come from."""
    models = len(dataset.records)
    return {
        "provenance": asdict(dataset.provenance),
        "files": {
            "models.json": {"rows": models, "columns": _describe(IN_FILES)},
            "models.parquet": "The rows of models.json.",
            "models.csv": f"The rows of models.json. Lists are joined by {CSV_SEPARATOR!r}, unknown is an empty cell, "
            "and a text that a spreadsheet would take for a formula begins with an apostrophe.",
            "index.json": {
                "meaning": "What the site's own scripts know of every model: figures describes the columns, values has "
                "a list for each of them, of the models in the order of models.json. It changes as they need.",
                "rows": models,
                "columns": _describe(IN_INDEX),
            },
            "accuracy/<test set>.json": {
                "meaning": "What the site's own scripts find the best weights that match a filter from: models has, "
                "for each model of models.json in its order, a list of results: the place of the tag among its tags, "
                "the image size in pixels, and top-1 in percent. It changes as they need.",
                "test_sets": dict(TEST_SETS),
                "rows": models,
            },
            "lines/<setting>.json": {
                "meaning": "What the site's own scripts find the largest batch on a GPU from, in one setting: taken "
                "has the bytes of a GPU that no run can have, bands a list of first batch, that after the last, and "
                "the factor by which runs took more than estimated, and models, for each model of models.json in its "
                "order, the bytes that are there always, then pairs of constant bytes and bytes for each image from "
                "batch 2 on and, where they differ, at batch 1; null where that cannot run. It changes as they need.",
                "settings": {setting.key: setting.words for setting in SETTINGS},
                "rows": models,
            },
            **{
                f"{table.name}.parquet": {
                    "rows": sum(len(table.parts(record)) for record in dataset.records),
                    "columns": _describe(table.columns),
                }
                for table in TABLES
            },
            "models/<model>.json": {
                "meaning": "One model, everything: its row of models.json, parameter memory by dtype, every set of "
                "weights, every parameter tensor, every level of its feature pyramid, every module that holds "
                "parameters, its cost at each size that it is used at, its forms, what others published about it, and "
                "the lines that comparisons set side by side.",
                "weights": _describe(WEIGHTS.own_columns),
                "tensors": _describe(column for column in TENSORS.own_columns if column.name != "squeezed_shape"),
                "pyramid": _describe(PYRAMID.own_columns),
                "modules": "A list of type and own macs of each of these modules, by its path.",
                "sizes": _describe(COMPUTE.own_columns),
                "results": _describe(RESULTS.own_columns),
                "speeds": {"meaning": "A list of the values of each.", "columns": _describe(SPEEDS.own_columns)},
                "forms": "A list of the number of tensors and that of parameters of each form, by its name.",
                "has_deploy_form": "Whether reparameterization changes the model; null where that is not known.",
                "figures": "A list of depth, label, unit and value of each line. A heading has neither unit nor value. "
                "A value of unit text is a text; any other is a number, null where it is unknown, none where there is "
                "no such thing, or not possible where such a run raises an error.",
                "lines": "What lines/<setting>.json has of the model, by setting.",
                "shares": "A list of key and words of each trait that models can share: those with equal keys do what "
                "the words say, null equals nothing.",
            },
            "renamed.json": "The deprecated names of models in timm: by each the name that took its place, with a tag "
            "where timm names one; null where none did.",
            "badges/<model>-<figure>.json": {
                "meaning": "One figure of one model, as shields.io takes it from an endpoint: schemaVersion, label, "
                "message (the figure as the pages give it, with its unit) and color.",
                "figures": {figure.badge: figure.label for figure in CITED},
            },
        },
        "failures": [asdict(failure) for failure in dataset.failures],
        "sources": [
            {**asdict(source), "unused": [row._asdict() for row in source.unused]} for source in dataset.sources
        ],
    }


def _document_path(name: str) -> str:
    return f"models/{name}.json"


def _describe(columns: Iterable[Column]) -> list[dict[str, Any]]:
    return [column.described() for column in columns]


def _csv(rows: Iterable[ModelRow]) -> str:
    lines = _Lines()
    writer = csv.writer(lines, lineterminator=_Lines.WRITTEN)
    writer.writerow([figure.name for figure in IN_FILES])
    writer.writerows(map(_csv_cell, row_document(row).values()) for row in rows)
    return "".join(lines)


class _Lines(list[str]):
    """The lines of a CSV file, which end in a line feed.

    A writer quotes the letters of the line end that it is given. It is given another, since a carriage return has to be
    quoted as well.
    """

    WRITTEN = "\r\n"

    def write(self, line: str) -> None:
        """Take a line from the writer."""
        self.append(line.removesuffix(self.WRITTEN) + "\n")


def _csv_cell(value: Any) -> Any:
    """A value as a cell: lists are joined, and a text that a spreadsheet would run begins with an apostrophe."""
    is_text = isinstance(value, str) or (isinstance(value, tuple) and isinstance(next(iter(value), None), str))
    cell = CSV_SEPARATOR.join(map(str, value)) if isinstance(value, tuple) else value
    return f"'{cell}" if is_text and cell.startswith(_FORMULAS) else cell


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, indent=indent, separators=(",", ": " if indent else ":")
    )
