"""Make JSON documents: everything about one model, and a comparison of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from generator.facts import estimates
from generator.facts.figures import IN_FILES, ModelRow
from generator.facts.inspections import Compute
from generator.facts.records import ModelRecord, Provenance
from generator.facts.tables import PYRAMID, TENSORS, WEIGHTS
from generator.pages import forms, lines


def row_document(row: ModelRow) -> dict[str, Any]:
    """The row of a model in the models' data files, by figure name."""
    return {figure.name: getattr(row, figure.name) for figure in IN_FILES}


def model_document(record: ModelRecord, row: ModelRow, provenance: Provenance) -> dict[str, Any]:
    """Everything about one model."""
    return {
        **row_document(row),
        "bytes_by_dtype": record.bytes_by_dtype,
        "weights": [WEIGHTS.document(part) for part in WEIGHTS.parts(record)],
        # The squeezed shape can be computed from the shape, and would be an eighth of the site's data.
        "tensors": [TENSORS.document(part, without="squeezed_shape") for part in TENSORS.parts(record)],
        "pyramid": [PYRAMID.document(part) for part in PYRAMID.parts(record)],
        # Tuples instead of objects, whose keys would be a quarter of the file.
        "modules": {module.path: (module.type, module.macs) for module in record.inspection.modules},
        "forms": {share.name: (share.tensors, share.parameters) for share in forms.form_shares(record)},
        "has_deploy_form": record.has_deploy_form,
        "figures": lines.lines(record, row),
        "shares": lines.shares(row),
        # The record's own date, so that this document does not change when another model is inspected again.
        "provenance": asdict(replace(provenance, date=record.date)),
    }


def compute_document(record: ModelRecord, compute: Compute) -> dict[str, Any]:
    """One forward pass at its input size, with the memory estimates that follow from it and their bands."""
    return {
        **asdict(compute),
        "estimates": [
            {**estimate._asdict(), "measured_by_estimate": estimates.BANDS[estimate.kind]._asdict()}
            for estimate in estimates.estimates(record.at(compute))
        ],
    }


def comparison_document(
    models: Sequence[tuple[ModelRow, dict[str, Any] | None]], provenance: Provenance
) -> dict[str, Any]:
    """Compare models, in the order in which they were named.

    Args:
        models: the row of each model, and its `compute_document` at another input size, if asked for.
        provenance: where the figures come from.

    Returns:
        The rows, and for each trait that models can share, lists of the names of models that share it. A model that
        shares a trait with no other is in no list.
    """
    rows = [row for row, _ in models]
    names = [row.name for row in rows]
    checkpoints, signatures, pyramids = (
        lines.groups(names, [shared.key for shared in alike]) for alike in zip(*map(lines.shares, rows), strict=True)
    )
    return {
        "models": [{**row_document(row), **({"at_resolution": at} if at else {})} for row, at in models],
        "same_checkpoint": checkpoints,
        "same_signature": signatures,
        "same_pyramid": pyramids,
        "provenance": asdict(provenance),
    }
