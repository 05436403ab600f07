"""Feature pyramids of real models, and of nets that do what no pyramid should."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from timm.models import FeatureInfo
from torch import Tensor, nn

from generator.facts.inspections import Level, Pyramid
from generator.facts.registry import Catalog, CatalogEntry
from generator.facts.shapes import Shape
from generator.measuring import inspection, pyramid
from generator.measuring.pyramid import measure, run_on_meta

ENTRY = CatalogEntry("net", "tiny", (), (3, 32, 32))
INFO = [
    {"num_chs": 4, "reduction": 2, "module": "stem"},
    {"num_chs": 8, "reduction": 4, "module": "body"},
]


class Net(nn.Module):
    """Two convolutions of stride 2; what it returns of their outputs is what ``give`` makes of them."""

    def __init__(
        self,
        give: Callable[..., Any] = lambda *maps: list(maps),
        info: list[dict[str, Any]] | None = INFO,
        padding: int = 1,
    ) -> None:
        super().__init__()
        with torch.device("meta"):
            self.stem = nn.Conv2d(3, 4, 3, stride=2, padding=padding)
            self.body = nn.Conv2d(4, 8, 3, stride=2, padding=padding)
        self.give = give
        if info is not None:
            self.feature_info = FeatureInfo([dict(level) for level in info], tuple(range(len(info))))

    def forward(self, image: Tensor) -> Any:
        """Whatever ``give`` returns."""
        first = self.stem(image)
        return self.give(first, self.body(first))


def of(net: nn.Module, entry: CatalogEntry = ENTRY) -> Pyramid:
    """The pyramid of a net that takes any options."""
    return measure(entry, lambda **_: net, ("stem", "body"))


def of_timm(name: str, catalog: Catalog) -> Pyramid:
    """The pyramid of a model of timm."""
    entry = next(entry for entry in catalog.entries if entry.name == name)
    modules = {path for path, _ in inspection.create(name).named_modules()}
    return measure(entry, partial(inspection.create, name), modules)


def described(pyramid: Pyramid) -> list[tuple[Any, ...]]:
    """Module, channels, stride and height of each level; all of them square."""
    assert all(level.height == level.width for level in pyramid.levels)
    return [(level.module, level.channels, level.stride, level.height) for level in pyramid.levels]


def test_a_resnet_has_five_levels(catalog: Catalog) -> None:
    """The levels of resnet18 are those of its paper, with the stem before them, and timm says the same."""
    pyramid = of_timm("resnet18", catalog)
    assert described(pyramid) == [
        ("act1", 64, 2, 112),
        ("layer1", 64, 4, 56),
        ("layer2", 128, 8, 28),
        ("layer3", 256, 16, 14),
        ("layer4", 512, 32, 7),
    ]
    assert all(level.is_as_claimed and level.layout == "NCHW" for level in pyramid.levels)
    assert (pyramid.channels, pyramid.strides) == ((64, 64, 128, 256, 512), (2, 4, 8, 16, 32))


def test_channels_can_come_last(catalog: Catalog) -> None:
    """Swin's maps are NHWC, which timm tells: their channels are in the last dimension."""
    pyramid = of_timm("swin_tiny_patch4_window7_224", catalog)
    assert {level.layout for level in pyramid.levels} == {"NHWC"}
    assert described(pyramid) == [
        ("layers.0", 96, 4, 56),
        ("layers.1", 192, 8, 28),
        ("layers.2", 384, 16, 14),
        ("layers.3", 768, 32, 7),
    ]


def test_a_vit_has_one_size(catalog: Catalog) -> None:
    """A plain transformer gives its last three blocks at the stride of its patches."""
    pyramid = of_timm("vit_tiny_patch16_224", catalog)
    assert described(pyramid) == [(f"blocks.{block}", 192, 16, 14) for block in (9, 10, 11)]


