"""Links and disks in the place of what is written: what they lead to is written, and they stay."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from generator.errors import UnwritableError
from generator.store import files
from generator.store.cache import Cache
from generator.store.files import replaced_folder, write_all
from generator.store.fingerprint import Fingerprint
from generator.store.stamps import Stamp
from tests.conftest import tree
from tests.doubles import NOTHING
from tests.examples import DATE

NEW = {"index.html": b"new", "sub/page.html": b"new", "sub/deep/page.html": b"new"}


def fill(folder: Path, texts: dict[str, bytes]) -> None:
    """Write texts below a folder, and an empty folder."""
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text)
    (folder / "empty").mkdir()


def replace(target: Path) -> None:
    """Replace a folder by the new one."""
    with replaced_folder(target) as staging:
        fill(staging, NEW)


def names(folder: Path) -> list[str]:
    """The entries of a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A folder elsewhere, with files, that a link named ``site`` beside it leads to."""
    (tmp_path / "web").mkdir()
    fill(tmp_path / "web" / "root", {"index.html": b"old", "old.html": b"old", "sub/deep": b"a file"})
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "site").symlink_to("../web/root")
    return tmp_path / "web" / "root"


@pytest.mark.parametrize("links", [1, 2])
def test_the_folder_behind_a_link_is_replaced(web: Path, tmp_path: Path, links: int) -> None:
    """Links stay, what they lead to is the new folder, whole, and nothing is left over, however often it is done."""
    link = tmp_path / "project" / "site"
    if links == 2:
        link.rename(tmp_path / "project" / "other")
        link.symlink_to("other")
    for _ in range(2):
        replace(link)
        assert tree(web) == NEW
        assert link.is_symlink()
        assert names(tmp_path / "web") == ["root"]
        assert names(tmp_path / "project") == (["site"] if links == 1 else ["other", "site"])


def test_the_folder_behind_a_dead_link_is_made(tmp_path: Path) -> None:
    """Where a link leads nowhere, the folder is made there, with its parents."""
    (tmp_path / "site").symlink_to("web/root")
    replace(tmp_path / "site")
    assert (tmp_path / "site").is_symlink()
    assert tree(tmp_path / "web" / "root") == NEW
    assert names(tmp_path / "web") == ["root"]
    assert names(tmp_path) == ["site", "web"]


@pytest.mark.parametrize("target", ["site", "mine"])
def test_a_link_that_leads_to_no_folder_is_told(tmp_path: Path, target: str) -> None:
    """A link to itself or to a file is an error, stays, and nothing is left over."""
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "site").symlink_to(target)
    with pytest.raises(UnwritableError, match="What stood there before is unchanged"):
        replace(tmp_path / "site")
    assert names(tmp_path) == ["mine", "site"]
    assert (tmp_path / "site").readlink() == Path(target)
    assert (tmp_path / "mine").read_text() == "mine"


def test_an_error_leaves_the_folder_behind_a_link(web: Path, tmp_path: Path) -> None:
    """Where the block fails, what the link leads to is as it was."""
    before = tree(web)
    with pytest.raises(ValueError, match="no"), replaced_folder(tmp_path / "project" / "site") as staging:
        fill(staging, NEW)
        raise ValueError("no")
    assert tree(web) == before
    assert names(tmp_path / "web") == ["root"]


@pytest.mark.parametrize("linked", [False, True])
def test_the_root_of_a_disk_has_its_files_replaced(small_disk: Path, tmp_path: Path, linked: bool) -> None:
    """A folder that cannot be moved, here the root of a disk, has the new content, and nothing is left over."""
    fill(small_disk, {"index.html": b"old", "old.html": b"old", "sub/deep": b"a file", "sub/page.html/file": b"old"})
    target = small_disk
    if linked:
        target = tmp_path / "site"
        target.symlink_to(small_disk)
    inode = small_disk.stat().st_ino
    for _ in range(2):
        replace(target)
        assert tree(small_disk) == NEW
        assert names(small_disk) == ["empty", "index.html", "sub"]
        assert not [name for name in names(tmp_path) if name.startswith(".")]
    assert small_disk.stat().st_ino == inode


def test_a_full_disk_keeps_its_files(small_disk: Path) -> None:
    """Where the new files do not fit on the disk, the old ones stand, and the room is given back."""
    fill(small_disk, {"index.html": b"old"})
    told = r"No space left on device\. What stood there before is unchanged"
    with pytest.raises(UnwritableError, match=told), replaced_folder(small_disk) as staging:
        (staging / "index.html").write_bytes(bytes(200_000))
    assert tree(small_disk) == {"index.html": b"old"}
    assert names(small_disk) == ["empty", "index.html"]
    (small_disk / "room").write_bytes(bytes(40_000))


def test_a_folder_of_a_parent_that_cannot_be_written(
    web: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A web root whose parent belongs to somebody else has its files replaced."""
    real = Path.mkdir

    def mkdir(path: Path, *rest: object, **options: object) -> None:
        if path.parent == web.parent:
            raise PermissionError(13, "Permission denied")
        real(path, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "mkdir", mkdir)
    replace(tmp_path / "project" / "site")
    assert tree(web) == NEW
    assert names(web) == ["empty", "index.html", "sub"]


