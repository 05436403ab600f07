"""torchvision's metadata: what it states of its own weights."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torchvision
from torchvision.models import ResNet18_Weights

from generator.facts.registry import Catalog, Torchvision, TorchvisionWeights
from generator.measuring import torchvision_weights


def test_known_weights_are_as_torchvision_has_them() -> None:
    """Accuracy, sizes of crop and image, parameters and GMACs are those of the metadata."""
    found = torchvision_weights.read()
    assert (found.version, found.problems) == (torchvision.__version__, {})
    (weights,) = (weights for weights in found.weights if weights.name == "ResNet18_Weights.IMAGENET1K_V1")
    metrics = ResNet18_Weights.IMAGENET1K_V1.meta["_metrics"]["ImageNet-1K"]
    assert weights == TorchvisionWeights(
        name="ResNet18_Weights.IMAGENET1K_V1",
        url=ResNet18_Weights.IMAGENET1K_V1.url,
        top1=metrics["acc@1"],
        top5=metrics["acc@5"],
        crop_size=224,
        resize_size=256,
        interpolation="bilinear",
        parameters=11_689_512,
        gmacs=1.814,
    )


def test_every_row_has_an_accuracy() -> None:
    """Weights for other tasks are not there, nor those whose accuracy is no number."""
    found = torchvision_weights.read().weights
    assert all(0 < weights.top1 <= weights.top5 <= 100 for weights in found)
    assert len({weights.name for weights in found}) == len(found)
    assert not any("COCO" in weights.name for weights in found)


def test_timm_has_some_of_the_same_files(catalog: Catalog) -> None:
    """The catalog has torchvision's weights, and tags of timm name the files of some of them."""
    assert catalog.torchvision == torchvision_weights.read()
    urls = {weights.url for weights in catalog.torchvision.weights}
    (entry,) = (entry for entry in catalog.entries if entry.name == "resnet18")
    assert [weights.tag for weights in entry.weights if weights.url in urls] == ["tv_in1k"]


def stated(**changes: Any) -> Any:
    """Weights as torchvision would have them."""
    return SimpleNamespace(
        **{
            "name": "V1",
            "url": "https://example.org/x.pth",
            "meta": {"_metrics": {"ImageNet-1K": {"acc@1": 70.0, "acc@5": 90.0}}},
            "transforms": lambda: SimpleNamespace(
                crop_size=[224], resize_size=[256, 256], interpolation=SimpleNamespace(value="bilinear")
            ),
            **changes,
        }
    )


def read(monkeypatch: pytest.MonkeyPatch, *weights: Any) -> Torchvision:
    """What is read of a torchvision with one model of these weights."""
    monkeypatch.setattr("torchvision.models.list_models", lambda: ["one"])
    monkeypatch.setattr("torchvision.models.get_model_weights", lambda name: weights)
    return torchvision_weights.read()


def test_sizes_that_are_not_stated_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is an accuracy and no size, the size is unknown."""
    (weights,) = read(monkeypatch, stated()).weights
    assert (weights.top1, weights.resize_size, weights.parameters, weights.gmacs) == (70.0, 256, None, None)


@pytest.mark.parametrize(
    "meta",
    [{}, {"_metrics": {"COCO": {"box_map": 1.0}}}, {"_metrics": {"ImageNet-1K": {"acc@1": float("nan")}}}],
)
def test_weights_that_nobody_tested_are_left_out(monkeypatch: pytest.MonkeyPatch, meta: Any) -> None:
    """Without an accuracy on ImageNet-1K there is no row."""
    found = read(monkeypatch, stated(meta=meta))
    assert (found.weights, found.problems) == ((), {})


def test_metadata_that_is_not_understood_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """An accuracy that is a text, and a crop that is no square, are told and not guessed; the others are read."""
    oblong = SimpleNamespace(crop_size=[224, 192], resize_size=[256], interpolation=SimpleNamespace(value="x"))
    found = read(
        monkeypatch,
        stated(name="text", meta={"_metrics": {"ImageNet-1K": {"acc@1": "good", "acc@5": 90.0}}}),
        stated(name="oblong", transforms=lambda: oblong),
        stated(name="well"),
    )
    assert [weights.name for weights in found.weights] == ["SimpleNamespace.well"]
    assert found.problems == {
        "SimpleNamespace.text": "ValueError: acc@1 is not a finite number: 'good'",
        "SimpleNamespace.oblong": "ValueError: crop_size is not one side in pixels: 192, 224",
    }
