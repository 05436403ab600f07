"""The input sizes that a model is used at: its default, those of its weights, and those of what others published."""

from __future__ import annotations

from collections.abc import Iterable

from generator.facts.inspections import AtSize, Inspection, Stage
from generator.facts.records import ModelRecord
from generator.facts.registry import CatalogEntry
from generator.facts.results import Published

# Height and width, in pixels.
Size = tuple[int, int]


def default(entry: CatalogEntry) -> Size | None:
    """The default input size of a model; ``None`` where timm gives none."""
    if entry.input_size is None:
        return None
    _, height, width = entry.input_size
    return height, width


def others(entry: CatalogEntry, published: Published) -> tuple[Size, ...]:
    """The sizes but the default that weights are trained or tested at, or that a result or a speed is of, in order."""
    shapes = [shape for weights in entry.weights for shape in (weights.input_size, weights.test_input_size) if shape]
    found = {(height, width) for _, height, width in shapes}
    sides = [result.image_size for result in published.results] + [speed.image_size for speed in published.speeds]
    found |= {(side, side) for side in sides}
    return tuple(sorted(found - {default(entry)}))


def lacking(inspection: Inspection, asked: Iterable[Size]) -> tuple[Size, ...]:
    """The sizes among those asked for that an inspection does not have."""
    known = {own.size for own in inspection.sizes}
    return tuple(size for size in asked if size not in known)


def chosen(inspection: Inspection, asked: Iterable[Size]) -> tuple[AtSize, ...]:
    """The sizes asked for that an inspection has, in order of their heights."""
    return tuple(sorted((own for own in inspection.sizes if own.size in set(asked)), key=lambda own: own.size))


def costs(record: ModelRecord) -> tuple[AtSize, ...]:
    """The cost of a model at each size that it is used at, the default among them, in order of their heights."""
    size, compute = default(record.entry), record.inspection.compute
    if size is None:
        return record.inspection.sizes
    if compute is None:
        reason = next((failure.reason for failure in record.failures if failure.stage is Stage.FORWARD), None)
        own = AtSize(*size, reason=reason)
    else:
        own = AtSize(
            *size, compute.macs, compute.activations, record.parameters, compute.peak_activation_bytes, reason=None
        )
    return tuple(sorted((own, *record.inspection.sizes), key=lambda own: own.size))


def trained(entry: CatalogEntry, size: Size) -> tuple[str, ...]:
    """The tags of the weights that were trained at a size, the default first."""
    return tuple(weights.tag for weights in entry.weights if weights.input_size[1:] == size)


def tested(record: ModelRecord, size: Size) -> tuple[str, ...]:
    """The tags of the weights that timm tests at a size, or that a result at this size is of, the default first."""
    of_results = {result.tag for result in record.published.results if (result.image_size, result.image_size) == size}
    return tuple(
        weights.tag
        for weights in record.entry.weights
        if (weights.test_input_size or weights.input_size)[1:] == size or weights.tag in of_results
    )
