"""The same facts as plain text, for a terminal."""

from __future__ import annotations

import pandas as pd

from generator.dataset import Dataset, rows
from generator.pages import pyramid
from generator.pages.formatting import day, integer, memory, percent, pixels, plural
from generator.pages.forms import form_shares
from generator.pages.weights import licence
from generator.ranking import Standing
from generator.records import ModelRecord, Provenance


def show(record: ModelRecord, standing: Standing, provenance: Provenance) -> str:
    """Everything about one model but its tensors, a fact a line."""
    facts = [
        ("Family", record.entry.family),
        ("Rank", f"{integer(standing.rank)} of {integer(standing.total)} by parameter memory"),
        ("Percentile", f"larger than {percent(standing.smaller, standing.total, 1)} % of models"),
        ("Parameters", integer(record.parameters)),
        ("Trainable parameters", integer(record.trainable_parameters)),
        ("Parameter memory", memory(record.parameter_bytes)),
        *((f"  in {dtype}", memory(size)) for dtype, size in record.bytes_by_dtype.items()),
        ("Parameter tensors", integer(len(record.tensors))),
        *(
            (f"  {share.name}", f"{plural(share.tensors, 'tensor')}, {plural(share.parameters, 'parameter')}")
            for share in form_shares(record)
        ),
        ("Backbone parameters", integer(record.backbone_parameters)),
        ("Head parameters", integer(record.inspection.head_parameters)),
        ("Buffers", f"{integer(record.inspection.buffers)} elements, {memory(record.inspection.buffer_bytes)}"),
        ("Input size", pixels(record.entry.input_size) + (" pixels" if record.entry.input_size else "")),
        *pyramid.lines(record),
        ("Weights", plural(len(record.entry.tags), "tag") if record.entry.tags else "none"),
        *(
            (f"  {weights.tag}", f"{licence(weights)}; {plural(weights.num_classes, 'class', 'classes')}")
            for weights in record.entry.weights
        ),
        *([("Same checkpoints", ", ".join(standing.same_checkpoint))] if standing.same_checkpoint else []),
    ]
    width = max(len(label) for label, _ in facts)
    return "\n".join(
        [record.name, *(f"  {label:{width}}  {value}" for label, value in facts), _source(provenance, record.date)]
    )


def rank(ranked: pd.DataFrame, provenance: Provenance) -> str:
    """The rank table in columns."""
    headings = ("Rank", "Model", "Family", "Parameters", "Parameter memory", "Parameter tensors")
    table = [
        (
            integer(row["rank"]),
            row["name"],
            row["family"],
            integer(row["parameters"]),
            memory(row["parameter_bytes"]),
            integer(row["parameter_tensors"]),
        )
        for row in rows(ranked)
    ]
    widths = [max(map(len, column)) for column in zip(headings, *table, strict=True)]
    left = {1, 2}
    lines = [
        "  ".join(
            f"{cell:<{width}}" if index in left else f"{cell:>{width}}"
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in (headings, *table)
    ]
    return "\n".join([*lines, _source(provenance, provenance.date)])


def dataset_name(dataset: Dataset) -> str:
    """How messages call a dataset: what it covers, and of which timm."""
    models = plural(len(dataset.models), "model")
    covers = f" matching {', '.join(dataset.provenance.patterns)}" if dataset.is_subset else ""
    return f"the dataset ({models}{covers}, timm {dataset.provenance.timm_version})"


def _source(provenance: Provenance, date: str) -> str:
    return f"timm {provenance.timm_version}, torch {provenance.torch_version}, data of {day(date)}"
