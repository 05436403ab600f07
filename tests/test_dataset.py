"""Records to frames to Parquet, and all the way back."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import dataset
from generator.dataset import Dataset
from generator.errors import DatasetError, UnwritableError
from generator.records import (
    CatalogEntry,
    Compute,
    Deploy,
    Inspection,
    Level,
    ModelRecord,
    Module,
    ParameterTensor,
    Pyramid,
    Weights,
)
from generator.vocabulary import MODEL_COLUMNS, MODULE_COLUMNS, PYRAMID_COLUMNS, TENSOR_COLUMNS, WEIGHTS_COLUMNS
from tests import examples
from tests.conftest import tree
from tests.examples import RECORDS, TINY_CONV, TINY_MIXED, record, tensor

FILES = ["manifest.json", "models.parquet", "modules.parquet", "pyramid.parquet", "tensors.parquet", "weights.parquet"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the dataset of the tiny models."""
    dataset.write(examples.full(), tmp_path / "dataset")
    return tmp_path / "dataset"


def assert_equal(one: Dataset, other: Dataset) -> None:
    """Two datasets have equal frames, types included, and equal facts beside them."""
    frames = {name: getattr(other, name) for name in ("models", "tensors", "modules", "pyramid", "weights")}
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(getattr(one, name), frame)
    assert replace(one, **frames) == other


def test_a_record_survives_the_frames() -> None:
    """From records to frames and back nothing changes: unknown heads and sizes, no tags, mixed dtypes."""
    assert tuple(examples.full().records()) == RECORDS


def test_a_record_survives_the_disk(folder: Path) -> None:
    """From records to Parquet and back nothing changes."""
    assert tuple(dataset.read(folder).records()) == RECORDS


@pytest.mark.parametrize("make", [examples.full, examples.subset, examples.failed])
def test_a_dataset_survives_the_disk(tmp_path: Path, make: Callable[[], Dataset]) -> None:
    """Frames, families, failures, deprecated names and provenance are read as they were written."""
    dataset.write(make(), tmp_path / "dataset")
    assert_equal(dataset.read(tmp_path / "dataset"), make())


def test_plain_values_come_back() -> None:
    """The values of a record from a dataset are Python's own, so that JSON takes them; unknown is None."""
    found = next(made for made in examples.full().records() if made.name == TINY_MIXED.name)
    assert found.inspection.head_parameters is None
    assert found.entry.input_size is None
    assert type(found.inspection.buffers) is int
    assert type(found.tensors[0].shape[0]) is int
    assert type(found.tensors[0].trainable) is bool


words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=8)
big = st.integers(0, 2**53)
shapes = st.lists(st.integers(0, 2**20), max_size=5).map(tuple)
tensors = st.builds(ParameterTensor, words, shapes, st.sampled_from(["float32", "float16", "int8"]), st.booleans())
sizes = st.tuples(big, big, big)
levels = st.builds(
    Level, st.none() | words, st.sampled_from(["NCHW", "NHWC"]), big, big, big, big, st.none() | big, st.none() | big
)
pyramids = st.builds(
    Pyramid, st.lists(levels, min_size=1, max_size=3).map(tuple), st.just(True), st.none()
) | st.builds(Pyramid, st.just(()), st.none() | st.just(False), words)
inspections = st.builds(
    Inspection,
    st.lists(tensors, max_size=4).map(tuple),
    st.lists(st.builds(Module, words, words, st.none() | big), max_size=3).map(tuple),
    big,
    big,
    st.none() | big,
    words,
    big,
    st.none() | st.builds(Compute, sizes, big, big, st.lists(words, max_size=2).map(tuple), big, big, big, big),
    st.none() | st.builds(Deploy, big, big, big, st.none() | big, st.none() | big),
    pyramids,
)
sizes = st.tuples(big, big, big)
finite = st.floats(allow_nan=False, allow_infinity=False)
texts = st.lists(words, max_size=2).map(tuple)
channels = st.lists(finite, min_size=1, max_size=3).map(tuple)
weights = st.builds(
    Weights,
    *(words, st.booleans(), big, sizes, st.none() | sizes, finite, st.none() | finite, words, words),
    *(channels, channels, *[st.none() | words] * 4, texts, *[st.none() | words] * 3, texts),
)
catalog_entries = st.builds(CatalogEntry, words, words, st.lists(weights, max_size=3).map(tuple), st.none() | sizes)


def made_record(entry: CatalogEntry, inspection: Inspection, date: str) -> ModelRecord:
    """A record: what is computed is computed at the entry's input size, and not where that is unknown."""
    compute = inspection.compute
    if compute is not None:
        compute = None if entry.input_size is None else replace(compute, input_size=entry.input_size)
    return ModelRecord(entry, replace(inspection, compute=compute), date)


