"""Estimates of the GPU memory for running and training a model, in bytes, from its measured passes.

They include the workspaces of operators where a rule for them is known, and not the rest of what a GPU holds: other
workspaces, memory that the allocator keeps or cannot use, and CUDA's context.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from generator.facts.batches import Line, greatest
from generator.facts.inspections import Memory
from generator.facts.records import ModelRecord


class Optimizer(NamedTuple):
    """How many numbers an optimiser has for each trainable parameter: ``states`` always, ``temporaries`` in its step.

    These are of torch's own optimisers in their default form, which updates all parameters at a time (``foreach``).
    """

    states: int
    temporaries: int


OPTIMIZERS: Mapping[str, Optimizer] = {"SGD with momentum": Optimizer(1, 0), "AdamW": Optimizer(2, 1)}
# The batch sizes that runs were measured at, and those that pages show.
BATCHES = (1, 8, 32, 128)
SHOWN_BATCHES = (1, 32)

INFERENCE = "inference in fp32"
INFERENCE_BF16 = "inference in bf16"
TRAINING = "training in fp32"
TRAINING_MIXED = "training in bf16, mixed precision"


class Setting(NamedTuple):
    """One way to run a model: its key in addresses, the words that name it in a table, its kind and its optimiser."""

    key: str
    words: str
    kind: str
    optimizer: str | None


SETTINGS = (
    Setting("infer-fp32", "Inference, fp32", INFERENCE, None),
    Setting("infer-bf16", "Inference, bf16", INFERENCE_BF16, None),
    Setting("train-fp32-sgd", "Training, fp32, SGD", TRAINING, "SGD with momentum"),
    Setting("train-fp32-adamw", "Training, fp32, AdamW", TRAINING, "AdamW"),
    Setting("train-mixed-sgd", "Training, mixed, SGD", TRAINING_MIXED, "SGD with momentum"),
    Setting("train-mixed-adamw", "Training, mixed, AdamW", TRAINING_MIXED, "AdamW"),
)
SETTING = {setting.key: setting for setting in SETTINGS}
KINDS = tuple(dict.fromkeys(setting.kind for setting in SETTINGS))


class Band(NamedTuple):
    """The least and the greatest ratio of measured to estimated memory that nearly all real runs of a kind had."""

    least: float
    greatest: float


# By kind and batch, from the runs in validation/, by ./scripts/validate-memory: 99 % of all runs are within.
BANDS: Mapping[tuple[str, int], Band] = {
    (INFERENCE, 1): Band(0.94, 1.1),
    (INFERENCE, 8): Band(0.85, 1.26),
    (INFERENCE, 32): Band(0.8, 1.26),
    (INFERENCE, 128): Band(0.69, 1.32),
    (INFERENCE_BF16, 1): Band(0.99, 1.16),
    (INFERENCE_BF16, 8): Band(0.97, 1.39),
    (INFERENCE_BF16, 32): Band(0.97, 1.2),
    (INFERENCE_BF16, 128): Band(0.95, 1.11),
    (TRAINING, 1): Band(0.83, 1.1),
    (TRAINING, 8): Band(0.87, 1.08),
    (TRAINING, 32): Band(0.93, 1.08),
    (TRAINING, 128): Band(0.96, 1.06),
    (TRAINING_MIXED, 1): Band(0.97, 1.06),
    (TRAINING_MIXED, 8): Band(0.88, 1.1),
    (TRAINING_MIXED, 32): Band(0.92, 1.12),
    (TRAINING_MIXED, 128): Band(0.93, 1.1),
}


def measured_around(batch: int) -> tuple[int, ...]:
    """The batches with real runs that say most about a batch: itself, or those around it, or the last one."""
    below = max((known for known in BATCHES if known <= batch), default=BATCHES[0])
    above = min((known for known in BATCHES if known >= batch), default=BATCHES[-1])
    return (below,) if below == above else (below, above)


def band(kind: str, batch: int) -> Band:
    """The band of a kind at a batch: that of the batches that were measured around it, or of the last one."""
    bands = [BANDS[kind, known] for known in measured_around(batch)]
    return Band(min(band.least for band in bands), max(band.greatest for band in bands))


class Estimate(NamedTuple):
    """One estimate. ``optimizer`` is a name of `OPTIMIZERS`, ``None`` for inference.

    ``bytes`` is ``None`` if the passes, which the estimate needs, were not measured, or if such a run raises an error.
    Then ``reason`` is that error, in one line.
    """

    kind: str
    optimizer: str | None
    batch: int
    bytes: int | None
    reason: str | None = None


def estimates(record: ModelRecord, batches: Sequence[int] = BATCHES) -> tuple[Estimate, ...]:
    """All estimates of a model, in the order of pages: by kind, optimiser, batch. Every model has the same number."""
    return tuple(estimate(record, setting.kind, setting.optimizer, batch) for setting in SETTINGS for batch in batches)


def estimate(record: ModelRecord, kind: str, optimizer: str | None, batch: int) -> Estimate:
    """Estimate one run at the input size that the model was measured at."""
    compute = record.inspection.compute
    if compute is None:
        return Estimate(kind, optimizer, batch, None)
    run = run_of(record, kind, optimizer)
    found = None if run is None else run.at(batch)
    if found is None:
        reason = compute.passes.bf16_error if kind == INFERENCE_BF16 else compute.training_error if optimizer else None
        return Estimate(kind, optimizer, batch, None, reason)
    return Estimate(kind, optimizer, batch, found)


class Run(NamedTuple):
    """The estimated bytes of one kind of run of a model, by batch.

    ``resident`` is there always; beside it the greatest of the lines: ``single`` at batch 1, ``several`` from batch 2
    on. There are none where such a run is not possible.
    """

    resident: int
    single: tuple[Line, ...]
    several: tuple[Line, ...]

    def at(self, batch: int) -> int | None:
        """The bytes at a batch; ``None`` if the run is not possible."""
        lines = self.single if batch == 1 else self.several
        return self.resident + greatest(lines, batch) if lines else None

    def largest_batch(self, available: int) -> int:
        """The largest batch whose estimate is at most ``available`` bytes; 0 if none is.

        A batch that cannot be run is not one that fits: for a model that does not train on a single image, 0 stands for
        batches of two and more.
        """
        left = available - self.resident
        most = min(((left - line.constant) // line.growing for line in self.several if line.growing), default=0)
        if most >= 2 and all(line.constant <= left for line in self.several):
            return most
        return 1 if self.single and greatest(self.single, 1) <= left else 0


def run_of(record: ModelRecord, kind: str, optimizer: str | None) -> Run | None:
    """One kind of run of a model; ``None`` if it is not known, or possible at no batch."""
    memory = _memory(record, kind)
    if memory is None:
        return None
    blocks = record.trainable_blocks if optimizer else 0
    held = OPTIMIZERS[optimizer] if optimizer else Optimizer(0, 0)
    single, several = (memory.lines(batch, held.temporaries * blocks) for batch in (1, 2))
    return Run(memory.resident + held.states * blocks, single, several) if single or several else None


def _memory(record: ModelRecord, kind: str) -> Memory | None:
    passes = record.inspection.compute.passes if record.inspection.compute else None
    if passes is None:
        return None
    return {
        INFERENCE: passes.inference,
        INFERENCE_BF16: passes.inference_bf16,
        TRAINING: passes.training,
        TRAINING_MIXED: passes.training_mixed,
    }[kind]
