"""Files that are replaced one by one: all of them, or none."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import UnwritableError
from generator.store.files import Replacement, write_all
from tests.conftest import tree

OLD = {"a.md": b"old", "b.md": b"old", "c.md": b"old", "models/d.md": b"old"}
Change = Callable[[Path, Path], None]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder of old files."""
    folder = tmp_path / "docs"
    (folder / "models").mkdir(parents=True)
    for name, content in OLD.items():
        (folder / name).write_bytes(content)
    return folder


def replace(docs: Path) -> None:
    """Replace three files, add two, and remove two."""
    with Replacement(docs, ("", "models")) as replacement:
        for name in ("a.md", "b.md", "new.md", "models/d.md", "models/new.md"):
            replacement.put(name, b"new")
        replacement.carry_out(remove=["c.md"])


def failing(monkeypatch: pytest.MonkeyPatch, name: str, fails: Callable[[Path, Path], bool]) -> None:
    """Let a function of os that moves a file fail for some paths."""
    real: Change = getattr(os, name)

    def change(source: Path, target: Path, **options: object) -> None:
        if fails(Path(source), Path(target)):
            raise OSError(errno.EIO, "Input/output error")
        real(source, target, **options)

    monkeypatch.setattr(os, name, change)


def test_files_are_replaced_and_removed(docs: Path) -> None:
    """The new files are there, what is to be removed is not, and nothing is left over."""
    replace(docs)
    new = ("a.md", "b.md", "new.md", "models/d.md", "models/new.md")
    assert tree(docs) == dict.fromkeys(new, b"new")
    assert sorted(path.name for path in docs.iterdir()) == ["a.md", "b.md", "models", "new.md"]


@pytest.mark.parametrize("name", ["a.md", "b.md", "new.md", "models/d.md", "models/new.md"])
@pytest.mark.parametrize("error", ["fault", "interrupt"])
@pytest.mark.parametrize("has_links", [True, False])
def test_a_fault_puts_all_back(
    docs: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: str, has_links: bool
) -> None:
    """Whichever file cannot be replaced: all are as before, also where an interrupt comes, and without hard links."""
    states = {path: path.stat() for path in docs.rglob("*.md")}
    real = os.replace

    def change(source: Path, target: Path) -> None:
        if Path(target) == docs / name and Path(source).read_bytes() == b"new":
            raise KeyboardInterrupt if error == "interrupt" else OSError(errno.EIO, "Input/output error")
        real(source, target)

    monkeypatch.setattr(os, "replace", change)
    if not has_links:
        failing(monkeypatch, "link", lambda *_: True)
    expected = KeyboardInterrupt if error == "interrupt" else UnwritableError
    with pytest.raises(expected) as caught:
        replace(docs)
    if error == "fault":
        assert str(caught.value).endswith("Input/output error. What stood there before is unchanged.")
    assert tree(docs) == OLD
    assert {path: path.stat().st_ino for path in states} == {path: state.st_ino for path, state in states.items()}
    assert not list(docs.rglob(".staging-*"))


def test_a_file_that_cannot_be_removed_puts_all_back(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a stale file cannot be removed, the new ones do not stay either."""
    failing(monkeypatch, "rename", lambda source, _: source.name == "c.md")
    with pytest.raises(UnwritableError, match="unchanged"):
        replace(docs)
    assert tree(docs) == OLD


def test_what_cannot_be_put_back_is_told(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where putting back fails too, nobody is told that what stood there is unchanged."""
    failing(monkeypatch, "replace", lambda source, target: target.name == "b.md" or "kept" in str(source))
    with pytest.raises(UnwritableError) as caught:
        replace(docs)
    assert "unchanged" not in str(caught.value)
    assert "half-written" in str(caught.value)


def test_a_folder_in_the_place_of_a_file_stays(tmp_path: Path) -> None:
    """A folder that somebody made where a file belongs is told and stays, with all that is in it."""
    (tmp_path / "b.json").mkdir()
    (tmp_path / "b.json" / "mine").write_text("mine")
    with pytest.raises(UnwritableError, match="Is a directory"):
        write_all(tmp_path, {"a.json": "{}", "b.json": "{}"})
    assert tree(tmp_path) == {"b.json/mine": b"mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["b.json"]
