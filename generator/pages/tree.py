"""The module roll-up: what every module holds and computes, as a tree whose children sum to their parent."""

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

# How the MACs are called that a module has run itself, outside the modules in it: the products of an attention, say.
ITSELF = "(itself)"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A module, or what a module has beside other modules (then without ``type``): a parameter tensor, or its own MACs.

    ``parameters`` and ``macs`` count everything at and below the node; what the children count sums to them, unless
    there are none. ``macs`` are ``None`` throughout where they are not known. A node has no name, its holder gives it
    one, so that modules that are built alike are one node: equal is identical.
    """

    type: str
    parameters: int
    macs: int | None
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
    for path, kind, macs in reversed(record.inspection.modules):
        node = _node(kind, macs, tuple(own.get(path, ())), tuple(below.get(path, ())))
        if not path:
            return node
        above, name = _split(path)
        below[above].append((name, node))
    raise ValueError(f"{record.name} has no module at its root")


def render(name: str, root: Node) -> str:
    """The tree as nested lists and disclosure elements, the root open; one line, so that Markdown leaves it alone.

    A run is one item: its numbers, how many there are, the parameters of each, and the shares that all of them have of
    the model's parameters and MACs; and so are the items below it.

    There are over a hundred thousand items in all, so they go without their end tags, which HTML leaves to the author,
    and without an element for what needs none. What has no type has an empty one, which keeps name and figure apart.
    """

    @cache  # Few figures occur just once.
    def shares(parameters: int, macs: int | None) -> str:
        share = f"<b>{_escaped(share_text(parameters, root.parameters))} %</b>"
        return share if macs is None else f"{share} <b>{_escaped(share_text(macs, root.macs or 0))} %</b>"

    @cache  # Blocks that differ somewhere have most of their parts in common.
    def inside(node: Node, times: int) -> str:
        """The figures of a node that occurs ``times`` times, and what is in it."""
        each = f"{times} × " if times > 1 else ""
        all_macs = None if node.macs is None else times * node.macs
        figures = (
            f"<i>{_escaped(node.type)}</i> {each}{integer(node.parameters)} {shares(times * node.parameters, all_macs)}"
        )
        if not node.children:
            return figures
        below = [_opening(run) + inside(run.node, times * len(run.names)) for run in node.children]
        return f"{figures}</summary><ul>{''.join(below)}</ul></details>"

    opening = "<li><details open><summary>" if root.children else "<li>"
    columns = "<b>of all</b>" if root.macs is None else "<b>of all</b> <b>MACs</b>"
    of_macs = "" if root.macs is None else ", and the share of its MACs that runs in it"
    return (
        '<figure class="module-tree">\n'
        f"<figcaption>Parameters of each module, their share of the model{of_macs}. Modules in a row that are built "
        "alike stand in one line. Open a module to see what is in it.</figcaption>\n"
        f'<p aria-hidden="true">Module <i></i> Parameters {columns}</p>\n'
        f"<ul>{opening}{_escaped(name)} {inside(root, 1)}</ul>\n</figure>"
    )


@cache  # Names are alike in many models.
def _split(path: str) -> tuple[str, str]:
    """The path of what holds this, and its name there."""
    above, _, name = path.rpartition(".")
    return above, name


@cache  # The same blocks stand in many models, and many times in each.
def _node(
    kind: str, own_macs: int | None, own: tuple[tuple[str, Shape], ...], last_first: tuple[tuple[str, Node], ...]
) -> Node:
    unknown = own_macs is None
    # named_parameters() gives a module's own tensors before those of the modules below it.
    tensors = [Run((name,), Node("", count(shape), None if unknown else 0)) for name, shape in own]
    modules = list(_runs(reversed(last_first)))
    itself = [Run((ITSELF,), Node("", 0, own_macs))] if own_macs else []
    children = tensors + modules + itself
    parameters = sum(len(run.names) * run.node.parameters for run in children)
    macs = None if unknown else sum(len(run.names) * (run.node.macs or 0) for run in children)
    return Node(kind, parameters, macs, tuple(children) if modules else ())


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
