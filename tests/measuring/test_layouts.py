"""The layouts that are known beforehand are those that torch finds out."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch

from generator.measuring import layouts

ATEN = torch.ops.aten
FLOATS = (torch.float32, torch.bfloat16)
MASKS = list(itertools.product((True, False), repeat=3))


def is_known(operator: Any, *arguments: Any) -> bool:
    """Whether the layouts of a call are known, which then are torch's own."""
    results = operator(*arguments)
    results = (results,) if isinstance(results, torch.Tensor) else results
    found = layouts.of(operator.__name__.partition(".")[0], arguments)
    assert found in (None, tuple(None if part is None else layouts.layout(part) for part in results))
    return found is not None


@pytest.mark.parametrize("low", FLOATS)
@pytest.mark.parametrize("weights", FLOATS)
@pytest.mark.parametrize("shape", [(5, 3, 4, 6), (5, 3), (1, 3, 2, 2), (2, 3, 7)])
def test_batch_normalisation(low: torch.dtype, weights: torch.dtype, shape: tuple[int, ...]) -> None:
    """In training and in evaluation, with all gradients or some."""
    features = torch.empty(shape, device="meta", dtype=low)
    weight, statistics = torch.empty(3, device="meta", dtype=weights), torch.empty(3, device="meta")
    norm, backward = ATEN.native_batch_norm.default, ATEN.native_batch_norm_backward.default
    for training in (True, False):
        assert is_known(norm, features, weight, weight, weight, weight, training, 0.1, 1e-5)
        for wanted in MASKS:
            given = (features, features, weight, weight, weight, statistics, statistics, training, 1e-5, list(wanted))
            assert is_known(backward, *given)


@pytest.mark.parametrize("low", FLOATS)
@pytest.mark.parametrize("weights", FLOATS)
@pytest.mark.parametrize(("shape", "last"), [((5, 7, 8), 1), ((5, 7, 8), 2), ((8,), 1), ((2, 3, 4, 8), 1)])
def test_layer_normalisation(low: torch.dtype, weights: torch.dtype, shape: tuple[int, ...], last: int) -> None:
    """Over one dimension or several, with weights or without."""
    features = torch.empty(shape, device="meta", dtype=low)
    sizes = list(shape[-last:])
    weight = torch.empty(sizes, device="meta", dtype=weights)
    norm, backward = ATEN.native_layer_norm.default, ATEN.native_layer_norm_backward.default
    assert is_known(norm, features, sizes, weight, weight, 1e-5)
    assert is_known(norm, features, sizes, None, None, 1e-5)
    _, mean, deviation = norm(features, sizes, weight, weight, 1e-5)
    assert is_known(backward, features, features, sizes, mean, deviation, weight, weight, [True] * 3)


@pytest.mark.parametrize("name", layouts._OF_ELEMENTS.split())
@pytest.mark.parametrize("low", FLOATS)
def test_functions_of_each_element(name: str, low: torch.dtype) -> None:
    """Tensors that are alike give one of their layout; numbers beside them change nothing."""
    features = torch.empty(5, 3, 4, dtype=low, device="meta")
    packet = getattr(ATEN, name)
    takes_two = name in ("add", "div", "mul", "sub")
    overload = packet.Tensor if takes_two else packet.default
    needed = [argument for argument in overload._schema.arguments if not argument.has_default_value()]
    given = [features if str(argument.type) == "Tensor" else 1 for argument in needed]
    assert is_known(overload, *given)
    assert layouts.is_single(name)
    if takes_two:
        assert is_known(packet.Scalar, features, 2.5)
    assert not is_known(overload, *(part.transpose(0, 1) if part is features else part for part in given))


@pytest.mark.parametrize("name", ["add", "mul", "div", "sub"])
def test_tensors_that_differ_are_left_to_torch(name: str) -> None:
    """Another dtype or shape may change the result's."""
    features = torch.empty(5, 3, device="meta")
    overload = getattr(ATEN, name).Tensor
    for other in (features.bfloat16(), torch.empty(3, device="meta"), torch.empty((), device="meta")):
        assert not is_known(overload, features, other)
    whole = torch.empty(5, 3, dtype=torch.int64, device="meta")
    assert not is_known(overload, whole, whole)


def test_what_is_not_contiguous_is_left_to_torch() -> None:
    """Neither a tensor whose channels are last, nor an operator that has no rule, is known beforehand."""
    features = torch.empty(5, 3, 4, 6, device="meta").to(memory_format=torch.channels_last)
    weight = torch.empty(3, device="meta")
    norm = ATEN.native_batch_norm.default
    assert not is_known(norm, features, weight, weight, weight, weight, True, 0.1, 1e-5)
    assert layouts.of("mm", (weight, weight)) is None
