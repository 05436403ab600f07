"""Estimates of the memory for running and training a model, in bytes, from its measured figures.

They do not include the workspaces of operators, memory that the allocator keeps or cannot use, and torch itself.
"""

from __future__ import annotations

from typing import NamedTuple

from generator.facts.inspections import Compute
from generator.facts.records import ModelRecord

# The number of states that an optimiser keeps for each parameter, by the optimiser's name.
OPTIMIZER_STATES = {"SGD with momentum": 1, "AdamW": 2}
# The batch sizes that pages show.
BATCHES = (1, 32)

INFERENCE = "inference in fp32"
INFERENCE_BF16 = "inference in bf16"
TRAINING = "training in fp32"
TRAINING_MIXED = "training in bf16, mixed precision"


class Band(NamedTuple):
    """The least and the greatest ratio of measured to estimated memory, over all runs of a kind."""

    least: float
    greatest: float


# From the last run of ./scripts/validate-memory; see docs/guide/memory-validation.md. Inference in bf16 has no band: at
# batch 1, the workspaces of convolutions on the CPU are larger than all activations.
BANDS: dict[str, Band] = {
    INFERENCE: Band(1.00, 1.28),
    TRAINING: Band(0.79, 1.11),
    TRAINING_MIXED: Band(0.82, 1.18),
}


class Estimate(NamedTuple):
    """One estimate. ``optimizer`` is a name of `OPTIMIZER_STATES`, ``None`` for inference.

    ``bytes`` is ``None`` if the forward pass, which the estimate needs, was not measured, or if such a run raises an
    error. Then ``reason`` is that error, in one line.
    """

    kind: str
    optimizer: str | None
    batch: int
    bytes: int | None
    reason: str | None = None


def estimates(record: ModelRecord) -> tuple[Estimate, ...]:
    """All estimates of a model, in the order of pages: by kind, optimiser, batch. Every model has the same number."""
    asked: list[tuple[str, str | None, int]] = [(INFERENCE, None, batch) for batch in BATCHES]
    asked += [
        (kind, optimizer, batch)
        for kind in (TRAINING, TRAINING_MIXED)
        for optimizer in OPTIMIZER_STATES
        for batch in BATCHES
    ]
    return tuple(Estimate(*run, estimate(record, *run), _error(record, *run[1:])) for run in asked)


def estimate(record: ModelRecord, kind: str, optimizer: str | None, batch: int) -> int | None:
    """Estimate one run at the input size of the model's forward pass.

    Returns:
        Bytes; ``None`` if the forward pass was not measured, or if such a run raises an error.
    """
    compute, inspection = record.inspection.compute, record.inspection
    if compute is None or _error(record, optimizer, batch):
        return None
    if optimizer is None:
        return inference(record.parameter_bytes, inspection.buffer_bytes, compute, batch)
    mixed = kind == TRAINING_MIXED
    return training(record.parameter_bytes, inspection.buffer_bytes, compute, batch, optimizer=optimizer, mixed=mixed)


def _error(record: ModelRecord, optimizer: str | None, batch: int) -> str | None:
    """The error that a run raises: some models do not train on a single image."""
    compute = record.inspection.compute
    return compute.training_error if compute and optimizer and batch == 1 else None


def inference(parameter_bytes: int, buffer_bytes: int, compute: Compute, batch: int) -> int:
    """Estimate one forward pass without gradients: parameters, buffers, and peak activation memory for each image."""
    return parameter_bytes + buffer_bytes + batch * compute.peak_activation_bytes


def inference_bf16(parameter_bytes: int, buffer_bytes: int, compute: Compute, batch: int) -> int:
    """Estimate `inference` after ``model.bfloat16()``: half, since each number takes 2 bytes instead of 4.

    Integer buffers do not shrink, but are halved too: they are small beside the parameters.
    """
    return inference(parameter_bytes, buffer_bytes, compute, batch) // 2


def training(
    parameter_bytes: int, buffer_bytes: int, compute: Compute, batch: int, *, optimizer: str, mixed: bool
) -> int:
    """Estimate one step of training, in which gradients are allocated anew.

    The estimate is the sum of parameters, buffers, the optimiser's states, gradients, and the tensors that autograd
    keeps for each image. Autograd frees kept tensors while it allocates gradients, so this sum is too high. The parts
    that estimates do not include make up for about as much, unless the batch is 1. ``mixed`` means autocast to bf16:
    parameters, gradients and states stay in fp32.
    """
    kept = compute.saved_activation_bytes_mixed if mixed else compute.saved_activation_bytes
    cast = compute.cast_parameter_bytes if mixed else 0
    gradients = parameter_bytes
    return parameter_bytes * (1 + OPTIMIZER_STATES[optimizer]) + gradients + buffer_bytes + batch * kept + cast