@pytest.mark.parametrize(
    ("name", "strides"),
    [
        pytest.param("efficientnet_b1", (2, 4, 8, 16, 32), id="8 of 240 pixels, which would be 30 each"),
        pytest.param("inception_v3", (2, 4, 8, 16, 32), id="without padding"),
        pytest.param("levit_128s", (16, 32, 64), id="of a fixed size"),
        pytest.param("crossvit_9_240", (12, 17), id="resized inside, 14 of 240 pixels are 17.1 each"),
    ],
)
def test_a_stride_is_not_the_quotient_where_sizes_do_not_divide(
    name: str, strides: tuple[int, ...], catalog: Catalog
) -> None:
    """Where input and map do not divide, the stride is by how much the input grows for a map larger by one."""
    assert of_timm(name, catalog).strides == strides


@pytest.mark.parametrize(
    ("name", "unnamed"),
    [
        ("hrnet_w18_small", {0, 1, 2, 3, 4}),
        ("mobilenetv5_base", {0}),
        ("mvitv2_tiny", {0, 1, 2, 3}),
        ("mobilenetv4_hybrid_large_075", set()),
    ],
)
def test_modules_that_do_not_give_the_map_are_not_named(name: str, unnamed: set[int], catalog: Catalog) -> None:
    """timm names modules that mvitv2 does not have, and some of HRNet's that give something else."""
    levels = of_timm(name, catalog).levels
    assert {index for index, level in enumerate(levels) if level.module is None} == unnamed
    assert {index for index, level in enumerate(levels) if not level.is_as_claimed} == unnamed


def test_whole_numbers_can_be_read(catalog: Catalog) -> None:
    """A model that numbers its patches and reads from that how many rows there are is measured: 768 / 16 are 48."""
    assert described(of_timm("gemma4_vit_167m_enc", catalog)) == [
        (f"blocks.{block}", 768, 16, 48) for block in (13, 14, 15)
    ]


def rows(first: Tensor) -> Tensor:
    """The number of the last row of a map."""
    return torch.arange(first.shape[2]).max()


@pytest.mark.parametrize(
    ("number", "works"),
    [
        pytest.param(lambda first: rows(first), True, id="of sizes"),
        pytest.param(lambda first: rows(first).clone().add_(1).sub(1), True, id="written to"),
        pytest.param(lambda first: torch.stack([*torch.meshgrid(rows(first)[None])]).max(), True, id="through lists"),
        pytest.param(lambda first: first.sum(), None, id="of the image"),
        pytest.param(lambda first: first.argmax(), None, id="whole, of the image"),
        pytest.param(lambda first: rows(first).clone().copy_(first.argmax()), None, id="overwritten by the image's"),
        pytest.param(lambda first: torch.randint(9, ()), None, id="random"),
        pytest.param(lambda first: torch.empty((), dtype=torch.int64), None, id="never written"),
    ],
)
def test_what_needs_other_values_is_unknown(number: Callable[[Tensor], Tensor], works: bool | None) -> None:
    """Whole numbers that follow from sizes can be read; what depends on the image cannot: unknown, and not a fault."""

    def give(first: Tensor, second: Tensor) -> list[Tensor]:
        assert number(first).item() == 15
        return [first, second]

    found = of(Net(give))
    assert found.works is works
    if not works:
        assert (found.levels, found.channels) == ((), None)
        assert found.reason == "RuntimeError: Tensor.item() cannot be called on meta tensors"


def test_a_tiny_net_is_measured() -> None:
    """32 pixels become 16 and 8; what feature_info says is kept beside."""
    levels = (Level("stem", "NCHW", 4, 2, 16, 16, 4, 2), Level("body", "NCHW", 8, 4, 8, 8, 8, 4))
    assert of(Net()) == Pyramid(levels, works=True)


def test_what_timm_claims_wrongly_is_kept() -> None:
    """Wrong channels, a wrong reduction and a module that does not exist stay beside what was measured."""
    info = [{**INFO[0], "num_chs": 5}, {**INFO[1], "reduction": 8, "module": "neck"}]
    levels = of(Net(info=info)).levels
    assert levels == (Level("stem", "NCHW", 4, 2, 16, 16, 5, 2), Level(None, "NCHW", 8, 4, 8, 8, 8, 8))
    assert [level.is_as_claimed for level in levels] == [False, False]


