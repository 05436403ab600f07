"""Measure what a model costs to run: one pass of inference and one step of training, for every batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import nn

from generator.facts.batches import Line, greatest
from generator.facts.inspections import Compute, Memory, Passes
from generator.facts.shapes import Shape, in_blocks
from generator.measuring import forward, training
from generator.measuring.activation_memory import ActivationMemory
from generator.measuring.forward import BATCH, Tally
from generator.measuring.reasons import in_one_line


class _Inference(NamedTuple):
    """A pass of inference at the batches that it ran at: ``single`` at batch 1, ``several`` at any other."""

    tally: Tally
    single: ActivationMemory
    several: ActivationMemory | None


class _Step(NamedTuple):
    """A step of training: its activation memory, and what lives after it, as it ran and in fp32."""

    memory: ActivationMemory
    left: Line
    left_full: Line


def compute_of(model: nn.Module, input_size: Shape, paths: Iterable[str] = ("",)) -> tuple[Compute, dict[str, int]]:
    """Measure the cost of a model at an input size.

    Returns:
        The cost, and the own MACs of the modules at ``paths`` (with "" for the root).

    Raises:
        Exception: the model cannot run at this size; the exception is the model's own.
    """
    paths = list(paths)
    resident, resident_low, bf16_error = _resident(model), 0, None
    try:
        with _in_bf16(model):
            found = _infer(model, input_size, paths, torch.bfloat16)
            resident_low = _resident(model)
    except Exception as error:  # the model's own
        bf16_error = in_one_line(error)
        found = _infer(model, input_size, paths, torch.float32)
    several = found.several
    memory = Memory(resident, found.single.peaks_full.all, several.peaks_full.all if several else ())
    low = Memory(resident_low, found.single.peaks.all, several.peaks.all if several else ())
    # Tried only where it can fail: a pass takes time, and few models normalise single values.
    is_risky = found.tally.normalises_single_values
    training_error = training.error(model, _images(1, input_size)) if is_risky else None
    steps: tuple[_Step | None, _Step] | None = None
    try:
        steps = _train(model, input_size, alone=training_error is None)
    except Exception as error:  # the model's own
        training_error = in_one_line(error)
    saved = steps[1].memory if steps else None
    compute = Compute(
        input_size=tuple(input_size),
        macs=found.tally.macs,
        activations=found.tally.activations,
        unlisted_operators=tuple(sorted(found.tally.unlisted)),
        peak_activation_bytes=greatest(found.single.peaks_full.tensors, 1),
        saved_activation_bytes=saved.saved_full.at(1) if saved else None,
        saved_activation_bytes_mixed=saved.saved.at(1) if saved else None,
        cast_parameter_bytes=saved.cast if saved else None,
        training_error=training_error,
        passes=Passes(
            inference=memory,
            inference_bf16=None if bf16_error else low,
            training=_memory(resident, *steps, in_full=True) if steps else None,
            training_mixed=_memory(resident, *steps, in_full=False) if steps else None,
            bf16_error=bf16_error,
        ),
        terms=found.tally.otherwise.terms,
    )
    return compute, found.tally.own


def single(model: nn.Module, input_size: Shape) -> tuple[Tally, int]:
    """Run inference on a single image, in fp32.

    Returns:
        The cost, and the peak activation memory in bytes.

    Raises:
        Exception: the model cannot run at this size; the exception is the model's own.
    """
    memory, tally = _forward(model, _images(1, input_size), [""])
    return tally, greatest(memory.peaks_full.tensors, 1)


def _infer(model: nn.Module, size: Shape, paths: list[str], dtype: torch.dtype) -> _Inference:
    """Run inference at every batch; at batch 1 alone if the model takes only that."""
    try:
        several, tally = _forward(model, _images(BATCH, size, dtype), paths)
    except Exception:
        single, tally = _forward(model, _images(1, size, dtype), paths)
        return _Inference(tally, single, None)
    if several.is_alike:
        return _Inference(tally, several, several)
    return _Inference(tally, _forward(model, _images(1, size, dtype), [""])[0], several)


def _forward(model: nn.Module, images: torch.Tensor, paths: list[str]) -> tuple[ActivationMemory, Tally]:
    memory = ActivationMemory(_standing(model), images.shape[0])
    memory.begin(images)
    tally = forward.run(model, paths, images, watcher=memory)
    memory.end()
    return memory, tally


def _train(model: nn.Module, size: Shape, *, alone: bool) -> tuple[_Step | None, _Step]:
    """Run a step at batch 1 and at any other; the first is ``None`` without ``alone``."""
    several = _step(model, _images(BATCH, size))
    if not alone:
        return None, several
    return several if several.memory.is_alike else _step(model, _images(1, size)), several


def _step(model: nn.Module, images: torch.Tensor) -> _Step:
    memory = ActivationMemory(_standing(model), images.shape[0])
    return _Step(memory, *training.step(model, images, memory))


def _memory(resident: int, single: _Step | None, several: _Step, *, in_full: bool) -> Memory:
    def lines(step: _Step) -> tuple[Line, ...]:
        return (step.memory.peaks_full if in_full else step.memory.peaks).all

    def left(step: _Step) -> Line:
        return step.left_full if in_full else step.left

    return Memory(
        resident,
        lines(single) if single else (),
        lines(several),
        left(single) if single else None,
        left(several),
    )


def _images(batch: int, size: Shape, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.empty(batch, *size, device="meta", dtype=dtype)


@contextmanager
def _in_bf16(model: nn.Module) -> Iterator[None]:
    """Have the parameters and buffers of a model in bf16, and give it back as it was."""
    parameters = [(parameter, parameter.data) for parameter in model.parameters()]
    buffers = [(module._buffers, dict(module._buffers)) for module in model.modules() if module._buffers]
    try:
        model.bfloat16()
        yield
    finally:
        for parameter, data in parameters:
            parameter.data = data
        for held, before in buffers:
            held.clear()
            held.update(before)


def _resident(model: nn.Module) -> int:
    """The bytes of all parameters and buffers, each storage in whole blocks."""
    storages = {id(tensor.untyped_storage()): tensor.untyped_storage() for tensor in _standing(model)}
    return sum(in_blocks(storage.nbytes()) for storage in storages.values())


def _standing(model: nn.Module) -> Iterator[torch.Tensor]:
    yield from model.parameters()
    yield from model.buffers()
