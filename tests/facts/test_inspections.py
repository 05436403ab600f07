"""The facts that are measured: tensors, levels, pyramids, stages."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from generator.facts.inspections import Pyramid, Stage
from tests.examples import BROKEN_PYRAMID, TINY_CONV, TINY_VIT, level, record, tensor


def test_a_tensor_knows_its_bytes() -> None:
    """The bytes of a tensor are its elements times those of its dtype."""
    assert tensor("weight", 8, 3, 3, 3).bytes == 8 * 3 * 3 * 3 * 4
    assert tensor("weight", 8, 3, 3, 3, dtype="bfloat16").bytes == 8 * 3 * 3 * 3 * 2


def test_a_tensor_knows_its_elements() -> None:
    """Elements are the product of the sizes, with and without the sizes of 1."""
    made = tensor("weight", 8, 1, 3, 3)
    assert (made.parameters, made.squeezed_shape) == (8 * 3 * 3, (8, 3, 3))
    assert (tensor("scale").parameters, tensor("scale").squeezed_shape) == (1, ())


def test_a_level_is_as_claimed_where_all_of_it_is() -> None:
    """Module, channels and stride have to be those that timm names."""
    assert level(8, 2, 16, "stem").is_as_claimed
    assert not level(8, 2, 16, None).is_as_claimed
    assert not level(8, 2, 16, "stem", claimed=(4, 2)).is_as_claimed
    assert not level(8, 2, 16, "stem", claimed=(8, 4)).is_as_claimed
    assert not level(8, 2, 16, "stem", claimed=(None, None)).is_as_claimed


def test_a_pyramid_tells_channels_and_strides() -> None:
    """Both are in the order of the levels; where there is no pyramid, or it is not known, they are unknown."""
    pyramid = TINY_CONV.inspection.pyramid
    assert (pyramid.channels, pyramid.strides) == ((8, 8), (2, 4))
    assert (TINY_VIT.inspection.pyramid.channels, TINY_VIT.inspection.pyramid.strides) == ((4, 4), (2, 2))
    for none in (BROKEN_PYRAMID, Pyramid(), Pyramid(works=None, reason="timm gives no input size")):
        assert (none.channels, none.strides) == (None, None)


def test_what_fails_late_leaves_a_record() -> None:
    """A model that was made and measured has a record, whatever fails after that; any other has none."""
    assert [stage for stage in Stage if stage.leaves_a_record] == ["pyramid", "forward", "sizes", "deploy", "state"]
    assert [stage for stage in Stage if not stage.leaves_a_record] == ["registry", "create", "measure", "inspect"]


def test_every_stage_has_a_meaning() -> None:
    """Each stage says what happened to a model that failed there."""
    meanings = [stage.meaning for stage in Stage]
    assert all(meanings)
    assert len(set(meanings)) == len(Stage)


def test_measured_facts_are_frozen() -> None:
    """Nobody changes a fact on its way."""
    made = record("tiny", tensor("weight", 2))
    with pytest.raises(FrozenInstanceError):
        made.inspection.buffers = 7  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        made.inspection.pyramid.works = True  # type: ignore[misc]
    with pytest.raises(AttributeError):
        made.tensors[0].name = "other"  # type: ignore[misc]
