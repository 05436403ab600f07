"""Whole builds: the same from the same data, through links, and after builds that were killed or beside others."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.project import copy
from generator.build import archive, dates
from generator.build.steps import CACHE
from generator.cli import main
from generator.store import dataset, fingerprint, lock, staging
from generator.store.cache import Cache
from tests.build.test_steps import UP_TO_DATE, built, done, states
from tests.conftest import ROOT, tree
from tests.doubles import NOTHING, TinyTimm
from tests.examples import DATE, RECORDS
from tests.killing import kills

__all__ = ["built"]

# What a build makes: each of them may be a link.
pytestmark = pytest.mark.sweep

MADE = ("dataset", "docs/models", "docs/families", "docs/generated", "site", ".cache")
EPOCH = "1700000000"
THE_DATE = "2023-11-14T22:13:20Z"


def hidden(root: Path) -> list[str]:
    """What stands in a project, and in folders beside it, that no build leaves when it ends well."""
    found = [path.name for path in root.parent.rglob("*") if path.name.startswith(staging.PREFIX)]
    return found + [path.name for path in root.glob(lock.NAME)]


def atlas(root: Path, *arguments: str, **variables: str) -> None:
    """Run a command of timm-atlas, with a timm of the tiny models, in a process of its own."""
    command = [sys.executable, "-m", "tests.tiny_atlas", arguments[0], "--root", str(root), *arguments[1:]]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, check=True)


def made(root: Path) -> dict[str, bytes]:
    """Every file that a build and the archive make, with its content."""
    folders = ("dataset", "docs/models", "docs/families", "docs/generated", "site")
    found = {f"{folder}/{name}": text for folder in folders for name, text in tree(root / folder).items()}
    return {**found, archive.NAME: (root / archive.NAME).read_bytes()}


def test_a_date_for_all_makes_all_equal(tmp_path: Path) -> None:
    """With SOURCE_DATE_EPOCH two builds are equal to the last byte: one of them with what was inspected on another day
    and kept, the other from nothing, in another process with another order of sets, in another zone."""
    warm, cold = tmp_path / "warm", tmp_path / "cold"
    for root in (warm, cold):
        copy(root)
    atlas(warm, "inspect", PYTHONHASHSEED="1")
    assert dataset.date(warm / "dataset") != THE_DATE
    for root, seed, zone in ((warm, "2", "UTC"), (cold, "3", "Asia/Tokyo")):
        for command in ("build", "zip"):
            atlas(root, command, PYTHONHASHSEED=seed, TZ=zone, SOURCE_DATE_EPOCH=EPOCH)
    assert dataset.date(warm / "dataset") == THE_DATE
    assert {record.date for record in dataset.read(warm / "dataset").records} == {THE_DATE}
    first, second = made(warm), made(cold)
    assert {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)} == set()
    assert {"site/data/models.parquet", "site/sitemap.xml.gz", "site/index.html", "timm-atlas.zip"} <= first.keys()


def test_a_date_for_all_is_not_kept(
    built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the variable each stage is done with its date, no model inspected; without it all is as before."""
    before = tree(built)
    monkeypatch.setenv(dates.VARIABLE, EPOCH)
    assert done(built, capfd) == {"dataset", "pages", "site"}
    assert dataset.date(built / "dataset") == THE_DATE
    assert done(built, capfd) == set()
    monkeypatch.setenv(dates.VARIABLE, "0")
    assert done(built, capfd, "--fresh") == {"dataset", "pages", "site"}
    assert dataset.date(built / "dataset") == "1970-01-01T00:00:00Z"
    assert main(["zip", "--root", str(built)]) == 0
    (built / archive.NAME).unlink()
    monkeypatch.delenv(dates.VARIABLE)
    tiny_timm.inspected.clear()
    assert done(built, capfd) == {"dataset", "pages", "site"}
    assert tree(built) == before
    assert tiny_timm.inspected == []


