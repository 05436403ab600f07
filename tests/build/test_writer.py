"""Pages to disk: what is ours is kept up to date, what people wrote is left alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.build import parallel, writer
from generator.build.writer import Changes
from generator.errors import HandWrittenFileError, UnwritableError
from generator.pages.markdown import page, snippet
from tests.conftest import tree

PAGES = {
    "models/README.md": page("# Models"),
    "models/tiny.md": page("# tiny"),
    "families/README.md": page("# Families"),
    "generated/home.md": snippet("Home"),
}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A docs folder with a page that people wrote and all pages of ours."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "index.md").write_text("# Home\n")
    writer.write([PAGES.items()], folder)
    return folder


def test_pages_are_written(docs: Path) -> None:
    """Each page is in its file beside what people wrote."""
    assert tree(docs) == {"index.md": b"# Home\n", **{name: text.encode() for name, text in PAGES.items()}}


def test_what_changed_is_told(docs: Path) -> None:
    """New, changed and removed pages are told apart, sorted."""
    texts = {**PAGES, "models/tiny.md": page("# other"), "models/b.md": page("# b"), "models/a.md": page("# a")}
    del texts["families/README.md"]
    expected = Changes(["models/a.md", "models/b.md"], ["models/tiny.md"], ["families/README.md"])
    assert writer.compare(texts.items(), docs) == expected
    assert writer.write([texts.items()], docs).changes == expected
    assert not writer.compare(texts.items(), docs)


def test_comparing_writes_nothing(docs: Path) -> None:
    """A comparison leaves the folder as it is."""
    before = tree(docs)
    assert writer.compare({"models/new.md": page("# new")}.items(), docs)
    assert tree(docs) == before


def test_equal_pages_are_not_written_again(docs: Path) -> None:
    """A page that is up to date keeps its file: a server that watches sees the changed one alone."""
    for path in docs.rglob("*.md"):
        os.utime(path, ns=(1, 1))
    changes = writer.write([{**PAGES, "models/tiny.md": page("# other")}.items()], docs).changes
    assert changes == Changes([], ["models/tiny.md"], [])
    touched = {str(path.relative_to(docs)) for path in docs.rglob("*.md") if path.stat().st_mtime_ns != 1}
    assert touched == {"models/tiny.md"}


def test_what_stands_is_told_from_what_was_written(docs: Path) -> None:
    """The digest of the pages on disk is that of the texts until one is edited, removed or added."""
    written = writer.write([PAGES.items()], docs).digest
    assert writer.standing_digest(docs) == written
    path = docs / "models" / "tiny.md"
    changes: list[Callable[[], object]] = [
        lambda: path.write_text(PAGES["models/tiny.md"] + "edited\n"),
        lambda: path.write_text("# Mine\n"),
        lambda: path.unlink(),
        lambda: (docs / "families" / "past.md").write_text(page("# past")),
    ]
    for change in changes:
        change()
        assert writer.standing_digest(docs) != written
    (docs / "families" / "past.md").unlink()
    writer.write([PAGES.items()], docs)
    (docs / "models" / "notes.md").write_text("# What people wrote\n")
    assert writer.standing_digest(docs) == written
    nowhere = docs / "nowhere"
    assert writer.standing_digest(nowhere) == writer.write([], nowhere).digest


def test_stale_pages_are_removed(docs: Path) -> None:
    """A page of ours that the dataset no longer gives goes away."""
    writer.write([{"models/README.md": PAGES["models/README.md"]}.items()], docs)
    assert set(tree(docs)) == {"index.md", "models/README.md"}


def test_stale_pages_stay_where_nothing_can_be_written(small_disk: Path) -> None:
    """Where the new pages do not fit on the disk, the stale ones are not removed either."""
    writer.write([PAGES.items()], small_disk)
    before = tree(small_disk)
    with pytest.raises(UnwritableError):
        writer.write([{"models/README.md": page("x" * 1_000_000)}.items()], small_disk)
    assert tree(small_disk) == before


def test_strangers_are_left(docs: Path) -> None:
    """What people put beside our pages stays, as does a page of ours that stands elsewhere."""
    strangers = {
        "models/notes.md": b"# Notes\n",
        "models/photo.png": b"\x89PNG\r\n",
        "models/latin.md": b"\xe9t\xe9\n",
        "models/deeper/own.md": PAGES["models/tiny.md"].encode(),
        "guide/copied.md": PAGES["models/tiny.md"].encode(),
    }
    for name, content in strangers.items():
        (docs / name).parent.mkdir(exist_ok=True)
        (docs / name).write_bytes(content)
    writer.write([], docs)
    assert tree(docs) == {"index.md": b"# Home\n", **strangers}


def test_a_hand_written_file_in_the_way_is_never_overwritten(docs: Path) -> None:
    """Every hand-written file in the way is named, and nothing is written, changed or removed."""
    (docs / "models" / "tiny.md").write_text("# My notes\n")
    (docs / "generated" / "home.md").write_text("My home\n")
    before = tree(docs)
    texts = {**PAGES, "models/new.md": page("# new"), "models/README.md": page("# changed")}
    for function in (writer.compare, lambda texts, docs: writer.write([texts], docs)):
        with pytest.raises(HandWrittenFileError) as caught:
            function(texts.items(), docs)
        assert caught.value.paths == [docs / "generated" / "home.md", docs / "models" / "tiny.md"]
    assert tree(docs) == before


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"# generated_by: timm-atlas\n", b"\n---\ngenerated_by: timm-atlas\n"]
)
def test_only_the_marker_makes_a_page_ours(docs: Path, content: bytes) -> None:
    """A file is ours when it begins with the marker, and not for an empty, binary or similar beginning."""
    (docs / "models" / "tiny.md").write_bytes(content)
    with pytest.raises(HandWrittenFileError):
        writer.write([PAGES.items()], docs)
    assert (docs / "models" / "tiny.md").read_bytes() == content


def test_a_changed_page_of_ours_is_ours_still(docs: Path) -> None:
    """A generated page that somebody edited below its marker is made anew."""
    path = docs / "models" / "tiny.md"
    path.write_text(path.read_text() + "edited\n")
    assert writer.write([PAGES.items()], docs).changes == Changes([], ["models/tiny.md"], [])
    assert path.read_text() == PAGES["models/tiny.md"]


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    """A file named like a folder of ours is told and stands."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "models").write_text("mine")
    with pytest.raises(UnwritableError, match=r"Cannot write .*/docs/models"):
        writer.write([PAGES.items()], docs)
    assert tree(docs) == {"models": b"mine"}


