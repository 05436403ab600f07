"""The page of one model: what people choose by, then where its parameters and compute are, then every layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from generator.licenses import license_class
from generator.pages import citing, comparison_links, compute, figures, forms, icicle, pyramid, tree, weights
from generator.pages.formatting import UNKNOWN, day, integer, memory, percent, pixels, plural, tensor_cells
from generator.pages.markdown import code, create_model, facts, family_link, link, model_link, page, table
from generator.ranking import Standing
from generator.records import Failure, ModelRecord, Provenance
from generator.releases import since


def render(record: ModelRecord, standing: Standing, provenance: Provenance, failures: Sequence[Failure] = ()) -> str:
    """The Markdown of a model's page, below ``models/``.

    From "Number of layers" to the layer table the lines are those of the reference page, byte for byte, with the two
    mends that design calls for: "Check rank" is a Markdown link, and "Layer information" a second-level heading.
    """
    shares, description = forms.form_shares(record), _description(record, standing)
    modules = tree.module_tree(record)
    return page(
        f"# {record.name} parameter information",
        description,
        _summary(record, standing),
        _usage(record),
        comparison_links.render(record.name, standing),
        "## Parameters and compute by module",
        icicle.render(modules, record.inspection.compute),
        "## Parameters by form",
        *_reference_block(record, shares),
        forms.render(shares),
        "## Weights",
        *weights.render(record.entry, standing),
        "## Compute and memory",
        *compute.render(record, failures),
        "## Feature pyramid",
        pyramid.render(record, standing),
        "## Modules",
        tree.render(record.name, modules),
        "## Neighbours",
        _neighbours(record, standing),
        _nearest(standing),
        "## Cite",
        *citing.render(record, provenance),
        # Last, since it is longer than everything else together.
        "## Layer information",
        _layer_table(record),
        _foot(record, provenance),
        description=description,
        family=record.entry.family,
        hide=["navigation"],
        search=_search(record, standing),
    )


def _description(record: ModelRecord, standing: Standing) -> str:
    return (
        f"{record.name} has {integer(record.parameters)} parameters ({memory(record.parameter_bytes)}) in "
        f"{plural(len(record.tensors), 'tensor')}: rank {integer(standing.rank)} of {integer(standing.total)} models."
    )


def _search(record: ModelRecord, standing: Standing) -> dict[str, float | str]:
    """How the search shows the page, its parameters beside its name and its memory below, and how much it favours it.

    Whoever searches loads these words of all models, so there are no others.

    The search finds each longer name too, and by itself puts those first, since they are rarer.

    The weight is the one of several that put most of a sample of names first; a stronger one lets a short name win
    where a word of another is missing.
    """
    title = f"{record.name} · {integer(record.parameters)} parameters"
    shown: dict[str, float | str] = {"title": title, "text": memory(record.parameter_bytes)}
    if not standing.longer_names:
        return shown
    return {**shown, "boost": round(1 + 0.25 * math.log2(1 + standing.longer_names), 2)}


def _summary(record: ModelRecord, standing: Standing) -> str:
    family, parameters = record.entry.family, record.parameters
    fp32, bf16, int8, _ = figures.memory_by_format(record)
    percentile = percent(standing.smaller, standing.total, 1)
    rank = f"{integer(standing.rank)} of {integer(standing.total)}"
    dtypes = ", ".join(f"{dtype} {memory(size)}" for dtype, size in record.bytes_by_dtype.items())
    macs, activations = compute.cards(record.inspection.compute)
    return facts(
        [
            ("Parameters", integer(parameters), "exact, tied tensors counted once"),
            macs,
            ("Memory in fp32", fp32.text, f"{bf16.text} in bf16, {int8.text} in int8"),
            ("Input size", pixels(record.entry.input_size), "channels × height × width, in pixels"),
            _weights(record),
            (
                "Rank",
                link(rank, f"README.md#{record.name}"),
                f"percentile {percentile}: larger than {percentile} % of models",
            ),
            ("Family", family_link(family), "the timm module that defines it"),
            ("In timm since", since(record.name) or UNKNOWN, "the first release on PyPI with a model of this name"),
            *_head(record),
            activations,
            ("Buffers", integer(record.inspection.buffers), f"elements, {memory(record.inspection.buffer_bytes)}"),
            ("Created as", dtypes or "no parameters", "parameter memory by dtype"),
        ]
    )


def _weights(record: ModelRecord) -> tuple[str, str, str]:
    """How many sets of weights there are, the default, and the classes of all their licences."""
    tags = record.entry.weights
    if not tags:
        return ("Weights", "none", "timm has no pretrained weights for this model")
    default = ", ".join(f"default {code(weights.tag)}" for weights in tags if weights.is_default)
    classes = ", ".join(dict.fromkeys(license_class(weights.license) for weights in tags))
    return (
        "Weights",
        link(plural(len(tags), "tag"), "#weights"),
        "; ".join(filter(None, [default, f"licence class: {classes}"])),
    )


def _head(record: ModelRecord) -> list[tuple[str, str, str]]:
    head, backbone = record.inspection.head_parameters, record.backbone_parameters
    if head is None:
        return [("Backbone", integer(None), "timm names no classifier for this model")]
    if head == 0:
        return [("Backbone", integer(backbone), "parameters; the model has no classifier")]
    return [("Backbone", integer(backbone), f"parameters without the classifier, which has {integer(head)}")]


def _usage(record: ModelRecord) -> str:
    return create_model(record.name, *(["pretrained=True"] if record.entry.tags else []))


def _reference_block(record: ModelRecord, shares: list[forms.FormShare]) -> list[str]:
    tensors, parameters = len(record.tensors), record.parameters
    headings = "| " + " | ".join(share.name for share in shares) + " | "
    rule = "|  " + " | ".join("---" for _ in shares) + " |"

    def row(cells: list[str]) -> str:
        return f"{headings}\n{rule}\n| " + " | ".join(cells) + " | "

    return [
        f"**Number of layers: [ {tensors} ]**",
        f"**Number of parameters: [ {memory(record.parameter_bytes)} ] "
        f"[ {link('Check rank', f'README.md#{record.name}')} ]**",
        f"**Number of trainable parameters: [ {memory(record.trainable_bytes)} ]**",
        "**Proportional of each form** (%)",
        row([percent(share.tensors, tensors) for share in shares]),
        "**Proportional of parameters by form** (%)",
        row([percent(share.parameters, parameters) for share in shares]),
    ]


def _layer_table(record: ModelRecord) -> str:
    if not record.tensors:
        return "This model has no parameters."
    # The element gives the table its filter and the rest, where scripts run; without them it is nothing.
    lines = ["<atlas-layers></atlas-layers>", ""]
    lines += ["| Name | Shape | Squeezed shape | Number of parameters | Form |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {name} | {tensor_cells(shape)} |" for name, shape, _, _ in record.tensors]
    return "\n".join(lines)


def _neighbours(record: ModelRecord, standing: Standing) -> str:
    def to(name: str | None, end: str) -> str:
        return model_link(name, "") if name else end

    family = record.entry.family
    return table(
        ["Among", "Next larger", "Next smaller"],
        [
            ["All models", to(standing.larger_model, "it is the first"), to(standing.smaller_model, "it is the last")],
            [
                family_link(family),
                to(standing.larger_in_family, "it is the first"),
                to(standing.smaller_in_family, "it is the last"),
            ],
        ],
    )


def _nearest(standing: Standing) -> str:
    def to(found: tuple[str, int] | None, text: Callable[[int], str], end: str) -> str:
        return f"{model_link(found[0], '')}, {text(found[1])}" if found else end

    rows = []
    for column, nearest in standing.nearest.items():
        label, text = figures.NEAREST[column]
        if nearest is None:
            rows.append([label, UNKNOWN, UNKNOWN])
        else:
            rows.append([label, to(nearest.more, text, "none has more"), to(nearest.fewer, text, "none has fewer")])
    return table(["Nearest by", "More", "Fewer"], rows) if rows else ""


def _foot(record: ModelRecord, provenance: Provenance) -> str:
    return (
        f"timm {provenance.timm_version}, torch {provenance.torch_version}, timm-atlas {provenance.generator_version}; "
        f"data of {day(record.date)}. {link('How these numbers are made', '../guide/method.md')}. "
        f"{link('This page as JSON', f'../data/models/{record.name}.json')}."
    )
