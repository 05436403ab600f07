"""Estimates of the memory that running and training a model takes, in bytes, from what was measured on it.

Not in them: what operators take while they run, what the allocator keeps or cannot use, the framework itself.
"""

from __future__ import annotations

from typing import NamedTuple

from generator.records import Compute

# Tensors of the size of all parameters that an optimiser keeps, by its name.
OPTIMIZER_STATES = {"SGD with momentum": 1, "AdamW": 2}
# The batches of which pages tell.
BATCHES = (1, 32)

INFERENCE = "inference in fp32"
INFERENCE_BF16 = "inference in bf16"
TRAINING = "training in fp32"
TRAINING_MIXED = "training in bf16, mixed precision"


class Band(NamedTuple):
    """How far estimates were off: the least and the greatest of measured / estimate."""

    least: float
    greatest: float


# By the kinds of which real runs have shown the error. An estimate of any other kind is not for showing.
BANDS: dict[str, Band] = {}


class Estimate(NamedTuple):
    """One estimate. ``optimizer`` is a name of `OPTIMIZER_STATES`, ``None`` for inference."""

    kind: str
    optimizer: str | None
    batch: int
    bytes: int


def estimates(parameter_bytes: int, buffer_bytes: int, compute: Compute) -> tuple[Estimate, ...]:
    """All estimates of a model in the order of pages: by kind, then optimiser, then batch."""
    found = [
        Estimate(kind, None, batch, estimate(parameter_bytes, buffer_bytes, compute, batch))
        for kind, estimate in ((INFERENCE, inference), (INFERENCE_BF16, inference_bf16))
        for batch in BATCHES
    ]
    found += [
        Estimate(
            kind,
            optimizer,
            batch,
            training(parameter_bytes, buffer_bytes, compute, batch, optimizer=optimizer, mixed=kind == TRAINING_MIXED),
        )
        for kind in (TRAINING, TRAINING_MIXED)
        for optimizer in OPTIMIZER_STATES
        for batch in BATCHES
    ]
    return tuple(found)


def inference(parameter_bytes: int, buffer_bytes: int, compute: Compute, batch: int) -> int:
    """One forward pass without gradients: parameters, buffers, and the peak of activations for each image."""
    return parameter_bytes + buffer_bytes + batch * compute.peak_activation_bytes


def inference_bf16(parameter_bytes: int, buffer_bytes: int, compute: Compute, batch: int) -> int:
    """`inference` after ``model.bfloat16()``: half, since each number takes 2 bytes in place of 4.

    Integer buffers stay as they are and are counted by half nevertheless: next to parameters they are small.
    """
    return inference(parameter_bytes, buffer_bytes, compute, batch) // 2


def training(
    parameter_bytes: int, buffer_bytes: int, compute: Compute, batch: int, *, optimizer: str, mixed: bool
) -> int:
    """One step of training, gradients made anew in each.

    Parameters, buffers, the optimiser's states, gradients, and what autograd keeps of each image. The last goes while
    gradients come, so that both together are more than what is there at once; what is not counted is about as much,
    unless the batch is 1. ``mixed`` is autocast to bf16: parameters, gradients and states stay in fp32.
    """
    kept = compute.saved_activation_bytes_mixed if mixed else compute.saved_activation_bytes
    cast = compute.cast_parameter_bytes if mixed else 0
    gradients = parameter_bytes
    return parameter_bytes * (1 + OPTIMIZER_STATES[optimizer]) + gradients + buffer_bytes + batch * kept + cast