def has_exact_sizes(made: ModelRecord) -> bool:
    """Whether all sums of a generated record fit into the columns' 64 bits."""
    return made.parameter_bytes < 2**63


@settings(max_examples=50)
@given(
    st.lists(
        st.builds(made_record, catalog_entries, inspections, words).filter(has_exact_sizes),
        max_size=4,
        unique_by=lambda made: made.name,
    )
)
def test_any_record_survives_the_frames(records: list[ModelRecord]) -> None:
    """Whatever the names, shapes and unknowns: the frames give back the records that went in."""
    made = dataset.from_survey(replace(examples.SURVEY, records=tuple(records)))
    assert list(made.records()) == records


def test_columns_are_the_declared_ones(folder: Path) -> None:
    """Each file has the declared columns in their order, but rank, since and squeezed shapes, which follow."""
    expected = {
        "models": MODEL_COLUMNS,
        "tensors": TENSOR_COLUMNS,
        "modules": MODULE_COLUMNS,
        "pyramid": PYRAMID_COLUMNS,
        "weights": WEIGHTS_COLUMNS,
    }
    for name, columns in expected.items():
        names = [column.name for column in columns if column.name not in ("rank", "since", "squeezed_shape")]
        assert pq.read_schema(folder / f"{name}.parquet").names == names


def test_files_carry_their_provenance(folder: Path) -> None:
    """A Parquet file by itself tells where its figures come from."""
    metadata = pq.read_schema(folder / "models.parquet").metadata
    assert json.loads(metadata[b"timm-atlas"])["timm_version"] == "1.0.31"


def test_sums_are_exact() -> None:
    """Figures past the 53 bits of a float keep every digit."""
    huge = record("huge", tensor("weight", 2**60 + 1, dtype="int8"))
    made = dataset.from_survey(replace(examples.SURVEY, records=(huge,)))
    assert next(dataset.rows(made.models))["parameters"] == 2**60 + 1


def test_one_record_is_found_by_name() -> None:
    """One model's record is the one that went in; a name that is not there is a KeyError."""
    assert examples.full().record("tiny_conv") == TINY_CONV
    with pytest.raises(KeyError):
        examples.full().record("tiny_broken")


def test_a_subset_is_known_as_one() -> None:
    """A dataset of chosen models says that it is a subset."""
    assert (examples.subset().is_subset, examples.full().is_subset) == (True, False)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    """A missing file is named, with the command that mends it."""
    (folder / name).unlink()
    with pytest.raises(DatasetError) as caught:
        dataset.read(folder)
    problem = "there is no dataset yet" if name == "manifest.json" else "it is missing"
    assert str(caught.value) == f"{folder / name}: {problem}. Run `timm-atlas inspect` to make the dataset anew."


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[: len(content) // 2], id="truncated"),
        pytest.param(lambda content: b"", id="emptied"),
        pytest.param(lambda content: b"\x00\xff garbage", id="garbage"),
        pytest.param(lambda content: content[:40] + b"\xff" + content[41:], id="one byte"),
    ],
)
def test_a_damaged_file_is_named(folder: Path, name: str, damage: Callable[[bytes], bytes]) -> None:
    """A truncated, emptied, overwritten or slightly changed file is named, with the command that mends it."""
    path = folder / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DatasetError) as caught:
        dataset.read(folder)
    assert caught.value.path == path
    assert "damaged" in caught.value.problem
    assert "`timm-atlas inspect`" in str(caught.value)


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_the_place_of_a_file_is_named(folder: Path, name: str) -> None:
    """What cannot be read as a file is named with the system's reason."""
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(DatasetError, match="cannot be read") as caught:
        dataset.read(folder)
    assert caught.value.path == folder / name


