"""The page of one model: first the figures by which people choose, then the details, then the table of layers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from generator.facts.columns import Figure
from generator.facts.figures import BY_NAME, ModelRow
from generator.facts.licenses import license_class
from generator.facts.records import ModelRecord, Provenance
from generator.facts.results import Source
from generator.pages import citing, comparison_links, compute, forms, icicle, pyramid, tree, weights
from generator.pages.escaping import in_address
from generator.pages.formatting import UNKNOWN, day, integer, memory, percent, pixels, plural, tensor_cells, value_text
from generator.pages.markdown import (
    code,
    create_model,
    escape,
    facts,
    family_link,
    link,
    model_link,
    named,
    names,
    page,
    table,
)
from generator.ranking.standings import Standing

# Said on the page of a test fixture.
_FIXTURE = (
    "timm has this model for its own tests: it is a [test fixture](../guide/method.md#fixtures), which the finder, "
    "plots and neighbours leave out unless they are asked for it."
)


def render(
    record: ModelRecord, row: ModelRow, standing: Standing, provenance: Provenance, sources: Sequence[Source] = ()
) -> str:
    """Render a model's page, below ``models/``.

    The lines from "Number of layers" on, and the layer table, equal those of the reference page, byte for byte. There
    are two differences: "Check rank" is a Markdown link, and "Layer information" is a second-level heading.
    """
    shares, description = forms.form_shares(record), _description(record.name, record, standing)
    modules = tree.module_tree(record)
    return page(
        f"# {named(record.name)} parameter information",
        _description(named(record.name), record, standing),
        _FIXTURE if row.fixture else "",
        _summary(record, row, standing),
        _usage(record),
        comparison_links.render(record.name, standing),
        "## Parameters and compute by module",
        icicle.render(modules, record.inspection.compute),
        "## Parameters by form",
        *_reference_block(record, shares),
        forms.render(shares),
        "## Weights",
        *weights.render(record.entry, standing, record.published.results, sources),
        "## Compute and memory",
        *compute.render(record, row),
        "## Feature pyramid",
        pyramid.render(record, standing),
        "## Modules",
        tree.render(record.name, modules),
        "## Neighbours",
        _neighbours(record, standing),
        _nearest(standing),
        "## Cite",
        *citing.render(row, provenance),
        # The layer table is last, since it is longer than all the rest.
        "## Layer information",
        _layer_table(record),
        _foot(record, provenance),
        description=description,
        family=record.entry.family,
        hide=["navigation"],
        search=_search(record, standing),
    )


def _description(name: str, record: ModelRecord, standing: Standing) -> str:
    return (
        f"{name} has {integer(record.parameters)} parameters ({memory(record.parameter_bytes)}) in "
        f"{plural(len(record.tensors), 'tensor')}: rank {integer(standing.rank)} of {integer(standing.total)} models."
    )


def _search(record: ModelRecord, standing: Standing) -> dict[str, float | str]:
    """The page's entry in the search: its title (name and parameters), its text (memory), and its boost.

    The search loads the entries of all models, so they have no other words.

    A search for a short name also finds longer names that contain it. Without a boost these would come first, because
    they are rarer. The factor 0.25 put the most names of a sample first; with a greater one, a short name comes first
    even if it lacks a word of the search.
    """
    title = f"{record.name} · {integer(record.parameters)} parameters"
    shown: dict[str, float | str] = {"title": title, "text": memory(record.parameter_bytes)}
    if not standing.longer_names:
        return shown
    return {**shown, "boost": round(1 + 0.25 * math.log2(1 + standing.longer_names), 2)}


def _summary(record: ModelRecord, row: ModelRow, standing: Standing) -> str:
    family, parameters = record.entry.family, record.parameters
    percentile = percent(standing.smaller, standing.total, 1)
    rank = f"{integer(standing.rank)} of {integer(standing.total)}"
    dtypes = ", ".join(f"{dtype} {memory(size)}" for dtype, size in record.bytes_by_dtype.items())
    macs, activations = compute.cards(record.inspection.compute)
    return facts(
        [
            ("Parameters", integer(parameters), "exact, tied tensors counted once"),
            macs,
            (
                "Memory in fp32",
                memory(row.fp32_bytes),
                f"{memory(row.half_bytes)} in bf16, {memory(row.int8_bytes)} in int8",
            ),
            ("Input size", pixels(record.entry.input_size), "channels × height × width, in pixels"),
            _weights(record),
            (
                "Rank",
                link(rank, f"README.md#{in_address(record.name)}"),
                f"percentile {percentile}: larger than {percentile} % of models",
            ),
            ("Family", family_link(family), "the timm module that defines it"),
            ("In timm since", row.since or UNKNOWN, "the first release on PyPI with a model of this name"),
            *_head(record),
            activations,
            ("Buffers", integer(record.inspection.buffers), f"elements, {memory(record.inspection.buffer_bytes)}"),
            ("Created as", dtypes or "no parameters", "parameter memory by dtype"),
        ]
    )


def _weights(record: ModelRecord) -> tuple[str, str, str]:
    """The card of the weights: their number, the default tag, and the classes of all their licences."""
    tags = record.entry.weights
    if not tags:
        return ("Weights", "none", "timm has no pretrained weights for this model")
    default = ", ".join(f"default {code(weights.tag) or 'without a tag'}" for weights in tags if weights.is_default)
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
        f"[ {link('Check rank', f'README.md#{in_address(record.name)}')} ]**",
        f"**Number of trainable parameters: [ {memory(record.trainable_bytes)} ]**",
        "**Proportional of each form** (%)",
        row([percent(share.tensors, tensors) for share in shares]),
        "**Proportional of parameters by form** (%)",
        row([percent(share.parameters, parameters) for share in shares]),
    ]


def _layer_table(record: ModelRecord) -> str:
    if not record.tensors:
        return "This model has no parameters."
    # With scripts, this element adds a filter and other controls to the table. Without scripts it does nothing.
    lines = ["<atlas-layers></atlas-layers>", ""]
    lines += ["| Name | Shape | Squeezed shape | Number of parameters | Form |", "| --- | --- | --- | --- | --- |"]
    shown = names([tensor.name for tensor in record.tensors])
    lines += [f"| {name} | {tensor_cells(tensor[1])} |" for name, tensor in zip(shown, record.tensors, strict=True)]
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
    def to(found: tuple[str, int] | None, figure: Figure, end: str) -> str:
        return f"{model_link(found[0], '')}, {value_text(figure, found[1])}" if found else end

    rows = []
    for name, nearest in standing.nearest.items():
        figure = BY_NAME[name]
        if nearest is None:
            rows.append([figure.label, UNKNOWN, UNKNOWN])
        else:
            but = " but test fixtures" if standing.has_fixtures else ""
            more, fewer = to(nearest.more, figure, "none has more"), to(nearest.fewer, figure, f"none has fewer{but}")
            rows.append([figure.label, more, fewer])
    return table(["Nearest by", "More", "Fewer"], rows) if rows else ""


def _foot(record: ModelRecord, provenance: Provenance) -> str:
    return (
        f"timm {escape(provenance.timm_version)}, torch {escape(provenance.torch_version)}, "
        f"timm-atlas {provenance.generator_version}; data of {day(record.date)}. "
        f"{link('How these numbers are made', '../guide/method.md')}. "
        f"{link('This page as JSON', f'../data/models/{in_address(record.name)}.json')}."
    )
