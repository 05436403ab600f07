"""Estimates of memory against what real runs take: on the CPU by its allocator's events, on CUDA by its peak.

Prints a Markdown table. Each row is one run of a real model of timm with random weights.
"""

from __future__ import annotations

import argparse
import platform
import re
import statistics
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import timm
import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

from generator.facts import estimates
from generator.facts.inspections import Compute
from generator.measuring import forward, inspection
from generator.measuring.activation_memory import CPU, CUDA, ActivationMemory, Autocast

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
# Larger models, run only on a GPU.
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
MIB = 2**20


# The kinds of run, each with its optimiser; none for inference. One kind for each optimiser is enough: optimisers
# differ only in the size of their states, which is known exactly.
KINDS: dict[str, str | None] = {
    estimates.INFERENCE: None,
    estimates.INFERENCE_BF16: None,
    estimates.TRAINING: "SGD with momentum",
    estimates.TRAINING_MIXED: "AdamW",
}


class Row(NamedTuple):
    """One run, with its estimated and its measured bytes."""

    kind: str
    model: str
    batch: int
    estimate: int
    measured: int

    @property
    def ratio(self) -> float:
        """Measured bytes for each estimated byte: over 1 where the estimate is too low."""
        return self.measured / self.estimate


def main(arguments: list[str] | None = None) -> int:
    """Run everything and print it; the exit code is 0, since a band has no target."""
    parser = argparse.ArgumentParser(prog="./scripts/validate-memory", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help="models to run, a choice of small ones by default")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table to a file as well")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    devices = ["cpu"] + ["cuda"] * torch.cuda.is_available()
    found: dict[str, list[Row]] = {}
    for device in devices:
        names = options.models or (MODELS if device == "cpu" else MODELS + LARGER)
        rows = found.setdefault(machine(device), [])
        for row in run(names, torch.device(device)):
            rows.append(row)
            print(f"{device}: {row.model}, {row.kind}, batch {row.batch}: {row.ratio:.2f}", file=sys.stderr, flush=True)
    text = report(found)
    print(text, end="")
    if options.write:
        options.write.write_text(text)
    return 0


