"""Measure a model at an input size that the user asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from generator.errors import ResolutionError
from generator.facts.inspections import Failure, Inspection, Outcome, Partial, Stage
from generator.facts.records import ModelRecord, Resized
from generator.facts.registry import CatalogEntry
from generator.measuring import inspection

# A value of ``img_size`` that the model is built with; ``None`` for a model that is created as by default.
Way = int | tuple[int, int] | None

# Part of the message for an argument that a constructor does not have: Python's own, and that of timm's models.
_NO_SUCH_ARGUMENT = "unexpected keyword argument"


def at_resolution(entry: CatalogEntry, size: tuple[int, int]) -> Resized:
    """Measure a timm model at ``size``, height and width in pixels: everything that is measured at the default size.

    The model is built for this size by ``img_size`` if it runs at the size then. If not, it is created as by default
    and run at the size.

    Raises:
        ResolutionError: the model does not run at this size, in whichever way it is made.
    """
    # Models without a default size take three channels too.
    channels = entry.input_size[0] if entry.input_size else 3
    wanted = replace(entry, input_size=(channels, *size))
    refused: list[tuple[Way, str]] = []
    for way in _ways(entry, size):
        outcome = inspection.attempt(wanted, **({} if way is None else {"img_size": way}))
        reason = _refusal(outcome)
        if reason is None:
            return Resized(_record(wanted, outcome), way)
        refused.append((way, reason))
    raise ResolutionError(entry.name, size, entry.input_size, _in_short(refused))


def _ways(entry: CatalogEntry, size: tuple[int, int]) -> list[Way]:
    """The ways to make the model for a size, in the order in which they are tried.

    For a square, some models take only a single number, and others only two.
    """
    built: list[Way] = [size[0], size] if size[0] == size[1] else [size]
    is_default = entry.input_size is not None and entry.input_size[1:] == size
    return [None, *built] if is_default else [*built, None]


def _refusal(outcome: Outcome) -> str | None:
    """The reason why there is no forward pass; ``None`` if there is one."""
    if isinstance(outcome, Failure):
        return outcome.reason
    failures = outcome.failures if isinstance(outcome, Partial) else ()
    return next((failure.reason for failure in failures if failure.stage is Stage.FORWARD), None)


def _record(entry: CatalogEntry, outcome: Outcome) -> ModelRecord:
    date = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(outcome, Partial):
        return ModelRecord(entry, outcome.inspection, date, outcome.failures)
    assert isinstance(outcome, Inspection), "without a forward pass there is a reason"
    return ModelRecord(entry, outcome, date)


def _in_short(refused: Sequence[tuple[Way, str]]) -> str:
    """The reasons of all ways, each once. That a model does not take ``img_size`` is no reason of its own."""
    told: dict[str, Way] = {}
    for way, reason in refused:
        if way is None or _NO_SUCH_ARGUMENT not in reason:
            told.setdefault(reason, way)
    if len(told) == 1:
        return next(iter(told))
    return "; ".join(
        f"{'as created by default' if way is None else f'with img_size={way}'}: {reason}"
        for reason, way in told.items()
    )
