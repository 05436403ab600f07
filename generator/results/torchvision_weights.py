"""Give the accuracy and sizes that torchvision states of its weights to the tags of timm that name the same file.

A row is a pair: weights of torchvision, and a tag of timm with the address of their file. Weights whose file no tag
names are a row without a model, and so are those of which torchvision states what nobody can use.
"""

from __future__ import annotations

from decimal import Decimal

from generator.facts.registry import TorchvisionWeights
from generator.facts.results import MACS, PARAMETERS, VALIDATION, Result, Source, Unused
from generator.results.joining import Joining

NAME = "torchvision"
_ADDRESS = "https://docs.pytorch.org/vision/stable/models.html"
# torchvision rounds billions of MACs, which it names "GFLOPS" in its documentation, to as many decimals.
_UNIT, _DECIMALS = 9, 3


def read(joining: Joining) -> None:
    """Give what the catalog has of torchvision's weights to the models of timm."""
    catalog = joining.catalog
    if catalog.torchvision is None:
        return
    owners: dict[str, list[tuple[str, str]]] = {}
    for entry in catalog.entries:
        for weights in entry.weights:
            if weights.url:
                owners.setdefault(weights.url, []).append((entry.name, weights.tag))
    used, unused = 0, []
    for place, stated in enumerate(catalog.torchvision.weights, start=1):
        found = owners.get(stated.url, [])
        used += len(found)
        if not found:
            unused.append(Unused(place, stated.name, "no tag of timm names its file"))
        for name, tag in found:
            joining.add_result(name, _result(stated, tag, catalog.torchvision.version))
            joining.add_figures(name, tag, stated.crop_size, _figures(stated), NAME)
    for place, (name, problem) in enumerate(catalog.torchvision.problems.items(), len(catalog.torchvision.weights) + 1):
        unused.append(Unused(place, name, problem))
    source = Source(NAME, catalog.torchvision.version, None, _ADDRESS, rows=used + len(unused))
    joining.add_source(source, unused)


def _result(stated: TorchvisionWeights, tag: str, version: str) -> Result:
    return Result(
        tag=tag,
        image_size=stated.crop_size,
        test_set=VALIDATION,
        top1=stated.top1,
        top5=stated.top5,
        crop_pct=stated.crop_size / stated.resize_size,
        interpolation=stated.interpolation,
        source=NAME,
        source_version=version,
    )


def _figures(stated: TorchvisionWeights) -> list[tuple[str, int, int]]:
    found = [] if stated.parameters is None else [(PARAMETERS, stated.parameters, 0)]
    if stated.gmacs is not None:
        # By its shortest text, which is as it was written.
        found.append((MACS, round(Decimal(repr(stated.gmacs)).scaleb(_UNIT)), 10 ** (_UNIT - _DECIMALS) // 2))
    return found
