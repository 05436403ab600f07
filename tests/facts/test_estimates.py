"""Estimates of memory, added up by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.facts import estimates
from generator.facts.batches import Line
from generator.facts.estimates import Band, Estimate, band, estimate, measured_around, run_of
from generator.facts.inspections import Compute, Memory, Passes
from generator.facts.records import ModelRecord
from tests.examples import TINY_TWIN, record, refusing, tensor

BLOCK = 512
# Parameters of 40 bytes take a block. Of what lives in a pass, 300 bytes do not grow at one moment, and 100 at another.
INFERENCE = Memory(BLOCK, (Line(0, 90),), (Line(300, 10), Line(100, 50)))
LOW = Memory(BLOCK, (Line(0, 45),), (Line(150, 5), Line(50, 25)))
TRAINING = Memory(BLOCK, (Line(0, 900),), (Line(800, 200),), Line(40, 30), Line(1040, 30))
MIXED = Memory(BLOCK, (Line(0, 700),), (Line(800, 100),), Line(40, 30), Line(1040, 30))
COMPUTE = Compute((3, 8, 8), 1, 1, (), 90, 60, 30, 20, None, Passes(INFERENCE, LOW, TRAINING, MIXED))
NET = record("net", tensor("weight", 10), compute=COMPUTE)


def with_compute(compute: Compute) -> ModelRecord:
    """The net with another cost."""
    return replace(NET, inspection=replace(NET.inspection, compute=compute))


def largest_batch(record: ModelRecord, kind: str, optimizer: str | None, available: int) -> int | None:
    """The largest batch of a kind of run of a model."""
    run = run_of(record, kind, optimizer)
    return None if run is None else run.largest_batch(available)


def taken(kind: str, optimizer: str | None, batch: int) -> int | None:
    """The bytes of one estimate."""
    return estimate(NET, kind, optimizer, batch).bytes


def test_inference_is_the_greatest_line() -> None:
    """At batch 1 that of one image; from batch 2 on the moment that is the greatest there."""
    assert taken(estimates.INFERENCE, None, 1) == BLOCK + 90
    assert taken(estimates.INFERENCE, None, 2) == BLOCK + 320
    assert taken(estimates.INFERENCE, None, 32) == BLOCK + 100 + 32 * 50
    assert taken(estimates.INFERENCE_BF16, None, 32) == BLOCK + 50 + 32 * 25


def test_training_has_states_and_the_step_of_the_optimiser() -> None:
    """States are there always; AdamW's temporaries only in its step, where gradients are left of the pass."""
    assert taken(estimates.TRAINING, "SGD with momentum", 1) == BLOCK + BLOCK + 900
    assert taken(estimates.TRAINING, "AdamW", 1) == BLOCK + 2 * BLOCK + 900
    # 1,040 that are left, 512 of temporaries, 60 of images: more than 1,200 of the pass.
    assert taken(estimates.TRAINING, "AdamW", 2) == 3 * BLOCK + 1040 + 60 + BLOCK
    assert taken(estimates.TRAINING, "SGD with momentum", 2) == 2 * BLOCK + 800 + 400
    assert taken(estimates.TRAINING_MIXED, "AdamW", 32) == 3 * BLOCK + 800 + 3200


def test_all_estimates_come_in_one_order() -> None:
    """By kind, then optimiser, then batch; each is that of its own run."""
    found = estimates.estimates(NET)
    runs = [(setting.kind, setting.optimizer) for setting in estimates.SETTINGS]
    assert [one[:3] for one in found] == [(*run, batch) for run in runs for batch in estimates.BATCHES]
    assert list(found) == [estimate(NET, *one[:3]) for one in found]
    assert len(estimates.estimates(NET, (1,))) == len(runs)


def test_without_a_forward_pass_no_estimate_is_known() -> None:
    """A model that did not run has the same estimates as any other, none of them with a figure."""
    found = estimates.estimates(TINY_TWIN)
    assert [one[:3] for one in found] == [one[:3] for one in estimates.estimates(NET)]
    assert {one[3:] for one in found} == {(None, None)}
    assert largest_batch(TINY_TWIN, estimates.INFERENCE, None, 10**12) is None


