"""Estimates of the memory that running and training a model takes, in bytes, from what was measured on it.

Not in them: what operators take while they run, what the allocator keeps or cannot use, the framework itself.
"""

from __future__ import annotations

from generator.records import Compute

# Tensors of the size of all parameters that an optimiser keeps, by its name.
OPTIMIZER_STATES = {"SGD with momentum": 1, "AdamW": 2}


def inference(parameter_bytes: int, buffer_bytes: int, compute: Compute, batch: int) -> int:
    """One forward pass without gradients: parameters, buffers, and the peak of activations for each image."""
    return parameter_bytes + buffer_bytes + batch * compute.peak_activation_bytes


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
