"""The compute section of a model's page: MACs and activations, memory, and the deploy form."""

from __future__ import annotations

from collections.abc import Callable

from generator.facts import estimates
from generator.facts.estimates import Estimate
from generator.facts.figures import BY_NAME, ModelRow
from generator.facts.inspections import Compute
from generator.facts.records import ModelRecord
from generator.pages import fit, lines, sizes
from generator.pages.formatting import UNKNOWN, integer, memory, metric, percent, pixels
from generator.pages.markdown import code, escape, link, table

_METHOD = "../guide/method.md"
# The figures of parameter memory in other number formats.
_FORMATS = tuple(BY_NAME[name] for name in ("fp32_bytes", "half_bytes", "int8_bytes", "int4_bytes"))


def render(record: ModelRecord, row: ModelRow) -> list[str]:
    """The blocks below the heading: compute, memory, deploy form."""
    return [
        *_compute(record),
        *sizes.render(record),
        "### Memory",
        _weights_memory(row),
        *_estimates(record),
        "### Largest batch",
        *fit.render(record),
        "### Deploy form",
        *_deploy_form(record),
    ]


def cards(compute: Compute | None) -> list[tuple[str, str, str]]:
    """The two figures of the forward pass in the page's summary, as items of `markdown.facts`."""
    if compute is None:
        note = "no forward pass of this model could be measured"
        return [("MACs", UNKNOWN, note), ("Activations", UNKNOWN, note)]
    doubtful = "doubtful, may be too low; " if compute.unlisted_operators else ""
    return [
        ("MACs", metric(compute.macs, "MACs"), f"{doubtful}at {pixels(compute.input_size)} pixels, batch 1"),
        ("Activations", metric(compute.activations), f"{doubtful}elements, in the same forward pass"),
    ]


def _compute(record: ModelRecord) -> list[str]:
    compute = record.inspection.compute
    if compute is None:
        return ["MACs and activations are unknown: no forward pass of this model could be measured."]
    return [
        f"One image of {pixels(compute.input_size)} pixels takes exactly {integer(compute.macs)} multiply-accumulates "
        f"({link('MACs', f'{_METHOD}#macs')}), attention counted, and {integer(compute.activations)} elements of "
        f"{link('activations', f'{_METHOD}#activations')}.",
        *_doubts(compute),
    ]


def _doubts(compute: Compute) -> list[str]:
    if not compute.unlisted_operators:
        return []
    operators = ", ".join(map(code, compute.unlisted_operators))
    return [f"These counts are doubtful: it is not known what {operators} costs, so they may be too low."]


def _weights_memory(row: ModelRow) -> str:
    rows = [
        *([f"Parameters {figure.line}", memory(getattr(row, figure.name))] for figure in _FORMATS),
        ["Buffers", memory(row.buffer_bytes)],
        [link("Checkpoint", f"{_METHOD}#checkpoint-size"), memory(row.checkpoint_bytes)],
    ]
    return table(["Stored", "Memory"], rows, numeric=["Memory"])


def _estimates(record: ModelRecord) -> list[str]:
    compute = record.inspection.compute
    if compute is None:
        return []
    explained, size = link("Estimates", f"{_METHOD}#memory-estimates"), pixels(compute.input_size)
    headings = [f"Batch {batch}" for batch in estimates.SHOWN_BATCHES]
    return [
        table(
            ["Estimate", *(heading for batch in headings for heading in (batch, "Real runs"))],
            [
                [
                    setting.words,
                    *(
                        cell
                        for batch in estimates.SHOWN_BATCHES
                        for cell in _cells(estimates.estimate(record, setting.kind, setting.optimizer, batch))
                    ),
                ]
                for setting in estimates.SETTINGS
            ],
            numeric=headings,
        ),
        f"{explained} at {size} pixels on a GPU, from the lifetimes of tensors in a pass of inference and in a step of "
        "training, with workspaces, without CUDA's context and fragmentation. For one image, "
        f"activations take {memory(compute.peak_activation_bytes)} at their peak in inference, and "
        f"{memory(compute.saved_activation_bytes)} are kept for training.",
        *_refused_training(compute),
    ]


def _cells(estimate: Estimate) -> tuple[str, str]:
    """An estimate, and how much of it real runs took."""
    if estimate.bytes is None:
        return (lines.IMPOSSIBLE if estimate.reason else memory(None)), lines.NONE
    return memory(estimate.bytes), lines.real_runs(estimate.kind, estimate.batch)


def _refused_training(compute: Compute) -> list[str]:
    if compute.training_error is None:
        return []
    explained = link("Training on a single image", f"{_METHOD}#single-image")
    return [f"{explained} of {pixels(compute.input_size)} pixels is not possible: {escape(compute.training_error)}"]


def _deploy_form(record: ModelRecord) -> list[str]:
    deploy = record.inspection.deploy
    if deploy is None:
        explained = link("deploy form", f"{_METHOD}#deploy-form")
        if record.has_deploy_form is False:
            return [f"This model has no {explained}: it runs as it trains."]
        return [f"Whether this model has a {explained} is unknown: it could not be measured."]
    compute = record.inspection.compute
    rows: list[tuple[str, int | None, int | None, Callable[[int | None], str]]] = [
        ("Parameters", record.parameters, deploy.parameters, integer),
        ("Parameter memory", record.parameter_bytes, deploy.parameter_bytes, memory),
        ("Parameter tensors", len(record.tensors), deploy.parameter_tensors, integer),
        ("MACs", compute.macs if compute else None, deploy.macs, lambda value: metric(value, "MACs")),
        ("Activations", compute.activations if compute else None, deploy.activations, metric),
    ]
    return [
        f"After {link('reparameterization', f'{_METHOD}#deploy-form')} the model gives the same results, in this form:",
        table(
            ["Figure", "As trained", "Deploy form", "Saving"],
            [
                [name, text(trained), text(deployed), saving(trained, deployed)]
                for name, trained, deployed, text in rows
            ],
            numeric=["As trained", "Deploy form", "Saving"],
        ),
        "```python\nmodel = timm.utils.reparameterize_model(model.eval())\n```",
    ]


def saving(trained: int | None, deployed: int | None) -> str:
    """The share that the deploy form saves, in percent of the trained form; with a plus sign if it has more."""
    if trained is None or deployed is None:
        return UNKNOWN
    if deployed > trained:
        return f"+{percent(deployed - trained, trained, 1)} %"
    return f"{percent(trained - deployed, trained, 1)} %"
