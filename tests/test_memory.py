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


def test_training_adds_up() -> None:
    """Parameters, gradients, one or two states for each parameter, buffers, and what autograd keeps of each image."""
    assert memory.training(40, 4, COMPUTE, 2, optimizer="SGD with momentum", mixed=False) == 3 * 40 + 4 + 120
    assert memory.training(40, 4, COMPUTE, 2, optimizer="AdamW", mixed=False) == 4 * 40 + 4 + 120
    assert memory.training(40, 4, COMPUTE, 2, optimizer="AdamW", mixed=True) == 4 * 40 + 4 + 60 + 20
