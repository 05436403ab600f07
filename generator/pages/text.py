"""The same facts as plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from generator.dataset import Dataset, rows
from generator.pages import comparing, figures, pyramid
from generator.pages.formatting import (
    UNDEFINED,
    UNKNOWN,
    day,
    integer,
    memory,
    metric,
    percent,
    pixels,
    plural,
)
from generator.pages.forms import form_shares
from generator.pages.weights import licence
from generator.ranking import Standing
from generator.records import Compute, Failure, ModelRecord, Provenance
from generator.releases import since

# What depends on the input, behind its size.
_OF_COMPUTE = ("Input pixels", "MACs", "Activations")


def show(
    record: ModelRecord,
    standing: Standing,
    provenance: Provenance,
    *,
    failures: Sequence[Failure] = (),
    at: Compute | None = None,
) -> str:
    """Everything about one model but its tensors, a fact a line.

    Args:
        record: the model's facts.
        standing: where it stands among all models.
        provenance: where the facts come from.
        failures: those of the dataset, of which the model's own are told.
        at: what it takes at another input size, to stand beside what it takes at its default.
    """
    own = [failure for failure in failures if failure.name == record.name]
    facts = [
        *_facts_of_size(record, standing),
        *_facts_of_compute(record, at),
        *_facts_of_deploying(record, failures),
        *(("Not measured", f"{failure.stage}: {failure.reason}") for failure in own),
        *pyramid.lines(record),
        ("Weights", plural(len(record.entry.tags), "tag") if record.entry.tags else "none"),
        *(
            (f"  {weights.tag}", f"{licence(weights)}; {plural(weights.num_classes, 'class', 'classes')}")
            for weights in record.entry.weights
        ),
        *([("Same checkpoints", ", ".join(standing.same_checkpoint))] if standing.same_checkpoint else []),
        *_facts_of_the_nearest(standing),
    ]
    width = max(len(label) for label, _ in facts)
    return "\n".join(
        [
            record.name,
            *(f"  {label:{width}}  {value}".rstrip() for label, value in facts),
            _source(provenance, record.date),
        ]
    )


def compare(models: Sequence[comparing.Compared], provenance: Provenance, width: int | None = None) -> str:
    """Models side by side, in blocks of at most ``width`` letters where they fit."""
    date = max(model.record.date for model in models)
    return f"{comparing.render(models, width)}\n{_source(provenance, date)}"


def measured_now(timm_version: str) -> str:
    """Says what measured on request, since the dataset may come from another timm."""
    return f"What is not at the default input size was measured now, with timm {timm_version}."


def _facts_of_size(record: ModelRecord, standing: Standing) -> list[tuple[str, str]]:
    return [
        ("Family", record.entry.family),
        ("In timm since", since(record.name) or UNKNOWN),
        ("Rank", f"{integer(standing.rank)} of {integer(standing.total)} by parameter memory"),
        ("Percentile", f"larger than {percent(standing.smaller, standing.total, 1)} % of models"),
        ("Parameters", integer(record.parameters)),
        ("Trainable parameters", integer(record.trainable_parameters)),
        ("Parameter memory", memory(record.parameter_bytes)),
        *((f"  in {dtype}", memory(size)) for dtype, size in record.bytes_by_dtype.items()),
        ("All parameters", ""),
        *((f"  {figure.label}", figure.text) for figure in figures.memory_by_format(record)),
        ("Checkpoint", f"{memory(figures.checkpoint_bytes(record))}: parameters and persistent buffers"),
        ("Parameter tensors", integer(len(record.tensors))),
        *(
            (f"  {share.name}", f"{plural(share.tensors, 'tensor')}, {plural(share.parameters, 'parameter')}")
            for share in form_shares(record)
        ),
        ("Backbone parameters", integer(record.backbone_parameters)),
        ("Head parameters", integer(record.inspection.head_parameters)),
        ("Buffers", f"{integer(record.inspection.buffers)} elements, {memory(record.inspection.buffer_bytes)}"),
        ("Input size", pixels(record.entry.input_size) + (" pixels" if record.entry.input_size else "")),
    ]


def _facts_of_compute(record: ModelRecord, at: Compute | None) -> list[tuple[str, str]]:
    """What a forward pass takes, below the input size that it holds for; two sizes have a column each."""
    computes = [record.inspection.compute, *([at] if at else [])]
    rows = [
        (
            "Forward pass, batch 1",
            [f"at {pixels(compute.input_size)} pixels" if compute else UNKNOWN for compute in computes],
        ),
        *_side_by_side([figures.forward_pass(compute) for compute in computes], "  "),
    ]
    if any(figures.doubt(compute) for compute in computes):
        rows.append(("  cost not known of", [figures.doubt(compute) or UNDEFINED for compute in computes]))
    estimates = [figures.estimates(record, compute) for compute in computes]
    for kind in estimates[0]:
        rows.append((f"Memory of {kind}", [figures.band(kind)]))
        rows += _side_by_side([found[kind] for found in estimates], "  ")
    # What has one cell alone takes the line as it comes.
    width = max(len(cells[0]) for _, cells in rows if len(cells) == len(computes))
    return [(label, "  ".join([f"{cells[0]:<{width}}", *cells[1:]])) for label, cells in rows]


def _side_by_side(listed: Sequence[Sequence[figures.Figure]], indent: str) -> list[tuple[str, list[str]]]:
    return [(indent + alike[0].label, [figure.text for figure in alike]) for alike in zip(*listed, strict=True)]


def _facts_of_deploying(record: ModelRecord, failures: Sequence[Failure]) -> list[tuple[str, str]]:
    deploy = record.inspection.deploy
    if deploy is None:
        return [("Deploy form", "none" if figures.lacks_deploy_form(record, failures) else UNKNOWN)]
    saved = record.parameters - deploy.parameters
    saved_memory = record.parameter_bytes - deploy.parameter_bytes
    share = percent(saved, record.parameters, 1)
    return [
        ("Deploy form", "timm.utils.reparameterize_model(model)"),
        *((f"  {figure.label}", figure.text) for figure in figures.deploy_form(record)),
        # A form that takes more saves nothing, and percent is for shares.
        *(
            [("  saves", f"{plural(saved, 'parameter')}, {memory(saved_memory)}, {share} % of parameters")]
            if saved > 0 <= saved_memory
            else [("  saves", "no parameters")]
        ),
    ]


def _facts_of_the_nearest(standing: Standing) -> list[tuple[str, str]]:
    def to(found: tuple[str, int] | None, text: Callable[[int], str]) -> str:
        return f"{found[0]}, {text(found[1])}" if found else "none"

    facts = []
    for column, nearest in standing.nearest.items():
        label, text = figures.NEAREST[column]
        facts.append((f"Nearest in {label}", UNKNOWN if nearest is None else ""))
        if nearest is not None:
            facts += [("  more", to(nearest.more, text)), ("  fewer", to(nearest.fewer, text))]
    return facts


def rank(ranked: pd.DataFrame, provenance: Provenance) -> str:
    """The rank table in columns."""
    headings = ("Rank", "Model", "Family", "Parameters", "Parameter memory", "Parameter tensors", *_OF_COMPUTE)
    table = [
        (
            integer(row["rank"]),
            row["name"],
            row["family"],
            integer(row["parameters"]),
            memory(row["parameter_bytes"]),
            integer(row["parameter_tensors"]),
            pixels(row["input_size"]),
            metric(row["macs"], "MACs"),
            integer(row["activations"]),
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
