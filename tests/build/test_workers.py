"""Workers: whatever a model does, its outcome is told and the others are whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pebble import ProcessPool
from rich.console import Console

from generator.build.progress import Progression
from generator.build.steps import TIMEOUT
from generator.build.workers import measure_at, read_catalog
from generator.errors import CatalogError, MeasurementError, ResolutionError
from generator.facts.inspections import Failure, Inspection, Partial, Stage
from generator.facts.registry import CatalogEntry
from tests.build.conftest import entries, outcomes
from tests.doubles import (
    NOTHING,
    attempt_registered,
    die_over_the_catalog,
    misbehave,
    misbehave_at,
    tell_where_output_goes,
)


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
        name: Failure(name, Stage.INSPECT, reason),
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
    assert results == {name: Failure(name, Stage(stage), reason)}


def test_a_failing_forward_pass_leaves_the_rest(pool: ProcessPool, plain: Console) -> None:
    """A model that cannot run has all that is known without, and fails at "forward"; it counts as failed."""
    asked = [CatalogEntry("forward_raises", "doubles", (), (3, 8, 8))]
    progress = Progression(1, plain)
    outcome = outcomes(pool, asked, inspect=attempt_registered, progress=progress)["forward_raises"]
    assert isinstance(outcome, Partial)
    assert outcome.failures == (Failure("forward_raises", Stage.FORWARD, "ValueError: height is odd"),)
    assert outcome.failures[0].stage.leaves_a_record
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


def test_a_worker_that_dies_over_the_catalog_is_one_sentence(pool: ProcessPool) -> None:
    """Where the process that imports timm is killed, the error is ours and says so in one line."""
    with pytest.raises(CatalogError) as caught:
        read_catalog(pool, die_over_the_catalog)
    assert "died" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_inspections_cross_processes(pool: ProcessPool, plain: Console) -> None:
    """What a worker measures arrives as it was measured."""
    from generator.measuring.inspection import attempt

    (entry,) = entries("test_vit")
    results = outcomes(pool, [entry], progress=Progression(1, plain))
    assert isinstance(results["test_vit"], Inspection)
    assert results["test_vit"] == attempt(entry)


def test_workers_print_nothing(pool: ProcessPool, plain: Console) -> None:
    """What models print goes nowhere: it would stand in our output, and can be a command to the terminal."""
    results = outcomes(pool, entries("one"), inspect=tell_where_output_goes, progress=Progression(1, plain))
    nowhere = Path(os.devnull).stat().st_rdev
    assert results == {"one": Failure("one", Stage.INSPECT, f"{[nowhere, nowhere]}")}


def test_what_the_registry_cannot_tell_is_a_failure(pool: ProcessPool, plain: Console) -> None:
    """A model with a problem is not made, and fails at "registry"."""
    asked = [CatalogEntry("test_vit", "", (), None, "timm says what nobody can use")]
    results = outcomes(pool, asked, progress=Progression(1, plain))
    assert results == {"test_vit": Failure("test_vit", Stage.REGISTRY, "timm says what nobody can use")}


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
