"""One forward pass: where its figures go, and that remembering results changes none of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from timm.layers.config import set_fused_attn, use_fused_attn
from torch import nn

from generator.measuring import forward
from generator.measuring.forward import Tally
from generator.measuring.inspection import create, measure

# Between them these have convolutions of every kind, attention with and without masks, recurrence and experts.
VARIED = (
    "resnet18",
    "efficientnet_cc_b0_4e",
    "vit_tiny_patch16_224",
    "swin_tiny_patch4_window7_224",
    "levit_128s",
    "gemma4_vit_167m_enc",
    "sequencer2d_s",
    "csatv2",
    "vit_base_patch16_sapiens2",
)


def passed(net: nn.Module, *size: int, remember: bool = True) -> Tally:
    """One forward pass, attributed to all modules that hold parameters."""
    paths = [module.path for module in measure(net).modules]
    with torch.no_grad():
        return forward.run(net, paths, torch.empty(1, *size, device="meta"), remember=remember)


def figures(tally: Tally) -> tuple[object, ...]:
    """All that a pass counts."""
    return tally.macs, tally.activations, tally.own, tally.unlisted


@pytest.mark.sweep
@pytest.mark.parametrize("name", VARIED)
def test_remembering_changes_no_figure(name: str) -> None:
    """With results remembered, anew or from other passes, and without: the same figures, and no unknown operator."""
    model = create(name)
    size = model.pretrained_cfg["input_size"]  # type: ignore[index]
    plain = passed(model, *size, remember=False)
    assert figures(passed(model, *size)) == figures(passed(model, *size)) == figures(plain)
    assert sum(plain.own.values()) == plain.macs > 0
    assert plain.unlisted == set()


@pytest.fixture
def unfused() -> Iterator[None]:
    """timm's own attention instead of the fused one of torch."""
    before = use_fused_attn()
    set_fused_attn(False)
    yield
    set_fused_attn(before)


@pytest.mark.parametrize("name", ["vit_tiny_patch16_224", "swin_tiny_patch4_window7_224"])
def test_fused_attention_counts_as_unfused(name: str, request: pytest.FixtureRequest) -> None:
    """Attention by its formula costs what its single products cost, with a mask or without."""
    fused = passed(create(name), 3, 224, 224)
    request.getfixturevalue("unfused")
    assert figures(passed(create(name), 3, 224, 224)) == figures(fused)


class Attending(nn.Module):
    """Attention of a net's input with itself, with a mask of a kind."""

    def __init__(self, mask: torch.Tensor | None, **options: object) -> None:
        super().__init__()
        self.mask = mask
        self.options = options

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return nn.functional.scaled_dot_product_attention(
            tokens,
            tokens,
            tokens[..., :3],
            attn_mask=self.mask,
            **self.options,  # type: ignore[arg-type]
        )


@pytest.mark.parametrize(
    "net",
    [
        Attending(None),
        Attending(None, is_causal=True, dropout_p=0.1, scale=2.0),
        Attending(torch.empty(5, 5, device="meta")),
        Attending(torch.empty(1, 1, 5, 5, dtype=torch.bool, device="meta")),
    ],
)
@pytest.mark.parametrize("size", [(2, 5, 4), (5, 4), (3, 2, 5, 4)])
def test_attention_takes_any_mask(net: nn.Module, size: tuple[int, ...]) -> None:
    """Masks of either kind, options, and inputs of any rank: five tokens of size 4, values of size 3."""
    heads = 1
    for sizes in size[:-2]:
        heads *= sizes
    tally = passed(net, *size)
    assert (tally.macs, tally.activations) == (heads * 25 * (4 + 3), heads * (25 + 15))
    assert tally.unlisted == set()


def test_macs_go_to_the_innermost_module() -> None:
    """A module has the MACs that run while none of its own runs, be it by the parameters of another."""

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.Sequential(nn.ReLU(), nn.Linear(4, 4))
            self.borrowed = nn.Linear(4, 2)

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            return nn.functional.linear(self.inner(tokens), self.borrowed.weight)

    assert passed(Net().to("meta"), 4).own == {"": 8, "inner": 0, "inner.1": 16, "borrowed": 0}


def test_a_shared_module_counts_under_its_first_name() -> None:
    """A module that stands in two places has the MACs of both runs in the first."""
    shared = nn.Linear(4, 4)
    assert passed(nn.Sequential(shared, shared).to("meta"), 4).own == {"": 0, "0": 32}


def test_a_pass_leaves_the_model_as_it_was() -> None:
    """A pass takes place in evaluation mode, and leaves neither hooks nor another mode behind, even where it fails."""
    net = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5), nn.Linear(3, 4)).to("meta").train()
    with pytest.raises(RuntimeError, match="same reduction dim"):
        passed(net, 4)
    assert net.training
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in net.modules())


def test_equal_values_of_different_types_are_told_apart() -> None:
    """1 and 1.0 are equal, and give whole numbers and floating ones: a remembered result is that of its own type."""

    class Net(nn.Module):
        def __init__(self, added: float) -> None:
            super().__init__()
            self.added = added
            self.dtypes: list[torch.dtype] = []

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            result = torch.zeros(2, dtype=torch.int64, device=image.device) + self.added
            self.dtypes.append(result.dtype)
            return image

    whole, floating = Net(1), Net(1.0)
    for net in (whole, floating) * 2:
        passed(net, 1)
    assert (whole.dtypes, floating.dtypes) == ([torch.int64] * 2, [torch.float32] * 2)
