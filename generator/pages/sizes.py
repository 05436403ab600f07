"""The table of what a model costs at each input size that it is used at, on its page."""

from __future__ import annotations

from collections.abc import Sequence

from generator.facts import sizes
from generator.facts.inspections import AtSize
from generator.facts.records import ModelRecord
from generator.facts.sizes import Size
from generator.pages import lines
from generator.pages.formatting import integer, memory, metric, plural
from generator.pages.markdown import code, escape, link, table

_NUMERIC = ["MACs", "Activations", "Activation memory", "Parameters"]
# The most tags that a cell names. The table of weights has them all.
_MOST = 3


def render(record: ModelRecord) -> list[str]:
    """The section of a model that is used at other sizes than its default; nothing for any other."""
    if not record.inspection.sizes:
        return []
    costs = sizes.costs(record)
    # Few models have other parameters when they are made for another size.
    is_shown = any(cost.parameters not in (None, record.parameters) for cost in costs)
    headings = _NUMERIC if is_shown else _NUMERIC[:-1]
    rows = [
        [
            _size(cost.size) + (", the default" if cost.size == sizes.default(record.entry) else ""),
            *_cells(cost)[: len(headings)],
            _tags(sizes.trained(record.entry, cost.size), record),
            _tags(sizes.tested(record, cost.size), record),
        ]
        for cost in costs
    ]
    return [
        "### Cost by size",
        f"One image of each {link('size that is used', '../guide/method.md#sizes')}, by the weights of the model or by "
        "what others published, in inference in fp32.",
        table(["Size", *headings, "Weights trained at it", "Weights tested at it"], rows, numeric=headings),
        *(
            f"At {_size(cost.size)} pixels the model does not run: {escape(cost.reason)}"
            for cost in costs
            if cost.reason is not None
        ),
    ]


def _size(size: Size) -> str:
    height, width = size
    return f"{height} × {width}"


def _cells(cost: AtSize) -> list[str]:
    if cost.reason is not None:
        return [lines.IMPOSSIBLE] * len(_NUMERIC)
    return [
        metric(cost.macs, "MACs"),
        metric(cost.activations),
        memory(cost.peak_activation_bytes),
        integer(cost.parameters),
    ]


def _tags(tags: Sequence[str], record: ModelRecord) -> str:
    """Tags in a cell: their names, or how many where they are too many to read."""
    if not tags:
        return lines.NONE
    if len(tags) > 1 and len(tags) == len(record.entry.weights):
        return f"all {len(tags)}"
    if len(tags) > _MOST:
        return link(plural(len(tags), "tag"), "#weights")
    return ", ".join(code(tag) or "without a tag" for tag in tags)
