"""Measure the peak CUDA memory of real runs of timm models, with random weights, and keep the rows as a Parquet file.

Processes run side by side, each with its share of the card's memory and one model at a time. What does not fit into a
share is run again by fewer processes with larger shares. Rows are written as they come, so a run that was stopped goes
on where it was.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import queue
import random
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from generator.facts.estimates import BATCHES, INFERENCE, INFERENCE_BF16, TRAINING, TRAINING_MIXED

# The rows of the project: real runs on the GPU that each row names.
FILE = Path(__file__).parent / "peaks.parquet"
# The kinds of run, each with its optimiser. One optimiser for each kind is enough: they differ in what they hold for
# each parameter, which is known exactly.
KINDS: dict[str, str | None] = {
    INFERENCE: None,
    INFERENCE_BF16: None,
    TRAINING: "SGD with momentum",
    TRAINING_MIXED: "AdamW",
}
# Processes side by side, in each round.
ROUNDS = (12, 2)
# The outcome of a run that has a peak; any other outcome is the reason why it has none.
RAN = "ran"
TOO_LARGE = "did not fit in "
# Seconds that one model may take in one process.
PATIENCE = 180.0
# The share of the card that all processes have together. CUDA itself takes some for each of them.
_SHARE = 0.94


class Peak(NamedTuple):
    """One run.

    ``peak_bytes`` is the most that PyTorch's allocator held in a step after the first, less what the process held
    before the model was made (the workspaces of libraries); ``None`` unless ``outcome`` is `RAN`.
    """

    model: str
    kind: str
    optimizer: str | None
    batch: int
    peak_bytes: int | None
    outcome: str
    device: str
    torch_version: str
    timm_version: str


_SCHEMA = pa.schema([(name, pa.int64() if name in ("batch", "peak_bytes") else pa.string()) for name in Peak._fields])

Run = tuple[str, int]


def read(path: Path) -> list[Peak]:
    """Read the rows of a file; none if there is no file."""
    return [Peak(**row) for row in pq.read_table(path).to_pylist()] if path.exists() else []


def write(path: Path, rows: Iterable[Peak]) -> None:
    """Write rows to a file, whole or not at all, in an order of their own."""
    kinds = list(KINDS)
    ordered = sorted(rows, key=lambda row: (row.model, kinds.index(row.kind), row.batch))
    new = path.with_name(f".{path.name}.new")
    table = pa.Table.from_pylist([row._asdict() for row in ordered], _SCHEMA)
    pq.write_table(table, new, compression="zstd", compression_level=19)
    os.replace(new, path)


def measure(path: Path, names: Sequence[str], seconds: float) -> None:
    """Run all kinds and batches of these models on the CUDA device, but for those whose row is there.

    Args:
        path: the file of the rows.
        names: the models.
        seconds: begins no model after so many.
    """
    end = time.monotonic() + seconds
    rows = {(row.model, row.kind, row.batch): row for row in read(path)}
    lock = threading.Lock()
    # By chance, so that a run that is stopped has seen models of all kinds.
    names = random.Random(7).sample(list(names), len(names))
    for turn, processes in enumerate(ROUNDS):
        jobs: queue.SimpleQueue[tuple[str, list[Run]]] = queue.SimpleQueue()
        for name in names:
            todo = [run for run in _runs() if _is_open(rows.get((name, *run)), again=turn > 0)]
            if todo:
                jobs.put((name, todo))
        print(f"{jobs.qsize()} models, {processes} processes", file=sys.stderr, flush=True)
        threads = [
            threading.Thread(target=_work, args=(jobs, rows, lock, _SHARE / processes, end)) for _ in range(processes)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(5)
                with lock:
                    write(path, rows.values())
        write(path, rows.values())


def _runs() -> list[Run]:
    return [(kind, batch) for kind in KINDS for batch in BATCHES]


def _is_open(known: Peak | None, *, again: bool) -> bool:
    """Whether a run has to be done: it is new, or did not fit into a smaller share."""
    if known is None:
        return not again
    return again and known.outcome.startswith(TOO_LARGE)


def _work(
    jobs: queue.SimpleQueue[tuple[str, list[Run]]],
    rows: dict[tuple[str, str, int], Peak],
    lock: threading.Lock,
    share: float,
    end: float,
) -> None:
    worker: _Worker | None = None
    while time.monotonic() < end:
        try:
            name, todo = jobs.get_nowait()
        except queue.Empty:
            break
        worker = worker or _Worker(share)
        found = worker.run(name, todo, min(PATIENCE, max(5.0, end - time.monotonic())))
        if found is None:
            worker.stop()
            worker = None
            print(f"{name}: the process ended or took too long", file=sys.stderr, flush=True)
            continue
        with lock:
            rows.update({(row.model, row.kind, row.batch): row for row in found})
    if worker:
        worker.stop()


class _Worker:
    """A process with a share of the card, which runs one model after another."""

    def __init__(self, share: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, share), daemon=True)
        self._process.start()
        there.close()

    def run(self, name: str, todo: list[Run], seconds: float) -> list[Peak] | None:
        """Have a model run; ``None`` if there is no answer in this time."""
        try:
            self._here.send((name, todo))
            return self._here.recv() if self._here.poll(seconds) else None
        except (EOFError, OSError):
            return None

    def stop(self) -> None:
        """End the process."""
        self._here.close()
        self._process.kill()
        self._process.join()


def _serve(jobs: Connection, share: float) -> None:
    warnings.simplefilter("ignore")
    import torch

    torch.backends.cuda.matmul.allow_tf32 = True
    torch.set_num_threads(1)
    torch.cuda.set_per_process_memory_fraction(share)
    device = torch.device("cuda")
    warm_up(device)
    limit = int(torch.cuda.get_device_properties(0).total_memory * share)
    with contextlib.suppress(EOFError):
        while True:
            name, todo = jobs.recv()
            found = list(_rows(name, todo, device, limit))
            jobs.send(found)
            # After such an error the device is of no more use to this process.
            if any("CUDA error" in row.outcome or "device-side" in row.outcome for row in found):
                return


def warm_up(device: Any) -> None:
    """Make the workspaces that libraries keep for the whole process: cuBLAS has one for each thread that uses it.

    A backward pass runs in a thread of its own.
    """
    import torch

    tensor = torch.randn(64, 64, device=device, requires_grad=True)
    (tensor @ tensor).sum().backward()  # type: ignore[no-untyped-call]
    low = tensor.detach().bfloat16().requires_grad_()
    (low @ low).sum().backward()  # type: ignore[no-untyped-call]
    torch.nn.functional.linear(tensor, tensor, tensor[0]).sum().backward()  # type: ignore[no-untyped-call]
    torch.cuda.synchronize()


def _rows(name: str, todo: list[Run], device: Any, limit: int) -> Iterator[Peak]:
    import timm
    import torch

    of_all = torch.cuda.get_device_name(), torch.__version__, timm.__version__
    for kind, optimizer_name in KINDS.items():
        batches = sorted(batch for wanted, batch in todo if wanted == kind)
        if not batches:
            continue

        def row(
            batch: int, peak: int | None, outcome: str, kind: str = kind, optimizer: str | None = optimizer_name
        ) -> Peak:
            return Peak(name, kind, optimizer, batch, peak, outcome, *of_all)

        model = optimizer = act = images = None
        gc.collect()
        torch.cuda.empty_cache()
        before = torch.cuda.memory_allocated()
        try:
            with device:
                model = timm.create_model(name)
            configuration = timm.models.get_pretrained_cfg(name)
            assert configuration is not None, f"{name} has no default configuration"
            model, optimizer = prepared(model, kind, optimizer_name)
        except Exception as error:
            yield from (row(batch, None, _why(error, limit)) for batch in batches)
            continue
        full = ""
        for batch in batches:
            # What fails with a small batch would fail with a larger.
            if full:
                yield row(batch, None, full)
                continue
            try:
                images = torch.randn(batch, *configuration.input_size, device=device)
                if kind == INFERENCE_BF16:
                    images = images.bfloat16()
                act = action(model, optimizer, images, kind == TRAINING_MIXED)
                act()
                torch.cuda.synchronize()
                torch.cuda.reset_peak_memory_stats()
                act()
                torch.cuda.synchronize()
                yield row(batch, torch.cuda.max_memory_allocated() - before, RAN)
            except Exception as error:
                reason = _why(error, limit)
                full = reason if reason.startswith(TOO_LARGE) else ""
                del error
                if optimizer is not None:
                    optimizer.zero_grad(set_to_none=True)
                yield row(batch, None, reason)
            act = images = None
            gc.collect()
            if full:
                torch.cuda.empty_cache()


def prepared(model: Any, kind: str, optimizer: str | None) -> tuple[Any, Any]:
    """Make a model ready for a kind of run: its mode, its dtype and its optimiser (``None`` in inference)."""
    import torch

    if optimizer is None:
        model.eval()
        return model.bfloat16() if kind == INFERENCE_BF16 else model, None
    model.train()
    if optimizer == "AdamW":
        return model, torch.optim.AdamW(model.parameters())
    return model, torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)


def action(model: Any, optimizer: Any, images: Any, mixed: bool) -> Callable[[], None]:
    """One pass of inference over these images or, with an optimiser, one step of training, to be called again."""
    import torch

    def infer() -> None:
        with torch.no_grad():
            model(images)

    def step() -> None:
        with torch.autocast("cuda", torch.bfloat16, enabled=mixed):
            result = model(images)
            loss = torch.stack([part.float().square().mean() for part in _parts(result)]).sum()
        del result
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return infer if optimizer is None else step


def _parts(result: Any) -> list[Any]:
    import torch

    if isinstance(result, torch.Tensor):
        return [result]
    each = result.values() if isinstance(result, dict) else result
    return [part for one in each for part in _parts(one)]


def _why(error: BaseException, limit: int) -> str:
    import torch

    if isinstance(error, torch.OutOfMemoryError):
        return f"{TOO_LARGE}{limit / 2**30:.1f} GiB"
    return f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}"
