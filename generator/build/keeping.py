"""Check that what was measured on a model can be kept: that files hold it, and give it back as it is.

The facts come from the code of models, so their types are not certain. A fact of another type would be found only when
the cache or the dataset is read again, and a number that is too large only by the data files; then all models would be
without their files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generator.facts import estimates
from generator.facts.figures import FIGURES, row
from generator.facts.inspections import Failure, Inspection, Outcome, Partial, Pyramid, Stage
from generator.facts.records import ModelRecord
from generator.facts.registry import CatalogEntry
from generator.measuring.reasons import in_one_line
from generator.store import codec

# The greatest whole number that every reader of our files holds exactly: browsers have no greater.
GREATEST = 2**53 - 1


def kept(entry: CatalogEntry, outcome: Outcome) -> Outcome:
    """The outcome of inspecting a model, as it is read back. What cannot be kept becomes a failure of its stage."""
    if isinstance(outcome, Failure):
        return outcome
    inspection = outcome.inspection if isinstance(outcome, Partial) else outcome
    failures = list(outcome.failures) if isinstance(outcome, Partial) else []
    # What each later stage has added to the inspection. The modules have their MACs from the forward pass.
    later: dict[Stage, dict[str, Any]] = {
        Stage.PYRAMID: {"pyramid": inspection.pyramid},
        Stage.FORWARD: {"compute": inspection.compute, "modules": inspection.modules},
        Stage.SIZES: {"sizes": inspection.sizes},
        Stage.DEPLOY: {"deploy": inspection.deploy},
    }
    try:
        found = _read_back(entry, inspection)
    except Exception:  # the facts may have any type; the parts tell which of them is to blame
        try:
            bare = tuple(module._replace(macs=None) for module in inspection.modules)
            rest = replace(inspection, pyramid=Pyramid(), compute=None, modules=bare, deploy=None, sizes=())
            found = _read_back(entry, rest)
        except Exception as error:
            return Failure(entry.name, Stage.MEASURE, in_one_line(error))
        for stage, added in later.items():
            try:
                found = _read_back(entry, replace(found, **added))
            except Exception as error:
                failures.append(Failure(entry.name, stage, in_one_line(error)))
    return Partial(found, tuple(failures)) if failures else found


def _read_back(entry: CatalogEntry, inspection: Inspection) -> Inspection:
    """Write an inspection and read it again.

    Raises:
        Exception: it cannot be written, it is not read as what it was, or a number is too great or negative.
    """
    found = codec.decode(Inspection, codec.encode(inspection))
    for what, number in _numbers(ModelRecord(entry, found, date="")):
        if not 0 <= number <= GREATEST:
            raise ValueError(f"{what} is {number:,}; files hold whole numbers from 0 to {GREATEST:,} exactly")
    return found


def _numbers(record: ModelRecord) -> Iterator[tuple[str, int]]:
    """The numbers about a model that are published, and what each is."""
    figures = row(record, rank=1)
    values = [(figure.label, getattr(figures, figure.name)) for figure in FIGURES]
    values += [(f"memory of {estimate.kind}", estimate.bytes) for estimate in estimates.estimates(record)]
    for level in record.inspection.pyramid.levels:
        values += [(f"{name} of a level", value) for name, value in level._asdict().items()]
    for own in record.inspection.sizes:
        values += [(f"{name} at another size", value) for name, value in own._asdict().items()]
    return ((what, value) for what, value in values if isinstance(value, int))
