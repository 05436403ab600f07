"""Autocast on the meta device runs operators in the dtypes in which CUDA's runs them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from generator.measuring import autocast as module
from generator.measuring.autocast import autocast

FULL, LOW = torch.float32, torch.bfloat16
functional = nn.functional


def tensor(*size: int, dtype: torch.dtype = FULL) -> torch.Tensor:
    """A tensor without values."""
    return torch.empty(size, device="meta", dtype=dtype)


@pytest.mark.parametrize(
    ("run", "given", "result"),
    [
        pytest.param(lambda x: functional.linear(x, tensor(5, 4)), FULL, LOW, id="linear"),
        pytest.param(lambda x: x @ x.T, FULL, LOW, id="matmul"),
        pytest.param(lambda x: functional.conv1d(x[None], tensor(2, 3, 1)), FULL, LOW, id="convolution"),
        pytest.param(lambda x: torch.einsum("ij,kj->ik", x, x), FULL, LOW, id="einsum"),
        pytest.param(lambda x: functional.layer_norm(x, (4,)), LOW, FULL, id="layer_norm"),
        pytest.param(lambda x: functional.softmax(x, -1), LOW, FULL, id="softmax"),
        pytest.param(lambda x: x.softmax(-1, dtype=LOW), LOW, LOW, id="softmax told"),
        pytest.param(lambda x: x.sum(), LOW, FULL, id="sum"),
        pytest.param(lambda x: x.exp(), LOW, FULL, id="exp"),
        pytest.param(lambda x: x**2, LOW, FULL, id="pow"),
        pytest.param(lambda x: functional.interpolate(x[None, None], scale_factor=2), LOW, FULL, id="interpolate"),
        pytest.param(lambda x: torch.addcmul(x, x, tensor(3, 4)), LOW, FULL, id="the widest"),
        pytest.param(lambda x: torch.addcmul(x, x, x), LOW, LOW, id="all alike"),
        pytest.param(lambda x: functional.gelu(x), LOW, LOW, id="as given"),
        pytest.param(lambda x: functional.gelu(x), FULL, FULL, id="as given in fp32"),
        pytest.param(lambda x: x + tensor(3, 4), LOW, FULL, id="promoted by torch"),
    ],
)
def test_results_have_the_dtype_that_cuda_gives(
    run: Callable[[torch.Tensor], torch.Tensor], given: torch.dtype, result: torch.dtype
) -> None:
    """The dtype is that of the list that an operator is in, or of its arguments."""
    with autocast():
        assert run(tensor(3, 4, dtype=given)).dtype == result


def test_a_parameter_is_converted_once() -> None:
    """The copy of a parameter is used again until autocast ends; that of another tensor is not kept."""
    made: list[int] = []
    weight = nn.Parameter(tensor(5, 4))
    with autocast():
        for _ in range(2):
            functional.linear(tensor(3, 4), weight)
            made.append(len(module._copies))
    assert made == [1, 1]
    assert module._copies == {}


def test_it_ends_with_its_block() -> None:
    """Before and after, and after an error, nothing is converted."""
    for _ in range(2):
        assert functional.linear(tensor(3, 4), tensor(5, 4)).dtype == FULL
        with pytest.raises(RuntimeError), autocast():
            functional.linear(tensor(3, 4), tensor(5, 3))


def test_gradients_come_back_in_the_dtype_of_parameters() -> None:
    """The backward pass of a conversion is a conversion."""
    net = nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.Linear(4, 2)).to("meta")
    with autocast():
        result = net(tensor(3, 4))
    assert result.dtype == LOW
    result.float().sum().backward()
    assert {parameter.grad.dtype for parameter in net.parameters() if parameter.grad is not None} == {FULL}
    assert all(parameter.grad is not None for parameter in net.parameters())


def test_every_listed_operator_is_one_of_torch() -> None:
    """No name is misspelt: each is in the version of torch that is pinned."""
    for names in (module._LOWER, module._FULL, module._FULL_RESULT, module._WIDEST):
        assert [name for name in names.split() if module._operator(name) is None] == []
