"""Estimates of memory, added up by hand."""

from __future__ import annotations

from generator import memory
from generator.records import Compute

# 40 bytes of parameters and 4 of buffers; an image has 100 bytes at its peak and leaves 60, or 30 beside 20 of copies.
COMPUTE = Compute((3, 8, 8), 1, 1, (), 100, 60, 30, 20)


def test_inference_grows_with_the_batch() -> None:
    """Parameters and buffers are there once, activations for each image."""
    assert memory.inference(40, 4, COMPUTE, 1) == 40 + 4 + 100
    assert memory.inference(40, 4, COMPUTE, 32) == 40 + 4 + 3200


def test_training_adds_states_and_what_is_kept() -> None:
    """The optimiser's states are there throughout, one or two for each parameter, beside what autograd keeps."""
    assert memory.training(40, 4, COMPUTE, 2, optimizer="SGD with momentum", mixed=False) == 80 + 4 + 120
    assert memory.training(40, 4, COMPUTE, 2, optimizer="AdamW", mixed=False) == 120 + 4 + 120
    assert memory.training(40, 4, COMPUTE, 2, optimizer="AdamW", mixed=True) == 120 + 4 + 60 + 20


def test_gradients_count_where_they_are_more() -> None:
    """Gradients come while what autograd keeps goes, so that the larger counts."""
    few = Compute((3, 8, 8), 1, 1, (), 10, 6, 3, 2)
    assert memory.training(40, 4, few, 1, optimizer="AdamW", mixed=False) == 120 + 4 + 40
