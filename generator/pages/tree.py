"""The module roll-up: what every module holds and computes, as a tree whose children sum to their parent."""

from __future__ import annotations

from bisect import bisect_left
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


# Not frozen, as making one would take three times as long.
@dataclass(slots=True, eq=False)
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
    paths, types, macs = tuple(zip(*record.inspection.modules, strict=True)) or ((), (), ())
    if not paths or paths[0]:
        raise ValueError(f"{record.name} has no module at its root")
    names, shapes = tuple(zip(*record.tensors, strict=True))[:2] or ((), ())
    whole = _Modules("", types, macs, paths[1:], names, shapes)
    # Hardly two models are alike as a whole, so that no other is looked for.
    root = _holder(whole) if whole.below else _leaf(types[0], macs[0], names, shapes)
    if root.parameters != record.parameters:
        raise ValueError(f"the modules and tensors of {record.name} are not in the order of their nesting")
    return root


def render(name: str, root: Node) -> str:
    """The tree as nested lists and disclosure elements, the root open; one line, so that Markdown leaves it alone.

    A run is one item: its numbers, how many there are, the parameters of each, and the shares that all of them have of
    the model's parameters and MACs; and so are the items below it.

    There are over a hundred thousand items in all, so they go without their end tags, which HTML leaves to the author,
    and without an element for what needs none. What has no type has an empty one, which keeps name and figure apart.
    """

    def shares(parameters: int, macs: int | None) -> str:
        share = f"<b>{_escaped(share_text(parameters, root.parameters))} %</b>"
        return share if macs is None else f"{share} <b>{_escaped(share_text(macs, root.macs or 0))} %</b>"

    @cache  # Blocks that differ somewhere have most of their parts in common.
    def inside(node: Node, times: int) -> str:
        """The figures of a node that occurs ``times`` times, and what is in it."""
        each = f"{times} × " if times > 1 else ""
        all_macs = None if node.macs is None else times * node.macs
        figures = f"{_figure(node.type, each, node.parameters)} {shares(times * node.parameters, all_macs)}"
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


class _Modules(NamedTuple):
    """A module and those below it, in the order of ``named_modules()``, with the tensors in them.

    That order, and that of ``named_parameters()``, has everything below a module in one piece, so that pieces are cut
    from it without a look at what is in them. There are a million names in all; most stand in blocks that are built
    alike, and equal pieces have equal names once those begin behind the ``path`` of the first module.
    """

    path: str
    types: tuple[str, ...]
    macs: tuple[int | None, ...]
    below: tuple[str, ...]
    tensors: tuple[str, ...]
    shapes: tuple[Shape, ...]


@dataclass(slots=True, eq=False)
class _Built:
    """A node that was made, and of what; ``names`` once they were asked for."""

    modules: _Modules
    node: Node
    names: str = ""


# By all of a module but the names in it. The same blocks stand in many models, and many times in each.
_built: dict[tuple[object, ...], list[_Built]] = {}


def _node(modules: _Modules) -> Node:
    if not modules.below:
        return _leaf(modules.types[0], modules.macs[0], modules.tensors, modules.shapes)
    alike = _built.setdefault((modules.types, modules.macs, modules.shapes), [])
    # Names take longer to compare than all else, and most modules differ in something else.
    names = _names(modules) if alike else ""
    for other in alike:
        other.names = other.names or _names(other.modules)
        if other.names == names:
            return other.node
    alike.append(_Built(modules, _holder(modules), names))
    return alike[-1].node


def _names(modules: _Modules) -> str:
    """The names of what is in a module, without its path."""
    return "\n".join(("", *modules.below, *modules.tensors)).replace(f"\n{modules.path}.", "\n")


@cache
def _leaf(type_: str, macs: int | None, names: tuple[str, ...], shapes: tuple[Shape, ...]) -> Node:
    """A module without modules below it. It does not show the ``names`` of its tensors, which tell it from others."""
    return Node(type_, sum(map(count, shapes)), macs)


def _holder(modules: _Modules) -> Node:
    own_macs = modules.macs[0]
    cut = len(modules.path) + 1 if modules.path else 0
    children = []
    for name, shape in zip(modules.tensors, modules.shapes, strict=True):
        # named_parameters() gives a module's own tensors before those of the modules below it.
        if "." in name[cut:]:
            break
        children.append(Run((name[cut:],), _tensor(count(shape), own_macs is None)))
    held = list(_held(modules, len(children)))
    for (node, is_numbered), alike in groupby(held, lambda module: (module[1], module[0][cut:].isdigit())):
        names = [path[cut:] for path, _ in alike]
        children += [Run(tuple(names), node)] if is_numbered else [Run((name,), node) for name in names]
    if own_macs:
        children.append(Run((ITSELF,), Node("", 0, own_macs)))
    parameters = sum([len(run.names) * run.node.parameters for run in children])
    macs = None if own_macs is None else own_macs + sum([node.macs or 0 for _, node in held])
    return Node(modules.types[0], parameters, macs, tuple(children))


def _held(modules: _Modules, tensor: int) -> Iterator[tuple[str, Node]]:
    """The modules right below a module, by their paths; ``tensor`` is the place of the first tensor that they hold."""
    _, types, macs, below, tensors, shapes = modules
    place = 0
    while place < len(below):
        path = below[place]
        prefix = f"{path}."
        # Types and MACs begin with those of the module that holds these.
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
    """The place from which on no name begins with a prefix, where those that do stand together from ``start`` on."""
    return bisect_left(names, True, lo=start, key=lambda name: not name.startswith(prefix))


@cache
def _tensor(parameters: int, is_unknown: bool) -> Node:
    """A parameter tensor beside modules; where MACs are known, those in it are none."""
    return Node("", parameters, None if is_unknown else 0)


@cache
def _opening(run: Run) -> str:
    return f"<li><details><summary>{label(run)} " if run.node.children else f"<li>{label(run)} "


@cache
def label(run: Run) -> str:
    """The names of a run, as HTML."""
    first, last = run.names[0], run.names[-1]
    if len(run.names) == 1:
        return _escaped(first)
    # Numbers are missing where modules without parameters are between.
    return f"{first}–{last}" if int(last) - int(first) == len(run.names) - 1 else ", ".join(run.names)


@cache
def _figure(type_: str, each: str, parameters: int) -> str:
    return f"<i>{_escaped(type_)}</i> {each}{integer(parameters)}"


_escaped = cache(escape)  # Names of modules are few, and each stands in hundreds of models.