def test_a_folder_in_the_place_of_a_page_is_told(docs: Path) -> None:
    """A folder named like a page of ours is told, and what stood stands."""
    (docs / "models" / "tiny.md").unlink()
    (docs / "models" / "tiny.md").mkdir()
    before = tree(docs)
    with pytest.raises(UnwritableError, match=r"tiny\.md: Is a directory"):
        writer.write([{**PAGES, "models/README.md": page("# changed")}.items()], docs)
    assert tree(docs) == before


@pytest.mark.parametrize("stranger", ["folder", "broken link"])
def test_a_strange_entry_named_like_a_page_is_left(docs: Path, stranger: str) -> None:
    """A folder or a dead link beside our pages, though it ends in .md, is no page of ours."""
    path = docs / "models" / "strange.md"
    if stranger == "folder":
        path.mkdir()
    else:
        path.symlink_to("nowhere.md")
    assert not writer.write([PAGES.items()], docs).changes
    assert path.is_dir() or path.is_symlink()


def test_a_read_only_folder_leaves_every_page(docs: Path, read_only: Callable[[Path], None]) -> None:
    """Where docs/models cannot be written, no page changes, in the other folders either."""
    read_only(docs / "models")
    before = tree(docs)
    with pytest.raises(UnwritableError, match=r"Cannot write .*/docs/models: "):
        writer.write(
            [{**PAGES, "families/README.md": page("# changed"), "models/tiny.md": page("# changed")}.items()], docs
        )
    assert tree(docs) == before


def test_a_full_disk_leaves_every_page(small_disk: Path) -> None:
    """Where the disk is full, no page changes."""
    writer.write([PAGES.items()], small_disk)
    before = tree(small_disk)
    with pytest.raises(UnwritableError, match="No space left on device"):
        writer.write(
            [{**PAGES, "families/README.md": page("# changed"), "models/big.md": page("x" * 200_000)}.items()],
            small_disk,
        )
    assert tree(small_disk) == before


@pytest.fixture
def many() -> list[dict[str, str]]:
    """Pages in more parts than one process takes."""
    return [{f"models/{part}-{number}.md": page(f"# {number}") for number in range(3)} for part in range(20)]


def test_two_processes_write_what_one_does(
    tmp_path: Path, many: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages, changes and digest are the same, and nothing is left beside them."""
    written = {}
    for processes in (1, 2):
        monkeypatch.setattr(parallel, "usable", lambda processes=processes: processes)
        written[processes] = writer.write([part.items() for part in many], tmp_path / str(processes))
    assert written[1] == written[2]
    assert len(written[1].changes.missing) == 60
    assert tree(tmp_path / "1") == tree(tmp_path / "2")
    assert tree(tmp_path / "1") == {name: text.encode() for part in many for name, text in part.items()}


def test_a_full_disk_beside_leaves_every_page(
    small_disk: Path, many: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the process beside finds the disk full, no page changes."""
    monkeypatch.setattr(parallel, "usable", lambda: 2)
    many[0]["models/big.md"] = page("x" * 200_000)
    with pytest.raises(UnwritableError, match="No space left on device"):
        writer.write([part.items() for part in many], small_disk)
    assert tree(small_disk) == {}
