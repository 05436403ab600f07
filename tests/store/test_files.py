"""Files and folders that are replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import UnwritableError
from generator.store.files import keep_unchanged, replaced_folder, write_all
from tests.conftest import tree


def test_a_folder_is_made(tmp_path: Path) -> None:
    """A folder that was not there is made, with its parents, and nothing is left beside it."""
    with replaced_folder(tmp_path / "a" / "b") as staging:
        (staging / "new").write_text("new")
    assert tree(tmp_path) == {"a/b/new": b"new"}


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    """Nothing of the old folder remains, and others may read the new one."""
    target = tmp_path / "target"
    (target / "sub").mkdir(parents=True)
    (target / "sub" / "old").write_text("old")
    with replaced_folder(target) as staging:
        (staging / "new").write_text("new")
    assert tree(tmp_path) == {"target/new": b"new"}
    assert target.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_the_old_folder_stands_until_the_end(tmp_path: Path) -> None:
    """While the new folder is being filled, the old one is whole."""
    target = tmp_path / "target"
    target.mkdir()
    (target / "old").write_text("old")
    with replaced_folder(target) as staging:
        (staging / "new").write_text("new")
        assert tree(target) == {"old": b"old"}


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()], ids=["fault", "interrupt"])
def test_an_error_leaves_the_old_folder(tmp_path: Path, error: BaseException) -> None:
    """A fault or an interrupt on the way passes through, and the old folder stands alone."""
    target = tmp_path / "target"
    target.mkdir()
    (target / "old").write_text("old")
    with pytest.raises(type(error)), replaced_folder(target) as staging:
        (staging / "new").write_text("new")
        raise error
    assert tree(tmp_path) == {"target/old": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_a_file_in_the_place_of_the_parent_is_told(tmp_path: Path) -> None:
    """Where a file stands in the place of the parent folder, the error names the target, and the file stands."""
    (tmp_path / "parent").write_text("mine")
    with (
        pytest.raises(UnwritableError, match=r"Cannot write .*parent/target"),
        replaced_folder(tmp_path / "parent" / "target"),
    ):
        pass
    assert tree(tmp_path) == {"parent": b"mine"}


def test_a_file_in_the_place_of_the_folder_is_not_lost(tmp_path: Path) -> None:
    """A file that somebody wrote under the folder's name is neither removed nor renamed: the error names it."""
    (tmp_path / "target").write_text("mine")
    with pytest.raises(UnwritableError), replaced_folder(tmp_path / "target") as staging:
        (staging / "new").write_text("new")
    assert tree(tmp_path) == {"target": b"mine"}