def test_swapped_modules_are_noticed() -> None:
    """Modules that exist but do not give the map are not named as giving it."""
    info = [{**INFO[0], "module": "body"}, {**INFO[1], "module": "stem"}]
    assert [level.module for level in of(Net(info=info)).levels] == [None, None]


def test_what_a_module_takes_can_be_the_level() -> None:
    """Where timm says that a level is collected before a module, it is what that module takes."""
    net = Net(lambda first, second: [first], [{**INFO[0], "module": "body", "hook_type": "forward_pre"}])
    assert of(net).levels == (Level("body", "NCHW", 4, 2, 16, 16, 4, 2),)


def test_a_net_that_claims_nothing_is_measured() -> None:
    """Without feature_info the claims are unknown, and the rest is measured all the same."""
    assert of(Net(info=None)).levels == (
        Level(None, "NCHW", 4, 2, 16, 16, None, None),
        Level(None, "NCHW", 8, 4, 8, 8, None, None),
    )


def test_strides_of_maps_without_padding() -> None:
    """64 pixels become 31 and 15, 32 become 15 and 7: the quotients are no strides, and 2 and 4 are found."""
    sized = CatalogEntry("net", "tiny", (), (3, 64, 64))
    assert described(of(Net(padding=0), sized)) == [("stem", 4, 2, 31), ("body", 8, 4, 15)]
    assert described(of(Net(padding=0, info=None))) == [(None, 4, 2, 15), (None, 8, 4, 7)]


def test_a_fixed_size_is_made_anew_for_the_second_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that takes no other input is made for the larger one."""
    made: list[dict[str, Any]] = []

    def make(**options: Any) -> nn.Module:
        made.append(options)
        return Net(padding=0)

    def run(model: nn.Module, shape: Shape) -> Any:
        if shape[2:] != made[-1].get("img_size", (32, 32)):
            raise AssertionError("a fixed size")
        return run_on_meta(model, shape)

    monkeypatch.setattr(pyramid, "run_on_meta", run)
    assert measure(ENTRY, make, ("stem", "body")).strides == (2, 4)
    assert made == [{"features_only": True}, {"features_only": True, "img_size": (40, 40)}]


@pytest.mark.parametrize(
    ("give", "reason"),
    [
        pytest.param(lambda a, b: [a], "feature maps that it returns: 1, that feature_info tells of: 2", id="too few"),
        pytest.param(lambda a, b: [], "it returns no feature maps", id="none"),
        pytest.param(lambda a, b: b, "it returns a Tensor, not a list of feature maps", id="a tensor"),
        pytest.param(
            lambda a, b: [a, b.flatten(1)], "level 1 is no feature map of four dimensions: (1, 512)", id="flat"
        ),
        pytest.param(lambda a, b: [a, None], "level 1 is no feature map of four dimensions: NoneType", id="nothing"),
    ],
)
def test_what_is_no_pyramid_is_told(give: Callable[..., Any], reason: str) -> None:
    """A model that silently returns something else does not work, and the reason says what it returns."""
    assert of(Net(give)) == Pyramid((), False, reason)


def test_what_cannot_be_made_is_told() -> None:
    """Where features_only raises, the reason is timm's own, in one line."""

    def make(**_: Any) -> nn.Module:
        raise RuntimeError("features_only not implemented\nfor this model")

    assert measure(ENTRY, make, ()) == Pyramid((), False, "RuntimeError: features_only not implemented")


def test_without_an_input_size_nothing_is_known() -> None:
    """Where timm gives no input size, it is unknown whether features_only works."""
    entry = CatalogEntry("net", "tiny", (), None)
    assert of(Net(), entry) == Pyramid((), None, "timm gives no input size")
