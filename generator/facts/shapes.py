"""Shapes of tensors: number of elements, squeezed shape, form; and the bytes of an element of each dtype."""

from __future__ import annotations

import math
from functools import cache

Shape = tuple[int, ...]

# Bytes of one element, by the name of the torch dtype without "torch.". Listed here to do without importing torch.
ELEMENT_BYTES = {
    "float64": 8,
    "complex64": 8,
    "int64": 8,
    "uint64": 8,
    "float32": 4,
    "int32": 4,
    "uint32": 4,
    "float16": 2,
    "bfloat16": 2,
    "int16": 2,
    "uint16": 2,
    "float8_e4m3fn": 1,
    "float8_e5m2": 1,
    "int8": 1,
    "uint8": 1,
    "bool": 1,
    "complex128": 16,
}

# CUDA's allocator in torch gives memory in blocks of so many bytes.
_BLOCK = 512

SCALAR, VECTOR, MATRIX = "Scalar", "Vector", "Matrix"


@cache
def squeeze(shape: Shape) -> Shape:
    """The shape with every dimension of size 1 removed."""
    return tuple(size for size in shape if size != 1)


@cache
def count(shape: Shape) -> int:
    """Number of elements of a tensor of this shape; 1 for the empty shape."""
    return math.prod(shape)


def in_blocks(size: int) -> int:
    """The bytes that a GPU's allocator takes for a tensor of ``size`` bytes."""
    return -(-size // _BLOCK) * _BLOCK


@cache
def form(shape: Shape) -> str:
    """The form of a tensor of this shape, by the rank of its squeezed shape."""
    return form_of_rank(len(squeeze(shape)))


def form_of_rank(rank: int) -> str:
    """The form of tensors whose squeezed shape has this rank: Scalar, Vector, Matrix or Tensor rank N."""
    return (SCALAR, VECTOR, MATRIX)[rank] if rank < 3 else f"Tensor rank {rank}"
