"""Estimates of memory, added up by hand."""

from __future__ import annotations

from dataclasses import replace

from generator.facts import estimates
from generator.facts.inspections import Compute
from tests.conftest import ROOT
from tests.examples import TINY_TWIN, record, tensor
from validation.memory import KINDS

# 40 bytes of parameters and 4 of buffers; an image has 100 bytes at its peak and leaves 60, or 30 beside 20 of copies.
COMPUTE = Compute((3, 8, 8), 1, 1, (), 100, 60, 30, 20)
NET = record("net", tensor("weight", 10), buffers=1, buffer_bytes=4, persistent_buffer_bytes=0, compute=COMPUTE)


def test_inference_grows_with_the_batch() -> None:
    """Parameters and buffers are there once, activations for each image."""
    assert estimates.inference(40, 4, COMPUTE, 1) == 40 + 4 + 100
    assert estimates.inference(40, 4, COMPUTE, 32) == 40 + 4 + 3200


def test_training_adds_up() -> None:
    """Parameters, gradients, one or two states for each parameter, buffers, and what autograd keeps of each image."""
    assert estimates.training(40, 4, COMPUTE, 2, optimizer="SGD with momentum", mixed=False) == 3 * 40 + 4 + 120
    assert estimates.training(40, 4, COMPUTE, 2, optimizer="AdamW", mixed=False) == 4 * 40 + 4 + 120
    assert estimates.training(40, 4, COMPUTE, 2, optimizer="AdamW", mixed=True) == 4 * 40 + 4 + 60 + 20


def test_bf16_takes_half() -> None:
    """Each number takes 2 bytes in place of 4."""
    assert estimates.inference_bf16(40, 4, COMPUTE, 1) == (40 + 4 + 100) // 2


def test_all_estimates_come_in_one_order() -> None:
    """By kind, then optimiser, then batch; each is that of its own formula."""
    assert tuple(found[:4] for found in estimates.estimates(NET)) == (
        ("inference in fp32", None, 1, 144),
        ("inference in fp32", None, 32, 44 + 3200),
        ("training in fp32", "SGD with momentum", 1, 124 + 60),
        ("training in fp32", "SGD with momentum", 32, 124 + 32 * 60),
        ("training in fp32", "AdamW", 1, 164 + 60),
        ("training in fp32", "AdamW", 32, 164 + 32 * 60),
        ("training in bf16, mixed precision", "SGD with momentum", 1, 124 + 30 + 20),
        ("training in bf16, mixed precision", "SGD with momentum", 32, 124 + 32 * 30 + 20),
        ("training in bf16, mixed precision", "AdamW", 1, 164 + 30 + 20),
        ("training in bf16, mixed precision", "AdamW", 32, 164 + 32 * 30 + 20),
    )


def test_without_a_forward_pass_no_estimate_is_known() -> None:
    """A model that did not run has the same estimates as any other, none of them with a figure."""
    found = estimates.estimates(TINY_TWIN)
    assert [estimate[:3] for estimate in found] == [estimate[:3] for estimate in estimates.estimates(NET)]
    assert {estimate.bytes for estimate in found} == {None}
    assert {estimate.reason for estimate in found} == {None}
    assert estimates.estimate(TINY_TWIN, estimates.INFERENCE, None, 1) is None


def test_what_raises_on_one_image_has_no_estimate_for_it() -> None:
    """Training at batch 1 is unknown, with the error for its reason; all other runs are estimated as ever."""
    raising = replace(COMPUTE, training_error="ValueError: Expected more than 1 value per channel")
    net = replace(NET, inspection=replace(NET.inspection, compute=raising))
    for found, usual in zip(estimates.estimates(net), estimates.estimates(NET), strict=True):
        if found.optimizer and found.batch == 1:
            assert found == usual._replace(bytes=None, reason=raising.training_error)
            assert estimates.estimate(net, *found[:3]) is None
        else:
            assert found == usual
            assert found.reason is None


def test_one_estimate_is_one_of_all() -> None:
    """A single run is estimated as it is among all runs, whatever its batch."""
    for kind, optimizer, batch, expected, _ in estimates.estimates(NET):
        assert estimates.estimate(NET, kind, optimizer, batch) == expected
    assert estimates.estimate(NET, estimates.TRAINING, "AdamW", 2) == 164 + 2 * 60


def test_bands_are_those_of_the_last_run() -> None:
    """Every kind whose runs lie between 0.7 and 1.4 is estimated and has the band of the guide's table, no other is."""
    table = (ROOT / "docs" / "guide" / "memory-validation.md").read_text().split("\n\n")[1]
    found = {}
    for line in table.splitlines()[2:]:
        label, _, least, _, greatest = (cell.strip() for cell in line.strip("|").split("|"))
        kind = next(kind for kind in KINDS if label in (kind, f"{kind}, {KINDS[kind]}"))
        found[kind] = estimates.Band(float(least), float(greatest))
    assert list(found) == list(KINDS)
    assert {kind: band for kind, band in found.items() if band.least >= 0.7 and band.greatest <= 1.4} == estimates.BANDS
    assert list(dict.fromkeys(estimate.kind for estimate in estimates.estimates(NET))) == list(estimates.BANDS)
