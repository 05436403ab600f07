"""Measure the activation memory of a pass at every batch: the bytes of the tensors that live at each moment.

The pass runs on the meta device, where storages have the sizes and lifetimes of real ones but take no memory, at the
batch `forward.BATCH`. A storage whose size is a multiple of this prime grows with the batch, any other is constant. So
each moment is a line over the batch, and the peak at any batch is the greatest of these lines.

A pass in bf16 tells that in fp32 as well. In fp32 the same operators run, but no conversions between the two: a
converted tensor would be the tensor that it was made from, which lives until both are gone.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import torch

from generator.facts.batches import Line, envelope
from generator.facts.shapes import Shape
from generator.measuring import workspaces
from generator.measuring.forward import Kind

_HALF = (torch.bfloat16, torch.float16)
_FLOATS = frozenset({*_HALF, torch.float32})


class _Whole:
    """A tensor of the pass in fp32, which one or more storages of the pass that runs stand for: its bytes."""

    __slots__ = ("constant", "growing", "holders", "is_saved")

    def __init__(self, constant: int, growing: int) -> None:
        self.constant = constant
        self.growing = growing
        self.holders = 1
        self.is_saved = False


class _Storage(weakref.ref[torch.UntypedStorage]):
    """A weak reference to a storage, with its bytes.

    ``whole`` is what it stands for in fp32; ``None`` if that is a parameter or a buffer.
    """

    __slots__ = ("constant", "growing", "identity", "is_saved", "whole")
    constant: int
    growing: int
    identity: int
    is_saved: bool
    whole: _Whole | None


class Peaks:
    """The lines that can be the peak of a pass, in bytes.

    ``tensors`` are those of tensors alone, ``all`` with the workspaces of convolutions on a GPU.
    """

    def __init__(self) -> None:
        # The greatest constant bytes for each number of growing bytes, over the moments so far.
        self._tensors: dict[int, int] = {}
        self._workspaces: dict[int, int] = {}

    def add(self, constant: int, growing: int) -> None:
        """Take note of a moment."""
        if self._tensors.get(growing, -1) < constant:
            self._tensors[growing] = constant

    def add_workspace(self, constant: int, growing: int) -> None:
        """Take note of a moment with the workspace of the operator that has run."""
        if self._workspaces.get(growing, -1) < constant:
            self._workspaces[growing] = constant

    @property
    def tensors(self) -> tuple[Line, ...]:
        return envelope(_lines(self._tensors))

    @property
    def all(self) -> tuple[Line, ...]:
        return envelope((*_lines(self._tensors), *_lines(self._workspaces)))


class ActivationMemory:
    """The watcher of one pass. All figures are in bytes, without parameters and buffers.

    ``peaks`` are those of the pass as it runs, ``peaks_full`` those of the same pass in fp32. `keep` counts what
    autograd keeps for the backward pass: ``saved`` and ``saved_full``, and ``cast``, the copies of parameters in bf16.
    ``is_alike``: whether the pass makes the same copies at batch 1. If not, its figures hold from batch 2 on.
    """

    def __init__(self, standing: Iterable[torch.Tensor], batch: int) -> None:
        """Watch a pass at this batch of a model with these parameters and buffers, which are not counted."""
        self.peaks = Peaks()
        self.peaks_full = Peaks()
        self.saved = Line(0, 0)
        self.saved_full = Line(0, 0)
        self.cast = 0
        self.is_alike = True
        self._batch = batch
        self._constant = self._growing = 0
        self._constant_full = self._growing_full = 0
        self._alive: dict[int, _Storage] = {}
        # Keeps the storages alive, because Python may give the id of a deleted object to a new one.
        self._kept = [tensor.untyped_storage() for tensor in standing]
        self._standing = {id(storage) for storage in self._kept}
        # The last copy: what it was made from (size, stride), and the identity of its storage.
        self._copy: tuple[Shape, tuple[int, ...], int] | None = None

    @property
    def living(self) -> Line:
        """The bytes that live now."""
        return Line(self._constant, self._growing)

    @property
    def living_full(self) -> Line:
        """The bytes that would live now in fp32."""
        return Line(self._constant_full, self._growing_full)

    def begin(self, tensor: torch.Tensor) -> None:
        """Count the input of the pass, which exists before the first operator runs."""
        self._register(tensor)

    def end(self) -> None:
        """Judge the last copy."""
        self._judge_copy(None)

    def __call__(
        self, kind: Kind, inputs: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor], arguments: Sequence[Any]
    ) -> None:
        if self._copy is not None:
            self._judge_copy(None)
        if not kind.is_mutable:
            if kind.name == "_to_copy" and inputs and inputs[0].dtype in _FLOATS and outputs[0].dtype in _FLOATS:
                self._convert(inputs[0], outputs[0])
            else:
                for tensor in outputs:
                    self._register(tensor)
                if kind.name == "clone" and self._batch > 1:
                    source = inputs[0]
                    self._copy = source.shape, source.stride(), id(outputs[0].untyped_storage())
            self.peaks.add(self._constant, self._growing)
            self.peaks_full.add(self._constant_full, self._growing_full)
        if kind.name in workspaces.OPERATORS:
            extra = workspaces.of(kind.name, arguments, outputs, self._batch, inputs[0].dtype)
            if extra is not None:
                self.peaks.add_workspace(self._constant + extra.constant, self._growing + extra.growing)
            extra = workspaces.of(kind.name, arguments, outputs, self._batch, torch.float32)
            if extra is not None:
                self.peaks_full.add_workspace(self._constant_full + extra.constant, self._growing_full + extra.growing)

    def reshaped(self, source: torch.Tensor, shape: Sequence[int]) -> None:
        """Judge the copy that a reshape has made, now that the shape is known."""
        if self._copy is not None and self._copy[2] == id(source.untyped_storage()):
            self._judge_copy(tuple(shape))

    def keep(self, tensor: torch.Tensor) -> torch.Tensor:
        """Count a tensor that autograd keeps: to be called as the packing hook of saved tensors."""
        identity = id(tensor.untyped_storage())
        if identity in self._standing:
            return tensor
        self._register(tensor)
        storage = self._alive.get(identity)
        if storage is None or storage.is_saved:
            return tensor
        storage.is_saved = True
        if storage.whole is None:
            self.cast += storage.constant
            return tensor
        self.saved = Line(self.saved.constant + storage.constant, self.saved.growing + storage.growing)
        if not storage.whole.is_saved:
            storage.whole.is_saved = True
            full = storage.whole
            self.saved_full = Line(self.saved_full.constant + full.constant, self.saved_full.growing + full.growing)
        return tensor

    def _register(self, tensor: torch.Tensor) -> None:
        storage = self._new(tensor)
        if storage is not None:
            # A number takes twice as many bytes in fp32.
            factor = 2 if tensor.dtype in _HALF else 1
            constant, growing = storage.constant * factor, storage.growing * factor
            storage.whole = _Whole(constant, growing)
            self._constant_full += constant
            self._growing_full += growing

    def _convert(self, source: torch.Tensor, result: torch.Tensor) -> None:
        """Register the result of a conversion between dtypes. In fp32 it is its source."""
        identity = id(source.untyped_storage())
        known = self._alive.get(identity)
        if known is None and identity not in self._standing:
            self._register(result)
            return
        storage = self._new(result)
        if storage is not None:
            storage.whole = None if known is None else known.whole
            if storage.whole is not None:
                storage.whole.holders += 1

    def _new(self, tensor: torch.Tensor) -> _Storage | None:
        """Count the storage of a tensor for the pass as it runs; ``None`` if it is counted already, or never."""
        reference = tensor.untyped_storage()
        identity = id(reference)
        if identity in self._alive or identity in self._standing or not tensor.is_meta:
            return None
        storage = _Storage(reference, self._forget)
        storage.identity = identity
        storage.is_saved = False
        storage.constant, storage.growing = _split(reference.nbytes(), self._batch)
        self._alive[identity] = storage
        self._constant += storage.constant
        self._growing += storage.growing
        return storage

    def _forget(self, storage: _Storage) -> None:
        if self._alive.pop(storage.identity, None) is None:
            return
        self._constant -= storage.constant
        self._growing -= storage.growing
        whole = storage.whole
        if whole is not None:
            whole.holders -= 1
            if not whole.holders:
                self._constant_full -= whole.constant
                self._growing_full -= whole.growing

    def _judge_copy(self, shape: Shape | None) -> None:
        """Find out whether the last copy is made at batch 1 too: for a reshape, or to be contiguous."""
        if self._copy is not None:
            size, stride, _ = self._copy
            self._copy = None
            self.is_alike &= _is_needed_for_one(tuple(size), stride, shape, self._batch)


def _lines(moments: dict[int, int]) -> Iterable[Line]:
    return (Line(constant, growing) for growing, constant in moments.items())


def _split(size: int, batch: int) -> tuple[int, int]:
    """The constant bytes of a storage, and those for each image."""
    if batch == 1 or size % batch == 0:
        growing = size // batch
        # What grows with the square of the batch is left out: few models have such a matrix, and it is small.
        return 0, 0 if batch > 1 and size and growing % batch == 0 else growing
    return size, 0


@lru_cache(maxsize=10_000)
def _is_needed_for_one(size: Shape, stride: tuple[int, ...], shape: Shape | None, batch: int) -> bool:
    """Whether a tensor of this layout has to be copied at batch 1, to have a shape or to be contiguous."""
    with torch._C._DisableTorchDispatch():
        alone = torch.empty_strided(_alone(size, batch), _alone(stride, batch), device="meta")
        if shape is None:
            return not alone.is_contiguous()
        try:
            alone.view(_alone(shape, batch))
        except RuntimeError:
            return True
        return False


def _alone(numbers: Sequence[int], batch: int) -> Shape:
    return tuple(number // batch if number and number % batch == 0 else number for number in numbers)
