"""The stages of a build: left out where nothing has changed, done wherever anything has."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest

from generator.cli import main
from generator.facts.inspections import Failure, Inspection, Module, Outcome, Partial, Stage
from generator.facts.registry import CatalogEntry
from generator.store import dataset, digests, fingerprint
from generator.store.fingerprint import Fingerprint
from tests.conftest import tree
from tests.doubles import TinyTimm
from tests.examples import RECORDS, TINY_TWIN
from tests.results.made_up import ACCURACY, OWN, OWN_TABLE, SPEED, TABLES, write_tables

CONFIGURATION = """
site_name: tiny
site_url: !ENV [ATLAS_SITE_URL, ""]
theme: {name: null, custom_dir: overrides}
plugins: []
exclude_docs: /generated/
validation: {links: {not_found: ignore, unrecognized_links: ignore}}
"""
UP_TO_DATE = {
    "dataset": "The dataset is up to date: dataset/ (5 models)",
    "pages": "The pages are up to date: docs/",
    "site": "The site is up to date: site/",
}


@pytest.fixture
def built(tmp_path: Path, tiny_timm: TinyTimm, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of the tiny models, with a theme of a line, that has been built by the real MkDocs."""
    monkeypatch.setenv("ATLAS_SITE_URL", "https://one.test/")
    root = tmp_path / "project"
    for folder in ("docs", "overrides"):
        (root / folder).mkdir(parents=True)
    (root / "mkdocs.yml").write_text(CONFIGURATION)
    (root / "docs" / "index.md").write_text("# Home\n")
    (root / "overrides" / "main.html").write_text("{{ config.site_url }} {{ page.content }}")
    assert main(["build", "--root", str(root)]) == 0
    tiny_timm.inspected.clear()
    return root


