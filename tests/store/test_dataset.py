"""Records to disk, and all the way back."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from generator.errors import DatasetError, UnwritableError
from generator.facts.inspections import Failure, Stage
from generator.facts.records import Dataset
from generator.store import codec, dataset, digests
from generator.store.dataset import Manifest
from tests import examples
from tests.conftest import tree
from tests.examples import RECORDS, TINY_CONV, TINY_VIT, record, tensor
from tests.store.drawn import datasets

FILES = ["manifest.json", "records.jsonl"]
FIELDS = ["structure", "sha256", "names", "failed", "families", "provenance", "deprecated", "sources", "checksum"]
LATE = replace(TINY_VIT, failures=(Failure("tiny_vit", Stage.DEPLOY, "ValueError: no"),))


def sealed(manifest: object) -> object:
    """The manifest with the checksum of its fields, unless it has none or a number."""
    if not isinstance(manifest, dict) or not isinstance(manifest.get("checksum"), str):
        return manifest
    fields = {name: value for name, value in manifest.items() if name != "checksum"}
    return {**fields, "checksum": digests.of_values(fields)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the dataset of the tiny models."""
    dataset.write(examples.FULL, tmp_path / "dataset")
    return tmp_path / "dataset"


def test_a_record_survives_the_disk(folder: Path) -> None:
    """From records to lines and back nothing changes: unknown heads and sizes, no tags, mixed dtypes."""
    found = dataset.read(folder).records
    assert found == RECORDS
    assert repr(found) == repr(RECORDS)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(examples.FULL, id="full"),
        pytest.param(examples.SUBSET, id="subset"),
        pytest.param(examples.FAILED, id="failed"),
        pytest.param(replace(examples.FULL, records=(TINY_CONV, LATE)), id="failed late"),
        pytest.param(examples.PUBLISHED, id="published"),
    ],
)
def test_a_dataset_survives_the_disk(tmp_path: Path, made: Dataset) -> None:
    """Records, families, failures, deprecated names, provenance and sources are read as they were written."""
    dataset.write(made, tmp_path / "dataset")
    found = dataset.read(tmp_path / "dataset")
    assert found == made
    assert repr(found) == repr(made)


@settings(max_examples=50)
@given(datasets)
def test_any_dataset_survives_the_disk(made: Dataset) -> None:
    """Whatever the names, shapes and unknowns: what is read is what was written."""
    with tempfile.TemporaryDirectory() as folder:
        dataset.write(made, Path(folder, "dataset"))
        assert dataset.read(Path(folder, "dataset")) == made
        assert dataset.names(Path(folder, "dataset")) == tuple(record.name for record in made.records)


def test_sums_are_exact_on_disk(tmp_path: Path) -> None:
    """Figures past the 53 bits of a float keep every digit."""
    huge = record("huge", tensor("weight", 2**60 + 1, dtype="int8"))
    dataset.write(replace(examples.FULL, records=(huge,)), tmp_path / "dataset")
    assert dataset.read(tmp_path / "dataset").records[0].parameters == 2**60 + 1


def test_records_are_one_a_line(folder: Path) -> None:
    """Each record has a line of its own, so that two datasets can be compared line by line."""
    lines = (folder / "records.jsonl").read_text().splitlines()
    assert [json.loads(line)["entry"]["name"] for line in lines] == [made.name for made in RECORDS]


def test_the_manifest_can_be_read_by_people(folder: Path) -> None:
    """The manifest has all that is not a record, the checksum of the records, and a name for each of them."""
    text = (folder / "manifest.json").read_text()
    manifest = json.loads(text)
    assert len(text.splitlines()) > 20
    assert list(manifest) == FIELDS
    assert manifest["sha256"] == digests.of_file(folder / "records.jsonl")
    assert manifest["provenance"]["timm_version"] == "1.0.31"
    assert manifest["failed"][0]["stage"] == "create"


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
            for key in FIELDS
        ),
        *(pytest.param(lambda manifest, key=key: {**manifest, key: 7}, id=f"{key} is a number") for key in FIELDS),
        pytest.param(lambda manifest: {**manifest, "failed": [{"name": "x"}]}, id="half a failure"),
        pytest.param(
            lambda manifest: {**manifest, "failed": [{"name": "x", "stage": "lunch", "reason": "x"}]},
            id="another stage",
        ),
        pytest.param(lambda manifest: {**manifest, "families": [{"title": "x"}]}, id="half a family"),
        pytest.param(lambda manifest: {**manifest, "families": []}, id="no family described"),
    ],
)
def test_a_manifest_that_is_not_one_is_named(folder: Path, change: Callable[[object], object]) -> None:
    """A manifest of valid JSON that is no manifest is named like a damaged one."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(sealed(change(json.loads(path.read_text())))))
    with pytest.raises(DatasetError) as caught:
        dataset.read(folder)
    assert caught.value.path == path
    assert "`timm-atlas inspect`" in str(caught.value)


def test_any_change_of_the_manifest_is_named(folder: Path) -> None:
    """Whichever letter or digit of the manifest changes, it is damaged, also where it is a manifest still."""
    path = folder / "manifest.json"
    content = path.read_bytes()
    for position, byte in enumerate(content):
        # Two manifests that differ in spaces alone say the same.
        if chr(byte).isspace():
            continue
        path.write_bytes(content[:position] + (b"1" if byte != ord("1") else b"2") + content[position + 1 :])
        for read in (dataset.read, dataset.names, dataset.date):
            with pytest.raises(DatasetError, match=r"it is damaged|another version of timm-atlas") as caught:
                read(folder)
            assert caught.value.path == path


def test_a_manifest_that_says_something_else_is_damaged(folder: Path) -> None:
    """A field that is changed, added or removed is noticed, though nothing is wrong with its form."""
    path = folder / "manifest.json"
    text = path.read_text()
    assert "1.0.31" in text
    path.write_text(text.replace("1.0.31", "1.0.32"))
    with pytest.raises(DatasetError, match=r"manifest\.json: it is damaged"):
        dataset.read(folder)
    path.write_text(json.dumps({**json.loads(text), "more": 1}))
    with pytest.raises(DatasetError, match=r"manifest\.json: it is damaged"):
        dataset.read(folder)


def test_a_dataset_that_is_replaced_meanwhile_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another run replaces the dataset between the reading of its files, the new one is read."""
    real = codec.decode

    def decode(kind: type[Manifest], content: bytes) -> Manifest:
        monkeypatch.undo()
        manifest = real(kind, content)
        dataset.write(examples.SUBSET, folder)
        return manifest

    monkeypatch.setattr(codec, "decode", decode)
    assert dataset.read(folder) == examples.SUBSET


