"""All models to records and failures, whatever a model does to its worker."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pebble import ProcessPool
from rich.console import Console

from generator.cache import Cache
from generator.errors import CatalogError, MeasurementError, ResolutionError, UnknownModelError
from generator.fingerprint import Fingerprint
from generator.records import Catalog, CatalogEntry, Failure, Inspection, Outcome, Partial, Survey
from generator.stages import TIMEOUT
from generator.survey import (
    Plan,
    Progression,
    inspect_all,
    measure_at,
    plan,
    read_catalog,
    survey,
    workers,
)
from tests.conftest import ROOT
from tests.doubles import NOTHING, attempt_registered, die_over_the_catalog, misbehave, misbehave_at
from tests.examples import EARLIER

FINGERPRINT = Fingerprint("whole", "versions")


def entries(*names: str) -> list[CatalogEntry]:
    """Entries of these names."""
    return [CatalogEntry(name, "tiny", (), None) for name in names]


def outcomes(pool: ProcessPool, asked: list[CatalogEntry], **options: Any) -> dict[str, Outcome]:
    """What becomes of these models, by name."""
    return {entry.name: outcome for entry, outcome in inspect_all(pool, asked, **{"timeout": TIMEOUT, **options})}


def surveyed(patterns: list[str], cache: Cache, console: Console) -> Survey:
    """A survey of the models that the patterns match."""
    return survey(
        plan(patterns, cache=cache, console=console), cache=cache, processes=1, timeout=TIMEOUT, console=console
    )


def lines(console: Console) -> list[str]:
    """What a console on a string has printed."""
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


@pytest.fixture
def plain() -> Console:
    """A console that is no terminal, as in CI."""
    return Console(file=StringIO())


@pytest.fixture
def pool() -> Iterator[ProcessPool]:
    """Two workers."""
    with workers(2) as made:
        yield made


@pytest.fixture
def cache(tmp_path: Path, catalog: Catalog) -> Iterator[Cache]:
    """A cache that knows the catalog and no model, and is silent."""
    with Cache(tmp_path / "records.sqlite", FINGERPRINT, tell=pytest.fail) as opened:
        opened.store_catalog(catalog)
        yield opened


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("raises", "ValueError: the figures do not add up"),
        ("exits", "its process died with exit code 3"),
        ("killed", "its process died with exit code -9"),
        ("hangs", "no answer within 2 seconds"),
    ],
)
def test_a_model_that_misbehaves_is_a_result(pool: ProcessPool, plain: Console, name: str, reason: str) -> None:
    """A model that raises, dies or hangs becomes a failure, and those beside it are inspected."""
    asked = entries("one", "two", name, "three", "four")
    results = outcomes(pool, asked, inspect=misbehave, timeout=2, progress=Progression(len(asked), plain))
    assert results == {
        "one": NOTHING,
        "two": NOTHING,
        name: Failure(name, "inspect", reason),
        "three": NOTHING,
        "four": NOTHING,
    }


def test_a_model_that_exits_python_is_a_result(pool: ProcessPool, plain: Console) -> None:
    """A model that calls ``sys.exit`` ends neither the run nor the program."""
    asked = entries("one", "leaves", "two")
    results = outcomes(pool, asked, inspect=misbehave, progress=Progression(len(asked), plain))
    assert isinstance(results["leaves"], Failure)
    assert (results["one"], results["two"]) == (NOTHING, NOTHING)


def test_many_faults_leave_the_rest_whole(pool: ProcessPool, plain: Console) -> None:
    """With every fault at once the results still cover exactly the models that were asked for."""
    asked = entries(*(f"fine_{number}" for number in range(20)), "exits", "raises", "killed", "hangs")
    results = outcomes(pool, asked, inspect=misbehave, timeout=2, progress=Progression(len(asked), plain))
    assert set(results) == {entry.name for entry in asked}
    assert {name for name, result in results.items() if isinstance(result, Failure)} == {
        "exits",
        "raises",
        "killed",
        "hangs",
    }


@pytest.mark.parametrize(
    ("name", "stage", "reason"),
    [
        ("constructor_raises", "create", "ValueError: img_size must be"),
        ("unmeasurable", "measure", "ValueError: the size of dtype float8_e4m3fnuz is not known"),
        ("no_such_model", "create", "RuntimeError: Unknown model (no_such_model)"),
    ],
)
def test_a_failure_names_its_stage(pool: ProcessPool, plain: Console, name: str, stage: str, reason: str) -> None:
    """A model whose constructor raises fails at "create", one that cannot be counted at "measure", in one line."""
    results = outcomes(pool, entries(name), inspect=attempt_registered, progress=Progression(1, plain))
    assert results == {name: Failure(name, stage, reason)}


def test_a_failing_forward_pass_leaves_the_rest(pool: ProcessPool, plain: Console) -> None:
    """A model that cannot run has all that is known without, and fails at "forward"; it counts as failed."""
    asked = [CatalogEntry("forward_raises", "doubles", (), (3, 8, 8))]
    progress = Progression(1, plain)
    outcome = outcomes(pool, asked, inspect=attempt_registered, progress=progress)["forward_raises"]
    assert isinstance(outcome, Partial)
    assert outcome.failures == (Failure("forward_raises", "forward", "ValueError: height is odd"),)
    assert outcome.failures[0].leaves_a_record
    assert (outcome.inspection.compute, outcome.inspection.deploy) == (None, None)
    assert [module.macs for module in outcome.inspection.modules] == [None, None]
    assert sum(tensor.parameters for tensor in outcome.inspection.tensors) == 4 * 2 + 2
    assert progress.failed == 1


def test_a_constructor_that_exits_python_is_a_result(pool: ProcessPool, plain: Console) -> None:
    """A constructor that calls ``sys.exit`` fails at "create" like one that raises."""
    asked = entries("constructor_leaves")
    results = outcomes(pool, asked, inspect=attempt_registered, progress=Progression(1, plain))
    outcome = results["constructor_leaves"]
    assert isinstance(outcome, Failure)
    assert outcome.stage == "create"


def test_a_reason_is_one_line(pool: ProcessPool, plain: Console) -> None:
    """A failure's reason has no line break, so that its line and its table row stay whole."""
    results = outcomes(pool, entries("constructor_raises"), inspect=attempt_registered, progress=Progression(1, plain))
    outcome = results["constructor_raises"]
    assert isinstance(outcome, Failure)
    assert "\n" not in outcome.reason


