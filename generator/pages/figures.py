"""The figures of a model that are a number and a unit, one after another: for a list, and to be set side by side.

Nothing here is measured, and nothing is said twice: the terminal lists these figures, and comparisons divide them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from generator import memory as estimating
from generator.memory import Estimate
from generator.pages.formatting import integer, memory, metric, quotient
from generator.records import Compute, Failure, ModelRecord

# How the figures read that `ranking.NEAREST_BY` names.
NEAREST: dict[str, tuple[str, Callable[[int], str]]] = {
    "parameters": ("Parameters", integer),
    "macs": ("MACs", lambda value: metric(value, "MACs")),
}

# Bits of one parameter in the number formats that people run models in.
_FORMATS = {"fp32": 32, "bf16 or fp16": 16, "int8": 8, "int4": 4}

# Stands in for what a forward pass takes where that is not known, to tell which estimates there would be.
_NOTHING = Compute((), 0, 0, (), 0, 0, 0, 0)


class Figure(NamedTuple):
    """A figure in words: ``value`` is the number behind ``text``, ``None`` where it is not known.

    ``unit`` tells how the text is made of it: ``bytes`` and ``MACs`` are scaled, any other stands behind the number.
    """

    label: str
    value: int | None
    text: str
    unit: str = ""


def counted(label: str, value: int | None, unit: str = "") -> Figure:
    """An exact count, e.g. ``11,689,512``, with its unit where the label does not name it."""
    return Figure(label, value, integer(value) + (f" {unit}" if unit and value is not None else ""), unit)


def sized(label: str, size: int | None) -> Figure:
    """A number of bytes."""
    return Figure(label, size, memory(size), "bytes")


def multiplied(label: str, value: int | None) -> Figure:
    """A number of multiply-accumulates."""
    return Figure(label, value, metric(value, "MACs"), "MACs")


def memory_by_format(record: ModelRecord) -> list[Figure]:
    """Parameter memory where every parameter takes the bits of a format; whole bytes, rounded up."""
    return [sized(f"in {name}", -(-record.parameters * bits // 8)) for name, bits in _FORMATS.items()]


def checkpoint_bytes(record: ModelRecord) -> int:
    """Bytes of what ``state_dict()`` holds: parameters as created, and persistent buffers."""
    return record.parameter_bytes + record.inspection.persistent_buffer_bytes


def forward_pass(compute: Compute | None) -> list[Figure]:
    """What one forward pass at batch 1 takes."""
    return [
        multiplied("MACs", compute.macs if compute else None),
        counted("activations", compute.activations if compute else None, "elements"),
        sized("activation memory, peak", compute.peak_activation_bytes if compute else None),
        sized("saved for training in fp32", compute.saved_activation_bytes if compute else None),
        sized("saved for training in bf16, mixed", compute.saved_activation_bytes_mixed if compute else None),
    ]


def doubt(compute: Compute | None) -> str:
    """The operators of which it is not known what they cost; empty where all are known, or none ran."""
    return ", ".join(compute.unlisted_operators) if compute else ""


def deploy_form(record: ModelRecord) -> list[Figure]:
    """What the deploy form has; without figures where there is none."""
    deploy = record.inspection.deploy
    return [
        counted("parameters", deploy.parameters if deploy else None),
        sized("memory", deploy.parameter_bytes if deploy else None),
        counted("tensors", deploy.parameter_tensors if deploy else None),
        multiplied("MACs", deploy.macs if deploy else None),
        counted("activations", deploy.activations if deploy else None, "elements"),
    ]


def lacks_deploy_form(record: ModelRecord, failures: Iterable[Failure] = ()) -> bool:
    """Whether it is known that a model has no deploy form: it was looked for, and is none of the model's failures."""
    failed = any(failure.name == record.name and failure.stage == "deploy" for failure in failures)
    return record.inspection.deploy is None and record.inspection.compute is not None and not failed


def estimates(record: ModelRecord, compute: Compute | None) -> dict[str, list[Figure]]:
    """Estimates of memory by their kind, those alone whose error is known: labels name optimiser and batch.

    There are as many for every model; without a forward pass they are unknown.
    """
    found: dict[str, list[Figure]] = {}
    for estimate in memory_estimates(record, compute or _NOTHING):
        label = ", ".join(filter(None, [estimate.optimizer, f"batch {estimate.batch}"]))
        found.setdefault(estimate.kind, []).append(sized(label, estimate.bytes if compute else None))
    return found


def memory_estimates(record: ModelRecord, compute: Compute) -> list[Estimate]:
    """The estimates of memory whose error is known: the others are not for showing."""
    found = estimating.estimates(record.parameter_bytes, record.inspection.buffer_bytes, compute)
    return [estimate for estimate in found if estimate.kind in estimating.BANDS]


def real_runs(kind: str) -> str:
    """The least and the greatest factor by which real runs differed from estimates of a kind."""
    least, greatest = estimating.BANDS[kind]
    return f"× {least:.2f} to {greatest:.2f}"


def band(kind: str) -> str:
    """How far estimates of a kind were from what real runs took."""
    return f"estimated; real runs {real_runs(kind)}"


def times(value: int | None, first: int | None) -> str:
    """How many times the first figure this one is, e.g. ``×1.52``; empty where that says nothing."""
    if value is None or not first:
        return ""
    text = quotient(value, first, 2)
    return "×<0.01" if value and text == "0.00" else f"×{text}"