def test_another_form_is_named(folder: Path) -> None:
    """A dataset of another form is refused by all that read it, and says that another version made it."""
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "structure": "0" * 128}))
    for read in (dataset.read, dataset.names, dataset.date):
        with pytest.raises(DatasetError, match=r"manifest\.json: another version of timm-atlas made it\."):
            read(folder)


def test_records_of_another_form_are_named(folder: Path) -> None:
    """Records whose checksum is right and whose form is not are told, with what is not understood in them."""
    records, path = folder / "records.jsonl", folder / "manifest.json"
    records.write_bytes(records.read_bytes().replace(b'"buffers"', b'"stranger"', 1))
    path.write_text(json.dumps(sealed({**json.loads(path.read_text()), "sha256": digests.of_file(records)})))
    with pytest.raises(DatasetError, match=r"it is not understood \(.*buffers") as caught:
        dataset.read(folder)
    assert caught.value.path == records


def test_files_of_two_datasets_do_not_mix(folder: Path, tmp_path: Path) -> None:
    """A whole file from another dataset is noticed."""
    dataset.write(examples.SUBSET, tmp_path / "other")
    os.replace(tmp_path / "other" / "records.jsonl", folder / "records.jsonl")
    with pytest.raises(DatasetError, match=r"records\.jsonl.*checksum"):
        dataset.read(folder)


def test_a_new_dataset_takes_the_place_of_the_old(folder: Path) -> None:
    """Writing replaces the whole dataset, and leaves nothing beside it."""
    (folder / "models.parquet").write_bytes(b"of an earlier version")
    dataset.write(examples.SUBSET, folder)
    assert dataset.read(folder) == examples.SUBSET
    assert [path.name for path in folder.parent.iterdir()] == ["dataset"]
    assert sorted(path.name for path in folder.iterdir()) == FILES


def test_equal_files_are_not_written_again(folder: Path) -> None:
    """A dataset that is written again keeps the files that stay the same, at last all but the manifest."""
    inodes = {path.name: path.stat().st_ino for path in folder.iterdir()}
    dataset.write(examples.FULL, folder)
    assert {path.name: path.stat().st_ino for path in folder.iterdir()} == inodes
    dataset.write(replace(examples.FULL, deprecated={}), folder)
    assert {path.name for path in folder.iterdir() if path.stat().st_ino != inodes[path.name]} == {"manifest.json"}


def test_a_digest_tells_datasets_apart(folder: Path) -> None:
    """What is written has the digest that writing it told; any change of a file has another."""
    assert dataset.write(examples.FULL, folder) == dataset.digest(folder)
    other = dataset.write(examples.SUBSET, folder.with_name("other"))
    assert other != dataset.digest(folder)
    for name in FILES:
        before = dataset.digest(folder)
        (folder / name).write_bytes((folder / name).read_bytes()[:-1])
        assert dataset.digest(folder) != before


def test_date_and_names_are_read_by_themselves(folder: Path) -> None:
    """Date and names of a dataset need its manifest alone; one without them is named."""
    (folder / "records.jsonl").unlink()
    assert dataset.date(folder) == examples.DATE
    assert dataset.names(folder) == tuple(made.name for made in RECORDS)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(sealed({**manifest, "provenance": {}})))
    for read in (dataset.date, dataset.names):
        with pytest.raises(DatasetError, match=r"manifest\.json: it is damaged"):
            read(folder)
    path.unlink()
    for read in (dataset.date, dataset.names):
        with pytest.raises(DatasetError, match="there is no dataset yet"):
            read(folder)


def test_a_full_disk_leaves_the_old_dataset(small_disk: Path) -> None:
    """Where the disk is full, the error says so, the old dataset stands whole and nothing is left beside it."""
    folder = small_disk / "dataset"
    dataset.write(examples.FULL, folder)
    before = tree(small_disk)
    large = record("large", *(tensor(f"{os.urandom(8).hex()}.weight", 3, 3) for _ in range(5000)))
    with pytest.raises(UnwritableError, match="No space left on device"):
        dataset.write(replace(examples.FULL, records=(large,)), folder)
    assert tree(small_disk) == before
    assert dataset.read(folder).records == RECORDS


def test_a_read_only_project_leaves_the_old_dataset(tmp_path: Path, read_only: Callable[[Path], None]) -> None:
    """Where the project is read-only, the error says so in a sentence."""
    root = tmp_path / "project"
    root.mkdir()
    read_only(root)
    with pytest.raises(UnwritableError, match=r"Cannot write .*dataset"):
        dataset.write(examples.FULL, root / "dataset")
    assert tree(root) == {}
