"""Records: sums over tensors, what is known of a model and what is not, and all models together."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.facts.inspections import Failure, ParameterTensor, Stage
from generator.facts.records import Resized
from tests import examples
from tests.examples import (
    FAILURES,
    TINY_CONV,
    TINY_EMPTY,
    TINY_MIXED,
    TINY_TWIN,
    TINY_VIT,
    record,
    tensor,
)


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


shapes = st.lists(st.integers(0, 3) | st.just(2**30), max_size=3).map(tuple)
tensors = st.builds(ParameterTensor, st.just("weight"), shapes, st.sampled_from(["float32", "int8"]), st.booleans())


@given(st.lists(tensors, max_size=8))
def test_sums_are_those_over_all_tensors(drawn: list[ParameterTensor]) -> None:
    """Whatever tensors a model repeats, each sum is that of going through all of them."""
    made = record("net", *drawn)
    trainable = [tensor for tensor in drawn if tensor.trainable]
    assert made.parameters == sum(tensor.parameters for tensor in drawn)
    assert made.trainable_parameters == sum(tensor.parameters for tensor in trainable)
    assert made.parameter_bytes == sum(tensor.bytes for tensor in drawn)
    assert made.trainable_bytes == sum(tensor.bytes for tensor in trainable)
    assert made.bytes_by_dtype == {
        dtype: sum(tensor.bytes for tensor in drawn if tensor.dtype == dtype)
        for dtype in {tensor.dtype for tensor in drawn}
    }


def test_equal_memory_is_in_the_order_of_names() -> None:
    """Two dtypes that take as much stand in the alphabet's order."""
    made = record("net", tensor("a", 2, dtype="int8"), tensor("b", 1, dtype="float16"))
    assert list(made.bytes_by_dtype.items()) == [("float16", 2), ("int8", 2)]


def test_an_unknown_head_leaves_the_backbone_unknown() -> None:
    """Without a known head there is no backbone count, rather than a wrong one."""
    assert TINY_MIXED.backbone_parameters is None


def test_a_model_without_parameters_is_all_zero() -> None:
    """A model without parameters has none, takes no memory, and is a record like any other."""
    assert (TINY_EMPTY.parameters, TINY_EMPTY.parameter_bytes, TINY_EMPTY.bytes_by_dtype) == (0, 0, {})
    assert (TINY_EMPTY.trainable_parameters, TINY_EMPTY.trainable_bytes, TINY_EMPTY.checkpoint_bytes) == (0, 0, 0)


def test_a_checkpoint_has_parameters_and_persistent_buffers() -> None:
    """A checkpoint has the bytes of all parameters and of the buffers that persist, of no others."""
    assert TINY_CONV.checkpoint_bytes == 394 * 4 + (8 * 4 + 8 * 4 + 8)
    made = record("net", tensor("weight", 2), buffers=3, buffer_bytes=12, persistent_buffer_bytes=4)
    assert made.checkpoint_bytes == 2 * 4 + 4


def test_whether_there_is_a_deploy_form_can_be_unknown() -> None:
    """One that was measured is there, one that was looked for is not; where nothing ran or it failed, nobody knows."""
    assert (TINY_CONV.has_deploy_form, TINY_VIT.has_deploy_form, TINY_TWIN.has_deploy_form) == (True, False, None)
    failure = Failure("tiny_vit", Stage.DEPLOY, "ValueError: no")
    assert replace(TINY_VIT, failures=(failure,)).has_deploy_form is None
    assert replace(TINY_VIT, failures=(replace(failure, stage=Stage.PYRAMID),)).has_deploy_form is False


def test_a_resized_model_has_its_size() -> None:
    """Height and width are those of the input that its record is measured at."""
    assert Resized(TINY_CONV, None).size == (32, 32)


def test_all_failures_are_told() -> None:
    """The failures of a dataset are those of the models without a record, then those of the records in their order."""
    late = Failure("tiny_vit", Stage.FORWARD, "ValueError: no")
    later = Failure("tiny_vit", Stage.DEPLOY, "ValueError: no")
    early = Failure("tiny_conv", Stage.PYRAMID, "ValueError: no")
    records = (
        replace(TINY_CONV, failures=(early,)),
        TINY_TWIN,
        replace(TINY_VIT, failures=(late, later)),
    )
    made = replace(examples.FULL, records=records)
    assert made.failures == (*FAILURES, early, late, later)
    assert made.failed == examples.FULL.failures == FAILURES


def test_a_subset_is_known_as_one() -> None:
    """A dataset of chosen models says that it is a subset."""
    assert (examples.SUBSET.is_subset, examples.FULL.is_subset) == (True, False)


def test_a_dataset_tells_the_tags_of_each_model() -> None:
    """Tags stand by the names of their models, in the order of both."""
    assert list(examples.FULL.tags.items()) == [
        ("tiny_conv", ("r160_in1k", "untrained")),
        ("tiny_empty", ()),
        ("tiny_mixed", ()),
        ("tiny_twin", ()),
        ("tiny_vit", ("in1k",)),
    ]


def test_records_are_frozen() -> None:
    """Nobody changes a record or a dataset on its way."""
    made = record("tiny", tensor("weight", 2))
    with pytest.raises(FrozenInstanceError):
        made.date = "never"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        examples.FULL.records = ()  # type: ignore[misc]