@pytest.mark.parametrize("command", ["build", "inspect", "pages", "zip"])
def test_what_is_no_date_ends_a_command_at_once(
    built: Path, capfd: pytest.CaptureFixture[str], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that is no date is one sentence and exit code 2, and nothing is written."""
    before = states(built)
    monkeypatch.setenv(dates.VARIABLE, "today")
    capfd.readouterr()
    assert main([command, "--root", str(built)]) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("timm-atlas: SOURCE_DATE_EPOCH is 'today'; ")
    assert states(built) == before


@pytest.mark.parametrize("dead", [False, True])
def test_what_is_made_may_be_behind_links(
    built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm, dead: bool
) -> None:
    """Where all that a build makes is behind links, it is made there, the links stay, and nothing is left over."""
    before = tree(built)
    elsewhere = built.parent / "elsewhere"
    elsewhere.mkdir()
    for name in MADE:
        if dead:
            (built / name).rename(built.parent / name.replace("/", "-"))
        else:
            (built / name).rename(elsewhere / name.replace("/", "-"))
        (built / name).symlink_to(elsewhere / name.replace("/", "-"))
    assert done(built, capfd) == ({"dataset", "pages", "site"} if dead else set())
    assert done(built, capfd) == set()
    record = RECORDS[0]
    tiny_timm.outcomes[record.name] = replace(record.inspection, buffers=7)
    assert done(built, capfd, "--fresh") == {"dataset", "pages", "site"}
    assert done(built, capfd) == set()
    for name in MADE:
        assert (built / name).is_symlink()
    assert tree(built / "site").keys() == {name[5:] for name in before if name.startswith("site/")}
    assert sorted(path.name for path in elsewhere.iterdir()) == sorted(name.replace("/", "-") for name in MADE)
    assert hidden(built) == []


@pytest.mark.parametrize("folder", ["dataset", "site"])
def test_what_a_killed_build_moved_away_is_put_back_first(
    built: Path, capfd: pytest.CaptureFixture[str], folder: str
) -> None:
    """A build that is killed while it replaces a folder: the next one has a whole one at once, before its own."""
    before = tree(built)
    (built / "docs" / "index.md").write_text("# Another\n")
    moved = 0
    # Only changes of this folder, its staging folder and its old folder by name count: three moves, of which one makes
    # a gap.
    for _ in kills(
        lambda: main(["build", "--fresh", "--root", str(built)]),
        lambda path: path == str(built / folder) or path.endswith(f"-{folder}"),
    ):
        if not (built / folder).exists():
            moved += 1
            capfd.readouterr()
            # A run that fails before it has anything of its own.
            assert main(["build", "no_such_model", "--root", str(built)]) == 2
            told = capfd.readouterr().err.splitlines()[0]
            assert told == f"Put back {built / folder}, which a run that was killed had moved away."
            assert tree(built / folder) == {
                name.removeprefix(f"{folder}/"): text for name, text in before.items() if name.startswith(f"{folder}/")
            }
    assert moved == 1
    assert main(["build", "--root", str(built)]) == 0
    assert hidden(built) == []
    assert done(built, capfd) == set()


def test_a_command_waits_for_another(project: Path) -> None:
    """Whatever writes to a project waits until the run before it has ended, and says so; what only reads does not."""
    root = ["--root", str(project)]
    assert main(["pages", *root]) == 0
    with lock.held(project, pytest.fail):
        assert main(["rank", *root]) == 0
        assert main(["show", "tiny_conv", *root]) == 0
        commands = [["build"], ["inspect"], ["pages"], ["pages", "--check"], ["zip"]]
        waiting = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.tiny_atlas", *command, *root],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            for command in commands
        ]
        for process in waiting:
            assert process.stderr is not None
            assert process.stderr.readline().startswith(f"Waiting for another run of timm-atlas in {project} to end: ")
            assert process.poll() is None
        for process in waiting:
            process.terminate()
        for process in waiting:
            process.communicate()


def test_builds_beside_each_other_are_one_after_the_other(built: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Of several builds at once, all end well, and dataset, pages and site are those of the last one."""
    command = [sys.executable, "-m", "tests.tiny_atlas", "build", "--root", str(built)]
    asked = ["tiny_conv", "tiny_vit", "tiny_twin"]
    processes = [
        subprocess.Popen([*command, name], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name in asked
    ]
    assert [process.wait() for process in processes] == [0] * len(asked)
    (last,) = dataset.names(built / "dataset")
    assert last in asked
    pages = {path.stem for path in (built / "docs" / "models").iterdir()}
    assert pages == {"README", last}
    assert {path.name for path in (built / "site" / "models").iterdir() if path.is_dir()} == {last}
    assert hidden(built) == []
    capfd.readouterr()
    assert main(["build", last, "--root", str(built)]) == 0
    assert capfd.readouterr().err.splitlines() == [line.replace("5 models", "1 model") for line in UP_TO_DATE.values()]


@pytest.mark.parametrize("stage", ["dataset", "pages"])
def test_a_record_that_pages_cannot_use_is_measured_again(
    built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm, stage: str
) -> None:
    """An inspection in the cache of which no page can be made, whole as it is, is told in one line and made again."""
    before = tree(built)
    with Cache(built / CACHE / "records.sqlite", fingerprint.of_inspection(), tell=pytest.fail) as cache:
        for name in ("tiny_conv", "tiny_vit"):
            cache.store(name, NOTHING, DATE)
    if stage == "pages":
        # The dataset has the inspection already.
        assert main(["inspect", "--root", str(built)]) == 0
    capfd.readouterr()
    assert main(["build", "--root", str(built)]) == 0
    told = [line for line in capfd.readouterr().err.splitlines() if line.startswith("No page")]
    assert told == ["No page can be made of 2 records in the cache (tiny_conv, tiny_vit); they are inspected again."]
    assert sorted(tiny_timm.inspected) == ["tiny_conv", "tiny_vit"]
    assert tree(built).keys() == before.keys()
    assert done(built, capfd) == set()


def test_a_fault_of_our_own_is_no_fault_of_the_cache(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pages cannot be made for another reason, the error is raised, and the cache keeps what it has."""
    before = (built / CACHE / "records.sqlite").read_bytes()

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("generator.build.steps.writer.write", fail)
    (built / CACHE / "pages.json").unlink()
    with pytest.raises(ZeroDivisionError):
        main(["build", "--root", str(built)])
    assert (built / CACHE / "records.sqlite").read_bytes() == before
