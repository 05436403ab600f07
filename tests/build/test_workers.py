"""Workers: whatever a model does, its outcome is told and the others are whole."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from rich.console import Console

from generator.build import workers
from generator.build.pool import Pool
from generator.build.progress import Progression
from generator.build.steps import TIMEOUT
from generator.build.workers import measure_at, read_catalog
from generator.errors import CatalogError, MeasurementError, ResolutionError
from generator.facts.inspections import Failure, Inspection, Outcome, Partial, Stage
from generator.facts.records import Resized
from generator.facts.registry import CatalogEntry
from tests.build.conftest import entries, lines, outcomes
from tests.doubles import (
    NOTHING,
    attempt_registered,
    change_state,
    change_state_at,
    die_at_sizes,
    die_over_the_catalog,
    misbehave,
    misbehave_at,
    tell_where_output_goes,
)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("raises", "ValueError: the figures do not add up"),
        ("exits", "its process died with exit code 3"),
        ("exits well", "its process died with exit code 0"),
        ("killed", "its process died with exit code -9"),
        ("hangs", "no answer within 2 seconds"),
    ],
)
def test_a_model_that_misbehaves_is_a_result(pool: Pool, plain: Console, name: str, reason: str) -> None:
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


@pytest.mark.parametrize("known", [{}, {"two": NOTHING}], ids=["new", "known"])
def test_a_crash_at_another_size_costs_the_sizes(pool: Pool, plain: Console, known: dict[str, Inspection]) -> None:
    """A model whose process dies at another size has what was measured without it, and fails at "sizes"."""
    asked = entries("one", "two", "three", "raises")
    progress = Progression(len(asked), plain)
    sizes = {"one": (), "two": [(8, 8), (9, 9)], "raises": [(8, 8)]}
    results = outcomes(pool, asked, inspect=die_at_sizes, sizes=sizes, known=known, progress=progress)
    assert results == {
        "one": NOTHING,
        "two": Partial(NOTHING, (Failure("two", Stage.SIZES, "its process died with exit code 3"),)),
        "three": NOTHING,
        "raises": Failure("raises", Stage.INSPECT, "ValueError: the figures do not add up"),
    }
    assert (progress.done, progress.failed) == (4, 2)


def test_a_model_that_exits_python_is_a_result(pool: Pool, plain: Console) -> None:
    """A model that calls ``sys.exit`` ends neither the run nor the program."""
    asked = entries("one", "leaves", "two")
    results = outcomes(pool, asked, inspect=misbehave, progress=Progression(len(asked), plain))
    assert isinstance(results["leaves"], Failure)
    assert (results["one"], results["two"]) == (NOTHING, NOTHING)


@pytest.mark.sweep
def test_many_faults_leave_the_rest_whole(pool: Pool, plain: Console) -> None:
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
def test_a_failure_names_its_stage(pool: Pool, plain: Console, name: str, stage: str, reason: str) -> None:
    """A model whose constructor raises fails at "create", one that cannot be counted at "measure", in one line."""
    results = outcomes(pool, entries(name), inspect=attempt_registered, progress=Progression(1, plain))
    assert results == {name: Failure(name, Stage(stage), reason)}


def test_a_failing_forward_pass_leaves_the_rest(pool: Pool, plain: Console) -> None:
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


def test_a_constructor_that_exits_python_is_a_result(pool: Pool, plain: Console) -> None:
    """A constructor that calls ``sys.exit`` fails at "create" like one that raises."""
    asked = entries("constructor_leaves")
    results = outcomes(pool, asked, inspect=attempt_registered, progress=Progression(1, plain))
    outcome = results["constructor_leaves"]
    assert isinstance(outcome, Failure)
    assert outcome.stage == "create"


def test_a_reason_is_one_line(pool: Pool, plain: Console) -> None:
    """A failure's reason has no line break, so that its line and its table row stay whole."""
    results = outcomes(pool, entries("constructor_raises"), inspect=attempt_registered, progress=Progression(1, plain))
    outcome = results["constructor_raises"]
    assert isinstance(outcome, Failure)
    assert "\n" not in outcome.reason


def test_a_worker_that_dies_over_the_catalog_is_one_sentence(pool: Pool) -> None:
    """Where the process that imports timm is killed, the error is ours and says so in one line."""
    with pytest.raises(CatalogError) as caught:
        read_catalog(pool, die_over_the_catalog)
    assert "died" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_inspections_cross_processes(pool: Pool, plain: Console) -> None:
    """What a worker measures arrives as it was measured."""
    from generator.measuring.inspection import attempt

    (entry,) = entries("test_vit")
    results = outcomes(pool, [entry], progress=Progression(1, plain))
    assert isinstance(results["test_vit"], Inspection)
    assert results["test_vit"] == attempt(entry)


def test_workers_print_nothing(pool: Pool, plain: Console) -> None:
    """What models print goes nowhere: it would stand in our output, and can be a command to the terminal."""
    results = outcomes(pool, entries("one"), inspect=tell_where_output_goes, progress=Progression(1, plain))
    nowhere = Path(os.devnull).stat().st_rdev
    assert results == {"one": Failure("one", Stage.INSPECT, f"{[nowhere, nowhere]}")}