def test_files_that_cannot_be_replaced_one_by_one_are_put_back(
    web: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one of many files cannot be replaced, all are as they were, new folders are gone, and the error says so."""
    before = tree(web)
    real_rename, real_replace = os.rename, os.replace

    def rename(source: Path, target: Path) -> None:
        if Path(source) == web:
            raise OSError(16, "Device or resource busy")
        real_rename(source, target)

    def replace_file(source: Path, target: Path) -> None:
        if Path(target) == web / "index.html" and Path(source).read_bytes() == b"new":
            raise OSError(5, "Input/output error")
        real_replace(source, target)

    monkeypatch.setattr(os, "rename", rename)
    monkeypatch.setattr(os, "replace", replace_file)
    with pytest.raises(UnwritableError, match=r"Input/output error\. What stood there before is unchanged"):
        replace(tmp_path / "project" / "site")
    assert tree(web) == before
    assert names(web) == ["empty", "index.html", "old.html", "sub"]
    assert names(web.parent) == ["root"]


@pytest.mark.parametrize("dead", [False, True])
def test_texts_are_written_behind_links(tmp_path: Path, dead: bool) -> None:
    """A link in the place of one of the folders stays, and the texts are where it leads, also where it is dead."""
    (tmp_path / "docs").mkdir()
    if not dead:
        (tmp_path / "elsewhere" / "models").mkdir(parents=True)
    (tmp_path / "docs" / "models").symlink_to(tmp_path / "elsewhere" / "models")
    for text in ("one", "two"):
        write_all(tmp_path / "docs", {"models/a.md": text, "b.md": text})
        assert (tmp_path / "docs" / "models").is_symlink()
        assert tree(tmp_path / "elsewhere") == {"models/a.md": text.encode()}
        assert names(tmp_path / "docs") == ["b.md", "models"]
        assert names(tmp_path / "elsewhere" / "models") == ["a.md"]


@pytest.mark.parametrize("dead", [False, True])
def test_cache_and_stamps_are_behind_a_link(tmp_path: Path, dead: bool) -> None:
    """A link in the place of the cache's folder stays, and both are where it leads, also where it is dead."""
    if not dead:
        (tmp_path / "disk").mkdir()
    (tmp_path / ".cache").symlink_to("disk")
    fingerprint = Fingerprint("whole", "versions")
    with Cache(tmp_path / ".cache" / "records.sqlite", fingerprint, tell=pytest.fail) as cache:
        cache.store("tiny", NOTHING, DATE)
    with Cache(tmp_path / ".cache" / "records.sqlite", fingerprint, tell=pytest.fail) as cache:
        assert set(cache.inspections(["tiny"])) == {"tiny"}
    stamp = Stamp(tmp_path / ".cache" / "site.json")
    stamp.leave("from this", "made this")
    assert stamp.holds("from this", lambda: "made this")
    assert (tmp_path / ".cache").is_symlink()
    assert names(tmp_path / "disk") == ["records.sqlite", "site.json"]


def test_a_cache_that_is_a_link_is_begun_anew_behind_it(tmp_path: Path) -> None:
    """A damaged file that a link leads to is replaced there, and the link stays."""
    (tmp_path / "records.sqlite").symlink_to("elsewhere.sqlite")
    (tmp_path / "elsewhere.sqlite").write_bytes(b"no database " * 100)
    told: list[str] = []
    with Cache(tmp_path / "records.sqlite", Fingerprint("whole", "versions"), tell=told.append) as cache:
        cache.store("tiny", NOTHING, DATE)
    assert len(told) == 1
    assert (tmp_path / "records.sqlite").is_symlink()
    assert (tmp_path / "elsewhere.sqlite").read_bytes().startswith(b"SQLite format 3")


def test_on_another_disk_a_folder_is_swapped(small_disk: Path, tmp_path: Path) -> None:
    """A link to a folder on another disk has the folder there replaced as a whole."""
    fill(small_disk / "root", {"old.html": b"old"})
    (tmp_path / "site").symlink_to(small_disk / "root")
    inode = (small_disk / "root").stat().st_ino
    replace(tmp_path / "site")
    assert tree(small_disk) == {f"root/{name}": text for name, text in NEW.items()}
    assert (small_disk / "root").stat().st_ino != inode


def test_unchanged_files_behind_a_link_are_kept(web: Path, tmp_path: Path) -> None:
    """A file that stays the same keeps its inode, behind a link as well."""
    site = tmp_path / "project" / "site"
    inode = (web / "index.html").stat().st_ino
    with replaced_folder(site) as staging:
        shutil.copy(web / "index.html", staging / "index.html")
        (staging / "new.html").write_text("new")
        files.keep_unchanged(staging, site)
    assert (web / "index.html").stat().st_ino == inode
    assert names(web) == ["index.html", "new.html"]