def machine(device: str) -> str:
    """The name of the processor or GPU that runs are measured on."""
    if device == "cuda":
        return torch.cuda.get_device_name()
    names = re.findall(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{names[0] if names else platform.machine()} ({platform.machine()}, {torch.get_num_threads()} threads)"


def report(found: Mapping[str, list[Row]]) -> str:
    """Write the report: first the bands over all runs, then each run on each machine."""
    texts = [
        f"Measured with timm {timm.__version__} and torch {torch.__version__} on {' and '.join(found)}.",
        bands([row for rows in found.values() for row in rows]),
        *(
            f'<details markdown="1"><summary>Each run on {name}</summary>\n\n{table(rows)}\n\n</details>'
            for name, rows in found.items()
        ),
    ]
    if not torch.cuda.is_available():
        texts.append("Not measured on a GPU.")
    return "\n\n".join(texts) + "\n"


def run(names: Iterable[str], device: torch.device) -> Iterator[Row]:
    """Measure every kind of run of every model, at each batch."""
    for name in names:
        found = figures(name, CPU if device.type == "cpu" else CUDA)
        for kind in KINDS:
            for batch in estimates.BATCHES:
                if KINDS[kind] and batch == 1 and found.training_error:
                    print(f"{name}, {kind}, batch 1: not possible: {found.training_error}", file=sys.stderr)
                    continue
                yield measure(name, kind, batch, found, device)


def figures(name: str, autocast: Autocast) -> Compute:
    """Take the figures of a model on the meta device, with the autocast of the device that runs are measured on."""
    model = inspection.create(name)
    configuration = timm.models.get_pretrained_cfg(name)
    assert configuration is not None, f"{name} has no default configuration"
    size = configuration.input_size
    compute, _ = inspection.compute_of(model, size)
    image = torch.empty(1, *size, device="meta")
    with ActivationMemory(model, autocast) as lifetimes:
        lifetimes.begin(image)
        forward.run(model, [""], image, watcher=lifetimes)
    return replace(
        compute,
        saved_activation_bytes_mixed=lifetimes.saved_mixed,
        cast_parameter_bytes=lifetimes.cast,
    )


def measure(name: str, kind: str, batch: int, found: Compute, device: torch.device) -> Row:
    """Measure one run, and estimate it."""
    model: nn.Module = timm.create_model(name).to(device)
    of_model = _bytes(model.parameters()), _bytes(model.buffers())
    optimizer = KINDS[kind]
    if kind == estimates.INFERENCE_BF16:
        estimate = estimates.inference_bf16(*of_model, found, batch)
    elif optimizer is None:
        estimate = estimates.inference(*of_model, found, batch)
    else:
        mixed = kind == estimates.TRAINING_MIXED
        estimate = estimates.training(*of_model, found, batch, optimizer=optimizer, mixed=mixed)
    images = torch.randn(batch, *found.input_size, device=device)
    if optimizer is None:
        act = _inference(model)
        if kind == estimates.INFERENCE_BF16:
            model.bfloat16()
            images = images.bfloat16()
        states = 0
    else:
        act = _training(model, optimizer, mixed=kind == estimates.TRAINING_MIXED)
        act(images)  # so that the optimiser has its states
        states = of_model[0] * estimates.OPTIMIZER_STATES[optimizer]
    standing = _bytes(model.parameters()) + _bytes(model.buffers()) + states + images.nbytes
    peak = (_cuda_peak if device.type == "cuda" else _cpu_peak)(lambda: act(images))
    return Row(kind, name, batch, estimate, standing + peak)


def table(rows: Iterable[Row]) -> str:
    """Write a table of every run, with its estimated and its measured memory."""
    lines = [
        "| Kind | Model | Batch | Estimate, MiB | Measured, MiB | Measured / estimate |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {_called(row.kind)} | {row.model} | {row.batch} | {row.estimate / MIB:,.1f} | {row.measured / MIB:,.1f} "
        f"| {row.ratio:.2f} |"
        for row in sorted(rows, key=lambda row: list(KINDS).index(row.kind))
    ]
    return "\n".join(lines)


def bands(rows: list[Row]) -> str:
    """Write a table of the least, the median and the greatest ratio of each kind."""
    lines = [
        "| Kind | Runs | Least measured / estimate | Median | Greatest |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for kind in KINDS:
        ratios = [row.ratio for row in rows if row.kind == kind]
        lines.append(
            f"| {_called(kind)} | {len(ratios)} | {min(ratios):.2f} | {statistics.median(ratios):.2f} "
            f"| {max(ratios):.2f} |"
        )
    return "\n".join(lines)


def _called(kind: str) -> str:
    return kind if KINDS[kind] is None else f"{kind}, {KINDS[kind]}"


def _inference(model: nn.Module) -> Callable[[torch.Tensor], None]:
    model.eval()

    def act(images: torch.Tensor) -> None:
        with torch.no_grad():
            model(images)

    return act


def _training(model: nn.Module, name: str, *, mixed: bool) -> Callable[[torch.Tensor], None]:
    model.train()
    optimizer: torch.optim.Optimizer = (
        torch.optim.AdamW(model.parameters())
        if name == "AdamW"
        else torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    )

    def act(images: torch.Tensor) -> None:
        with torch.autocast(images.device.type, torch.bfloat16, enabled=mixed):
            result = model(images)
            loss = torch.stack([part.float().square().mean() for part in _parts(result)]).sum()
        del result
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return act


def _bytes(tensors: Iterable[torch.Tensor]) -> int:
    return sum(tensor.nbytes for tensor in tensors)


def _cpu_peak(act: Callable[[], None]) -> int:
    """Peak of the bytes that the CPU's allocator holds during an action, beyond those before it."""
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