def test_every_outcome_is_told(pool: ProcessPool, plain: Console) -> None:
    """Without a terminal the run tells each failure at once, and its state at every tenth."""
    asked = entries(*(f"fine_{number}" for number in range(39)), "raises")
    outcomes(pool, asked, inspect=misbehave, progress=Progression(len(asked), plain))
    told = lines(plain)
    assert "failed: raises (inspect): ValueError: the figures do not add up" in told
    states = [line for line in told if line.startswith("inspected ")]
    assert [line.split(" models, ")[0] for line in states] == [f"inspected {4 * n} of 40" for n in range(1, 11)]
    assert states[-1].endswith("models/s, 1 failed")


def test_few_models_are_told_one_by_one(plain: Console) -> None:
    """A run of fewer than ten models has a line for each, and the last says that it is whole."""
    with Progression(3, plain) as progress:
        for _ in range(3):
            progress.advance(NOTHING)
    told = lines(plain)
    assert [line.split(" models, ")[0] for line in told] == [f"inspected {n} of 3" for n in (1, 2, 3)]
    assert all(line.endswith("models/s, no failures") for line in told)


def test_plain_lines_have_no_control_codes(plain: Console) -> None:
    """What CI logs holds text alone, and a reason is printed as it is, brackets and all."""
    with Progression(1, plain) as progress:
        progress.advance(Failure("tiny", "create", "KeyError: [bold]'x'[/bold] " + "far " * 60))
    text = "\n".join(lines(plain))
    assert "\x1b" not in text
    assert f"failed: tiny (create): KeyError: [bold]'x'[/bold] {'far ' * 60}".rstrip() in text


def test_a_terminal_has_a_bar() -> None:
    """On a terminal there is a bar with count, rate and failures, and no line for each tenth."""
    console = Console(file=StringIO(), force_terminal=True, width=160)
    with Progression(2, console) as progress:
        progress.advance(NOTHING)
        progress.advance(Failure("tiny", "create", "ValueError: no"))
    text = "\n".join(lines(console))
    assert "Inspecting" in text
    assert "2/2" in text
    assert "models/s" in text
    assert "1 failed" in text
    assert "failed: tiny (create): ValueError: no" in text
    assert "inspected 1 of 2" not in text


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
    monkeypatch.setattr("generator.survey.workers", lambda *_: pytest.fail("a worker was started"))
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


def test_a_failure_is_tried_again(
    cache: Cache, plain: Console, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that failed is not kept, and the plan's digest says that there is something left to do."""
    monkeypatch.setattr("generator.survey.inspect_all", partial(inspect_all, inspect=misbehave))
    (entry,) = entries("raises")
    planned = Plan(replace(catalog, entries=(entry,)), (), (entry,))
    for _ in range(2):
        found = survey(planned, cache=cache, processes=1, timeout=TIMEOUT, console=plain)
        assert found.failures == (Failure("raises", "inspect", "ValueError: the figures do not add up"),)
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


def test_a_worker_that_dies_over_the_catalog_is_one_sentence(pool: ProcessPool) -> None:
    """Where the process that imports timm is killed, the error is ours and says so in one line."""
    with pytest.raises(CatalogError) as caught:
        read_catalog(pool, die_over_the_catalog)
    assert "died" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_inspections_cross_processes(pool: ProcessPool, plain: Console) -> None:
    """What a worker measures arrives as it was measured."""
    from generator.inspection import attempt

    (entry,) = entries("test_vit")
    results = outcomes(pool, [entry], progress=Progression(1, plain))
    assert isinstance(results["test_vit"], Inspection)
    assert results["test_vit"] == attempt(entry)


def test_models_are_measured_at_another_size(pool: ProcessPool) -> None:
    """Workers measure real models at the size that was asked for, in the order in which they were named."""
    asked = [CatalogEntry(name, "family", (), (3, 160, 160)) for name in ("test_vit", "resnet18")]
    found = measure_at(pool, asked, (320, 160), timeout=TIMEOUT)
    assert [compute.input_size for compute in found] == [(3, 320, 160)] * 2
    assert found[1].macs > found[0].macs > 0


def test_a_model_of_a_fixed_size_is_refused(pool: ProcessPool) -> None:
    """What timm says to a size that does not suit arrives as our own error."""
    with pytest.raises(ResolutionError, match=r"efficientformer_l1 does not run at 384 x 384 \(.*its default is 224"):
        measure_at(pool, [CatalogEntry("efficientformer_l1", "family", (), (3, 224, 224))], (384, 384), timeout=TIMEOUT)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("raises", "ValueError: the figures do not add up"),
        ("exits", "ProcessExpired: "),
        ("hangs", "no answer within 2 seconds"),
    ],
)
def test_a_worker_that_fails_over_a_size_is_told(pool: ProcessPool, name: str, told: str) -> None:
    """A model that raises, ends its process or gives no answer is named with the reason."""
    with pytest.raises(MeasurementError, match=f"{name} could not be measured: {told}"):
        measure_at(pool, entries(name), (8, 8), measure=misbehave_at, timeout=2)
