"""The dataset on disk: written whole or not at all, and verified when it is read.

A dataset is a folder with two files. ``records.jsonl`` has one record in each line. ``manifest.json`` has the facts
about the dataset as a whole, the checksum of ``records.jsonl``, and a checksum of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from generator.errors import DatasetError
from generator.facts.inspections import Failure
from generator.facts.records import Dataset, ModelRecord, Provenance
from generator.facts.registry import Family
from generator.facts.results import Source
from generator.store import codec, digests
from generator.store.files import keep_unchanged, replaced_folder

MANIFEST, RECORDS = "manifest.json", "records.jsonl"
# The field of the manifest with the checksum of its other fields.
CHECKSUM = "checksum"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of the manifest, except its own checksum. ``sha256`` is the checksum of the records.

    ``structure`` is a digest of the files' structure: `read` refuses any other.
    """

    structure: str
    sha256: str
    names: tuple[str, ...]
    failed: tuple[Failure, ...]
    families: tuple[Family, ...]
    provenance: Provenance
    deprecated: dict[str, str | None]
    sources: tuple[Source, ...]


def write(dataset: Dataset, folder: Path) -> str:
    """Replace the content of the folder with this dataset, whole or not at all. Unchanged files keep their time.

    Returns:
        The `digest` of the new files.

    Raises:
        UnwritableError: the dataset could not be written; the folder is unchanged.
    """
    records = codec.encode_lines(list(dataset.records))
    manifest = Manifest(
        structure=_structure(),
        sha256=digests.of_bytes(records),
        names=tuple(record.name for record in dataset.records),
        failed=dataset.failed,
        families=dataset.families,
        provenance=dataset.provenance,
        deprecated=dataset.deprecated,
        sources=dataset.sources,
    )
    with replaced_folder(folder) as staging:
        (staging / RECORDS).write_bytes(records)
        (staging / MANIFEST).write_bytes(_sealed(manifest))
        keep_unchanged(staging, folder)
        return digest(staging)


def read(folder: Path) -> Dataset:
    """Read and verify a dataset.

    Raises:
        DatasetError: a file is missing, damaged, or of another structure.
    """
    while True:
        before = _state(folder)
        try:
            return _read(folder)
        except DatasetError:
            # Another run may have replaced the dataset after its manifest was read.
            if _state(folder) == before:
                raise


def _state(folder: Path) -> tuple[int, int, int] | None:
    """Inode, size and time of the manifest, which change when the dataset is replaced; ``None`` without a manifest."""
    try:
        state = (folder / MANIFEST).stat()
    except OSError:
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns


def _read(folder: Path) -> Dataset:
    manifest, path = _manifest(folder), folder / RECORDS
    content = _content(path)
    if digests.of_bytes(content) != manifest.sha256:
        raise DatasetError(path, "it is damaged (its checksum is not the manifest's)")
    try:
        records = codec.decode_lines(ModelRecord, content)
    except ValueError as error:
        raise DatasetError(path, f"it is not understood ({error})") from error
    if tuple(record.name for record in records) != manifest.names:
        raise DatasetError(folder / MANIFEST, "it does not name the models of the records")
    unknown = {record.entry.family for record in records} - {family.name for family in manifest.families}
    if unknown:
        raise DatasetError(folder / MANIFEST, f"it does not describe the family {min(unknown)}")
    return Dataset(
        tuple(records),
        manifest.failed,
        manifest.families,
        manifest.provenance,
        manifest.deprecated,
        manifest.sources,
    )


def digest(folder: Path) -> str:
    """The digest of a dataset's files. The files are not verified."""
    return digests.of_contents(digests.files_below(folder), folder)


def date(folder: Path) -> str:
    """The date of a dataset: that of its latest record, UTC, ISO 8601.

    Raises:
        DatasetError: the manifest is missing, damaged or of another structure.
    """
    return _manifest(folder).provenance.date


def names(folder: Path) -> tuple[str, ...]:
    """The names of a dataset's models, in its order, without reading the records.

    Raises:
        DatasetError: the manifest is missing, damaged or of another structure.
    """
    return _manifest(folder).names


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    content = _content(path, missing="there is no dataset yet")
    try:
        fields = json.loads(content)
        # Manifests of old versions have no structure.
        if fields.get("structure") != _structure():
            raise DatasetError(path, "another version of timm-atlas made it")
        if fields.pop(CHECKSUM, None) != digests.of_values(fields):
            raise ValueError("its checksum is wrong")
        return codec.decode(Manifest, content)
    except (ValueError, AttributeError, RecursionError) as error:
        raise DatasetError(path, "it is damaged") from error


def _sealed(manifest: Manifest) -> bytes:
    """The manifest as JSON, with the checksum of its fields."""
    fields = json.loads(codec.encode(manifest))
    return codec.indented({**fields, CHECKSUM: digests.of_values(fields)})


def _structure() -> str:
    return codec.structure_of(Manifest) + codec.structure_of(ModelRecord)


def _content(path: Path, missing: str = "it is missing") -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DatasetError(path, missing) from None
    except OSError as error:
        raise DatasetError(path, f"it cannot be read ({error.strerror or error})") from error
