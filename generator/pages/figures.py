"""The figures of a model that are a number and a unit, one after another: for a list, and to be set side by side.

Nothing here is measured, and nothing is said twice: the terminal lists these figures, and comparisons divide them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from generator.pages.formatting import UNKNOWN, integer, memory, metric, quotient
from generator.records import Compute, ModelRecord

# How the figures read that `ranking.NEAREST_BY` names.
NEAREST: dict[str, tuple[str, Callable[[int], str]]] = {
    "parameters": ("Parameters", integer),
    "macs": ("MACs", lambda value: metric(value, "MACs")),
}

# Bits of one parameter in the number formats that people run models in.
_FORMATS = {"fp32": 32, "bf16 or fp16": 16, "int8": 8, "int4": 4}


class Figure(NamedTuple):
    """A figure in words: ``value`` is the number behind ``text``, ``None`` where it is not known."""

    label: str
    value: int | None
    text: str


def counted(label: str, value: int | None, unit: str = "") -> Figure:
    """An exact count, e.g. ``11,689,512``, with its unit where the label does not name it."""
    return Figure(label, value, integer(value) + (f" {unit}" if unit and value is not None else ""))


def sized(label: str, size: int | None) -> Figure:
    """A number of bytes."""
    return Figure(label, size, UNKNOWN if size is None else memory(size))


def multiplied(label: str, value: int | None) -> Figure:
    """A number of multiply-accumulates."""
    return Figure(label, value, metric(value, "MACs"))


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


def times(value: int | None, first: int | None) -> str:
    """How many times the first figure this one is, e.g. ``×1.52``; empty where that says nothing."""
    if value is None or not first:
        return ""
    text = quotient(value, first, 2)
    return "×<0.01" if value and text == "0.00" else f"×{text}"