def states(root: Path) -> dict[str, tuple[int, int]]:
    """The inode and the time of every file that a build makes."""
    files = [path for folder in ("dataset", "docs", "site") for path in digests.files_below(root / folder)]
    return {str(path.relative_to(root)): (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


def written(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> set[str]:
    """The files that were written or removed between two states."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def done(root: Path, capfd: pytest.CaptureFixture[str], *options: str) -> set[str]:
    """Build once more; the stages that were done."""
    capfd.readouterr()
    assert main(["build", "--root", str(root), *options]) == 0
    lines = capfd.readouterr().err.splitlines()
    return {stage for stage, line in UP_TO_DATE.items() if line not in lines}


def test_nothing_is_done_twice(built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm) -> None:
    """A second build inspects nothing, writes nothing and says so in three lines."""
    before = states(built)
    capfd.readouterr()
    assert main(["build", "--root", str(built)]) == 0
    assert capfd.readouterr().err.splitlines() == list(UP_TO_DATE.values())
    assert states(built) == before
    assert tiny_timm.inspected == []


CHANGES: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "site deleted": (lambda root: shutil.rmtree(root / "site"), {"site"}),
    "site edited": (lambda root: (root / "site" / "index.html").write_text("mine"), {"site"}),
    "site touched": (lambda root: os.utime(root / "site" / "index.html", ns=(1, 1)), {"site"}),
    "site less a file": (lambda root: (root / "site" / "models" / "index.html").unlink(), {"site"}),
    "site and a file": (lambda root: (root / "site" / "new.html").write_text(""), {"site"}),
    "page edited": (lambda root: append(root / "docs" / "models" / "tiny_conv.md"), {"pages"}),
    "page deleted": (lambda root: (root / "docs" / "models" / "tiny_conv.md").unlink(), {"pages"}),
    "all pages deleted": (lambda root: shutil.rmtree(root / "docs" / "families"), {"pages"}),
    "page left over": (
        lambda root: shutil.copy(root / "docs" / "models" / "tiny_conv.md", root / "docs" / "models" / "tiny_past.md"),
        {"pages"},
    ),
    "configuration": (lambda root: append(root / "mkdocs.yml", "# changed\n"), {"site"}),
    "template": (lambda root: append(root / "overrides" / "main.html", "changed"), {"site"}),
    "hand-written page": (lambda root: append(root / "docs" / "index.md"), {"site"}),
    "dataset deleted": (lambda root: shutil.rmtree(root / "dataset"), {"dataset", "pages"}),
    "dataset damaged": (lambda root: append(root / "dataset" / "tensors.parquet"), {"dataset", "pages"}),
    "dataset's stamp deleted": (lambda root: (root / ".cache" / "dataset.json").unlink(), {"dataset", "pages"}),
    "pages' stamp deleted": (lambda root: (root / ".cache" / "pages.json").unlink(), {"pages"}),
    "stamp damaged": (lambda root: (root / ".cache" / "site.json").write_text("{"), {"site"}),
}


class Tomorrow(datetime):
    """A clock that is a day ahead."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + timedelta(days=1)


def append(path: Path, text: str = "more\n") -> None:
    """Add something at the end of a file."""
    with open(path, "a") as file:
        file.write(text)


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_is_mended(built: Path, capfd: pytest.CaptureFixture[str], name: str) -> None:
    """Whatever is removed, edited or added: just the stages that follow from it are done, and all is well again."""
    change, stages = CHANGES[name]
    before = tree(built)
    change(built)
    assert done(built, capfd) == stages
    if name in ("configuration", "template", "hand-written page"):
        assert tree(built) != before
    else:
        assert tree(built) == before
    assert done(built, capfd) == set()


def test_without_what_earlier_runs_left_all_is_done(
    built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm
) -> None:
    """Where the cache was removed, every model is inspected and every stage done, once."""
    shutil.rmtree(built / ".cache")
    assert done(built, capfd) == {"dataset", "pages", "site"}
    assert tiny_timm.inspected == [record.name for record in RECORDS]
    assert done(built, capfd) == set()


def test_another_address_is_another_site(
    built: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that the site is made from has it built again."""
    monkeypatch.setenv("ATLAS_SITE_URL", "https://two.test/")
    assert done(built, capfd) == {"site"}
    assert (built / "site" / "index.html").read_text().startswith("https://two.test/ ")


def test_other_surroundings_do_every_stage(
    built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other code of ours or other packages have each stage done, no model inspected, and no equal file written."""
    before = states(built)
    monkeypatch.setattr(fingerprint, "of_surroundings", lambda: "others")
    assert done(built, capfd) == {"dataset", "pages", "site"}
    assert tiny_timm.inspected == []
    assert states(built) == before


def test_another_fingerprint_inspects_again(
    built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another timm or other inspecting code has every model inspected, and what is found to be equal stays as it is."""
    before = states(built)
    real = fingerprint.of_inspection()
    monkeypatch.setattr(fingerprint, "of_inspection", lambda: Fingerprint("other", real.versions))
    assert "dataset" in done(built, capfd)
    assert tiny_timm.inspected == [record.name for record in RECORDS]
    assert states(built) == before


def test_fresh_does_everything_again(built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm) -> None:
    """With --fresh every model is inspected and every stage done; what comes out equal is not written."""
    before = states(built)
    assert done(built, capfd, "--fresh") == {"dataset", "pages", "site"}
    assert tiny_timm.inspected == [record.name for record in RECORDS]
    assert states(built) == before
    assert done(built, capfd) == set()


def test_one_record_that_differs_changes_its_pages_alone(
    built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model whose facts changed has its page written, and the pages that tell the date of the data; no other."""
    before = states(built)
    monkeypatch.setattr("generator.build.dates.datetime", Tomorrow)
    tiny_timm.outcomes["tiny_twin"] = replace(
        TINY_TWIN.inspection, modules=(Module("", "Renamed"), *TINY_TWIN.inspection.modules[1:])
    )
    assert done(built, capfd, "--fresh") == {"dataset", "pages", "site"}
    changed = written(before, states(built))
    telling_the_date = {"models/README", "families/README", "generated/home", "generated/failures"}
    assert {name for name in changed if name.startswith("docs/")} == {
        f"docs/{name}.md" for name in telling_the_date | {"models/tiny_twin"}
    }
    assert {name for name in changed if name.startswith("site/")} == {
        "site/models/index.html",
        "site/models/tiny_twin/index.html",
        "site/families/index.html",
        "site/sitemap.xml",
        "site/sitemap.xml.gz",
    }


def test_a_subset_is_taken_from_the_cache(built: Path, tiny_timm: TinyTimm) -> None:
    """Other patterns make another dataset of what is known, and back again."""
    whole = tree(built)
    assert main(["build", "tiny_[tv]*", "--root", str(built)]) == 0
    assert len(dataset.names(built / "dataset")) == 2
    assert not (built / "site" / "models" / "tiny_conv").exists()
    assert main(["build", "--root", str(built)]) == 0
    assert tree(built) == whole
    assert tiny_timm.inspected == []


def test_an_interrupted_build_goes_on(bare_project: Path, tiny_timm: TinyTimm, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was inspected before an interrupt is not inspected again, and no dataset stands before all is."""

    def interrupted(
        pool: object, entries: Sequence[CatalogEntry], **options: object
    ) -> Iterator[tuple[CatalogEntry, Outcome]]:
        yield from tiny_timm.inspect_all(pool, entries[:2])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("generator.build.workers.inspect_all", interrupted)
        assert main(["inspect", "--root", str(bare_project)]) == 130
    assert not (bare_project / "dataset").exists()
    assert main(["inspect", "--root", str(bare_project)]) == 0
    assert tiny_timm.inspected == [record.name for record in RECORDS]


def test_a_failure_is_tried_each_time(built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm) -> None:
    """A model that failed is inspected in each build, the others not, and once it is well the build is whole."""
    well = tiny_timm.outcomes["tiny_vit"]
    tiny_timm.outcomes["tiny_vit"] = Failure("tiny_vit", Stage.CREATE, "ValueError: no")
    assert main(["build", "--fresh", "--root", str(built)]) == 1
    tiny_timm.inspected.clear()
    before = states(built)
    for _ in range(2):
        assert main(["build", "--root", str(built)]) == 1
    assert states(built) == before
    assert tiny_timm.inspected == ["tiny_vit", "tiny_vit"]
    tiny_timm.outcomes["tiny_vit"] = well
    assert "dataset" in done(built, capfd)
    assert done(built, capfd) == set()


def test_a_failure_of_a_later_stage_goes_with_a_record(project: Path, tiny_timm: TinyTimm) -> None:
    """A model whose forward pass failed has a record and a failure, exits with 1 and is tried again each time."""
    whole = tiny_timm.outcomes["tiny_vit"]
    assert isinstance(whole, Inspection)
    failure = Failure("tiny_vit", Stage.FORWARD, "ValueError: no")
    tiny_timm.outcomes["tiny_vit"] = Partial(replace(whole, compute=None), (failure,))
    for _ in range(2):
        assert main(["inspect", "--root", str(project)]) == 1
        stored = dataset.read(project / "dataset")
        assert stored.failures == (failure,)
        (record,) = (record for record in stored.records if record.name == "tiny_vit")
        assert (record.inspection.compute, record.failures) == (None, (failure,))
    assert tiny_timm.inspected == [*(record.name for record in RECORDS), "tiny_vit"]


def test_a_project_without_a_cache_is_built(built: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Where nothing can be left for the next run, that is told, and the build is whole all the same."""
    before = tree(built)
    shutil.rmtree(built / ".cache")
    (built / ".cache").write_text("mine")
    assert done(built, capfd) == {"dataset", "pages", "site"}
    assert tree(built).keys() - before.keys() == {".cache"}
    assert (built / ".cache").read_text() == "mine"


def test_pages_count_for_the_next_build(built: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Pages that were written by themselves need not be written by the next build."""
    append(built / "docs" / "models" / "tiny_conv.md")
    (built / ".cache" / "pages.json").unlink()
    assert main(["pages", "--root", str(built)]) == 0
    assert done(built, capfd) == set()


def test_an_inspection_alone_counts_for_the_next(built: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`inspect` leaves out what `build` has done, and says so."""
    capfd.readouterr()
    assert main(["inspect", "--root", str(built)]) == 0
    assert capfd.readouterr().err == UP_TO_DATE["dataset"] + "\n"


@pytest.fixture
def tables(built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with made-up tables of timm, which the environment names."""
    folder = write_tables(built.parent / "tables")
    monkeypatch.setenv("ATLAS_RESULTS", str(folder))
    return folder


def test_results_change_the_dataset_and_inspect_nothing(
    built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables that appear, change or go away make another dataset of the same inspections; the same ones make none."""
    without = tree(built)
    assert "dataset" in done(built, capfd)
    stored = dataset.read(built / "dataset")
    assert [record.name for record in stored.records if record.published.results] == ["tiny_conv", "tiny_vit"]
    assert [source.name for source in stored.sources] == [f"timm/{name}" for name in sorted(TABLES)]
    assert done(built, capfd) == set()
    accuracy = tables / ACCURACY
    accuracy.write_text(TABLES[ACCURACY].replace("80.858", "80.859"))
    assert "dataset" in done(built, capfd)
    assert dataset.read(built / "dataset").records[0].published.results[0].top1 == 80.859
    assert done(built, capfd) == set()
    monkeypatch.setenv("ATLAS_RESULTS", "none")
    assert "dataset" in done(built, capfd)
    assert tree(built) == without
    assert tiny_timm.inspected == []


def test_results_at_a_new_size_add_its_cost(
    built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm, tables: Path
) -> None:
    """A table with another image size has this one model run at it, once; nothing is inspected, and no date moves."""
    assert "dataset" in done(built, capfd)
    before = dataset.read(built / "dataset").records[0]
    assert tiny_timm.resized == []
    accuracy = tables / ACCURACY
    accuracy.write_text(TABLES[ACCURACY].replace(",40,", ",48,"))
    assert "dataset" in done(built, capfd)
    after = dataset.read(built / "dataset").records[0]
    # The size of 40 pixels is that of a test of the weights as well.
    assert [own.size for own in after.inspection.sizes] == [(40, 40), (48, 48)]
    assert replace(after.inspection, sizes=before.inspection.sizes) == before.inspection
    assert after.date == before.date
    assert done(built, capfd) == set()
    assert (tiny_timm.inspected, tiny_timm.resized) == ([], ["tiny_conv"])


def test_own_results_come_with_the_call(built: Path, capfd: pytest.CaptureFixture[str], tiny_timm: TinyTimm) -> None:
    """A table of the user is taken in the build that names it, and a build without it does without."""
    own = write_tables(built.parent, {OWN: OWN_TABLE}) / OWN
    assert "dataset" in done(built, capfd, "--results", str(own))
    conv = dataset.read(built / "dataset").records[0]
    assert [(result.test_set, result.source) for result in conv.published.results] == [("our-birds", OWN)]
    assert done(built, capfd, "--results", str(own)) == set()
    assert "dataset" in done(built, capfd)
    assert dataset.read(built / "dataset").sources == ()
    assert tiny_timm.inspected == []


def test_the_build_tells_what_was_used(built: Path, capfd: pytest.CaptureFixture[str], tables: Path) -> None:
    """One line has the rows that models got and those that no model has."""
    capfd.readouterr()
    assert main(["inspect", "--root", str(built)]) == 0
    assert "Published results: 7 rows of 4 sources used, 4 that no model has (schema.json names them)." in (
        capfd.readouterr().err.splitlines()
    )


def test_results_of_a_subset_are_its_own(built: Path, tables: Path) -> None:
    """A dataset of some models has their rows, and counts those of other models of timm."""
    assert main(["inspect", "tiny_vit", "--root", str(built)]) == 0
    stored = dataset.read(built / "dataset")
    assert [len(record.published.results) for record in stored.records] == [1]
    (accuracy,) = (source for source in stored.sources if source.name == f"timm/{ACCURACY}")
    assert (accuracy.rows, accuracy.used, accuracy.others, len(accuracy.unused)) == (4, 1, 2, 1)


@pytest.mark.parametrize("command", ["build", "inspect"])
def test_a_bad_table_leaves_everything(
    built: Path, capfd: pytest.CaptureFixture[str], tables: Path, tiny_timm: TinyTimm, command: str
) -> None:
    """A table that is not understood is named with its line, exits with 1, and nothing is inspected or written."""
    before = tree(built)
    (tables / SPEED).write_text(TABLES[SPEED].replace("194812.41", "fast"))
    capfd.readouterr()
    assert main([command, "--fresh", "--root", str(built)]) == 1
    assert capfd.readouterr().err == (
        f"timm-atlas: {tables / SPEED}, line 3: infer_samples_per_sec is no number from 0 to 1,000,000,000: 'fast'.\n"
    )
    assert tree(built) == before
    assert tiny_timm.inspected == []


def test_results_that_are_not_there_are_a_wrong_call(
    built: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file or folder that was named and is missing exits with 2, and nothing is written."""
    before = tree(built)
    capfd.readouterr()
    assert main(["build", "--results", "gone.csv", "--root", str(built)]) == 2
    monkeypatch.setenv("ATLAS_RESULTS", "/gone")
    assert main(["build", "--root", str(built)]) == 2
    assert capfd.readouterr().err.splitlines() == [
        "timm-atlas: --results names gone.csv, which cannot be read (No such file or directory).",
        "timm-atlas: ATLAS_RESULTS names /gone, which cannot be read (No such file or directory).",
    ]
    assert tree(built) == before
