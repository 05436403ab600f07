"""The second method of counting MACs: each formula counted by hand, and what the comparison says."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from generator.facts.inspections import Compute
from generator.store import dataset
from tests import examples
from tests.conftest import ROOT
from validation import crosscheck
from validation.crosscheck import Calls, Outcome, count, report

# A forward pass where only the MACs matter.
COMPUTE = Compute((3, 160, 160), 0, 0, (), 0, 0, 0, 0)

# Calls the script with arguments.
Run = Callable[..., tuple[int, str, str]]


def meta(*shape: int) -> Tensor:
    """Make a tensor of this shape on the meta device: without memory."""
    return torch.empty(shape, device="meta")


def macs(call: Callable[[], Any]) -> int:
    """Count the MACs of a call."""
    calls = Calls()
    with torch.no_grad(), calls:
        call()
    return calls.macs.total()


# Of 16 x 16 pixels: the number of elements of the result, times the number of terms of each sum.
@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        pytest.param(nn.Conv2d(3, 8, 3), 8 * 14 * 14 * 3 * 9, id="conv"),
        pytest.param(nn.Conv2d(3, 8, 3, stride=2, padding=1), 8 * 8 * 8 * 3 * 9, id="strided"),
        pytest.param(nn.Conv2d(3, 8, 3, dilation=2), 8 * 12 * 12 * 3 * 9, id="dilated"),
        pytest.param(nn.Conv2d(3, 8, 5, padding="same"), 8 * 16 * 16 * 3 * 25, id="same"),
        pytest.param(nn.Conv2d(3, 8, (1, 5), padding=(0, 2)), 8 * 16 * 16 * 3 * 5, id="one row"),
        pytest.param(nn.Conv2d(3, 6, 3, groups=3), 6 * 14 * 14 * 1 * 9, id="depthwise"),
        pytest.param(nn.ConvTranspose2d(3, 8, 2, stride=2), 3 * 16 * 16 * 8 * 4, id="transposed"),
        pytest.param(nn.ConvTranspose2d(3, 6, 2, groups=3), 3 * 16 * 16 * 2 * 4, id="transposed and grouped"),
    ],
)
def test_a_convolution_is_counted(layer: nn.Module, expected: int) -> None:
    """A convolution has a MAC for each element of its result and each of the kernel that it sums over."""
    assert count(layer.to("meta"), (1, 3, 16, 16)).total() == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        pytest.param(lambda: F.conv1d(meta(2, 4, 10), meta(6, 4, 3)), 2 * 6 * 8 * 4 * 3, id="conv1d"),
        pytest.param(lambda: F.conv2d(meta(4, 9, 9), meta(6, 4, 3, 3)), 6 * 7 * 7 * 4 * 9, id="without a batch"),
        pytest.param(lambda: F.linear(meta(2, 5, 3), meta(7, 3)), 2 * 5 * 3 * 7, id="linear"),
        pytest.param(lambda: meta(2, 5, 3) @ meta(3, 7), 2 * 5 * 3 * 7, id="matmul"),
        pytest.param(lambda: meta(4, 1, 5, 3) @ meta(6, 3, 7), 4 * 6 * 5 * 3 * 7, id="matmul that broadcasts"),
        pytest.param(lambda: torch.matmul(meta(3), meta(3, 7)), 3 * 7, id="vector by matrix"),
        pytest.param(lambda: meta(5, 3).matmul(meta(3)), 5 * 3, id="matrix by vector"),
        pytest.param(lambda: torch.bmm(meta(2, 5, 3), mat2=meta(2, 3, 7)), 2 * 5 * 3 * 7, id="bmm"),
        pytest.param(lambda: torch.baddbmm(meta(1), meta(2, 5, 3), meta(2, 3, 7)), 2 * 5 * 3 * 7, id="baddbmm"),
        pytest.param(lambda: torch.addmm(meta(7), meta(5, 3), meta(3, 7)), 5 * 3 * 7, id="addmm"),
        pytest.param(lambda: torch.einsum("bik,bkj->bij", meta(2, 5, 3), meta(2, 3, 7)), 2 * 5 * 3 * 7, id="einsum"),
        pytest.param(lambda: torch.einsum("ik,kj", meta(5, 3), meta(3, 7)), 5 * 3 * 7, id="einsum without arrow"),
        pytest.param(
            lambda: torch.einsum("...ik,...kj->...ij", meta(4, 2, 5, 3), meta(4, 2, 3, 7)), 8 * 5 * 3 * 7, id="ellipsis"
        ),
        pytest.param(lambda: torch.einsum("...k,...k", meta(4, 3), meta(4, 3)), 4 * 3, id="ellipsis without arrow"),
        pytest.param(lambda: torch.einsum("ij,ij->ij", meta(5, 3), meta(5, 3)), 0, id="elementwise"),
        pytest.param(lambda: torch.einsum("ikx,kj->ij", meta(5, 3, 9), meta(3, 7)), 5 * 3 * 7, id="summed before"),
        pytest.param(
            lambda: torch.einsum("ij,jk,kl->il", meta(2, 3), meta(3, 5), meta(5, 7)), 2 * 3 * 5 + 2 * 5 * 7, id="three"
        ),
        pytest.param(
            lambda: F.scaled_dot_product_attention(meta(2, 4, 9, 8), meta(2, 4, 5, 8), meta(2, 4, 5, 6)),
            2 * 4 * 9 * 5 * 8 + 2 * 4 * 9 * 5 * 6,
            id="attention",
        ),
        pytest.param(lambda: F.relu(meta(4, 4)) * meta(4, 4), 0, id="nothing to count"),
    ],
)
def test_a_call_is_counted(call: Callable[[], Any], expected: int) -> None:
    """Each kind of product has the MACs that its shapes give, however it is called."""
    assert macs(call) == expected


def test_multi_head_attention_is_counted_once() -> None:
    """Three projections in, two products over 9 x 9 pairs, one projection out; nothing inside is counted again."""
    layer = nn.MultiheadAttention(8, 2, device="meta")
    tokens = meta(9, 4, 8)
    assert macs(lambda: layer.train()(tokens, tokens, tokens)) == 4 * 9 * 4 * 8 * 8 + 2 * 4 * 9 * 9 * 8


@pytest.mark.parametrize(("net", "gates"), [(nn.LSTM, 4), (nn.GRU, 3), (nn.RNN, 1)])
def test_a_recurrent_net_is_counted(net: Callable[..., nn.Module], gates: int) -> None:
    """For each of 5 steps of 2 sequences the gates see inputs and states; a second layer sees both directions."""
    layer = net(3, 7, num_layers=2, bidirectional=True, device="meta")
    one_direction = gates * 7 * (3 + 7) + gates * 7 * (14 + 7)
    assert macs(lambda: layer(meta(5, 2, 3))) == 5 * 2 * 2 * one_direction


def test_a_vit_block_is_counted() -> None:
    """A real model: the count of test_vit is that of its layers, added up by hand from its configuration."""
    width, heads, blocks, hidden, tokens = 64, 2, 6, 192, 10 * 10 + 1
    block = tokens * width * (3 * width + width + 2 * hidden) + 2 * tokens * tokens * width
    patches = (tokens - 1) * width * 3 * 16 * 16
    assert width % heads == 0
    counted = count(crosscheck.create("test_vit"), (1, 3, 160, 160)).total()
    assert counted == patches + blocks * block + width * 1000


def test_nothing_is_shared_with_the_first_method() -> None:
    """The script imports nothing of the package that made the figures."""
    for node in ast.walk(ast.parse((ROOT / "validation" / "crosscheck.py").read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not any(name.split(".")[0] in ("generator", "validation") for name in names)


def test_a_difference_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal, near and explained counts pass; explanations are printed, and one that is not needed is named."""
    monkeypatch.setattr(crosscheck, "REASONS", {"odd_*": "the first counts the padding", "gone": "no longer"})
    outcomes = [Outcome("a", 1000, 1000), Outcome("b", 1000, 1009), Outcome("odd_net", 1000, 1100)]
    text, is_explained = report(outcomes)
    assert is_explained
    assert text.splitlines() == [
        "odd_net: published 1,000 MACs, counted 1,100 MACs, ratio 1.1000: the first counts the padding",
        "no longer needed, or not in this dataset: the reason for gone",
        "3 models: 1 equal to the last MAC, 2 within 1%, 1 differ, 0 of them without a known reason.",
    ]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome("a", 1000, 1011), "NO KNOWN REASON"),
        (Outcome("a", 1000, 989), "ratio 0.9890"),
        (Outcome("a", None, 5), "published no count"),
        (Outcome("a", 5, None, "ValueError: odd"), "counted no count: ValueError: odd"),
        (Outcome("a", 0, 5), "published 0 MACs, counted 5 MACs"),
    ],
)
def test_a_difference_without_a_reason_fails(outcome: Outcome, words: str) -> None:
    """More than 1 % either way, and a count that one method lacks, is a difference that has to be explained."""
    text, is_explained = report([outcome])
    assert not is_explained
    assert words in text


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the script's module as the script does: exit code, standard output and standard error."""

    def called(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["crosscheck", *arguments])
        code = crosscheck.main()
        return (code, *capsys.readouterr())

    return called


