"""What cannot be kept is a failure of its stage, and the rest of the model stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.build.keeping import GREATEST, kept
from generator.facts.inspections import AtSize, Failure, Module, Partial, Pyramid, Stage
from tests.examples import FAILURES, RECORDS, TINY_CONV, TINY_VIT, level, passes, tensor

MEASURED = TINY_CONV.inspection


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_what_can_be_kept_stays_as_it_is(record: Any) -> None:
    """An inspection, one with failures, and a failure are the same after it."""
    for outcome in (record.inspection, Partial(record.inspection, FAILURES), *FAILURES):
        assert kept(record.entry, outcome) == outcome


@pytest.mark.parametrize(
    ("stage", "changed"),
    [
        (Stage.PYRAMID, {"pyramid": Pyramid((level(8, 2, 16, "a", claimed=("8", 2)),), works=True)}),  # type: ignore[arg-type]
        (Stage.PYRAMID, {"pyramid": Pyramid((level(8, 2, 16, "a", claimed=(8, 2**60)),), works=True)}),
        (Stage.PYRAMID, {"pyramid": Pyramid((level(8, 2, 16, "a", claimed=(8, 2**70)),), works=True)}),
        (Stage.PYRAMID, {"pyramid": Pyramid((level(8, 2, 16, "a\udc80"),), works=True)}),
        (Stage.FORWARD, {"compute": replace(MEASURED.compute, unlisted_operators=(5,))}),  # type: ignore[type-var]
        (Stage.FORWARD, {"compute": replace(MEASURED.compute, passes=passes(4096, GREATEST, 1, 1))}),  # type: ignore[type-var]
        (Stage.SIZES, {"sizes": (AtSize(8, 8, macs="5"),)}),  # type: ignore[arg-type]
        (Stage.SIZES, {"sizes": (AtSize(8, 8, activations=2**60),)}),
        (Stage.DEPLOY, {"deploy": replace(MEASURED.deploy, parameters=2.5)}),  # type: ignore[type-var]
    ],
)
def test_a_later_stage_fails_alone(stage: Stage, changed: dict[str, Any]) -> None:
    """Figures of a later stage that cannot be kept are left out and told, and all others stay."""
    outcome = kept(TINY_CONV.entry, replace(MEASURED, **changed))
    assert isinstance(outcome, Partial)
    (failure,) = outcome.failures
    assert (failure.name, failure.stage) == ("tiny_conv", stage)
    assert failure.reason
    nothing = {"pyramid": Pyramid(), "sizes": ()}
    without: dict[str, Any] = {name: nothing.get(name) for name in changed}
    modules = tuple(module._replace(macs=None) for module in MEASURED.modules)
    if stage == Stage.FORWARD:
        without["modules"] = modules
    assert outcome.inspection == replace(MEASURED, **without)


@pytest.mark.parametrize(
    "changed",
    [
        {"tensors": (tensor("a", 2**31, 2**31),)},
        {"tensors": (tensor("a\udc80", 1),)},
        {"modules": (Module("", 5),)},  # type: ignore[arg-type]
        {"head_parameters": 2**80},
        # The rest of the model would have fewer parameters than none.
        {"head_parameters": 10_000},
        {"buffers": None},
    ],
)
def test_a_model_that_cannot_be_kept_fails(changed: dict[str, Any]) -> None:
    """Without its parameters, modules and buffers there is no record."""
    outcome = kept(TINY_VIT.entry, replace(TINY_VIT.inspection, **changed))
    assert isinstance(outcome, Failure)
    assert outcome.stage == Stage.MEASURE
