"""Run one step of training on the meta device, and find out whether a model can train on a single image."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from generator.facts.batches import Line
from generator.measuring import forward
from generator.measuring.activation_memory import ActivationMemory
from generator.measuring.autocast import autocast
from generator.measuring.modes import in_mode
from generator.measuring.reasons import in_one_line


def step(model: nn.Module, images: torch.Tensor, memory: ActivationMemory) -> tuple[Line, Line]:
    """Run one step of training in mixed precision, to its gradients, and watch it.

    The loss is the mean of the squares of all results, in fp32. Gradients are allocated anew.

    Returns:
        What lives after it, while the optimiser works: as it ran, and in fp32.
    """
    memory.begin(images)
    keeping = torch.autograd.graph.saved_tensors_hooks(memory.keep, _as_it_is)
    try:
        with in_mode(model, training=True), torch.enable_grad(), forward.watching(images.shape[0], memory):
            with autocast():
                with keeping:
                    results = model(images)
                loss = torch.stack([part.float().square().mean() for part in _tensors(results)]).sum()
            del results
            loss.backward()  # type: ignore[no-untyped-call]
            del loss
            memory.end()
            return memory.living, memory.living_full
    finally:
        for parameter in model.parameters():
            parameter.grad = None


def error(model: nn.Module, images: torch.Tensor) -> str | None:
    """The error that a forward pass in training mode raises for these images, in one line; ``None`` if it raises none.

    A batch normalisation in training mode raises if it is given one value for each channel, such as a map of 1 x 1
    elements of a single image. The model and the images are on the meta device.
    """
    try:
        with in_mode(model, training=True), torch.no_grad():
            model(images)
    except Exception as raised:  # the model's own
        return in_one_line(raised)
    return None


def _as_it_is(tensor: torch.Tensor) -> torch.Tensor:
    return tensor


def _tensors(results: Any) -> list[torch.Tensor]:
    """The tensors in a model's results, which may be in lists and dictionaries."""
    if isinstance(results, torch.Tensor):
        return [results]
    parts = results.values() if isinstance(results, dict) else results
    return [tensor for part in parts for tensor in _tensors(part)]
