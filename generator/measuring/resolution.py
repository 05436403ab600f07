"""Measure a model at an input size that the user asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from generator.errors import ResolutionError
from generator.facts.inspections import Failure, Inspection, Outcome, Partial, Stage
from generator.facts.records import ModelRecord, Resized
from generator.facts.registry import CatalogEntry
from generator.measuring import inspection
from generator.measuring.sizes import Way, built, in_short


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
        outcome = inspection.attempt(wanted, (), **({} if way is None else {"img_size": way}))
        reason = _refusal(outcome)
        if reason is None:
            return Resized(_record(wanted, outcome), way)
        refused.append((way, reason))
    raise ResolutionError(entry.name, size, entry.input_size, in_short(refused))


def _ways(entry: CatalogEntry, size: tuple[int, int]) -> list[Way]:
    """The ways to make the model for a size, in the order in which they are tried."""
    is_default = entry.input_size is not None and entry.input_size[1:] == size
    return [None, *built(size)] if is_default else [*built(size), None]


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
