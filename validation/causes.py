"""Find out, on a CUDA device, why real runs took more or less memory than estimated: operator by operator.

A run is repeated with the allocator's peak read around every operator. The operator at the peak, what it took beside
its arguments and results, and what the rules for workspaces say of it, tell what the estimate lacks.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

from generator.facts.estimates import INFERENCE_BF16, TRAINING_MIXED
from validation import peaks

# The causes of the runs of the project that were far from their estimate.
FILE = Path(__file__).parent / "causes.json"
# Processes side by side, in each round: what does not fit beside others is tried again alone.
_ROUNDS = (8, 1)
# Bytes of which one is as good as none.
_NOTHING = 2**20


class Cause(NamedTuple):
    """Why one run was far from its estimate.

    ``operator`` is that at the real peak or, if the run took less than estimated, that at the peak by the rules;
    ``shapes`` are those of its tensors. ``workspace`` are the bytes that it took beside its arguments and results,
    ``ruled`` those that the rules for workspaces say. ``peak`` are the bytes of the whole run, and ``by_rules`` those
    of the real tensors with the workspaces of the rules.
    """

    model: str
    kind: str
    batch: int
    operator: str
    shapes: tuple[tuple[int, ...], ...]
    workspace: int
    ruled: int
    peak: int
    by_rules: int


def read(path: Path = FILE) -> dict[tuple[str, str, int], Cause]:
    """Read the causes of a file, by model, kind and batch; none if there is no file."""
    if not path.exists():
        return {}
    found = [Cause(**{**row, "shapes": tuple(map(tuple, row["shapes"]))}) for row in json.loads(path.read_text())]
    return {(cause.model, cause.kind, cause.batch): cause for cause in found}


def write(path: Path, causes: Iterable[Cause]) -> None:
    """Write causes to a file, whole or not at all, one in each line."""
    new = path.with_name(f".{path.name}.new")
    rows = [json.dumps(cause._asdict()) for cause in sorted(causes)]
    new.write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")
    os.replace(new, path)


def measure(path: Path, runs: Sequence[tuple[str, str, int, bool]]) -> None:
    """Find the causes of these runs on the CUDA device, and write them to a file in place of what it has.

    Args:
        path: the file.
        runs: model, kind, batch, and whether the run took more than estimated.
    """
    found: list[Cause] = []
    for processes in _ROUNDS:
        failed = []
        with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
            jobs: dict[Future[Cause], tuple[str, str, int, bool]] = {pool.submit(_cause, *run): run for run in runs}
            for job in as_completed(jobs):
                error = job.exception()
                if error is None:
                    found.append(job.result())
                else:
                    failed.append(jobs[job])
                    print(f"{jobs[job][0]}, {jobs[job][1]}, batch {jobs[job][2]}: {error}", file=sys.stderr)
        runs = failed
    write(path, found)


def text(cause: Cause) -> str:
    """The cause in words, with the bytes that make up the difference."""
    shapes = " and ".join("×".join(map(str, shape)) for shape in cause.shapes[:2])
    where = f"`{cause.operator.removeprefix('_')}`" + (f" of {shapes}" if shapes else "")
    if abs(cause.workspace - cause.ruled) > _NOTHING and abs(cause.peak - cause.by_rules) > _NOTHING:
        return f"{where} takes a workspace of {_mib(cause.workspace)} MiB, {_mib(cause.ruled)} by the rules"
    return f"at {where}, tensors live that the estimate lacks, or the other way round"


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f}"


def _cause(name: str, kind: str, batch: int, is_above: bool) -> Cause:
    """Repeat one run, in a process that does nothing else on the device meanwhile."""
    import timm
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode

    from generator.measuring import workspaces

    torch.backends.cuda.matmul.allow_tf32 = True
    torch.set_num_threads(1)
    device = torch.device("cuda")
    peaks.warm_up(device)
    gc.collect()
    torch.cuda.empty_cache()
    start = torch.cuda.memory_allocated()
    with device:
        model = timm.create_model(name)
    configuration = timm.models.get_pretrained_cfg(name)
    assert configuration is not None, f"{name} has no default configuration"
    model, optimizer = peaks.prepared(model, kind, peaks.KINDS[kind])
    images = torch.randn(batch, *configuration.input_size, device=device)
    if kind == INFERENCE_BF16:
        images = images.bfloat16()
    act = peaks.action(model, optimizer, images, kind == TRAINING_MIXED)
    act()
    best: Cause | None = None
    most = peak = by_rules = 0

    class Watching(TorchDispatchMode):  # type: ignore[no-untyped-call]
        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            nonlocal best, most, peak, by_rules
            before = torch.cuda.memory_allocated()
            torch.cuda.reset_peak_memory_stats()
            result = func(*args, **(kwargs or {}))
            operator = func._schema.name.split("::")[-1]
            here, after = torch.cuda.max_memory_allocated() - start, torch.cuda.memory_allocated()
            tensors = [argument for argument in args if isinstance(argument, torch.Tensor)]
            outputs = [result] if isinstance(result, torch.Tensor) else result
            rule = None
            if operator in workspaces.OPERATORS:
                # At batch 1 all elements count.
                rule = workspaces.of(operator, args, outputs, 1, tensors[0].dtype)
            ruled = rule.at(1) if rule else 0
            peak, by_rules = max(peak, here), max(by_rules, after + ruled - start)
            judged = here if is_above else after + ruled - start
            if judged > most:
                most = judged
                shapes = tuple(tuple(tensor.shape) for tensor in tensors)
                workspace = here + start - max(before, after)
                best = Cause(name, kind, batch, operator, shapes, workspace, ruled, 0, 0)
            return result

    with Watching():  # type: ignore[no-untyped-call]
        act()
    assert best is not None, f"{name} runs no operator"
    return best._replace(peak=peak, by_rules=by_rules)