def test_what_the_registry_cannot_tell_is_a_failure(pool: Pool, plain: Console) -> None:
    """A model with a problem is not made, and fails at "registry"."""
    asked = [CatalogEntry("test_vit", "", (), None, "timm says what nobody can use")]
    results = outcomes(pool, asked, progress=Progression(1, plain))
    assert results == {"test_vit": Failure("test_vit", Stage.REGISTRY, "timm says what nobody can use")}


def test_models_are_measured_at_another_size(pool: Pool) -> None:
    """Workers measure real models at the size that was asked for, in the order in which they were named."""
    asked = [CatalogEntry(name, "family", (), (3, 160, 160)) for name in ("test_vit", "resnet18")]
    done: list[None] = []
    vit, resnet = measure_at(pool, asked, (320, 160), timeout=TIMEOUT, advance=lambda: done.append(None))
    assert len(done) == 2
    assert isinstance(vit, Resized)
    assert isinstance(resnet, Resized)
    assert (vit.size, vit.img_size, resnet.size, resnet.img_size) == ((320, 160), (320, 160), (320, 160), None)
    assert resnet.record.parameters > vit.record.parameters


def test_a_model_of_a_fixed_size_is_refused(pool: Pool) -> None:
    """What timm says to a size that does not suit is our own error, in the place of the model's figures."""
    asked = [CatalogEntry(name, "family", (), (3, 224, 224)) for name in ("efficientformer_l1", "resnet18")]
    refused, measured = measure_at(pool, asked, (384, 384), timeout=TIMEOUT)
    assert isinstance(refused, ResolutionError)
    assert re.match(r"efficientformer_l1 does not run at 384 x 384 \(.*its default is 224", str(refused))
    assert isinstance(measured, Resized)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("raises", "ValueError: the figures do not add up"),
        ("exits", "its process died with exit code 3"),
        ("hangs", "no answer within 2 seconds"),
    ],
)
def test_a_worker_that_fails_over_a_size_is_told(pool: Pool, name: str, told: str) -> None:
    """A model that raises, ends its process or gives no answer is named with the reason."""
    done: list[str] = []
    (found,) = measure_at(
        pool, entries(name), (8, 8), measure=misbehave_at, timeout=2, advance=lambda: done.append(name)
    )
    assert done == [name]
    assert isinstance(found, MeasurementError)
    assert str(found) == f"{name} could not be measured: {told}."


def sized(*names: str) -> list[CatalogEntry]:
    """Entries of these names, with an input size."""
    return [CatalogEntry(name, "doubles", (), (3, 8, 8)) for name in names]


def bytes_of(outcome: Outcome) -> int:
    """The bytes of the parameters of an inspected model."""
    inspection = outcome.inspection if isinstance(outcome, Partial) else outcome
    assert isinstance(inspection, Inspection)
    return sum(tensor.bytes for tensor in inspection.tensors)


def test_a_model_that_changes_the_state_falsifies_no_other(plain: Console) -> None:
    """One that sets torch's default dtype is measured in it and told; those after it, by one worker, are as ever."""
    asked = sized("plain1", "sets_dtype", "plain2", "sets_dtype_and_raises", "plain3")
    progress = Progression(len(asked), plain)
    with workers.pool(1) as pool:
        found = outcomes(pool, asked, inspect=change_state, progress=progress)
    change = "it changed torch's default dtype (from torch.float32 to torch.float64)"
    assert [bytes_of(found[name]) for name in ("plain1", "plain2", "plain3")] == [2 * 4] * 3
    changing = found["sets_dtype"]
    assert isinstance(changing, Partial)
    assert changing.failures == (Failure("sets_dtype", Stage.STATE, change),)
    assert bytes_of(changing) == 2 * 8
    assert found["sets_dtype_and_raises"] == Failure("sets_dtype_and_raises", Stage.CREATE, f"ValueError: no; {change}")
    assert f"failed: sets_dtype (state): {change}" in lines(plain)
    assert progress.failed == 2


def test_a_model_at_another_size_falsifies_no_other() -> None:
    """The same holds for models that are measured on request: each is told, and none has an effect on the next."""
    with workers.pool(1) as pool:
        found = measure_at(
            pool, sized("plain1", "sets_dtype", "plain2"), (4, 4), measure=change_state_at, timeout=TIMEOUT
        )
    records = [resized.record for resized in found if isinstance(resized, Resized)]
    assert [record.parameter_bytes for record in records] == [8, 16, 8]
    assert [[failure.stage for failure in record.failures] for record in records] == [[], [Stage.STATE], []]


def test_a_late_failure_and_a_change_are_both_told(pool: Pool, plain: Console) -> None:
    """What failed before is kept beside the change of the state."""
    (outcome,) = outcomes(pool, sized("sets_dtype_late"), inspect=change_state, progress=Progression(1, plain)).values()
    assert isinstance(outcome, Partial)
    assert [failure.stage for failure in outcome.failures] == [Stage.FORWARD, Stage.STATE]
