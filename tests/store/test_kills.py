"""Processes that are killed while they write: what stands is whole, and the next run leaves nothing over."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.store import staging
from generator.store.files import Replacement, replaced_folder
from tests.conftest import tree
from tests.killing import kills

pytestmark = pytest.mark.sweep

OLD = {"index.html": b"old", "old.html": b"old", "sub/page.html": b"old"}
NEW = {"index.html": b"new", "new.html": b"new", "sub/page.html": b"new"}


def write(folder: Path, texts: dict[str, bytes]) -> None:
    """Write texts below a folder."""
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text)


def replace(target: Path, texts: dict[str, bytes]) -> None:
    """Replace a folder by one of these texts."""
    with replaced_folder(target) as new:
        write(new, texts)


def left(folder: Path) -> list[str]:
    """The staging folders below a folder."""
    return [str(path.relative_to(folder)) for path in folder.rglob(f"{staging.PREFIX}*")]


@pytest.mark.parametrize("place", ["folder", "link"])
def test_a_folder_is_old_or_new_whenever_its_writer_is_killed(tmp_path: Path, place: str) -> None:
    """After a kill at any step, the folder is put back where it was moved away, and it is the whole old or new one."""
    behind, target = tmp_path, tmp_path / "site"
    if place == "link":
        behind = tmp_path / "web"
        target.symlink_to("web/root")
    replace(target, OLD)
    put_back, seen = 0, []
    for _ in kills(lambda: replace(target, NEW)):
        put_back += len(staging.mend(behind))
        assert tree(target) in (OLD, NEW)
        assert left(tmp_path) == []
        seen.append(tree(target))
        replace(target, OLD)
    # The kill between the two moves was among them, and one before and after them.
    assert put_back == 1
    assert seen[0] == OLD
    assert seen[-1] == NEW


def test_the_next_writer_mends_what_a_killed_one_left(tmp_path: Path) -> None:
    """Also without being asked to, whoever writes the folder next leaves it whole and nothing beside it."""
    target = tmp_path / "site"
    replace(target, OLD)
    for _ in kills(lambda: replace(target, NEW)):
        with pytest.raises(ZeroDivisionError), replaced_folder(target):
            # The new writer fails before it has anything to put in the place of what the killed one moved away.
            raise ZeroDivisionError
        assert tree(target) in (OLD, NEW)
        assert left(tmp_path) == []
        replace(target, OLD)


def test_files_in_a_disk_are_each_old_or_new(small_disk: Path) -> None:
    """Where files are replaced one by one, each is whole after a kill, and the next run has all of them."""
    replace(small_disk, OLD)
    for _ in kills(lambda: replace(small_disk, NEW)):
        staging.mend(small_disk)
        staging.mend(small_disk.parent)
        found = tree(small_disk)
        assert all(text in (OLD.get(name), NEW.get(name)) for name, text in found.items())
        assert found.keys() >= OLD.keys() & NEW.keys()
        replace(small_disk, NEW)
        assert tree(small_disk) == NEW
        assert left(small_disk.parent) == []
        replace(small_disk, OLD)


def test_pages_are_each_old_or_new(tmp_path: Path) -> None:
    """After a kill at any step each file is whole, none that is in both is missing, and the next run has all."""

    def write_pages(texts: dict[str, bytes]) -> None:
        with Replacement(tmp_path, ("", "sub")) as replacement:
            for name, text in texts.items():
                replacement.put(name, text)
            stale = [name for name in tree(tmp_path) if name not in texts and staging.PREFIX not in name]
            replacement.carry_out(remove=stale)

    write_pages(OLD)
    for _ in kills(lambda: write_pages(NEW)):
        found = {name: text for name, text in tree(tmp_path).items() if staging.PREFIX not in name}
        assert all(text in (OLD.get(name), NEW.get(name)) for name, text in found.items())
        assert found.keys() >= OLD.keys() & NEW.keys()
        write_pages(NEW)
        assert tree(tmp_path) == NEW
        assert left(tmp_path) == []
        write_pages(OLD)
