"""Draw the module tree as rows of bars, each as wide as its share of the model's parameters or MACs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from generator.facts.inspections import Compute
from generator.pages import tree
from generator.pages.escaping import in_html
from generator.pages.formatting import integer, metric, pixels, share_text
from generator.pages.tree import ITSELF, Node

# The number of levels below the whole model, and the most bars of a band in all its levels.
_LEVELS, _BARS = 3, 12
# The least share of the whole that a bar has: in the first level three pixels on a wide page, below it enough to point
# at.
_LEAST_FIRST, _LEAST = 0.004, 0.02
# A part with a greater share than _MOST is nearly the whole model. Words then name the parts inside it instead, and
# these parts have colours of their own. Words name _TOLD parts.
_MOST = 0.8
_TOLD = 3
_COLOURS = "abcdef"
# In pixels: the height of a level, and the gap between bands.
_STEP, _GAP = 23, 12
# The width of the drawing on a phone, and beside a column of text; and the width of a label, by letter and at its ends.
_NARROW, _WIDE = 280, 650
_CHARACTER, _PADDING = 6.8, 9


class Band(NamedTuple):
    """One band of the drawing, for parameters or MACs: its title, the model's total, a node's value, and texts."""

    title: str
    whole: int
    value: Callable[[Node], int]
    text: Callable[[int], str]
    words: str


class Part(NamedTuple):
    """One bar: a module, or ``times`` modules that are built alike. ``value`` is the total of all of them.

    ``path`` is the full name and ``label`` the name within the outer part. Both are HTML.
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
    """Render the drawing and its caption, as one block of HTML.

    There is a band for the parameters and, if MACs are known, one for the MACs. The top bar of a band is the whole
    model; below each bar are the parts inside it. The caption names the largest parts, also for screen readers.
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
    """The bars of each level, beginning with the bar of the whole model."""
    # All parts of the first level come first, then larger parts. The sort is stable, so of equal parts the outer comes
    # first: a part is drawn only below an outer part that is drawn.
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
    """The parts that are wide enough to draw, each before the parts inside it."""

    def inside(outer: Part, least: float) -> Iterator[Part]:
        for part in _inside(outer, band, root, least):
            yield part
            # A part with a single child would be drawn twice.
            if part.level < _LEVELS and len(part.node.children) > 1:
                yield from inside(part, _LEAST)

    return inside(_whole(band, root), _LEAST_FIRST)


def _told(band: Band, root: Node) -> str:
    """The sentence that names the largest parts."""
    parts = list(_inside(_whole(band, root), band, root))
    while parts:
        parts.sort(key=lambda part: -part.value)
        if parts[0].value <= _MOST * band.whole or not parts[0].node.children:
            break
        parts[:1] = _inside(parts[0], band, root)
    names = ", ".join(f"{part.path} {in_html(share_text(part.value, band.whole))} %" for part in parts[:_TOLD])
    return f"Largest {band.words}: {names}." if names else ""


def _whole(band: Band, root: Node) -> Part:
    return Part(0, 0, band.whole, "", "", "", root, 1)


def _inside(outer: Part, band: Band, root: Node, least: float = 0) -> Iterator[Part]:
    """The parts inside ``outer``, from left to right, without those of value 0 or of a share below ``least``."""
    start, least = outer.start, least * band.whole
    has_colours = outer.node.parameters * outer.times > _MOST * root.parameters
    for position, run in enumerate(outer.node.children):
        times, node = outer.times * len(run.names), run.node
        value = times * band.value(node)
        if value and value >= least:
            label = tree.label(run)
            # A module with a single child shares one bar with it.
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
