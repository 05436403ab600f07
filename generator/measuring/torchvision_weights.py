"""Read what torchvision states of its own weights: the metadata that its package has, without loading any weights."""

from __future__ import annotations

from typing import Any

from generator.facts.registry import Torchvision, TorchvisionWeights
from generator.facts.texts import printable
from generator.measuring import settings
from generator.measuring.reasons import LONGEST, in_one_line

# Its name for accuracy on the validation set of ImageNet-1K. Weights for other tasks have none of it.
_IMAGENET = "ImageNet-1K"


def read() -> Torchvision:
    """Read all weights with an accuracy on ImageNet-1K. Those whose metadata nobody can use have a problem.

    Raises:
        Exception: torchvision cannot be imported, or does not list its weights.
    """
    import torchvision
    from torchvision.models import get_model_weights, list_models

    found: list[TorchvisionWeights] = []
    problems: dict[str, str] = {}
    for weights in [weights for name in list_models() for weights in get_model_weights(name)]:
        try:
            if _is_tested(weights):
                found.append(_stated(weights))
        except Exception as error:  # one set of weights must not keep the others from being read
            problems[printable(f"{type(weights).__name__}.{weights.name}", LONGEST)] = in_one_line(error)
    return Torchvision(printable(str(torchvision.__version__)), tuple(found), problems)


def _is_tested(weights: Any) -> bool:
    """Whether torchvision states an accuracy. Of weights that nobody has tested it states one that is no number."""
    metrics = weights.meta.get("_metrics", {}).get(_IMAGENET, {})
    return "acc@1" in metrics and metrics["acc@1"] == metrics["acc@1"]


def _stated(weights: Any) -> TorchvisionWeights:
    metrics = weights.meta["_metrics"][_IMAGENET]
    # What the published accuracy was measured with: how images are resized and cropped.
    transforms = weights.transforms()
    parameters, gmacs = weights.meta.get("num_params"), weights.meta.get("_ops")
    return TorchvisionWeights(
        name=settings.text("name", f"{type(weights).__name__}.{weights.name}") or "",
        url=settings.text("url", weights.url) or "",
        top1=settings.number("acc@1", metrics["acc@1"]),
        top5=settings.number("acc@5", metrics["acc@5"]),
        crop_size=_side("crop_size", transforms.crop_size),
        resize_size=_side("resize_size", transforms.resize_size),
        interpolation=settings.text("interpolation", transforms.interpolation.value) or "",
        parameters=None if parameters is None else settings.count("num_params", parameters),
        gmacs=None if gmacs is None else settings.number("_ops", gmacs),
    )


def _side(name: str, sides: Any) -> int:
    """The one side of a size in pixels, of which torchvision makes a list."""
    found = {settings.count(name, side) for side in sides}
    if len(found) != 1:
        raise ValueError(f"{name} is not one side in pixels: {', '.join(map(str, sorted(found)))}")
    return found.pop()
