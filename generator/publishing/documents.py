"""Make JSON documents: everything about one model, and a comparison of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from generator.facts import estimates
from generator.facts.figures import FIGURES, IN_FILES, ModelRow, row
from generator.facts.records import ModelRecord, Provenance, Resized
from generator.facts.shapes import Shape
from generator.facts.tables import COMPUTE, PYRAMID, RESULTS, SPEEDS, TENSORS, WEIGHTS
from generator.pages import forms, lines
from generator.publishing import memory_lines


def row_document(row: ModelRow) -> dict[str, Any]:
    """The row of a model in the models' data files, by figure name."""
    return {figure.name: getattr(row, figure.name) for figure in IN_FILES}


def model_document(
    record: ModelRecord, row: ModelRow, provenance: Provenance, batch: int | None = None
) -> dict[str, Any]:
    """Everything about one model.

    With ``batch``, memory is estimated at that batch, in the lines of comparisons and in a list of its own.
    """
    return {
        **row_document(row),
        "bytes_by_dtype": record.bytes_by_dtype,
        "weights": [WEIGHTS.document(part) for part in WEIGHTS.parts(record)],
        # The squeezed shape can be computed from the shape, and would be an eighth of the site's data.
        "tensors": [TENSORS.document(part, without="squeezed_shape") for part in TENSORS.parts(record)],
        "pyramid": [PYRAMID.document(part) for part in PYRAMID.parts(record)],
        # Tuples instead of objects, whose keys would be a quarter of the file.
        "modules": {module.path: (module.type, module.macs) for module in record.inspection.modules},
        "sizes": [COMPUTE.document(part) for part in COMPUTE.parts(record)],
        "results": [RESULTS.document(part) for part in RESULTS.parts(record)],
        # Lists too: a model has as many speeds as there are tables of them.
        "speeds": [[*SPEEDS.document(part).values()] for part in SPEEDS.parts(record)],
        "forms": {share.name: (share.tensors, share.parameters) for share in forms.form_shares(record)},
        "has_deploy_form": record.has_deploy_form,
        "figures": lines.lines(record, row, batch),
        **({} if batch is None else {"estimates": estimate_documents(record, (batch,))}),
        "lines": memory_lines.of_model(record),
        "shares": lines.shares(row),
        # The record's own date, so that this document does not change when another model is inspected again.
        "provenance": asdict(replace(provenance, date=record.date)),
    }


def estimate_documents(record: ModelRecord, batches: Sequence[int] = estimates.BATCHES) -> list[dict[str, Any]]:
    """The memory estimates of a model at these batches, each with its band."""
    return [
        {**estimate._asdict(), "measured_by_estimate": estimates.band(estimate.kind, estimate.batch)._asdict()}
        for estimate in estimates.estimates(record, batches)
    ]


def resized_document(at: Resized, rank: int, batch: int | None = None) -> dict[str, Any]:
    """A model at an input size that the user asked for: every figure of it, memory estimates with their bands.

    ``rank`` is the model's rank at its default size, which is not in the document. ``reason`` is there for models that
    do not run at the size, see `refused_document`. With ``batch``, memory is estimated at that batch alone.
    """
    own = row(at.record, rank)
    return {
        **{figure.name: getattr(own, figure.name) for figure in FIGURES if figure.read is not None},
        "size": at.size,
        "img_size": at.img_size,
        "reason": None,
        "has_deploy_form": at.record.has_deploy_form,
        "estimates": estimate_documents(at.record, estimates.BATCHES if batch is None else (batch,)),
        "failures": [{"stage": failure.stage, "reason": failure.reason} for failure in at.record.failures],
    }


def fit_document(
    row: ModelRow, kind: str, optimizer: str | None, batch: int, at: Resized | None = None
) -> dict[str, Any]:
    """The largest batch of a model for a kind of run on a card.

    Of a model at another input size it says how that was made, in place of its rank.
    """
    return {
        "name": row.name,
        **({"rank": row.rank} if at is None else {"img_size": at.img_size}),
        "parameters": row.parameters,
        "parameter_bytes": row.parameter_bytes,
        "kind": kind,
        "optimizer": optimizer,
        "largest_batch": batch,
    }


def sized_fit_document(size: Shape, fitting: Sequence[dict[str, Any]], refused: Mapping[str, str]) -> dict[str, Any]:
    """The models that fit at an input size that the user asked for, and why others do not run at it, by name."""
    return {
        "size": size,
        "models": fitting,
        "refused": [{"name": name, "reason": reason} for name, reason in refused.items()],
    }


def refused_document(size: Shape, reason: str) -> dict[str, Any]:
    """A model that does not run at an input size, height and width in pixels."""
    return {"size": size, "reason": reason}


def comparison_document(
    models: Sequence[tuple[ModelRow, dict[str, Any] | None]],
    provenance: Provenance,
    alike: Sequence[ModelRow] | None = None,
    memory: Sequence[list[dict[str, Any]]] | None = None,
) -> dict[str, Any]:
    """Compare models, in the order in which they were named.

    Args:
        models: the row of each model, and its document at another input size, if asked for.
        provenance: where the figures come from.
        alike: the rows that may share traits: those at the other input size, if asked for; those of the models if not.
        memory: the memory estimates of each model at its default size, if asked for.

    Returns:
        The rows, and for each trait that models can share, lists of the names of models that share it. A model that
        shares a trait with no other is in no list.
    """
    sharing = [own for own, _ in models] if alike is None else alike
    names = [own.name for own in sharing]
    checkpoints, signatures, pyramids = (
        lines.groups(names, [lines.shares(own)[trait].key for own in sharing]) for trait in range(3)
    )
    estimated = [{} for _ in models] if memory is None else [{"estimates": listed} for listed in memory]
    return {
        "models": [
            {**row_document(own), **more, **({"at_resolution": at} if at else {})}
            for (own, at), more in zip(models, estimated, strict=True)
        ],
        "same_checkpoint": checkpoints,
        "same_signature": signatures,
        "same_pyramid": pyramids,
        "provenance": asdict(provenance),
    }
