"""The module tree: parameters and MACs of every module. The figures of children add up to those of their parent."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import NamedTuple

from generator.facts.records import ModelRecord
from generator.facts.shapes import Shape, count
from generator.pages.escaping import in_html
from generator.pages.formatting import integer, share_text

# The name of the node for a module's own MACs, counted outside the modules inside it, such as products of attention.
ITSELF = "(itself)"
# More digits than the number of a module has.
_MOST_DIGITS = 9


# Not frozen: creating a frozen instance takes three times as long.
@dataclass(slots=True, eq=False)
class Node:
    """A node of the tree: a module, a parameter tensor, or the own MACs of a module. Only a module has a ``type``.

    ``parameters`` and ``macs`` include everything below the node; the figures of its children, if any, add up to them.
    ``macs`` is ``None`` in all nodes if MACs are not known. A node does not have its name: the name is in its parent's
    `Run`, so that modules that are built alike share one node, and equal nodes are the same object.
    """

    type: str
    parameters: int
    macs: int | None
    children: tuple[Run, ...] = ()


class Run(NamedTuple):
    """One child, or several numbered children in a row that are built alike, such as the blocks of a stage."""

    names: tuple[str, ...]
    node: Node


def module_tree(record: ModelRecord) -> Node:
    """Make the tree of a model's modules with parameters, in the order of ``named_modules()``.

    A module without modules inside it is a leaf, without nodes for its tensors, which are in the layer table. A shared
    tensor belongs to the module where ``named_parameters()`` finds it first.
    """
    paths, types, macs = tuple(zip(*record.inspection.modules, strict=True)) or ((), (), ())
    if not paths or paths[0]:
        raise ValueError(f"{record.name} has no module at its root")
    names, shapes = tuple(zip(*record.tensors, strict=True))[:2] or ((), ())
    whole = _Modules("", types, macs, paths[1:], names, shapes)
    # Whole models are hardly ever equal, so the root is not looked up among the nodes made before.
    root = _holder(whole) if whole.below else _leaf(types[0], macs[0], names, shapes)
    if root.parameters != record.parameters:
        raise ValueError(f"the modules and tensors of {record.name} are not in the order of their nesting")
    return root


def render(name: str, root: Node) -> str:
    """Render the tree as nested lists and ``<details>`` elements with the root open, in one line of HTML.

    In one line, Markdown does not change the tree.

    A run is one item: its numbers, the number of its modules, the parameters of each, and the shares of all of them in
    the model's parameters and MACs. Items below a run are multiplied in the same way.

    All pages together have over a hundred thousand items. To save space, items have no end tags, which are optional in
    HTML, and as few elements as possible. An item without a type has an empty element before its figures.
    """

    def shares(parameters: int, macs: int | None) -> str:
        share = f"<b>{_escaped(share_text(parameters, root.parameters))} %</b>"
        return share if macs is None else f"{share} <b>{_escaped(share_text(macs, root.macs or 0))} %</b>"

    @cache  # Blocks that are not equal still have most of their nodes in common.
    def inside(node: Node, times: int) -> str:
        """The figures of a node that occurs ``times`` times, and the items below it."""
        each = f"{times} × " if times > 1 else ""
        all_macs = None if node.macs is None else times * node.macs
        # The figures are in one element, so that a narrow screen moves all of them below the name, or none.
        figures = f"{_figure(node.type, each, node.parameters)} {shares(times * node.parameters, all_macs)}</b>"
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
        f'<p aria-hidden="true">Module <i></i> <b>Parameters {columns}</b></p>\n'
        f"<ul>{opening}{_escaped(name)} {inside(root, 1)}</ul>\n</figure>"
    )


class _Modules(NamedTuple):
    """A module and all modules below it, in the order of ``named_modules()``, with their tensors.

    In this order, and in that of ``named_parameters()``, everything below a module is consecutive. So the names of a
    module are a slice, and most of a million names are never looked at: the slices of blocks that are built alike are
    equal once the ``path`` of the module is removed from the names.
    """

    path: str
    types: tuple[str, ...]
    macs: tuple[int | None, ...]
    below: tuple[str, ...]
    tensors: tuple[str, ...]
    shapes: tuple[Shape, ...]


@dataclass(slots=True, eq=False)
class _Built:
    """A node and the modules it was made from. ``names`` is computed when it is first needed."""

    modules: _Modules
    node: Node
    names: str = ""


# The nodes made so far, by all properties of a module except the names in it. Equal blocks occur many times in a model,
# and in many models.
_built: dict[tuple[object, ...], list[_Built]] = {}


def _node(modules: _Modules) -> Node:
    if not modules.below:
        return _leaf(modules.types[0], modules.macs[0], modules.tensors, modules.shapes)
    alike = _built.setdefault((modules.types, modules.macs, modules.shapes), [])
    # Names are compared last: this takes longest, and most modules differ in another property.
    names = _names(modules) if alike else ""
    for other in alike:
        other.names = other.names or _names(other.modules)
        if other.names == names:
            return other.node
    alike.append(_Built(modules, _holder(modules), names))
    return alike[-1].node


def _names(modules: _Modules) -> str:
    """The names of the modules and tensors inside a module, without the module's path."""
    return "\n".join(("", *modules.below, *modules.tensors)).replace(f"\n{modules.path}.", "\n")


