"""All models to records: nothing is dropped, nothing is inspected twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console

from generator.build.steps import TIMEOUT
from generator.build.survey import Plan, plan, survey
from generator.build.workers import inspect_all
from generator.errors import UnknownModelError
from generator.facts.inspections import Failure, Stage
from generator.facts.records import Dataset
from generator.facts.registry import Catalog
from generator.facts.results import Published, Result, Results
from generator.store.cache import Cache
from generator.store.fingerprint import Fingerprint
from tests.build.conftest import entries, lines
from tests.conftest import ROOT
from tests.doubles import NOTHING, die_at_sizes, misbehave
from tests.examples import EARLIER

FINGERPRINT = Fingerprint("whole", "versions")


def surveyed(patterns: list[str], cache: Cache, console: Console, results: Results | None = None) -> Dataset:
    """A survey of the models that the patterns match."""
    planned = plan(patterns, cache=cache, console=console)
    return survey(planned, cache=cache, processes=1, timeout=TIMEOUT, console=console, results=results)


@pytest.fixture
def cache(tmp_path: Path, catalog: Catalog) -> Iterator[Cache]:
    """A cache that knows the catalog and no model, and is silent."""
    with Cache(tmp_path / "records.sqlite", FINGERPRINT, tell=pytest.fail) as opened:
        opened.store_catalog(catalog)
        yield opened


def test_real_models_become_records(cache: Cache, plain: Console) -> None:
    """A small real subset: a record for every model that the patterns match, in timm's order, with its family."""
    found = surveyed(["test_vit*", "test_resnet"], cache, plain)
    names = [record.name for record in found.records]
    assert names == ["test_resnet", "test_vit", "test_vit2", "test_vit3", "test_vit4", "test_vit_relpos"]
    assert found.failures == ()
    assert {family.name for family in found.families} == {record.entry.family for record in found.records}
    assert all(record.parameters > 0 for record in found.records)
    assert lines(plain)[-1].startswith("inspected 6 of 6 models")


def test_a_survey_says_where_it_comes_from(cache: Cache, plain: Console) -> None:
    """The provenance has the versions, the date in UTC, the size of the registry and the patterns."""
    import timm

    found = surveyed(["test_vit"], cache, plain)
    assert found.provenance.timm_version == timm.__version__
    assert found.provenance.registered_models == len(timm.list_models())
    assert found.provenance.patterns == ("test_vit",)
    assert found.provenance.date.endswith("Z")
    assert found.records[0].date == found.provenance.date


def test_the_catalog_is_read_once(tmp_path: Path, plain: Console, catalog: Catalog) -> None:
    """A plan reads timm's registry where the cache lacks it, keeps it there, and does not read it again."""
    with Cache(tmp_path / "records.sqlite", FINGERPRINT, tell=pytest.fail) as cache:
        assert plan(["test_vit"], cache=cache, console=plain).catalog == catalog
        assert cache.catalog() == catalog


