"""What killed runs left: whole folders are put back, and the rest is removed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.store import staging
from tests.conftest import tree


@pytest.fixture
def gone() -> int:
    """The ID of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def made(folder: Path, name: str) -> Path:
    """A folder with a file that has the folder's name as text."""
    (folder / name).mkdir()
    (folder / name / "file").write_text(name)
    return folder / name


def test_only_what_is_left_is_removed(tmp_path: Path, gone: int) -> None:
    """What belongs to a process that runs stays, as does every other folder; what belongs to none goes away."""
    own = made(tmp_path, staging.name(staging.NEW, "target")).name
    for name in (f".staging-{os.getppid()}-a-new-target", ".staging-mine", ".staging-link", "staging"):
        made(tmp_path, name)
    for name in (f".staging-{gone}-a", f".staging-{gone}-b-new-target", f".staging-{gone}-c-kept-", f".staging-{gone}"):
        made(tmp_path, name)
    # Whoever had the ID of this process before, as in a container, and an ID that no process can have.
    for name in (f".staging-{os.getpid()}-a-new-target", f".staging-{'9' * 30}-a-new-target"):
        made(tmp_path, name)
    assert staging.mend(tmp_path) == []
    stay = {own, f".staging-{os.getppid()}-a-new-target", ".staging-mine", ".staging-link", "staging"}
    assert {path.name for path in tmp_path.iterdir()} == stay


def test_a_folder_that_was_moved_away_is_put_back(tmp_path: Path, gone: int) -> None:
    """Where nothing stands in the place of an old folder, it is put back, and the new one is removed."""
    made(tmp_path, f".staging-{gone}-a-new-my-site")
    made(tmp_path, f".staging-{gone}-b-old-my-site")
    assert staging.mend(tmp_path) == [tmp_path / "my-site"]
    assert tree(tmp_path) == {"my-site/file": f".staging-{gone}-b-old-my-site".encode()}


@pytest.mark.parametrize("standing", ["folder", "dead link"])
def test_what_stands_is_not_replaced(tmp_path: Path, gone: int, standing: str) -> None:
    """Where anything stands in the place of an old folder, the old one is removed."""
    made(tmp_path, f".staging-{gone}-b-old-site")
    if standing == "folder":
        made(tmp_path, "site")
    else:
        (tmp_path / "site").symlink_to("nowhere")
    assert staging.mend(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_link_that_is_left_is_removed(tmp_path: Path, gone: int) -> None:
    """A link is removed, dead or not, and what it leads to stays."""
    made(tmp_path, "mine")
    (tmp_path / f".staging-{gone}-a-old").symlink_to("nowhere")
    (tmp_path / f".staging-{gone}-b-new-site").symlink_to("mine")
    assert staging.mend(tmp_path) == []
    assert tree(tmp_path) == {"mine/file": b"mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("place", ["nothing", "file"])
def test_there_may_be_no_folder(tmp_path: Path, place: str) -> None:
    """Where there is no folder, there is nothing to mend."""
    if place == "file":
        (tmp_path / "file").write_text("mine")
    assert staging.mend(tmp_path / "file") == []
