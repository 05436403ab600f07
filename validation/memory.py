"""Estimates of memory against what real runs take: on the CPU by its allocator's events, on CUDA by its peak.

Prints a Markdown table. Each row is one run of a real model of timm with random weights.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import timm
import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

from generator import forward, inspection, memory
from generator.records import Compute
from generator.residency import CPU, CUDA, Autocast, Residency

MODELS = (
    "resnet18",
    "resnet50",
    "mobilenetv2_100",
    "mobilenetv3_small_100",
    "efficientnet_b0",
    "regnety_004",
    "densenet121",
    "convnext_atto",
    "ghostnet_100",
    "repvgg_a0",
    "mobileone_s0",
    "poolformer_s12",
    "mixer_s32_224",
    "vit_tiny_patch16_224",
    "vit_small_patch32_224",
    "deit_tiny_patch16_224",
    "swin_tiny_patch4_window7_224",
    "pvt_v2_b0",
    "mobilevit_xxs",
)
# Only where there is a GPU: larger ones.
LARGER = (
    "resnet152",
    "convnext_base",
    "efficientnet_b4",
    "vit_base_patch16_224",
    "vit_large_patch16_224",
    "swin_base_patch4_window7_224",
    "maxvit_tiny_tf_224",
    "eva02_small_patch14_224",
    "regnety_160",
    "coatnet_0_rw_224",
)
BATCHES = (1, 8)
MIB = 2**20


class Kind(NamedTuple):
    """One kind of run. Without an optimiser it is inference."""

    name: str
    optimizer: str | None
    mixed: bool


KINDS = (
    Kind("Inference, fp32", None, False),
    Kind("Training, fp32, SGD with momentum", "SGD with momentum", False),
    Kind("Training, bf16 autocast, AdamW", "AdamW", True),
)


class Row(NamedTuple):
    """One run: bytes as estimated and as measured."""

    kind: str
    model: str
    batch: int
    estimate: int
    measured: int

    @property
    def ratio(self) -> float:
        return self.estimate / self.measured


def main(arguments: list[str] | None = None) -> int:
    """Run everything and print it; the exit code is 0, since a band has no target."""
    parser = argparse.ArgumentParser(prog="./scripts/validate-memory", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help="models to run, a choice of small ones by default")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table to a file as well")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    rows: list[Row] = []
    devices = ["cpu"] + ["cuda"] * torch.cuda.is_available()
    texts = [f"Measured with timm {timm.__version__}, torch {torch.__version__} on {platform.machine()}."]
    for device in devices:
        names = options.models or (MODELS if device == "cpu" else MODELS + LARGER)
        rows = []
        for row in run(names, torch.device(device)):
            rows.append(row)
            print(f"{device}: {row.model}, {row.kind}, batch {row.batch}: {row.ratio:.2f}", file=sys.stderr)
        texts += [f"**{'CPU' if device == 'cpu' else torch.cuda.get_device_name()}**", table(rows), bands(rows)]
    if "cuda" not in devices:
        texts.append("CUDA was not measured: this machine has no such device.")
    text = "\n\n".join(texts) + "\n"
    print(text, end="")
    if options.write:
        options.write.write_text(text)
    return 0


def run(names: Iterable[str], device: torch.device) -> Iterator[Row]:
    """Every kind of run of every model, at each batch."""
    for name in names:
        found = figures(name, CPU if device.type == "cpu" else CUDA)
        for kind in KINDS:
            for batch in BATCHES:
                yield measure(name, kind, batch, found, device)


def figures(name: str, autocast: Autocast) -> Compute:
    """What is measured on the meta device, under the autocast of the device that is compared with."""
    model = inspection.create(name)
    configuration = timm.models.get_pretrained_cfg(name)
    assert configuration is not None, f"{name} has no default configuration"
    size = configuration.input_size
    compute, _ = inspection.compute_of(model, size)
    image = torch.empty(1, *size, device="meta")
    with Residency(model, autocast) as residency:
        residency.begin(image)
        forward.run(model, [""], image, watcher=residency)
    return replace(
        compute,
        saved_activation_bytes_mixed=residency.saved_mixed,
        cast_parameter_bytes=residency.cast,
    )


def measure(name: str, kind: Kind, batch: int, found: Compute, device: torch.device) -> Row:
    """One run, and its estimate."""
    model: nn.Module = timm.create_model(name).to(device)
    parameters = sum(parameter.nbytes for parameter in model.parameters())
    buffers = sum(buffer.nbytes for buffer in model.buffers())
    images = torch.randn(batch, *found.input_size, device=device)
    if kind.optimizer is None:
        model.eval()
        standing = parameters + buffers + images.nbytes

        def act() -> None:
            with torch.no_grad():
                model(images)

        estimate = memory.inference(parameters, buffers, found, batch)
    else:
        model.train()
        states = memory.OPTIMIZER_STATES[kind.optimizer]
        standing = parameters * (1 + states) + buffers + images.nbytes
        optimizer: torch.optim.Optimizer = (
            torch.optim.AdamW(model.parameters())
            if kind.optimizer == "AdamW"
            else torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
        )

        def act() -> None:
            with torch.autocast(device.type, torch.bfloat16, enabled=kind.mixed):
                result = model(images)
                loss = torch.stack([part.float().square().mean() for part in _parts(result)]).sum()
            del result
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

        act()  # so that the optimiser has its states
        estimate = memory.training(parameters, buffers, found, batch, optimizer=kind.optimizer, mixed=kind.mixed)
    peak = _cuda_peak if device.type == "cuda" else _cpu_peak
    return Row(kind.name, name, batch, estimate, standing + peak(act))


def table(rows: Iterable[Row]) -> str:
    """Every run with its estimate beside what was measured."""
    lines = ["| Run | Model | Batch | Estimate, MiB | Measured, MiB | Ratio |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row.kind} | {row.model} | {row.batch} | {row.estimate / MIB:,.1f} | {row.measured / MIB:,.1f} "
        f"| {row.ratio:.2f} |"
        for row in sorted(rows, key=lambda row: [kind.name for kind in KINDS].index(row.kind))
    ]
    return "\n".join(lines)


def bands(rows: list[Row]) -> str:
    """The least, the middle and the greatest ratio of each kind."""
    lines = [
        "| Run | Batch | Runs | Least ratio | Median | Greatest |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for kind in KINDS:
        for batch in BATCHES:
            ratios = [row.ratio for row in rows if (row.kind, row.batch) == (kind.name, batch)]
            lines.append(
                f"| {kind.name} | {batch} | {len(ratios)} | {min(ratios):.2f} | {statistics.median(ratios):.2f} "
                f"| {max(ratios):.2f} |"
            )
    return "\n".join(lines)


def _cpu_peak(act: Callable[[], None]) -> int:
    """The most bytes that the CPU's allocator gave out beyond those before."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        act()
    changes: list[tuple[int, int]] = []
    pending: list[Any] = list(profiled.profiler.kineto_results.experimental_event_tree())
    while pending:
        event = pending.pop()
        pending += event.children
        if event.tag == torch._C._profiler._EventType.Allocation:
            changes.append((event.start_time_ns, event.extra_fields.alloc_size))
    allocated = peak = 0
    for _, size in sorted(changes, key=lambda change: change[0]):
        allocated += size
        peak = max(peak, allocated)
    return peak


def _cuda_peak(act: Callable[[], None]) -> int:
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    act()
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated() - before


def _parts(result: Any) -> list[torch.Tensor]:
    return [result] if isinstance(result, torch.Tensor) else [part for each in result for part in _parts(each)]


if __name__ == "__main__":
    sys.exit(main())
