"""Test doubles: functions for workers that fail in every way that a worker can fail, and a timm of tiny models."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from generator.build.serving import Last
from generator.build.workers import inspect_model, measure_model_at
from generator.errors import ResolutionError
from generator.facts.inspections import AtSize, Failure, Inspection, Outcome, Stage
from generator.facts.records import Resized
from generator.facts.registry import Catalog, CatalogEntry
from generator.facts.sizes import Size, lacking
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
    checkpoint_elements=0,
)


class TinyTimm:
    """A timm of the tiny models: ``outcomes`` has the outcome of each, ``inspected`` the names of those inspected.

    ``resized`` has the names of those that were inspected before and are only run at other sizes.
    """

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {record.name: record.inspection for record in examples.RECORDS}
        self.inspected: list[str] = []
        self.resized: list[str] = []

    def read_catalog(self, *_: object) -> Catalog:
        """The catalog, for `survey.read_catalog`."""
        return examples.CATALOG

    def inspect_all(
        self,
        pool: object,
        entries: Sequence[CatalogEntry],
        *,
        sizes: Mapping[str, Sequence[Size]] = MappingProxyType({}),
        known: Mapping[str, Inspection] = MappingProxyType({}),
        **_: object,
    ) -> Iterator[tuple[CatalogEntry, Outcome]]:
        """The outcomes, for `survey.inspect_all`. No model runs at a size that is not among them."""
        for entry in entries:
            (self.resized if entry.name in known else self.inspected).append(entry.name)
            outcome = known.get(entry.name, self.outcomes[entry.name])
            if isinstance(outcome, Inspection):
                more = lacking(outcome, sizes.get(entry.name, ()))
                outcome = replace(outcome, sizes=(*outcome.sizes, *(AtSize(*size, reason="no") for size in more)))
            yield entry, outcome


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
        case "exits well":
            os._exit(0)
        case "exits as if its server had ended":
            os._exit(255)
        case "ends its server":
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(3600)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hangs":
            time.sleep(3600)
        case "leaves":
            sys.exit(4)
    return NOTHING


def die_at_sizes(entry: CatalogEntry, sizes: Sequence[Size] = (), known: Inspection | None = None) -> Outcome:
    """End where the model is to be run at other sizes; do what its name says where not."""
    if sizes:
        os._exit(3)
    return misbehave(entry)


def tell_where_output_goes(entry: CatalogEntry) -> Outcome:
    """A failure with the devices of standard output and standard error as its reason."""
    return Failure(entry.name, Stage.INSPECT, f"{[os.fstat(number).st_rdev for number in (1, 2)]}")


def misbehave_at(entry: CatalogEntry, size: tuple[int, int]) -> Resized:
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


def start(*options: str) -> list[int]:
    """Start processes that go on for an hour, and return their ids: "group" in that of the worker, "session" not."""
    started = [
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"], start_new_session=option == "session")
        for option in options
    ]
    return [process.pid for process in started]


def start_and_exit(file: str) -> None:
    """Start processes, write their ids to a file, and end."""
    with open(file, "w") as out:
        print(*start("group", "session"), file=out)
    os._exit(0)


def add(one: int, other: int) -> int:
    """Add two numbers, in the worker that answers."""
    return one + other


def own_process(is_last: bool) -> int | Last:
    """The id of the worker's process, which does no other task if it ``is_last``."""
    return Last(os.getpid()) if is_last else os.getpid()


class Unreadable(str):
    """A text that cannot be unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return int, ("no number",)


def unreadable() -> str:
    """A value that can be sent and not be read."""
    return Unreadable("text")


def unsendable() -> object:
    """A value that cannot be sent."""
    return lambda: None


def times_out() -> None:
    """Raise the error that a pool has for a task without an answer."""
    raise TimeoutError("the model's own")


def register_changing() -> None:
    """Add models of one weight to this worker's timm, with constructors that do what their names say."""
    import timm.models
    import torch
    from torch import nn

    class Weight(nn.Module):
        def __init__(self, *, runs: bool = True) -> None:
            super().__init__()
            self.runs = runs
            self.weight = nn.Parameter(torch.empty(2))

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            if not self.runs:
                raise ValueError("does not run")
            return image * self.weight.sum()

    def plain(pretrained: bool = False, **_: object) -> nn.Module:
        return Weight()

    def sets_dtype(pretrained: bool = False, **_: object) -> nn.Module:
        torch.set_default_dtype(torch.float64)
        return Weight()

    def sets_dtype_and_raises(pretrained: bool = False, **_: object) -> nn.Module:
        torch.set_default_dtype(torch.float64)
        raise ValueError("no")

    def sets_dtype_late(pretrained: bool = False, **_: object) -> nn.Module:
        torch.set_default_dtype(torch.float64)
        return Weight(runs=False)

    for function in (plain, sets_dtype, sets_dtype_and_raises, sets_dtype_late):
        timm.models.register_model(function)


def _registered(entry: CatalogEntry) -> CatalogEntry:
    """The entry of the registered model: several entries may be one model, by numbers at their end."""
    register_changing()
    return CatalogEntry(entry.name.rstrip("0123456789"), entry.family, entry.weights, entry.input_size)


def change_state(entry: CatalogEntry) -> Outcome | Last:
    """Inspect a model of `register_changing`."""
    return inspect_model(_registered(entry))


def change_state_at(entry: CatalogEntry, size: tuple[int, int]) -> Resized | ResolutionError | Last:
    """Measure a model of `register_changing` at another size."""
    return measure_model_at(_registered(entry), size)
