"""Records to pandas frames and back, and frames to Parquet and back.

On disk a dataset is one folder: ``manifest.json`` (provenance, families, failures and the checksums of the rest),
``models.parquet``, ``weights.parquet``, ``tensors.parquet``, ``modules.parquet`` and ``pyramid.parquet``. It is
replaced whole, and verified when it is read.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import pairwise, repeat
from pathlib import Path
from typing import Any, Generic, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generator import digests
from generator.errors import DatasetError
from generator.files import keep_unchanged, replaced_folder
from generator.licenses import license_class
from generator.records import (
    CatalogEntry,
    Compute,
    Deploy,
    Failure,
    Family,
    Inspection,
    Level,
    ModelRecord,
    Module,
    Paper,
    ParameterTensor,
    Provenance,
    Pyramid,
    Survey,
    Weights,
)
from generator.vocabulary import (
    MODEL_COLUMNS,
    MODULE_COLUMNS,
    PYRAMID_COLUMNS,
    RANK,
    SINCE,
    TENSOR_COLUMNS,
    WEIGHTS_COLUMNS,
    Column,
    form,
)

MANIFEST = "manifest.json"
# Raised whenever the files change in a way that older code cannot read.
FORMAT = 3

# The release follows from the name alone, and the table that tells it is not the dataset's.
_UNRANKED_COLUMNS = tuple(column for column in MODEL_COLUMNS if column not in (RANK, SINCE))
# The squeezed shape follows from the shape, and half a million lists take their time.
_TENSOR_COLUMNS = tuple(column for column in TENSOR_COLUMNS if column.name != "squeezed_shape")
# Columns that are fields of `Compute` under the same name, and those of `Deploy`.
_OF_COMPUTE = (
    "macs",
    "activations",
    "peak_activation_bytes",
    "saved_activation_bytes",
    "saved_activation_bytes_mixed",
    "cast_parameter_bytes",
)
_OF_DEPLOY = {
    "parameters": "deploy_parameters",
    "parameter_bytes": "deploy_parameter_bytes",
    "parameter_tensors": "deploy_parameter_tensors",
    "macs": "deploy_macs",
    "activations": "deploy_activations",
}
_Kind = TypeVar("_Kind", ParameterTensor, Module, Level, Weights)
_ARROW_TYPES = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "list<int64>": pa.list_(pa.int64()),
    "list<float64>": pa.list_(pa.float64()),
    "list<string>": pa.list_(pa.string()),
}


@dataclass(frozen=True)
class Dataset:
    """The frames, and what belongs to them as a whole.

    ``models`` has one row a model in timm's order, with every one of `MODEL_COLUMNS` but rank and since, which
    `ranking` adds. ``tensors``, ``modules``, ``pyramid`` and ``weights`` have the rows of the same models in the same
    order, all with their declared columns but the squeezed shape of a tensor, which follows from the shape.
    """

    models: pd.DataFrame
    tensors: pd.DataFrame
    modules: pd.DataFrame
    pyramid: pd.DataFrame
    weights: pd.DataFrame
    families: tuple[Family, ...]
    failures: tuple[Failure, ...]
    deprecated: dict[str, str | None]
    provenance: Provenance

    @property
    def is_subset(self) -> bool:
        return bool(self.provenance.patterns)

    def subset(self, names: Collection[str]) -> Dataset:
        """The rows of these models alone, all else as it is."""

        def theirs(frame: pd.DataFrame) -> pd.DataFrame:
            return frame[frame["model"].isin(names)]

        return replace(
            self,
            models=self.models[self.models["name"].isin(names)],
            tensors=theirs(self.tensors),
            modules=theirs(self.modules),
            pyramid=theirs(self.pyramid),
            weights=theirs(self.weights),
        )

    def records(self) -> Iterator[ModelRecord]:
        """The records, in the order of ``models``."""
        return Facts(self).records(0, len(self.models))

    def record(self, name: str) -> ModelRecord:
        """The record of one model.

        Raises:
            KeyError: the dataset has no such model.
        """
        # Of this model alone, since the facts of all take their time to become Python values.
        for record in self.subset([name]).records():
            return record
        raise KeyError(name)


class Facts:
    """The facts of a dataset as Python values, of which records are made: equal texts and shapes are one object."""

    def __init__(self, dataset: Dataset) -> None:
        self._models = list(rows(dataset.models))
        self._tensors = _Grouped(dataset.tensors, ParameterTensor)
        self._modules = _Grouped(dataset.modules, Module)
        self._levels = _Grouped(dataset.pyramid, Level)
        self._weights = _Grouped(dataset.weights, Weights)

    def records(self, start: int, stop: int) -> Iterator[ModelRecord]:
        """The records of the models at these places, in the order of ``models``, one at a time."""
        for row in self._models[start:stop]:
            name = row["name"]
            yield ModelRecord(
                entry=CatalogEntry(
                    name=name, family=row["family"], weights=self._weights.of(name), input_size=row["input_size"]
                ),
                inspection=Inspection(
                    tensors=self._tensors.of(name),
                    modules=self._modules.of(name),
                    buffers=row["buffers"],
                    buffer_bytes=row["buffer_bytes"],
                    head_parameters=row["head_parameters"],
                    checkpoint_signature=row["checkpoint_signature"],
                    persistent_buffer_bytes=row["persistent_buffer_bytes"],
                    compute=compute_of(row),
                    deploy=_deploy(row),
                    pyramid=Pyramid(self._levels.of(name), row["features_only"], row["features_reason"]),
                ),
                date=row["date"],
            )


class _Grouped(Generic[_Kind]):
    """The rows of a frame that has several a model, as named tuples; the rows of a model stand together."""

    def __init__(self, frame: pd.DataFrame, kind: type[_Kind]) -> None:
        self._kind: type[_Kind] = kind
        self._columns: list[list[Any]] = [_plain_values(frame[name]) for name in kind._fields]
        values = pa.array(frame["model"], type=pa.string())
        runs = pc.run_end_encode(values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values)
        stops: list[int] = runs.run_ends.to_pylist()
        self._places = dict(zip(runs.values.to_pylist(), map(slice, [0, *stops], stops), strict=False))

    def of(self, model: str) -> tuple[_Kind, ...]:
        place = self._places.get(model, slice(0))
        # Half a million: made as tuples are, without the call of Python code that a named tuple's own constructor is.
        items = map(tuple.__new__, repeat(self._kind), zip(*(column[place] for column in self._columns), strict=True))
        return tuple(items)


def rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows of a frame as dictionaries of plain Python values, unknown as ``None``."""
    names = frame.columns.tolist()
    for values in zip(*(_values(frame[name]) for name in names), strict=True):
        yield dict(zip(names, values, strict=True))


