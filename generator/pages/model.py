"""The page of one model: summary, reference block, pictures, weights, layer table, neighbours, what to cite."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from generator.pages import citing, compute, figures, forms, pyramid, tree, weights
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
    shares = forms.form_shares(record)
    return page(
        f"# {record.name} parameter information",
        _description(record, standing),
        _summary(record, standing),
        _usage(record),
        *_reference_block(record, shares),
        forms.render(shares),
        "## Compute and memory",
        *compute.render(record, failures),
        "## Weights",
        *weights.render(record.entry, standing),
        "## Modules",
        tree.render(record.name, tree.module_tree(record)),
        "## Feature pyramid",
        pyramid.render(record, standing),
        "## Layer information",
        _layer_table(record),
        "## Neighbours",
        _neighbours(record, standing),
        _nearest(standing),
        "## Cite",
        *citing.render(record, provenance),
        _foot(record, provenance),
        description=_description(record, standing),
        family=record.entry.family,
        hide=["navigation"],
        **_search(standing),
    )


def _description(record: ModelRecord, standing: Standing) -> str:
    return (
        f"{record.name} has {integer(record.parameters)} parameters ({memory(record.parameter_bytes)}) in "
        f"{plural(len(record.tensors), 'tensor')}: rank {integer(standing.rank)} of {integer(standing.total)} models."
    )


def _search(standing: Standing) -> dict[str, dict[str, float]]:
    """The search finds each longer name too, and by itself puts those first, since they are rarer.

    The weight is the one of several that put most of a sample of names first; a stronger one lets a short name win
    where a word of another is missing.
    """
    if not standing.longer_names:
        return {}
    return {"search": {"boost": round(1 + 0.25 * math.log2(1 + standing.longer_names), 2)}}


def _summary(record: ModelRecord, standing: Standing) -> str:
    family, parameters = record.entry.family, record.parameters
    fp32, bf16, int8, _ = figures.memory_by_format(record)
    percentile = percent(standing.smaller, standing.total, 1)
    rank = f"{integer(standing.rank)} of {integer(standing.total)}"
    tags = record.entry.tags
    dtypes = ", ".join(f"{dtype} {memory(size)}" for dtype, size in record.bytes_by_dtype.items())
    return facts(
        [
            ("Parameters", integer(parameters), "exact, tied tensors counted once"),
            ("Memory in fp32", fp32.text, f"{bf16.text} in bf16, {int8.text} in int8"),
            (
                "Rank",
                link(rank, f"README.md#{record.name}"),
                f"percentile {percentile}: larger than {percentile} % of models",
            ),
            ("Family", family_link(family), "the timm module that defines it"),
            ("In timm since", since(record.name) or UNKNOWN, "the first release on PyPI with a model of this name"),
            ("Input size", pixels(record.entry.input_size), "channels × height × width, in pixels"),
            *compute.cards(record.inspection.compute),
            *_head(record),
            ("Buffers", integer(record.inspection.buffers), f"elements, {memory(record.inspection.buffer_bytes)}"),
            ("Created as", dtypes or "no parameters", "parameter memory by dtype"),
            (
                "Weights",
                plural(len(tags), "tag") if tags else "none",
                ", ".join(map(code, tags)) if tags else "timm has no pretrained weights for this model",
            ),
        ]
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
    lines = ["| Name | Shape | Squeezed shape | Number of parameters | Form |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {tensor.name} | {tensor_cells(tensor.shape)} |" for tensor in record.tensors]
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
