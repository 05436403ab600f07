"""Bytes of tensors that live during a pass, counted by hand: 4 an element in fp32, 2 in bf16."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from generator.facts.batches import Line, greatest
from generator.measuring import forward, training
from generator.measuring.activation_memory import ActivationMemory
from generator.measuring.forward import BATCH
from generator.measuring.inspection import create
from generator.measuring.passes import compute_of

# Of every kind: residual, dense, recurrent, attention with masks and tables, split and mixed channels, gated.
VARIED = (
    "test_resnet",
    "test_vit",
    "test_efficientnet_gn",
    "test_nfnet",
    "test_convnext",
    "densenet121",
    "lambda_resnet26rpt_256",
    "swinv2_cr_tiny_224",
    "gmlp_ti16_224",
    "mobilevitv2_050",
    "sequencer2d_s",
    "volo_d1_224",
)


def watcher(net: nn.Module, batch: int) -> ActivationMemory:
    """A watcher of passes of a net."""
    return ActivationMemory((*net.parameters(), *net.buffers()), batch)


def inferred(net: nn.Module, *size: int, batch: int = BATCH, dtype: torch.dtype = torch.float32) -> ActivationMemory:
    """A pass of inference of a net, moved to the meta device."""
    images = torch.empty(batch, *size, device="meta", dtype=dtype)
    memory = watcher(net.to("meta", dtype), batch)
    memory.begin(images)
    forward.run(net, [""], images, watcher=memory)
    memory.end()
    return memory


def trained(net: nn.Module, *size: int, batch: int = BATCH) -> ActivationMemory:
    """A step of training of a net, moved to the meta device, to its gradients."""
    memory = watcher(net.to("meta"), batch)
    training.step(net, torch.empty(batch, *size, device="meta"), memory)
    return memory


def chain(*activation: nn.Module) -> nn.Module:
    """Two linear layers, 4 to 8 to 2, with something between."""
    return nn.Sequential(nn.Linear(4, 8, bias=False), *activation, nn.Linear(8, 2, bias=False))


class Shifted(nn.Module):
    """A net that adds a table, which it makes anew each time: it does not grow with the batch."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.empty(10, 4))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        # 40 numbers, and 4 more that are left of them.
        shift = (self.table * 2).mean(0)
        result: torch.Tensor = tokens + shift
        return result


@pytest.mark.parametrize("batch", [1, 2, 7])
@pytest.mark.parametrize(
    ("net", "peak"),
    [
        # The input stays; the activation and what it is made of are there at once.
        pytest.param(chain(nn.ReLU()), 16 + 32 + 32, id="chain"),
        pytest.param(chain(nn.ReLU(inplace=True)), 16 + 32 + 8, id="in place"),
        pytest.param(chain(nn.Unflatten(1, (2, 4)), nn.Flatten()), 16 + 32 + 8, id="views"),
        pytest.param(chain(nn.Dropout(0.5), nn.Identity()), 16 + 32 + 8, id="nothing done"),
    ],
)
def test_the_peak_follows_from_lifetimes(net: nn.Module, peak: int, batch: int) -> None:
    """The peak is the most that tensors take which are there at once, the input among them, parameters not."""
    assert greatest(inferred(net, 4).peaks.tensors, batch) == batch * peak


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
    assert inferred(Net(), 4).peaks.tensors == (Line(0, 16 + 16 + 32 + 32),)


def test_what_does_not_grow_is_counted_once() -> None:
    """A table counts once at any batch; which moment is the peak depends on the batch."""
    memory = inferred(Shifted(), 4)
    # While the mean is taken: the input, the table and its mean. While it is added: input, mean and result.
    assert memory.peaks.tensors == (Line(160 + 16, 16), Line(16, 16 + 16))
    assert [greatest(memory.peaks.tensors, batch) for batch in (1, 2, 7, 10, 20)] == [192, 208, 288, 336, 656]


def test_a_step_of_training_by_hand() -> None:
    """Two linear layers with a ReLU: forward, the loss, and gradients as they come."""
    net = chain(nn.ReLU()).to("meta")
    memory = watcher(net, BATCH)
    left, left_full = training.step(net, torch.empty(BATCH, 4, device="meta"), memory)
    # Kept for the backward pass, for each image: the input (4 numbers) and the result of ReLU (8), which the second
    # layer is given. Under autocast both are in bf16, beside the weights of the second layer.
    assert memory.saved_full == Line(0, 16 + 32)
    assert (memory.saved, memory.cast) == (Line(0, 8 + 16), 16 * 2)
    # While the optimiser works, the images and both gradients are there, in fp32.
    assert left == left_full == Line((32 + 16) * 4, 16)
    # In fp32 the peak is in the backward pass: images, what is kept, the gradient of the result of ReLU (8) and that
    # of the weights (16 numbers once), then that of the argument of ReLU beside them; and the loss with its gradient.
    assert greatest(memory.peaks_full.tensors, 100) == 100 * (16 + 32 + 32 + 32) + 16 * 4 + 2 * 4


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_gradients_stay(batch: int) -> None:
    """With one linear layer the peak of a large net is at its end: the gradient of the weights beside the images."""
    memory = trained(nn.Linear(1000, 1, bias=False), 1000)
    # The loss keeps a few numbers of each result.
    assert 0 <= greatest(memory.peaks_full.tensors, batch) - (4000 * batch + 4000) <= 16 * batch + 16


