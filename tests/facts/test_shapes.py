"""Shapes of tensors, and the bytes of their elements."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.facts.shapes import ELEMENT_BYTES, Shape, count, form, form_of_rank, squeeze


@pytest.mark.parametrize(
    ("shape", "squeezed"),
    [((), ()), ((1,), ()), ((1, 1, 1), ()), ((32,), (32,)), ((24, 32, 1, 1), (24, 32)), ((1, 197, 768), (197, 768))],
)
def test_squeezing_removes_every_dimension_of_size_1(shape: Shape, squeezed: Shape) -> None:
    """A squeezed shape is the shape without its ones."""
    assert squeeze(shape) == squeezed


@given(st.lists(st.integers(0, 50), max_size=6).map(tuple))
def test_squeezing_keeps_the_count(shape: Shape) -> None:
    """A shape and its squeezed shape have equally many elements, none of the sizes being 1."""
    assert count(shape) == count(squeeze(shape)) == math.prod(shape)
    assert 1 not in squeeze(shape)


def test_the_empty_shape_has_one_element() -> None:
    """A tensor of rank 0 is one number, a tensor with a size of 0 is none."""
    assert (count(()), count((1, 1)), count((3, 0))) == (1, 1, 0)


def test_the_bytes_of_a_dtype_are_those_of_torch() -> None:
    """Every dtype in the table exists in torch and has that many bytes there."""
    import torch

    assert {name: getattr(torch, name).itemsize for name in ELEMENT_BYTES} == ELEMENT_BYTES


@pytest.mark.parametrize(
    ("rank", "name"), [(0, "Scalar"), (1, "Vector"), (2, "Matrix"), (3, "Tensor rank 3"), (4, "Tensor rank 4")]
)
def test_a_form_follows_from_the_rank(rank: int, name: str) -> None:
    """The form is named by the rank of the squeezed shape."""
    assert form_of_rank(rank) == name
    assert form((2,) * rank) == form((1, *(3,) * rank, 1)) == name