def test_a_dataset_is_compared(tmp_path: Path, run: Run) -> None:
    """The models of a dataset that match are counted; the exit code shows whether all differences are explained."""
    right = count(crosscheck.create("test_resnet"), (1, 3, 160, 160)).total()
    records = tuple(
        examples.record(name, input_size=(3, 160, 160), compute=replace(COMPUTE, macs=macs))
        for name, macs in (("test_resnet", right), ("test_vit", 1))
    )
    dataset.write(replace(examples.FULL, records=records), tmp_path)
    code, out, _ = run("--dataset", str(tmp_path), "test_resnet")
    assert (code, out.splitlines()[-1].split(",")[0]) == (0, "1 models: 1 equal to the last MAC")
    code, out, _ = run("--dataset", str(tmp_path))
    assert (code, "test_vit: published 1 MACs" in out) == (1, True)


@pytest.mark.parametrize(
    "content", [None, "no JSON\n", '{"name": "a"}\n'], ids=["missing", "damaged", "of another form"]
)
def test_a_dataset_that_cannot_be_read_is_told(tmp_path: Path, run: Run, content: str | None) -> None:
    """Without a dataset that can be read there is nothing to compare: a sentence and exit code 2."""
    if content:
        (tmp_path / "records.jsonl").write_text(content)
    code, out, err = run("--dataset", str(tmp_path))
    assert (code, out) == (2, "")
    assert err.startswith(f"crosscheck: the dataset {tmp_path} cannot be read: ")
    assert err.count("\n") == 1


def test_a_model_without_a_count_differs(tmp_path: Path, run: Run) -> None:
    """A model whose MACs the dataset does not know is named, and needs a reason."""
    dataset.write(replace(examples.FULL, records=(examples.record("test_vit", input_size=None),)), tmp_path)
    code, out, _ = run("--dataset", str(tmp_path))
    assert code == 1
    assert "test_vit: published no count, counted no count: ValueError: timm gives no input size" in out