@cache
def _leaf(type_: str, macs: int | None, names: tuple[str, ...], shapes: tuple[Shape, ...]) -> Node:
    """Make the node of a module without modules inside it. ``names`` are part of the cache's key only."""
    return Node(type_, sum(map(count, shapes)), macs)


def _holder(modules: _Modules) -> Node:
    own_macs = modules.macs[0]
    cut = len(modules.path) + 1 if modules.path else 0
    children = []
    for name, shape in zip(modules.tensors, modules.shapes, strict=True):
        # named_parameters() has a module's own tensors before those of the modules inside it.
        if "." in name[cut:]:
            break
        children.append(Run((name[cut:],), _tensor(count(shape), own_macs is None)))
    held = list(_held(modules, len(children)))
    for (node, is_numbered), alike in groupby(held, lambda module: (module[1], _is_number(module[0][cut:]))):
        names = [path[cut:] for path, _ in alike]
        children += [Run(tuple(names), node)] if is_numbered else [Run((name,), node) for name in names]
    if own_macs:
        children.append(Run((ITSELF,), Node("", 0, own_macs)))
    parameters = sum([len(run.names) * run.node.parameters for run in children])
    macs = None if own_macs is None else own_macs + sum([node.macs or 0 for _, node in held])
    return Node(modules.types[0], parameters, macs, tuple(children))


def _held(modules: _Modules, tensor: int) -> Iterator[tuple[str, Node]]:
    """The modules directly inside a module: path and node of each. ``tensor`` is the index of their first tensor."""
    _, types, macs, below, tensors, shapes = modules
    place = 0
    while place < len(below):
        path = below[place]
        prefix = f"{path}."
        # Types and MACs begin with those of the outer module, so they are shifted by one.
        own = place + 1
        if own == len(below) or not below[own].startswith(prefix):
            stop, end = own, tensor
            while end < len(tensors) and tensors[end].startswith(prefix):
                end += 1
            names = tuple([name[len(path) :] for name in tensors[tensor:end]])
            yield path, _leaf(types[own], macs[own], names, shapes[tensor:end])
        else:
            stop, end = _end(below, own, prefix), _end(tensors, tensor, prefix)
            held = below[own:stop], tensors[tensor:end], shapes[tensor:end]
            yield path, _node(_Modules(path, types[own : stop + 1], macs[own : stop + 1], *held))
        place, tensor = stop, end


def _end(names: tuple[str, ...], start: int, prefix: str) -> int:
    """The index after the last name that begins with a prefix. These names are consecutive, beginning at ``start``."""
    return bisect_left(names, True, lo=start, key=lambda name: not name.startswith(prefix))


@cache
def _tensor(parameters: int, is_unknown: bool) -> Node:
    """Make the node of a parameter tensor that is beside modules. It has 0 MACs, or ``None`` if MACs are not known."""
    return Node("", parameters, None if is_unknown else 0)


@cache
def _opening(run: Run) -> str:
    return f"<li><details><summary>{label(run)} " if run.node.children else f"<li>{label(run)} "


@cache
def label(run: Run) -> str:
    """The names in a run, as HTML."""
    first, last = run.names[0], run.names[-1]
    if len(run.names) == 1:
        return _escaped(first)
    # If modules without parameters are between these, numbers are missing.
    return f"{first}–{last}" if int(last) - int(first) == len(run.names) - 1 else ", ".join(run.names)


@cache
def _figure(type_: str, each: str, parameters: int) -> str:
    return f"<i>{_escaped(type_)}</i> <b>{each}{integer(parameters)}"


def _is_number(name: str) -> bool:
    """Whether the name of a module is its place among others, as in a list. Other scripts have digits of their own."""
    return name.isascii() and name.isdigit() and len(name) <= _MOST_DIGITS


_escaped = cache(in_html)  # There are few names of modules, and each is used in hundreds of models.
