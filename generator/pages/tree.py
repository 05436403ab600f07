"""The module roll-up: parameters of every module, as a tree whose children sum to their parent at each level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from typing import NamedTuple

from generator.pages.formatting import integer, share_text
from generator.records import ModelRecord, Shape, count


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A module, or a parameter tensor that a module holds beside other modules (then without ``type``).

    ``parameters`` counts everything at and below the node; what the children count sums to it, unless there are none. A
    node has no name, its holder gives it one, so that modules that are built alike are one node: equal is identical.
    """

    type: str
    parameters: int
    children: tuple[Run, ...] = ()


class Run(NamedTuple):
    """Numbered children in a row that are built alike, such as the blocks of a stage; mostly just one child."""

    names: tuple[str, ...]
    node: Node


def module_tree(record: ModelRecord) -> Node:
    """The tree of a model's modules that hold parameters, in the order of ``named_modules()``.

    A module without modules below it is a leaf: its own tensors are in the layer table. A tensor that is shared
    belongs to the module where ``named_parameters()`` meets it first.
    """
    own: defaultdict[str, list[tuple[str, Shape]]] = defaultdict(list)
    for name, shape, _, _ in record.tensors:
        path, last = _split(name)
        own[path].append((last, shape))
    below: defaultdict[str, list[tuple[str, Node]]] = defaultdict(list)
    # Modules come after the one that holds them: backwards, each is complete before it goes into that one.
    for path, kind in reversed(record.inspection.modules):
        node = _node(kind, tuple(own.get(path, ())), tuple(below.get(path, ())))
        if not path:
            return node
        above, name = _split(path)
        below[above].append((name, node))
    raise ValueError(f"{record.name} has no module at its root")


def render(name: str, root: Node) -> str:
    """The tree as nested lists and disclosure elements, the root open; one line, so that Markdown leaves it alone.

    A run is one item: its numbers, how many there are, the parameters of each, and the share of all of them; and so are
    the items below it.

    There are over a hundred thousand items in all, so they go without their end tags, which HTML leaves to the author,
    and without an element for what needs none. What has no type has an empty one, which keeps name and figure apart.
    """
    whole = root.parameters

    @cache  # Few figures occur just once.
    def share(parameters: int) -> str:
        return _escaped(share_text(parameters, whole))

    @cache  # Blocks that differ somewhere have most of their parts in common.
    def inside(node: Node, times: int) -> str:
        """The figures of a node that occurs ``times`` times, and what is in it."""
        each = f"{times} × " if times > 1 else ""
        figures = (
            f"<i>{_escaped(node.type)}</i> {each}{integer(node.parameters)} <b>{share(times * node.parameters)} %</b>"
        )
        if not node.children:
            return figures
        below = [_opening(run) + inside(run.node, times * len(run.names)) for run in node.children]
        return f"{figures}</summary><ul>{''.join(below)}</ul></details>"

    opening = "<li><details open><summary>" if root.children else "<li>"
    return (
        '<figure class="module-tree">\n'
        "<figcaption>Parameters of each module and their share of the model. Modules in a row that are built alike "
        "stand in one line. Open a module to see what is in it.</figcaption>\n"
        f"<ul>{opening}{_escaped(name)} {inside(root, 1)}</ul>\n</figure>"
    )


@cache  # Names are alike in many models.
def _split(path: str) -> tuple[str, str]:
    """The path of what holds this, and its name there."""
    above, _, name = path.rpartition(".")
    return above, name


@cache  # The same blocks stand in many models, and many times in each.
def _node(kind: str, own: tuple[tuple[str, Shape], ...], last_first: tuple[tuple[str, Node], ...]) -> Node:
    # named_parameters() gives a module's own tensors before those of the modules below it.
    tensors = tuple(Run((name,), Node("", count(shape))) for name, shape in own)
    children = tensors + tuple(_runs(reversed(last_first)))
    parameters = sum(len(run.names) * run.node.parameters for run in children)
    return Node(kind, parameters, children if last_first else ())


def _runs(modules: Iterator[tuple[str, Node]]) -> Iterator[Run]:
    for (node, is_numbered), alike in groupby(modules, lambda module: (module[1], module[0].isdigit())):
        names = tuple(name for name, _ in alike)
        if is_numbered:
            yield Run(names, node)
        else:
            yield from (Run((name,), node) for name in names)


@cache
def _opening(run: Run) -> str:
    first, last = run.names[0], run.names[-1]
    if len(run.names) == 1:
        label = _escaped(first)
    # Numbers are missing where modules without parameters are between.
    elif int(last) - int(first) == len(run.names) - 1:
        label = f"{first}–{last}"
    else:
        label = ", ".join(run.names)
    return f"<li><details><summary>{label} " if run.node.children else f"<li>{label} "


_escaped = cache(escape)  # Names of modules are few, and each stands in hundreds of models.
