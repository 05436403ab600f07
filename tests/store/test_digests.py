"""Digests: the same for the same, another for anything else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.store import digests


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two files, one deeper."""
    made = tmp_path / "folder"
    (made / "sub").mkdir(parents=True)
    (made / "a.md").write_text("a")
    (made / "sub" / "b.py").write_text("b")
    return made


def contents(folder: Path) -> str:
    """The digest of what is in a folder."""
    return digests.of_contents(digests.files_below(folder), folder)


def test_values_are_told_apart() -> None:
    """The same values have the same digest; another value, order, type or border between two has another."""
    different = [("a", "b"), ("b", "a"), ("ab",), ("a", None, "b"), ("a", ["b"]), (1,), ("1",), (True,), (), ("",)]
    assert len({digests.of_values(*values) for values in different}) == len(different)
    assert digests.of_values({"a": 1, "b": 2}) == digests.of_values({"b": 2, "a": 1})


def test_a_file_is_its_bytes(folder: Path) -> None:
    """The digest of a file is that of the bytes in it."""
    assert digests.of_file(folder / "a.md") == digests.of_bytes(b"a")


def test_contents_do_not_depend_on_place_or_time(folder: Path, tmp_path: Path) -> None:
    """A copy elsewhere, written at another time, has the same contents."""
    before = contents(folder)
    os.utime(folder / "a.md", ns=(1, 1))
    assert contents(folder.rename(tmp_path / "elsewhere")) == before


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda folder: (folder / "a.md").write_text("b"), id="another content"),
        pytest.param(lambda folder: (folder / "a.md").rename(folder / "c.md"), id="another name"),
        pytest.param(lambda folder: (folder / "a.md").unlink(), id="removed"),
        pytest.param(lambda folder: (folder / "sub" / "c").write_text(""), id="added"),
    ],
)
@pytest.mark.parametrize("digest", [contents, digests.of_states], ids=["contents", "states"])
def test_a_change_is_seen(folder: Path, change: Callable[[Path], object], digest: Callable[[Path], str]) -> None:
    """A file with another content or name, one less or one more: each has another digest."""
    os.utime(folder / "a.md", ns=(1, 1))
    before = digest(folder)
    change(folder)
    assert digest(folder) != before


def test_states_tell_that_a_file_was_written(folder: Path) -> None:
    """A file that was written again with the same content has another state, and one that was only read has not."""
    os.utime(folder / "a.md", ns=(1, 1))
    before = digests.of_states(folder)
    assert (folder / "a.md").read_text() == "a"
    assert digests.of_states(folder) == before
    (folder / "a.md").write_text("a")
    assert digests.of_states(folder) != before


def test_files_are_found_by_their_ending(folder: Path) -> None:
    """Every file of the ending, at any depth; what Python compiled, dead links and missing folders give none."""
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "c.py").write_text("c")
    (folder / "dead.py").symlink_to("nowhere.py")
    assert list(digests.files_below(folder, ".py")) == [folder / "sub" / "b.py"]
    assert set(digests.files_below(folder)) == {folder / "a.md", folder / "sub" / "b.py"}
    assert list(digests.files_below(folder / "nowhere")) == []
