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


def test_bf16_takes_half() -> None:
    """Each number takes 2 bytes in place of 4."""
    assert memory.inference_bf16(40, 4, COMPUTE, 1) == (40 + 4 + 100) // 2


def test_all_estimates_come_in_one_order() -> None:
    """By kind, then optimiser, then batch; each is that of its own formula."""
    assert memory.estimates(40, 4, COMPUTE) == (
        ("inference in fp32", None, 1, 144),
        ("inference in fp32", None, 32, 44 + 3200),
        ("inference in bf16", None, 1, 72),
        ("inference in bf16", None, 32, 22 + 1600),
        ("training in fp32", "SGD with momentum", 1, 124 + 60),
        ("training in fp32", "SGD with momentum", 32, 124 + 32 * 60),
        ("training in fp32", "AdamW", 1, 164 + 60),
        ("training in fp32", "AdamW", 32, 164 + 32 * 60),
        ("training in bf16, mixed precision", "SGD with momentum", 1, 124 + 30 + 20),
        ("training in bf16, mixed precision", "SGD with momentum", 32, 124 + 32 * 30 + 20),
        ("training in bf16, mixed precision", "AdamW", 1, 164 + 30 + 20),
        ("training in bf16, mixed precision", "AdamW", 32, 164 + 32 * 30 + 20),
    )
