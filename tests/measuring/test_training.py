"""Whether a model can train on a single image."""

from __future__ import annotations

import pytest
import timm
import torch
from torch import nn

from generator.facts.inspections import Inspection
from generator.facts.registry import CatalogEntry
from generator.facts.shapes import Shape
from generator.measuring import training
from generator.measuring.inspection import attempt
from generator.measuring.passes import compute_of

SINGLE = "ValueError: Expected more than 1 value per channel when training, got input size torch.Size([1, 4, 1, 1])"


def found(net: nn.Module, size: Shape = (4, 2, 2)) -> str | None:
    """The error that an inspection of a net finds for training on one image."""
    compute, _ = compute_of(net.to("meta"), size)
    return compute.training_error


class Unsteady(nn.Module):
    """A net that does something else in training: it normalises single values only then, or only in evaluation."""

    def __init__(self, *, skips: bool) -> None:
        super().__init__()
        self.skips = skips
        self.norm = nn.BatchNorm2d(4)
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        small = self.scale * image.mean((2, 3), keepdim=True)
        return small if self.training and self.skips else self.norm(small)


def test_one_value_per_channel_cannot_be_normalised() -> None:
    """A map of 1 x 1 elements of one image has no deviation: torch raises in training, and says so in its words."""
    net = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.BatchNorm2d(4))
    assert found(net) == SINGLE
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        net.to_empty(device="cpu").train()(torch.zeros(1, 4, 2, 2))


def test_two_values_per_channel_can() -> None:
    """A map of two elements is enough, and so is a net that normalises nothing, or by other means."""
    assert found(nn.Sequential(nn.AdaptiveAvgPool2d((1, 2)), nn.BatchNorm2d(4))) is None
    assert found(nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.GroupNorm(1, 4))) is None
    assert found(nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(4, 4, 1))) is None


def test_vectors_are_normalised_alike() -> None:
    """A vector of one image has one value per channel as well."""
    net = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.BatchNorm1d(4))
    assert (found(net) or "").endswith("torch.Size([1, 4])")


def test_the_size_decides() -> None:
    """The same net trains at a larger size, where its map is larger."""
    net = nn.Sequential(nn.Conv2d(4, 4, 2, stride=2), nn.BatchNorm2d(4))
    assert found(net, (4, 2, 2)) == SINGLE
    assert found(net, (4, 4, 2)) is None


def test_what_runs_in_training_counts() -> None:
    """A normalisation that is left out in training, or that stays in evaluation mode, does not raise."""

    class Frozen(nn.BatchNorm2d):
        def train(self, mode: bool = True) -> Frozen:
            return super().train(False)

    assert found(Unsteady(skips=True)) is None
    assert found(Unsteady(skips=False)) == SINGLE
    assert found(nn.Sequential(nn.AdaptiveAvgPool2d(1), Frozen(4))) is None


def test_a_model_keeps_its_mode() -> None:
    """Trying changes nothing: neither whether the model trains, nor its gradients, nor its parameters."""
    for mode in (True, False):
        net = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.BatchNorm2d(4)).to("meta").train(mode)
        assert training.error(net, torch.empty(1, 4, 2, 2, device="meta")) == SINGLE
        assert training.error(net, torch.empty(2, 4, 2, 2, device="meta")) is None
        assert [part.training for part in net.modules()] == [mode] * 3


@pytest.mark.parametrize(("name", "trains"), [("resnest26d", False), ("levit_256", False), ("resnet18", True)])
def test_real_models_are_found_as_torch_has_them(name: str, trains: bool) -> None:
    """What is found on the meta device is what a real model does with one image."""
    inspected = attempt(CatalogEntry(name, "family", (), (3, 224, 224)))
    assert isinstance(inspected, Inspection)
    assert inspected.compute is not None
    assert (inspected.compute.training_error is None) == trains
    model = timm.create_model(name).train()
    image = torch.zeros(1, 3, 224, 224)
    if trains:
        model(image)
    else:
        with pytest.raises(ValueError, match="Expected more than 1 value per channel") as caught:
            model(image)
        assert inspected.compute.training_error == f"ValueError: {caught.value}"


def test_what_has_nothing_to_train_cannot() -> None:
    """A net without parameters runs, and has no step of training at any batch, for torch's reason."""
    compute, _ = compute_of(nn.ReLU(), (4, 2, 2))
    assert compute.training_error is not None
    assert "does not require grad" in compute.training_error
    assert (compute.passes.training, compute.passes.training_mixed, compute.saved_activation_bytes) == (
        None,
        None,
        None,
    )
    assert compute.passes.inference is not None