def test_nothing_is_inspected_twice(cache: Cache, plain: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the cache knows is neither read nor inspected again, no process is started for it, and its date stays."""
    cache.store("test_vit", NOTHING, EARLIER)
    monkeypatch.setattr("generator.build.workers.pool", lambda *_: pytest.fail("a worker was started"))
    found = surveyed(["test_vit"], cache, plain)
    assert [(record.inspection, record.date) for record in found.records] == [(NOTHING, EARLIER)]
    assert found.provenance.date == EARLIER
    assert lines(plain) == ["1 of 1 models were inspected before under the same versions"]


def test_an_interrupted_survey_goes_on(cache: Cache, plain: Console) -> None:
    """Models that are in the cache are left out, the others inspected, and all are in the outcome in timm's order."""
    cache.store("test_vit2", NOTHING, EARLIER)
    found = surveyed(["test_vit2", "test_vit", "test_vit3"], cache, plain)
    assert [record.name for record in found.records] == ["test_vit", "test_vit2", "test_vit3"]
    assert [record.inspection == NOTHING for record in found.records] == [False, True, False]
    assert found.provenance.date == found.records[0].date > EARLIER
    assert lines(plain)[0] == "1 of 3 models were inspected before under the same versions"
    assert lines(plain)[-1].startswith("inspected 2 of 2 models")


def at(size: int) -> Results:
    """An accuracy of a model at a size."""
    result = Result("r160_in1k", size, "imagenet-val", 80.0, None, None, None, "lab.csv", "1")
    return Results({"test_resnet": Published((result,))})


def test_new_results_add_sizes_and_inspect_nothing(
    cache: Cache, plain: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A size that comes with new results is measured alone, once, and shown while there are results at it."""
    cache.store("test_resnet", NOTHING, EARLIER)
    (first,) = surveyed(["test_resnet"], cache, plain, at(96)).records
    assert replace(first.inspection, sizes=()) == NOTHING
    assert first.date == EARLIER
    (cost,) = [cost for cost in first.inspection.sizes if cost.size == (96, 96)]
    assert cost.macs
    assert lines(plain)[:2] == [
        "1 of 1 models were inspected before under the same versions",
        "1 of them are run at more input sizes, which their weights or results use",
    ]
    surveyed(["test_resnet"], cache, plain, at(64))
    monkeypatch.setattr("generator.build.workers.pool", lambda *_: pytest.fail("a worker was started"))
    (again,) = surveyed(["test_resnet"], cache, plain, at(96)).records
    assert (again.inspection, again.date) == (first.inspection, EARLIER)
    (none,) = surveyed(["test_resnet"], cache, plain).records
    assert (96, 96) not in [cost.size for cost in none.inspection.sizes]


def test_sizes_that_are_lost_are_tried_again(cache: Cache, plain: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a size ends its process, the model has a record and a failure, and the cache has neither."""
    monkeypatch.setattr("generator.build.workers.inspect_all", partial(inspect_all, inspect=die_at_sizes))
    cache.store("test_resnet", NOTHING, EARLIER)
    for _ in range(2):
        found = surveyed(["test_resnet"], cache, plain, at(96))
        assert [record.inspection for record in found.records] == [NOTHING]
        assert [failure.stage for failure in found.failures] == [Stage.SIZES]
        assert cache.checksums == {}


def test_a_failure_is_tried_again(
    cache: Cache, plain: Console, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that failed is not kept, and the plan's digest says that there is something left to do."""
    monkeypatch.setattr("generator.build.workers.inspect_all", partial(inspect_all, inspect=misbehave))
    (entry,) = entries("raises")
    planned = Plan(replace(catalog, entries=(entry,)), (), (entry,))
    for _ in range(2):
        found = survey(planned, cache=cache, processes=1, timeout=TIMEOUT, console=plain)
        assert found.failures == (Failure("raises", Stage.INSPECT, "ValueError: the figures do not add up"),)
        assert cache.checksums == {}
        assert planned.digest(cache) is None


def test_a_digest_tells_what_the_outcome_follows_from(cache: Cache, plain: Console) -> None:
    """The digest of a plan is known once all its models are, and moves with a record, the patterns and their order."""
    planned = plan(["test_vit", "test_vit2"], cache=cache, console=plain)
    assert planned.digest(cache) is None
    for name in ("test_vit", "test_vit2"):
        cache.store(name, NOTHING, EARLIER)
    first = planned.digest(cache)
    assert first is not None
    assert first == plan(["test_vit", "test_vit2"], cache=cache, console=plain).digest(cache)
    assert first != plan(["test_vit[2]", "test_vit"], cache=cache, console=plain).digest(cache)
    cache.store("test_vit", replace(NOTHING, buffers=1), EARLIER)
    assert planned.digest(cache) not in (None, first)


@pytest.mark.parametrize(("patterns", "left"), [((), 0), (("test_vit",), 1)], ids=["whole", "subset"])
def test_only_a_whole_survey_cleans_up(
    tmp_path: Path, cache: Cache, plain: Console, patterns: tuple[str, ...], left: int
) -> None:
    """A survey of everything drops what other versions left; one of a subset leaves it."""
    with Cache(tmp_path / "records.sqlite", Fingerprint("old", "old"), tell=pytest.fail) as old:
        old.store("test_vit", NOTHING, EARLIER)
    cache.store("test_vit", NOTHING, EARLIER)
    planned = plan(["test_vit"], cache=cache, console=plain)
    survey(replace(planned, patterns=patterns), cache=cache, processes=1, timeout=TIMEOUT, console=plain)
    with Cache(tmp_path / "records.sqlite", Fingerprint("old", "old"), tell=pytest.fail) as old:
        assert len(old.checksums) == left


def test_nothing_is_inspected_for_a_wrong_pattern(cache: Cache, plain: Console) -> None:
    """A pattern without match raises before any model is inspected, though another pattern matches."""
    with pytest.raises(UnknownModelError, match="tset_vit"):
        plan(["test_vit", "tset_vit"], cache=cache, console=plain)
    assert lines(plain) == []


def test_a_survey_may_name_a_removed_model(cache: Cache, plain: Console) -> None:
    """A deprecated name is told as such by a survey as well."""
    with pytest.raises(UnknownModelError, match="is a deprecated name of convnext_tiny"):
        plan(["convnext_tiny_in22ft1k"], cache=cache, console=plain)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("package", "fault"),
    [
        ("torch", "ImportError('No module named torch')"),
        ("torchvision", "RuntimeError('operator torchvision::nms does not exist')"),
    ],
)
def test_a_broken_installation_is_one_sentence(tmp_path: Path, bare_project: Path, package: str, fault: str) -> None:
    """Where torch or timm cannot be imported, a survey ends with a sentence that says so, without a traceback."""
    (tmp_path / f"{package}.py").write_text(f"raise {fault}\n")
    finished = subprocess.run(
        [sys.executable, "-m", "generator", "inspect", "test_vit", "--processes", "1", "--root", str(bare_project)],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert finished.stderr.splitlines()[-1].startswith("timm-atlas: timm's registry could not be read: ")
    assert "Traceback" not in finished.stderr
    assert not (bare_project / "dataset").exists()