def test_conv_norm_relu_saves_its_inputs() -> None:
    """Convolution and normalisation keep what they are given, the latter two statistics, ReLU keeps its result."""
    net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True))
    found = trained(net, 3, 4, 4)
    assert found.saved_full == Line(2 * 8 * 4, (3 * 16 + 8 * 16 + 8 * 16) * 4)
    assert found.saved == Line(2 * 8 * 4, (3 * 16 + 8 * 16 + 8 * 16) * 2)
    assert found.cast == 3 * 8 * 9 * 2


def test_autocast_copies_what_has_another_dtype() -> None:
    """Layer normalisation works in fp32: it keeps a copy of its input, and the next layer one of its result."""
    found = trained(chain(nn.LayerNorm(8)), 4)
    statistics = 2 * 4
    assert found.saved == Line(0, 8 + 32 + statistics + 16)
    assert found.saved_full == Line(0, 16 + 32 + statistics + 32)
    assert found.cast == 16 * 2


def test_copies_from_two_images_on_are_noticed() -> None:
    """Batch and tokens can be joined without a copy where there is one image."""

    class Net(nn.Module):
        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            return tokens.transpose(0, 1).reshape(-1, 4) * 1

    memory, alone = inferred(Net(), 3, 4), inferred(Net(), 3, 4, batch=1)
    assert (memory.is_alike, alone.is_alike) == (False, True)
    assert memory.peaks.tensors == (Line(0, 3 * 48),)
    assert alone.peaks.tensors == (Line(0, 2 * 48),)
    compute, _ = compute_of(Net(), (3, 4))
    assert compute.passes.inference is not None
    assert (compute.passes.inference.single, compute.passes.inference.several) == (
        alone.peaks.tensors,
        memory.peaks.tensors,
    )


def test_copies_at_any_batch_are_no_difference() -> None:
    """Tokens and channels are exchanged by a copy of one image as well."""

    class Net(nn.Module):
        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            return tokens.transpose(1, 2).contiguous() + tokens.transpose(1, 2).reshape(-1, 4, 3)

    assert inferred(Net(), 3, 4).is_alike


@pytest.mark.sweep
@pytest.mark.parametrize("name", VARIED)
@settings(max_examples=3)
@given(data=st.data())
def test_lines_are_what_a_pass_at_the_batch_takes(name: str, data: st.DataObject) -> None:
    """At a batch by chance, a pass of that batch alone has the peak that the lines say: inference and training."""
    batch = data.draw(st.integers(1, 200), label="batch")
    net = create(name)
    size = tuple(net.pretrained_cfg["input_size"])  # type: ignore[index]
    compute, _ = compute_of(net, size)
    images = torch.empty(batch, *size, device="meta")
    # Told that it is one image, the watcher takes all bytes together.
    direct = watcher(net, 1)
    direct.begin(images)
    forward.run(net, [""], images, watcher=direct)
    step = watcher(net, 1)
    left, left_full = training.step(net, images, step)
    assert compute.passes.inference is not None
    assert compute.passes.training is not None
    assert compute.passes.training_mixed is not None
    assert greatest(compute.passes.inference.lines(batch), batch) == greatest(direct.peaks.all, 1)
    for memory, peaks, rest in (
        (compute.passes.training, step.peaks_full, left_full),
        (compute.passes.training_mixed, step.peaks, left),
    ):
        assert greatest(memory.lines(batch), batch) == max(greatest(peaks.all, 1), rest.at(1))


@pytest.mark.sweep
@pytest.mark.parametrize("name", VARIED)
def test_a_pass_in_bf16_tells_that_in_fp32(name: str) -> None:
    """What would live in fp32 is what does live in fp32."""
    net = create(name)
    size = net.pretrained_cfg["input_size"]  # type: ignore[index]
    full = inferred(net, *size)
    low = inferred(net, *size, dtype=torch.bfloat16)
    assert full.peaks.all == full.peaks_full.all == low.peaks_full.all
    assert full.peaks.tensors == low.peaks_full.tensors
