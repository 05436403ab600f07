"""Bytes of activations, counted by hand: 4 an element in fp32, 2 in bf16."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from generator.measuring import forward
from generator.measuring.activation_memory import CPU, CUDA, ActivationMemory, Autocast
from generator.measuring.inspection import create


def measured(net: nn.Module, *size: int, autocast: Autocast = CUDA) -> ActivationMemory:
    """What one forward pass of a net, moved to the meta device, has in memory."""
    image = torch.empty(1, *size, device="meta")
    lifetimes = ActivationMemory(net.to("meta"), autocast)
    with lifetimes:
        lifetimes.begin(image)
        forward.run(net, [""], image, watcher=lifetimes)
    return lifetimes


def chain(*activation: nn.Module) -> nn.Module:
    """Two linear layers, 4 to 8 to 2, with something between."""
    return nn.Sequential(nn.Linear(4, 8, bias=False), *activation, nn.Linear(8, 2, bias=False))


@pytest.mark.parametrize(
    ("net", "peak"),
    [
        # The input stays; the activation and what it is made of are there at once.
        pytest.param(chain(nn.ReLU()), 16 + 32 + 32, id="chain"),
        pytest.param(chain(nn.ReLU(inplace=True)), 16 + 32 + 8, id="in place"),
        # Autograd copies what SiLU changes in place; without gradients there is no copy.
        pytest.param(chain(nn.SiLU(inplace=True)), 16 + 32 + 8, id="in place, copied by autograd"),
        pytest.param(chain(nn.Unflatten(1, (2, 4)), nn.Flatten()), 16 + 32 + 8, id="views"),
        pytest.param(chain(nn.Dropout(0.5), nn.Identity()), 16 + 32 + 8, id="nothing done"),
    ],
)
def test_the_peak_follows_from_lifetimes(net: nn.Module, peak: int) -> None:
    """The peak is the most that tensors take which are there at once, the input among them, parameters not."""
    assert measured(net, 4).peak == peak


def test_a_residual_stays_until_it_is_added() -> None:
    """A tensor that is needed later is there all the while."""

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Linear(8, 4))

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            shortcut = tokens * 2
            result: torch.Tensor = shortcut + self.body(shortcut)
            return result

    # Input, shortcut, and both sides of the activation.
    assert measured(Net(), 4).peak == 16 + 16 + 32 + 32


def test_conv_norm_relu_saves_its_inputs() -> None:
    """Convolution and normalisation keep what they are given, the latter two statistics, ReLU keeps its result."""
    net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True))
    found = measured(net, 3, 4, 4)
    assert found.saved == (3 * 16 + 8 * 16 + 2 * 8 + 8 * 16) * 4
    assert found.saved_mixed == (3 * 16 + 8 * 16 + 8 * 16) * 2 + 2 * 8 * 4


def test_linear_gelu_saves_both_inputs() -> None:
    """A linear layer keeps its input, and so does GELU."""
    found = measured(nn.Sequential(nn.Linear(4, 8), nn.GELU()), 4)
    assert (found.saved, found.saved_mixed, found.cast) == (16 + 32, 8 + 16, 0)


def test_a_tensor_is_saved_once() -> None:
    """What two operators keep is there once: the result of ReLU is the input of the next layer."""
    found = measured(chain(nn.ReLU()), 4)
    assert (found.saved, found.saved_mixed, found.cast) == (16 + 32, 8 + 16, 16 * 2)


def test_autocast_copies_what_has_another_dtype() -> None:
    """On CUDA layer normalisation works in fp32: it keeps a copy of its input, and the next layer one of its result."""
    net = chain(nn.LayerNorm(8))
    on_cuda, on_cpu = measured(net, 4), measured(net, 4, autocast=CPU)
    statistics = 2 * 4
    assert on_cuda.saved_mixed == 8 + 32 + statistics + 16
    assert on_cpu.saved_mixed == 8 + 16 + statistics + 16
    assert on_cuda.cast == on_cpu.cast == 16 * 2
    assert on_cuda.saved == 16 + 32 + statistics + 32


@pytest.mark.parametrize("name", ["test_vit", "test_resnet", "test_efficientnet_gn", "test_convnext", "test_nfnet"])
@pytest.mark.parametrize("mixed", [False, True], ids=["fp32", "bf16"])
def test_what_is_saved_is_what_autograd_saves(name: str, mixed: bool) -> None:
    """On real models autograd keeps as many bytes, in fp32 and under the CPU's autocast, but for a few statistics."""
    model = create(name)
    size = model.pretrained_cfg["input_size"]  # type: ignore[index]
    found = measured(model, *size, autocast=CPU)
    model.to_empty(device="cpu").eval()
    constant = {tensor.data_ptr() for tensor in (*model.parameters(), *model.buffers())}
    kept: dict[int, torch.Tensor] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.untyped_storage().data_ptr() not in constant:
            kept[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    with (
        torch.autocast("cpu", torch.bfloat16, enabled=mixed),
        torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor),
    ):
        result = model(torch.zeros(1, *size))
    real = sum(tensor.untyped_storage().nbytes() for tensor in kept.values())
    assert result.shape[0] == 1
    assert (found.saved_mixed + found.cast if mixed else found.saved) == pytest.approx(real, rel=0.01)
