"""Which tables are taken: by the environment, from the cache, and the user's own."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from generator.errors import ResultsError
from generator.results import gathering, pin
from generator.results.gathering import Tables
from generator.results.pin import Pin
from tests.results.made_up import ACCURACY, OWN, OWN_TABLE, TABLES, write_tables

PIN = Pin(
    "timm/tables",
    "results",
    "c" * 40,
    "2026-01-02",
    {name: hashlib.sha256(text.encode()).hexdigest() for name, text in sorted(TABLES.items())},
)


@pytest.fixture
def cached(tmp_path: Path) -> Path:
    """A project in whose cache all pinned tables are."""
    write_tables(pin.kept(tmp_path, PIN))
    return tmp_path


def gather(root: Path, asked: str = "", *own: Path) -> Tables:
    """The tables for what the environment variable says."""
    return gathering.gather(root, own, environment={"ATLAS_RESULTS": asked} if asked else {}, pin=PIN)


def test_without_any_there_are_none(tmp_path: Path) -> None:
    """A project that has fetched nothing has no tables, and nothing is said of it."""
    assert gather(tmp_path) == Tables()


def test_the_cache_is_taken(cached: Path) -> None:
    """Pinned tables have commit, date and address."""
    found = gather(cached)
    assert [file.path.name for file in found.timm] == sorted(TABLES)
    assert {file.path.name: file.content.decode() for file in found.timm} == TABLES
    first = found.timm[-1]
    assert (first.version, first.date, first.address) == (PIN.commit, PIN.date, PIN.address(first.path.name))
    assert (found.own, found.note) == ((), "")


def test_none_does_without(cached: Path) -> None:
    """Whatever the cache has."""
    assert gather(cached, "none") == Tables()


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_cache_that_is_not_whole_is_not_taken(cached: Path, damage: str) -> None:
    """Where a table is missing or is another, none is taken, and a sentence says so."""
    path = pin.kept(cached, PIN) / ACCURACY
    if damage == "changed":
        path.write_text(path.read_text() + "\n")
    else:
        path.unlink()
    found = gather(cached)
    assert (found.timm, found.own) == ((), ())
    problem = "is not what is pinned" if damage == "changed" else "is missing"
    assert found.note == (f"timm's result tables are not used: {path} {problem}; ./scripts/results fetches them again.")


def test_a_folder_takes_the_place_of_the_cache(cached: Path, tmp_path: Path) -> None:
    """Its tables are taken, and no other file; one that is the pinned one is known, any other has its digest."""
    folder = write_tables(tmp_path / "mine", {ACCURACY: TABLES[ACCURACY], "results-sketch.csv": "model\n"})
    found = gather(cached, str(folder))
    assert [(file.path, file.version) for file in found.timm] == [
        (folder / ACCURACY, PIN.commit),
        (folder / "results-sketch.csv", f"sha256:{hashlib.sha256(b'model' + bytes([10])).hexdigest()[:12]}"),
    ]
    assert [file.address for file in found.timm] == [PIN.address(ACCURACY), None]


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    """A folder that is missing, is a file, or has no table is the caller's mistake."""
    for asked, problem in (
        (tmp_path / "none.csv", "cannot be read (No such file or directory)"),
        (tmp_path / "file", "cannot be read (Not a directory)"),
        (tmp_path, "where none of timm's tables is; 'none' does without them"),
    ):
        (tmp_path / "file").write_text("")
        with pytest.raises(ResultsError) as caught:
            gather(tmp_path, str(asked))
        assert str(caught.value).startswith(f"ATLAS_RESULTS names {asked}, ")
        assert str(caught.value).endswith(f"{problem}.")
        assert caught.value.exit_code == 2


def test_own_tables_come_beside(cached: Path) -> None:
    """A user's table is read whatever the others are, and its version is its digest."""
    path = cached / OWN
    path.write_text(OWN_TABLE)
    for asked in ("", "none"):
        (own,) = gather(cached, asked, path).own
        digest = hashlib.sha256(OWN_TABLE.encode()).hexdigest()
        assert (own.path, own.content.decode(), own.version) == (path, OWN_TABLE, f"sha256:{digest[:12]}")


def test_own_tables_that_cannot_be_told_apart_are_named(tmp_path: Path) -> None:
    """Rows name their table by its file's name, so two of one name are refused; one that is missing is named."""
    paths = [write_tables(tmp_path / folder, {OWN: OWN_TABLE}) / OWN for folder in "ab"]
    with pytest.raises(ResultsError, match=rf"^--results names {paths[1]}, and another of that name\.$"):
        gather(tmp_path, "", *paths)
    with pytest.raises(ResultsError, match=r"^--results names .*gone\.csv, which cannot be read \(No such file"):
        gather(tmp_path, "", tmp_path / "gone.csv")


def test_the_digest_tells_tables_apart(cached: Path) -> None:
    """Any other content, file, version or kind has another digest, and the same tables have the same."""
    own = write_tables(cached / "own", {OWN: OWN_TABLE, ACCURACY: TABLES[ACCURACY]})
    digests = [
        gather(cached).digest,
        gather(cached, "none").digest,
        gather(cached, "", own / OWN).digest,
        gather(cached, "none", own / ACCURACY).digest,
        gather(cached, str(own)).digest,
    ]
    assert len(set(digests)) == len(digests)
    assert gather(cached).digest == digests[0]
    (own / OWN).write_text(OWN_TABLE.replace("91.25", "91.26"))
    assert gather(cached, "", own / OWN).digest != digests[2]