def from_survey(survey: Survey) -> Dataset:
    """The dataset of a survey's records and failures."""
    return Dataset(
        models=_frame((_model_row(record) for record in survey.records), _UNRANKED_COLUMNS),
        tensors=_frame(
            (_tensor_row(record.name, t) for record in survey.records for t in record.tensors), _TENSOR_COLUMNS
        ),
        modules=_frame(
            ((record.name, *module) for record in survey.records for module in record.inspection.modules),
            MODULE_COLUMNS,
        ),
        pyramid=_frame(
            (
                (record.name, index, *level)
                for record in survey.records
                for index, level in enumerate(record.inspection.pyramid.levels)
            ),
            PYRAMID_COLUMNS,
        ),
        weights=_frame(
            (
                (record.name, *weights_document(weights).values())
                for record in survey.records
                for weights in record.entry.weights
            ),
            WEIGHTS_COLUMNS,
        ),
        families=survey.families,
        failures=survey.failures,
        deprecated=survey.deprecated,
        provenance=survey.provenance,
    )


def write(dataset: Dataset, folder: Path) -> str:
    """Replace the folder by this dataset, whole or not at all; files that stay the same are not written anew.

    Returns:
        The `digest` of what was written.

    Raises:
        UnwritableError: the folder is as it was.
    """
    frames = {
        "models": (dataset.models, _UNRANKED_COLUMNS),
        "tensors": (dataset.tensors, _TENSOR_COLUMNS),
        "modules": (dataset.modules, MODULE_COLUMNS),
        "pyramid": (dataset.pyramid, PYRAMID_COLUMNS),
        "weights": (dataset.weights, WEIGHTS_COLUMNS),
    }
    with replaced_folder(folder) as staging:
        for name, (frame, columns) in frames.items():
            write_parquet(frame, columns, dataset.provenance, staging / f"{name}.parquet")
        manifest = {
            "format": FORMAT,
            "provenance": asdict(dataset.provenance),
            "families": [asdict(family) for family in dataset.families],
            "failures": [asdict(failure) for failure in dataset.failures],
            "deprecated": dataset.deprecated,
            "sha256": {path.name: digests.of_file(path) for path in sorted(staging.glob("*.parquet"))},
        }
        (staging / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
        keep_unchanged(staging, folder)
        return digest(staging)


def digest(folder: Path) -> str:
    """The digest of a dataset's files, whether they are whole or not."""
    return digests.of_contents(digests.files_below(folder), folder)


def date(folder: Path) -> str:
    """The date of a dataset: that of its latest record, UTC, ISO 8601.

    Raises:
        DatasetError: the manifest is missing, damaged or of another format.
    """
    try:
        return str(_read_manifest(folder)["provenance"]["date"])
    except (KeyError, TypeError) as error:
        raise DatasetError(folder / MANIFEST, f"an entry is missing or not understood ({error})") from error


def read(folder: Path) -> Dataset:
    """Read and verify a dataset.

    Raises:
        DatasetError: a file is missing, damaged, or of another format.
    """
    manifest = _read_manifest(folder)
    try:
        provenance = manifest["provenance"]
        dataset = Dataset(
            models=_read_frame(folder, "models", manifest),
            tensors=_read_frame(folder, "tensors", manifest),
            modules=_read_frame(folder, "modules", manifest),
            pyramid=_read_frame(folder, "pyramid", manifest),
            weights=_read_frame(folder, "weights", manifest),
            families=tuple(
                Family(**{**family, "papers": tuple(Paper(**paper) for paper in family["papers"])})
                for family in manifest["families"]
            ),
            failures=tuple(Failure(**failure) for failure in manifest["failures"]),
            deprecated=manifest["deprecated"],
            provenance=Provenance(**{**provenance, "patterns": tuple(provenance["patterns"])}),
        )
    except (KeyError, TypeError) as error:
        raise DatasetError(folder / MANIFEST, f"an entry is missing or not understood ({error})") from error
    unknown = set(dataset.models["family"]) - {family.name for family in dataset.families}
    if unknown:
        raise DatasetError(folder / MANIFEST, f"it does not describe the family {min(unknown)}")
    return dataset


def names(folder: Path) -> list[str]:
    """The names of a dataset's models, in its order, without reading their tensors.

    Raises:
        DatasetError: a file is missing, damaged, or of another format.
    """
    return _read_frame(folder, "models", _read_manifest(folder))["name"].tolist()


def write_parquet(frame: pd.DataFrame, columns: Sequence[Column], provenance: Provenance, path: Path) -> None:
    """Write a frame with these columns; the provenance goes into the file's metadata as JSON under ``timm-atlas``."""
    table = pa.table(
        {column.name: pa.array(_values(frame[column.name]), type=_ARROW_TYPES[column.type]) for column in columns}
    )
    pq.write_table(
        table.replace_schema_metadata({"timm-atlas": json.dumps(asdict(provenance))}), path, compression="zstd"
    )


def compute_of(row: dict[str, Any]) -> Compute | None:
    """What a row of the models' table knows of the forward pass; ``None`` where that was not measured."""
    if row["macs"] is None:
        return None
    return Compute(
        input_size=row["input_size"],
        unlisted_operators=row["unlisted_operators"],
        **{name: row[name] for name in _OF_COMPUTE},
    )


def _deploy(row: dict[str, Any]) -> Deploy | None:
    if row["deploy_parameters"] is None:
        return None
    return Deploy(**{name: row[column] for name, column in _OF_DEPLOY.items()})


def weights_document(weights: Weights) -> dict[str, Any]:
    """What is known of one set of weights, by the names of its columns but the model's."""
    values = {**weights._asdict(), "license_class": license_class(weights.license)}
    return {column.name: values[column.name] for column in WEIGHTS_COLUMNS[1:]}


def _model_row(record: ModelRecord) -> tuple[Any, ...]:
    compute, deploy = record.inspection.compute, record.inspection.deploy
    values = {
        "name": record.name,
        "family": record.entry.family,
        "parameters": record.parameters,
        "trainable_parameters": record.trainable_parameters,
        "parameter_bytes": record.parameter_bytes,
        "parameter_tensors": len(record.tensors),
        "buffers": record.inspection.buffers,
        "buffer_bytes": record.inspection.buffer_bytes,
        "head_parameters": record.inspection.head_parameters,
        "backbone_parameters": record.backbone_parameters,
        "input_size": record.entry.input_size,
        "feature_channels": record.inspection.pyramid.channels,
        "feature_strides": record.inspection.pyramid.strides,
        "features_only": record.inspection.pyramid.works,
        "features_reason": record.inspection.pyramid.reason,
        "tags": record.entry.tags,
        "licenses": record.entry.licenses,
        "persistent_buffer_bytes": record.inspection.persistent_buffer_bytes,
        "unlisted_operators": compute.unlisted_operators if compute else (),
        **{name: getattr(compute, name, None) for name in _OF_COMPUTE},
        **{column: getattr(deploy, name, None) for name, column in _OF_DEPLOY.items()},
        "signature": record.signature,
        "checkpoint_signature": record.inspection.checkpoint_signature,
        "date": record.date,
    }
    return tuple(values[column.name] for column in _UNRANKED_COLUMNS)


def _tensor_row(model: str, tensor: ParameterTensor) -> tuple[Any, ...]:
    return (
        model,
        tensor.name,
        tensor.shape,
        tensor.parameters,
        form(len(tensor.squeezed_shape)),
        tensor.dtype,
        tensor.trainable,
    )


def _frame(table: Iterable[tuple[Any, ...]], columns: Sequence[Column]) -> pd.DataFrame:
    values = list(zip(*table, strict=True)) or [()] * len(columns)
    return pd.DataFrame(
        {column.name: _series(list(cells), column) for column, cells in zip(columns, values, strict=True)}
    )


def _series(cells: list[Any], column: Column) -> pd.Series[Any]:
    if column.type.startswith("list") or (column.nullable and column.type != "int64"):
        return pd.Series(cells, dtype=object)
    if column.type in ("int64", "float64"):
        # The nullable types keep exact integers where a column has unknowns, and tell unknown from not a number.
        return pd.Series(cells, dtype=column.type.capitalize() if column.nullable else column.type)
    if column.type == "string" and column.nullable:
        return pd.Series(cells, dtype=object)
    return pd.Series(cells, dtype="bool" if column.type == "bool" else "str")


def _values(series: pd.Series[Any]) -> list[Any]:
    """The values of a column as Python objects, unknown as ``None``."""
    if series.dtype in ("Int64", "Float64"):
        plain: list[Any] = series.to_numpy(object, na_value=None).tolist()  # type: ignore[call-overload]
        return plain
    return series.tolist()


def _plain_values(series: pd.Series[Any]) -> list[Any]:
    """The values of a column as Python objects, unknown as ``None``; equal texts are one object, made once."""
    if series.dtype == "Int64" and not series.hasnans:
        return series.to_numpy("int64").tolist()
    if series.dtype != "str":
        return _values(series)
    codes, texts = pd.factorize(series)
    return texts.astype(object).take(codes).tolist()


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text())
        if manifest["format"] != FORMAT:
            raise DatasetError(path, f"its format is {manifest['format']}, this version reads {FORMAT}")
    except FileNotFoundError:
        raise DatasetError(path, "there is no dataset yet") from None
    except OSError as error:
        raise DatasetError(path, f"it cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(path, "it is damaged") from error
    return manifest


def _read_frame(folder: Path, name: str, manifest: dict[str, Any]) -> pd.DataFrame:
    path = folder / f"{name}.parquet"
    columns = {
        "models": _UNRANKED_COLUMNS,
        "tensors": _TENSOR_COLUMNS,
        "modules": MODULE_COLUMNS,
        "pyramid": PYRAMID_COLUMNS,
        "weights": WEIGHTS_COLUMNS,
    }[name]
    try:
        if digests.of_file(path) != manifest["sha256"][path.name]:
            raise DatasetError(path, "it is damaged (its checksum is not the manifest's)")
        # Not read_table(), which first imports what reads datasets of many files: a quarter of a second.
        with pq.ParquetFile(path) as file:
            table = file.read()
    except FileNotFoundError:
        raise DatasetError(path, "it is missing") from None
    except OSError as error:
        raise DatasetError(path, f"it cannot be read ({error.strerror or error})") from error
    except pa.ArrowException as error:
        raise DatasetError(path, "it is damaged") from error
    return pd.DataFrame({column.name: _read_series(table.column(column.name), column) for column in columns})


def _read_series(column: pa.ChunkedArray, described: Column) -> pd.Series[Any]:
    if described.nullable or described.type.startswith("list"):
        return _series(_cells(column), described)
    series: pd.Series[Any] = column.to_pandas()
    return series


def _cells(column: pa.ChunkedArray) -> list[Any]:
    if not pa.types.is_list(column.type):
        plain: list[Any] = column.to_pylist()
        return plain
    array = column.combine_chunks()
    values, offsets = array.values, array.offsets
    cells: list[Any]
    if values.type != pa.int64() or values.null_count:
        flat = values.to_pylist()
        cells = [tuple(flat[start:stop]) for start, stop in pairwise(offsets.to_pylist())]
    else:
        # Half a million short lists of a few kinds: each kind is told by its bytes, and made once.
        content, made = values.to_numpy().tobytes(), cache(_integers)
        cells = [made(content[start:stop]) for start, stop in pairwise((8 * offsets.to_numpy()).tolist())]
    if not array.null_count:
        return cells
    return [cell if known else None for cell, known in zip(cells, array.is_valid().to_pylist(), strict=True)]


def _integers(content: bytes) -> tuple[int, ...]:
    return tuple(memoryview(content).cast("q"))
