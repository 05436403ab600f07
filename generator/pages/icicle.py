"""The picture of where parameters and compute sit: the module tree as bars below bars, as wide as their shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from typing import NamedTuple

from generator.pages import tree
from generator.pages.formatting import integer, metric, pixels, share_text
from generator.pages.tree import ITSELF, Node
from generator.records import Compute

# Levels of bars below the whole model; how many bars a band has in them, the largest; and the share of the whole that
# a bar has at least: in the first level three pixels where there is most room, below it enough to point at.
_LEVELS, _BARS = 3, 12
_LEAST_FIRST, _LEAST = 0.004, 0.02
# Of a part with a greater share than this, that share says little: what is in it is told, and has colours of its own.
_MOST = 0.8
_TOLD = 3
_COLOURS = "abcdef"
# In pixels: from level to level, between bands, the room for labels on a phone and beside a column of text, and what a
# label takes of it.
_STEP, _GAP = 23, 12
_NARROW, _WIDE = 280, 650
_CHARACTER, _PADDING = 6.8, 9


class Band(NamedTuple):
    """What one of the pictures shows: a value of nodes, its sum over the model, and how both read."""

    title: str
    whole: int
    value: Callable[[Node], int]
    text: Callable[[int], str]
    words: str


class Part(NamedTuple):
    """A module, or several in a row that are built alike, as part of a model; ``value`` is that of all of them.

    ``path`` and ``label``, its full and its own name, are HTML.
    """

    level: int
    start: int
    value: int
    path: str
    label: str
    colour: str
    node: Node
    times: int


def render(root: Node, compute: Compute | None) -> str:
    """The picture with its words, as HTML in one block.

    There is a band for the parameters and, where MACs are known, one for them: the whole model, and below each bar what
    is in it. Words name the largest parts, and stand for the picture where it is not seen.
    """
    unknown = "" if root.macs is not None else " How the MACs divide is unknown."
    bands = [band for band in _bands(root, compute) if band.whole]
    if not bands:
        return f"There is nothing to draw: this model has no parameters.{unknown}"
    drawn, height = "", 0
    for band in bands:
        rows = _rows(band, root)
        drawn += "".join(f'<svg y="{height + level * _STEP}">{row}</svg>' for level, row in enumerate(rows))
        height += len(rows) * _STEP + _GAP
    told = " ".join(_told(band, root) for band in bands)
    return (
        '<figure class="icicle">\n'
        f'<svg role="img" aria-labelledby="parts" width="100%" height="{height - _GAP}">{drawn}</svg>\n'
        f'<figcaption><span id="parts">{told}{unknown}</span> '
        "A bar is as wide as its share; below it is what is in it. Small and deep parts are left out.</figcaption>\n"
        "</figure>"
    )


def _bands(root: Node, compute: Compute | None) -> Iterator[Band]:
    title = f"{integer(root.parameters)} parameters"
    yield Band(title, root.parameters, lambda node: node.parameters, _parameters, "by parameters")
    if compute is not None and root.macs is not None:
        doubt = ", doubtful" if compute.unlisted_operators else ""
        title = f"{metric(root.macs, 'MACs')} at {pixels(compute.input_size)} pixels{doubt}"
        yield Band(title, root.macs, lambda node: node.macs or 0, _macs, "by MACs")


def _rows(band: Band, root: Node) -> list[str]:
    """The bars level by level, from that of the whole model on."""
    # First the first level, then the largest; of equal ones the outer: what is drawn is below what it is in.
    parts = sorted(_seen(band, root), key=lambda part: (part.level > 1, -part.value))
    rows = [f'<rect/><text class="n">{band.title}</text>']
    for part in parts[:_BARS]:
        if part.level == len(rows):
            rows.append("")
        rows[part.level] += _bar(part, band)
    return rows


def _bar(part: Part, band: Band) -> str:
    share = part.value / band.whole
    each = f"{part.times} × " if part.times > 1 else ""
    figure = f"{each}{band.text(part.value // part.times)}, {share_text(part.value, band.whole)} %"
    size = _CHARACTER * len(part.label) + _PADDING
    label = ""
    if size <= _WIDE * share:
        narrow = ' class="n"' if size <= _NARROW * share else ""
        label = f"<text{narrow}>{part.label}</text>"
    return (
        f'<svg class="{part.colour}" x="{100 * part.start / band.whole:.4g}%" width="{100 * share:.4g}%">'
        f"<title>{part.path}: {figure}</title><rect/>{label}</svg>"
    )


def _seen(band: Band, root: Node) -> Iterator[Part]:
    """The parts that are wide enough, each before what is in it."""

    def inside(outer: Part, least: float) -> Iterator[Part]:
        for part in _inside(outer, band, root, least):
            yield part
            # What consists of one thing would be drawn twice.
            if part.level < _LEVELS and len(part.node.children) > 1:
                yield from inside(part, _LEAST)

    return inside(_whole(band, root), _LEAST_FIRST)


def _told(band: Band, root: Node) -> str:
    """The largest parts in words."""
    parts = list(_inside(_whole(band, root), band, root))
    while parts:
        parts.sort(key=lambda part: -part.value)
        if parts[0].value <= _MOST * band.whole or not parts[0].node.children:
            break
        parts[:1] = _inside(parts[0], band, root)
    names = ", ".join(f"{part.path} {escape(share_text(part.value, band.whole))} %" for part in parts[:_TOLD])
    return f"Largest {band.words}: {names}." if names else ""


def _whole(band: Band, root: Node) -> Part:
    return Part(0, 0, band.whole, "", "", "", root, 1)


def _inside(outer: Part, band: Band, root: Node, least: float = 0) -> Iterator[Part]:
    """The parts that something consists of, from left to right, but for those below a share and those of nothing."""
    start, least = outer.start, least * band.whole
    has_colours = outer.node.parameters * outer.times > _MOST * root.parameters
    for position, run in enumerate(outer.node.children):
        times, node = outer.times * len(run.names), run.node
        value = times * band.value(node)
        if value and value >= least:
            label = tree.label(run)
            # What consists of one thing stands in one bar with it.
            while len(node.children) == 1 and node.children[0].node.children:
                (only,) = node.children
                label, times, node = f"{label}.{tree.label(only)}", times * len(only.names), only.node
            path = f"{outer.path}{' ' if label == ITSELF else '.'}{label}" if outer.path else label
            colour = _COLOURS[position % len(_COLOURS)] if has_colours else outer.colour
            yield Part(outer.level + 1, start, value, path, label, colour, node, times)
        start += value


@cache
def _parameters(value: int) -> str:
    return f"{integer(value)} parameters"


@cache
def _macs(value: int) -> str:
    return metric(value, "MACs")
