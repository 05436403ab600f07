"""The plain facts: sizes, totals and signatures."""

from __future__ import annotations

import hashlib
import math
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.records import ELEMENT_BYTES, count, squeeze
from tests.examples import (
    BARE_WEIGHTS,
    FULL_WEIGHTS,
    PLAIN_WEIGHTS,
    TINY_CONV,
    TINY_EMPTY,
    TINY_MIXED,
    TINY_TWIN,
    TINY_VIT,
    record,
    tensor,
)


@pytest.mark.parametrize(
    ("shape", "squeezed"),
    [((), ()), ((1,), ()), ((1, 1, 1), ()), ((32,), (32,)), ((24, 32, 1, 1), (24, 32)), ((1, 197, 768), (197, 768))],
)
def test_squeezing_removes_every_dimension_of_size_1(shape: tuple[int, ...], squeezed: tuple[int, ...]) -> None:
    """A squeezed shape is the shape without its ones."""
    assert squeeze(shape) == squeezed


@given(st.lists(st.integers(0, 50), max_size=6).map(tuple))
def test_squeezing_keeps_the_count(shape: tuple[int, ...]) -> None:
    """A shape and its squeezed shape have equally many elements, none of the sizes being 1."""
    assert count(shape) == count(squeeze(shape)) == math.prod(shape)
    assert 1 not in squeeze(shape)


def test_the_empty_shape_has_one_element() -> None:
    """A tensor of rank 0 is one number, a tensor with a size of 0 is none."""
    assert (count(()), count((1, 1)), count((3, 0))) == (1, 1, 0)


def test_a_tensor_knows_its_bytes() -> None:
    """The bytes of a tensor are its elements times those of its dtype."""
    assert tensor("weight", 8, 3, 3, 3).bytes == 8 * 3 * 3 * 3 * 4
    assert tensor("weight", 8, 3, 3, 3, dtype="bfloat16").bytes == 8 * 3 * 3 * 3 * 2


def test_the_bytes_of_a_dtype_are_those_of_torch() -> None:
    """Every dtype in the table exists in torch and has that many bytes there."""
    import torch

    assert {name: getattr(torch, name).itemsize for name in ELEMENT_BYTES} == ELEMENT_BYTES


def test_a_record_adds_up_its_tensors() -> None:
    """Parameters, bytes, head and backbone follow from the tensors."""
    assert TINY_CONV.parameters == 8 * 3 * 3 * 3 + 8 + 8 + 8 * 1 * 3 * 3 + 10 * 8 + 10 == 394
    assert TINY_CONV.parameter_bytes == TINY_CONV.trainable_bytes == 394 * 4
    assert TINY_CONV.backbone_parameters == 394 - (10 * 8 + 10)
    assert TINY_VIT.parameters == 203


def test_frozen_and_half_parameters_are_counted_apart() -> None:
    """Trainable figures leave out frozen tensors, and memory is by dtype, largest first."""
    assert (TINY_MIXED.parameters, TINY_MIXED.trainable_parameters) == (16 * 16 + 16 + 1, 16 * 16 + 1)
    assert TINY_MIXED.parameter_bytes == 256 * 2 + 16 * 4 + 1 * 4 == 580
    assert TINY_MIXED.trainable_bytes == 256 * 2 + 1 * 4
    assert list(TINY_MIXED.bytes_by_dtype.items()) == [("float16", 512), ("float32", 68)]


def test_an_unknown_head_leaves_the_backbone_unknown() -> None:
    """Without a known head there is no backbone count, rather than a wrong one."""
    assert TINY_MIXED.backbone_parameters is None


def test_a_model_without_parameters_is_all_zero() -> None:
    """A model without parameters has none, takes no memory, and still has a signature."""
    assert (TINY_EMPTY.parameters, TINY_EMPTY.parameter_bytes, TINY_EMPTY.bytes_by_dtype) == (0, 0, {})
    assert TINY_EMPTY.signature == hashlib.sha256(b"").hexdigest()


def test_a_signature_is_the_hash_of_names_and_shapes() -> None:
    """The signature is SHA-256 of a line for each tensor: its name, a space, its sizes with commas."""
    tensors = (tensor("scale"), tensor("fc.weight", 10, 4), tensor("fc.bias", 10))
    assert record("net", *tensors).signature == hashlib.sha256(b"scale \nfc.weight 10,4\nfc.bias 10\n").hexdigest()


def test_a_signature_sees_names_shapes_and_order_alone() -> None:
    """Equal names and shapes in equal order are equal signatures, whatever the dtype; all else differs."""
    one, two = tensor("a", 2, 3), tensor("b", 3)
    assert TINY_TWIN.signature == TINY_CONV.signature
    expected = record("net", one, two).signature
    assert expected == record("net", one._replace(dtype="float16", trainable=False), two).signature
    others = [[two, one], [one], [one._replace(shape=(3, 2)), two], [one._replace(name="c"), two]]
    assert len({expected, *(record("net", *other).signature for other in others)}) == 5


def test_tags_and_licences_follow_from_the_weights() -> None:
    """Tags stand in the order of the weights; each named licence comes once, and what is not named adds none."""
    assert TINY_CONV.entry.tags == ("r160_in1k", "untrained")
    assert TINY_CONV.entry.licenses == ("cc-by-nc-4.0",)
    weights = tuple(PLAIN_WEIGHTS._replace(license=name) for name in ("mit", None, "gemma", "mit"))
    assert replace(TINY_CONV.entry, weights=weights).licenses == ("mit", "gemma")
    assert (TINY_EMPTY.entry.tags, TINY_EMPTY.entry.licenses) == ((), ())


def test_the_source_is_what_timm_takes() -> None:
    """Of several places timm takes a file first, then the repository on Hugging Face, then the address."""
    assert FULL_WEIGHTS.source == "https://huggingface.co/tiny/tiny_conv"
    assert BARE_WEIGHTS.source == "https://example.org/untrained.pth"
    assert FULL_WEIGHTS._replace(file="/tmp/net.pth").source == "/tmp/net.pth"
    assert BARE_WEIGHTS._replace(url=None).source is None


def test_records_are_frozen() -> None:
    """Nobody changes a fact on its way."""
    made = record("tiny", tensor("weight", 2))
    with pytest.raises(FrozenInstanceError):
        made.entry.name = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        made.tensors[0].name = "other"  # type: ignore[misc]