def test_a_full_disk_leaves_the_old_folder(small_disk: Path) -> None:
    """Where the disk fills up on the way, the old folder stands and the room is given back."""
    target = small_disk / "target"
    target.mkdir()
    (target / "old").write_text("old")
    with pytest.raises(UnwritableError, match="No space left on device"), replaced_folder(target) as staging:
        (staging / "new").write_bytes(bytes(200_000))
    assert tree(small_disk) == {"target/old": b"old"}
    (small_disk / "room").write_bytes(bytes(40_000))


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """An old and a new folder: a file in common, one of another content, one that is only in each, all of one size."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, content in ((old, "1"), (new, "2")):
        (folder / "sub").mkdir(parents=True)
        (folder / "sub" / "same").write_text("same")
        (folder / "other").write_text(content)
        (folder / f"only_{content}").write_text(content)
    return new, old


def inodes(folder: Path) -> dict[str, int]:
    """The inode of every file below a folder."""
    return {str(path.relative_to(folder)): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def test_unchanged_files_are_kept(two: tuple[Path, Path]) -> None:
    """A file that is the same is the old file, with its time; every other is the new one, and nothing else is there."""
    new, old = two
    os.utime(old / "sub" / "same", ns=(1, 1))
    standing, contents, before = inodes(old), tree(new), tree(old)
    keep_unchanged(new, old)
    assert (tree(new), tree(old)) == (contents, before)
    assert {name for name, inode in inodes(new).items() if standing.get(name) == inode} == {"sub/same"}
    assert (new / "sub" / "same").stat().st_mtime_ns == 1
    assert inodes(old) == standing


def test_without_hard_links_the_new_files_stay(two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without hard links the new folder is as good, made of new files."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    new, old = two
    before = inodes(new)
    keep_unchanged(new, old)
    assert inodes(new) == before


def test_on_another_disk_the_new_files_stay(two: tuple[Path, Path], small_disk: Path) -> None:
    """A folder that is a link to another disk is compared and not linked to."""
    new, old = two
    shutil.copytree(old, small_disk / "old")
    before, contents = inodes(new), tree(new)
    keep_unchanged(new, small_disk / "old")
    assert (inodes(new), tree(new)) == (before, contents)


@pytest.mark.parametrize("stranger", ["link", "dead link", "folder", "nothing"])
def test_what_is_no_file_is_not_kept(two: tuple[Path, Path], stranger: str) -> None:
    """Where a link, a folder or nothing stands in the place of a file, the new file stays."""
    new, old = two
    standing = old / "sub" / "same"
    standing.unlink()
    if stranger.endswith("link"):
        standing.symlink_to(new / "sub" / "same" if stranger == "link" else "nowhere")
    elif stranger == "folder":
        standing.mkdir()
    before = inodes(new)
    keep_unchanged(new, old)
    assert inodes(new) == before
    assert not (new / "sub" / "same").is_symlink()


def test_there_may_be_no_old_folder(two: tuple[Path, Path], tmp_path: Path) -> None:
    """Where nothing stood, everything is new."""
    before = inodes(two[0])
    keep_unchanged(two[0], tmp_path / "nowhere")
    assert inodes(two[0]) == before


def test_texts_are_written_below_a_root(tmp_path: Path) -> None:
    """Each text is in its file, in UTF-8 and with plain line ends, and no staging folder is left."""
    write_all(tmp_path, {"a.md": "1 × 2\n", "sub/b.md": "b\n", "sub/c.md": "", "deep/er/d.md": "d"})
    assert tree(tmp_path) == {
        "a.md": "1 × 2\n".encode(),
        "sub/b.md": b"b\n",
        "sub/c.md": b"",
        "deep/er/d.md": b"d",
    }
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_dir()) == ["deep", "er", "sub"]


def test_writing_nothing_makes_nothing(tmp_path: Path) -> None:
    """Without texts there are no folders."""
    write_all(tmp_path / "docs", {})
    assert list(tmp_path.iterdir()) == []


def test_texts_on_a_full_disk_replace_nothing(small_disk: Path) -> None:
    """Where one text does not fit, none is written, and the room is given back."""
    (small_disk / "a.md").write_text("old")
    with pytest.raises(UnwritableError, match="No space left on device"):
        write_all(small_disk, {"a.md": "new", "b.md": "new", "sub/c.md": "x" * 200_000})
    assert tree(small_disk) == {"a.md": b"old"}
    (small_disk / "room").write_bytes(bytes(40_000))


def test_texts_in_a_read_only_folder_replace_nothing(tmp_path: Path, read_only: Callable[[Path], None]) -> None:
    """Where one folder cannot be written, the files in the others stand as they were."""
    for name in ("open", "shut"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text("old")
    read_only(tmp_path / "shut")
    with pytest.raises(UnwritableError, match=r"Cannot write .*/shut: "):
        write_all(tmp_path, {"open/a.md": "new", "shut/a.md": "new"})
    assert tree(tmp_path) == {"open/a.md": b"old", "shut/a.md": b"old"}


def test_a_file_in_the_place_of_a_folder_replaces_nothing(tmp_path: Path) -> None:
    """A file where a folder belongs is told, and stands."""
    (tmp_path / "models").write_text("mine")
    with pytest.raises(UnwritableError, match=r"Cannot write .*/models: "):
        write_all(tmp_path, {"a.md": "new", "models/b.md": "new"})
    assert tree(tmp_path) == {"models": b"mine"}


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), KeyboardInterrupt()], ids=["fault", "interrupt"])
def test_a_fault_between_the_two_moves_leaves_the_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Where the old folder is moved away and the new one cannot take its place, the old one is put back."""
    target = tmp_path / "target"
    target.mkdir()
    (target / "old").write_text("old")
    real = os.rename

    def rename(source: Path, place: Path) -> None:
        if Path(place) == target and "new" in Path(source).name:
            raise error
        real(source, place)

    monkeypatch.setattr(os, "rename", rename)
    expected = UnwritableError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected), replaced_folder(target) as staging:
        (staging / "new").write_text("new")
    assert tree(tmp_path) == {"target/old": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["target"]