def test_what_raises_on_one_image_has_no_estimate_for_it() -> None:
    """Training at batch 1 is unknown, with the error for its reason; all other runs are estimated as ever."""
    net = with_compute(refusing(COMPUTE, "ValueError: one value"))
    for found, usual in zip(estimates.estimates(net), estimates.estimates(NET), strict=True):
        impossible = found.optimizer is not None and found.batch == 1
        assert found == (usual._replace(bytes=None, reason="ValueError: one value") if impossible else usual)
    assert largest_batch(net, estimates.TRAINING, "AdamW", 10**6) == largest_batch(
        NET, estimates.TRAINING, "AdamW", 10**6
    )
    assert largest_batch(net, estimates.TRAINING, "AdamW", 3 * BLOCK + 1000) == 0


def test_what_raises_at_any_batch_has_its_reason() -> None:
    """A model that cannot run in bf16, or not train at all, has the reason in place of a figure."""
    passes = replace(COMPUTE.passes, inference_bf16=None, training=None, training_mixed=None, bf16_error="no bf16")
    net = with_compute(replace(COMPUTE, training_error="no gradient", passes=passes))
    found = estimates.estimates(net)
    assert {one.reason for one in found if one.kind == estimates.INFERENCE} == {None}
    assert {one[3:] for one in found if one.kind == estimates.INFERENCE_BF16} == {(None, "no bf16")}
    assert {one[3:] for one in found if one.optimizer} == {(None, "no gradient")}
    assert largest_batch(net, estimates.TRAINING, "AdamW", 10**12) is None


@pytest.mark.parametrize("setting", estimates.SETTINGS, ids=lambda setting: setting.key)
def test_the_largest_batch_fits_and_the_next_does_not(setting: estimates.Setting) -> None:
    """At each amount of memory, the estimate of the largest batch is within it, and that of one more is not."""
    for available in range(0, 20_000, 97):
        most = largest_batch(NET, setting.kind, setting.optimizer, available)
        assert most is not None
        fits = [batch for batch in range(1, 1000) if (taken(setting.kind, setting.optimizer, batch) or 0) <= available]
        assert most == max(fits, default=0)


def test_settings_are_all_kinds_with_all_optimisers() -> None:
    """Each kind of training stands with each optimiser, inference without, and each setting has a key of its own."""
    assert {(one.kind, one.optimizer) for one in estimates.SETTINGS} == {
        *((kind, None) for kind in (estimates.INFERENCE, estimates.INFERENCE_BF16)),
        *((kind, name) for kind in (estimates.TRAINING, estimates.TRAINING_MIXED) for name in estimates.OPTIMIZERS),
    }
    assert len({one.key for one in estimates.SETTINGS}) == len({one.words for one in estimates.SETTINGS}) == 6


def test_a_band_between_two_batches_is_the_wider() -> None:
    """A batch that was not measured has what both of its neighbours have; one beyond has that of the last."""
    for kind in estimates.KINDS:
        around = [estimates.BANDS[kind, 8], estimates.BANDS[kind, 32]]
        wider = Band(min(one.least for one in around), max(one.greatest for one in around))
        assert band(kind, 9) == band(kind, 20) == wider
        assert [band(kind, batch) for batch in estimates.BATCHES] == [
            estimates.BANDS[kind, batch] for batch in estimates.BATCHES
        ]
        assert band(kind, 1000) == estimates.BANDS[kind, 128]
    assert [measured_around(batch) for batch in (1, 8, 9, 127, 128, 129)] == [
        (1,),
        (8,),
        (8, 32),
        (32, 128),
        *[(128,)] * 2,
    ]


def test_every_run_that_is_estimated_has_a_band() -> None:
    """Half of the bands are narrow, and each has the estimate in it or beside it."""
    assert set(estimates.BANDS) == {(kind, batch) for kind in estimates.KINDS for batch in estimates.BATCHES}
    widths = sorted(one.greatest / one.least for one in estimates.BANDS.values())
    assert widths[len(widths) // 2] <= 1.35
    assert all(0 < one.least <= 1 <= one.greatest for one in estimates.BANDS.values())
    assert Estimate("kind", None, 1, None).reason is None
