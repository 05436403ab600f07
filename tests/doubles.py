"""Test doubles: functions for workers that fail in every way that a worker can fail, and a timm of tiny models."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence

from generator.facts.inspections import Compute, Failure, Inspection, Outcome, Stage
from generator.facts.registry import Catalog, CatalogEntry
from generator.measuring.signatures import signature_of
from tests import examples

NOTHING = Inspection(
    tensors=(),
    modules=(),
    buffers=0,
    buffer_bytes=0,
    head_parameters=0,
    signature=signature_of(()),
    checkpoint_signature=signature_of(()),
    persistent_buffer_bytes=0,
)


class TinyTimm:
    """A timm of the tiny models: ``outcomes`` has the outcome of each, ``inspected`` the names of those inspected."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {record.name: record.inspection for record in examples.RECORDS}
        self.inspected: list[str] = []

    def read_catalog(self, *_: object) -> Catalog:
        """The catalog, for `survey.read_catalog`."""
        return examples.CATALOG

    def inspect_all(
        self, pool: object, entries: Sequence[CatalogEntry], **_: object
    ) -> Iterator[tuple[CatalogEntry, Outcome]]:
        """The outcomes, for `survey.inspect_all`."""
        for entry in entries:
            self.inspected.append(entry.name)
            yield entry, self.outcomes[entry.name]


def die_over_the_catalog() -> Catalog:
    """End like a process that the system kills for its memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def misbehave(entry: CatalogEntry) -> Outcome:
    """Do what the model's name says; an empty inspection for any other name."""
    match entry.name:
        case "raises":
            raise ValueError("the figures do not add up")
        case "exits":
            os._exit(3)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hangs":
            time.sleep(3600)
        case "leaves":
            sys.exit(4)
    return NOTHING


def tell_where_output_goes(entry: CatalogEntry) -> Outcome:
    """A failure with the devices of standard output and standard error as its reason."""
    return Failure(entry.name, Stage.INSPECT, f"{[os.fstat(number).st_rdev for number in (1, 2)]}")


def misbehave_at(entry: CatalogEntry, size: tuple[int, int]) -> Compute:
    """Do what the model's name says when the model is measured at another size."""
    misbehave(entry)
    raise AssertionError("unreachable")


def attempt_registered(entry: CatalogEntry) -> Outcome:
    """Attempt a model that only this worker's timm knows: its name says what is wrong with it."""
    import timm.models
    import torch
    from torch import nn

    from generator.measuring.inspection import attempt

    class Unmeasurable(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.empty(2, dtype=torch.float8_e4m3fnuz), requires_grad=False)

    def constructor_raises(pretrained: bool = False, **_: object) -> nn.Module:
        raise ValueError("img_size must be\ndivisible by 32")

    def constructor_leaves(pretrained: bool = False, **_: object) -> nn.Module:
        sys.exit("a model may not end the run")

    def unmeasurable(pretrained: bool = False, **_: object) -> nn.Module:
        return Unmeasurable()

    class Unrunnable(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.proj = nn.Linear(4, 2)

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            raise ValueError("height is odd\nand so is width")

    def forward_raises(pretrained: bool = False, **_: object) -> nn.Module:
        return Unrunnable()

    for function in (constructor_raises, constructor_leaves, unmeasurable, forward_raises):
        timm.models.register_model(function)
    return attempt(entry)
