"""What a model costs to run: the passes that are made, and what is known where one of them fails."""

from __future__ import annotations

import torch
from torch import nn

from generator.facts.batches import Line
from generator.measuring.passes import compute_of


class Net(nn.Module):
    """A linear layer of 4 to 4, with a buffer of whole numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4, bias=False)
        self.register_buffer("count", torch.zeros(3, dtype=torch.int64))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.layer(tokens)
        return result


class FullOnly(Net):
    """A net that refuses another dtype than fp32, as kernels do that have no other."""

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        if tokens.dtype != torch.float32:
            raise TypeError("no such dtype")
        return super().forward(tokens)


class SingleOnly(Net):
    """A net that refuses more than one image."""

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        if len(tokens) > 1:
            raise ValueError("one at a time")
        return super().forward(tokens)


def test_a_model_is_given_back_as_it_was() -> None:
    """Neither the dtype of a parameter or buffer, nor a module's mode, nor a gradient is left of the passes."""
    net = nn.Sequential(Net(), nn.Dropout(0.1)).to("meta")
    net[1].eval()
    before = [(name, id(value), value.dtype) for name, value in net.state_dict(keep_vars=True).items()]
    compute_of(net, (4,))
    assert [(name, id(value), value.dtype) for name, value in net.state_dict(keep_vars=True).items()] == before
    assert [module.training for module in net.modules()] == [True, True, True, False]
    assert all(parameter.grad is None for parameter in net.parameters())


def test_each_kind_of_pass_has_its_memory() -> None:
    """Parameters and buffers in blocks of their dtype; images and results, 4 numbers each; gradients in training."""
    compute, own = compute_of(Net().to("meta"), (4,), ["", "layer"])
    passes = compute.passes
    assert (compute.macs, compute.activations, own) == (16, 4, {"": 0, "layer": 16})
    assert passes.inference is not None
    assert passes.inference_bf16 is not None
    assert (passes.inference.resident, passes.inference_bf16.resident) == (1024, 1024)
    assert passes.inference.single == passes.inference.several == (Line(0, 32),)
    assert passes.inference_bf16.several == (Line(0, 16),)
    assert compute.peak_activation_bytes == 32
    assert passes.training is not None
    assert passes.training.left == passes.training.left_single == Line(64, 16)


def test_without_bf16_the_rest_is_known() -> None:
    """A model that fails in bf16 has the reason, and all figures in fp32."""
    compute, _ = compute_of(FullOnly().to("meta"), (4,))
    assert compute.passes.inference_bf16 is None
    assert compute.passes.bf16_error == "TypeError: no such dtype"
    assert compute.passes.inference is not None
    assert compute.passes.inference.several == (Line(0, 32),)
    assert compute.macs == 16


def test_a_model_of_one_image_is_known_at_batch_1() -> None:
    """Where more images are refused, inference of one is known, and training has the model's own reason."""
    compute, _ = compute_of(SingleOnly().to("meta"), (4,))
    assert compute.macs == 16
    assert compute.passes.inference is not None
    assert compute.passes.inference.single == (Line(0, 32),)
    assert compute.passes.inference.several == ()
    assert compute.training_error == "ValueError: one at a time"
    assert compute.passes.training is None