def test_a_dataset_that_is_a_file_is_named(tmp_path: Path) -> None:
    """A file in the place of the folder is told, not raised as an error of the system."""
    (tmp_path / "dataset").write_text("mine")
    with pytest.raises(DatasetError, match="cannot be read"):
        dataset.read(tmp_path / "dataset")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda manifest: [], id="a list"),
        pytest.param(lambda manifest: None, id="null"),
        pytest.param(lambda manifest: {}, id="empty"),
        *(
            pytest.param(lambda manifest, key=key: {k: v for k, v in manifest.items() if k != key}, id=f"no {key}")
            for key in ("format", "provenance", "families", "failures", "deprecated", "sha256")
        ),
        *(
            pytest.param(lambda manifest, key=key: {**manifest, key: 7}, id=f"{key} is a number")
            for key in ("provenance", "families", "failures", "sha256")
        ),
        pytest.param(lambda manifest: {**manifest, "failures": [{"name": "x"}]}, id="half a failure"),
        pytest.param(lambda manifest: {**manifest, "families": [{"title": "x"}]}, id="half a family"),
        pytest.param(lambda manifest: {**manifest, "families": []}, id="no family described"),
    ],
)
def test_a_manifest_that_is_not_one_is_named(folder: Path, change: Callable[[object], object]) -> None:
    """A manifest of valid JSON that is no manifest is named like a damaged one."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(DatasetError) as caught:
        dataset.read(folder)
    assert caught.value.path == path
    assert "`timm-atlas inspect`" in str(caught.value)


def test_another_format_is_named(folder: Path) -> None:
    """A dataset of another format says which it is and which is read."""
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    with pytest.raises(DatasetError, match="its format is 99, this version reads 3"):
        dataset.read(folder)


def test_files_of_two_datasets_do_not_mix(folder: Path, tmp_path: Path) -> None:
    """A whole file from another dataset is noticed."""
    dataset.write(examples.subset(), tmp_path / "other")
    os.replace(tmp_path / "other" / "tensors.parquet", folder / "tensors.parquet")
    with pytest.raises(DatasetError, match=r"tensors\.parquet.*checksum"):
        dataset.read(folder)


def test_a_new_dataset_takes_the_place_of_the_old(folder: Path) -> None:
    """Writing replaces the whole dataset, and leaves nothing beside it."""
    dataset.write(examples.subset(), folder)
    assert_equal(dataset.read(folder), examples.subset())
    assert [path.name for path in folder.parent.iterdir()] == ["dataset"]
    assert sorted(path.name for path in folder.iterdir()) == FILES


def test_equal_files_are_not_written_again(folder: Path) -> None:
    """A dataset that is written again keeps the files that stay the same, at last all but the manifest."""
    inodes = {path.name: path.stat().st_ino for path in folder.iterdir()}
    dataset.write(examples.full(), folder)
    assert {path.name: path.stat().st_ino for path in folder.iterdir()} == inodes
    dataset.write(replace(examples.full(), deprecated={}), folder)
    assert {path.name for path in folder.iterdir() if path.stat().st_ino != inodes[path.name]} == {"manifest.json"}


def test_a_digest_tells_datasets_apart(folder: Path) -> None:
    """What is written has the digest that writing it told; any change of a file has another."""
    assert dataset.write(examples.full(), folder) == dataset.digest(folder)
    other = dataset.write(examples.subset(), folder.with_name("other"))
    assert other != dataset.digest(folder)
    for name in FILES:
        before = dataset.digest(folder)
        (folder / name).write_bytes((folder / name).read_bytes()[:-1])
        assert dataset.digest(folder) != before


def test_the_date_is_read_by_itself(folder: Path) -> None:
    """The date of a dataset needs its manifest alone; one without a date is named."""
    assert dataset.date(folder) == examples.DATE
    path = folder / "manifest.json"
    path.write_text(json.dumps({"format": dataset.FORMAT, "provenance": {}}))
    with pytest.raises(DatasetError, match=r"an entry is missing or not understood \('date'\)"):
        dataset.date(folder)


def test_a_full_disk_leaves_the_old_dataset(small_disk: Path) -> None:
    """Where the disk is full, the error says so, the old dataset stands whole and nothing is left beside it."""
    folder = small_disk / "dataset"
    dataset.write(examples.full(), folder)
    before = tree(small_disk)
    large = record("large", *(tensor(f"{os.urandom(8).hex()}.weight", 3, 3) for _ in range(5000)))
    with pytest.raises(UnwritableError, match="No space left on device"):
        dataset.write(dataset.from_survey(replace(examples.SURVEY, records=(large,))), folder)
    assert tree(small_disk) == before
    assert tuple(dataset.read(folder).records()) == RECORDS


def test_a_read_only_project_leaves_the_old_dataset(tmp_path: Path, read_only: Callable[[Path], None]) -> None:
    """Where the project is read-only, the error says so in a sentence."""
    root = tmp_path / "project"
    root.mkdir()
    read_only(root)
    with pytest.raises(UnwritableError, match=r"Cannot write .*dataset"):
        dataset.write(examples.full(), root / "dataset")
    assert tree(root) == {}


def test_unknown_is_none_in_rows() -> None:
    """Rows are plain Python: integers are int, lists are tuples, unknown is None and an empty list is empty."""
    found = {row["name"]: row for row in dataset.rows(examples.full().models)}
    assert found["tiny_mixed"]["head_parameters"] is None
    assert found["tiny_mixed"]["input_size"] is None
    assert found["tiny_mixed"]["tags"] == ()
    assert found["tiny_conv"]["input_size"] == (3, 32, 32)
    assert all(type(row["parameters"]) is int for row in found.values())
    assert type(found["tiny_conv"]["head_parameters"]) is int
