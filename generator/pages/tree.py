"""The module roll-up: parameters of every module, as a tree whose children sum to their parent at each level."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html import escape
from itertools import groupby

from generator.pages.formatting import integer, share_text
from generator.records import ModelRecord, ParameterTensor, count


@dataclass(slots=True)
class Node:
    """A module, or a parameter tensor that a module holds beside other modules (then without ``type``).

    ``parameters`` counts everything at and below the node; the children's counts sum to it, unless there are none.
    """

    name: str
    type: str
    parameters: int = 0
    children: list[Node] = field(default_factory=list)


def module_tree(record: ModelRecord) -> Node:
    """The tree of a model's modules that hold parameters, in the order of ``named_parameters()``.

    A module without modules below it is a leaf: its own tensors are in the layer table. A tensor that is shared
    belongs to the module where ``named_parameters()`` meets it first.
    """
    types = {module.path: module.type for module in record.inspection.modules}
    root = Node(record.name, types.get("", ""))
    nodes = {"": root}
    held: dict[str, list[ParameterTensor]] = {}

    def node(path: str) -> Node:
        found = nodes.get(path)
        if found is None:
            above, _, name = path.rpartition(".")
            found = nodes[path] = Node(name, types[path])
            node(above).children.append(found)
        return found

    for path, tensors in groupby(record.tensors, key=_module_path):
        node(path)
        held.setdefault(path, []).extend(tensors)
    for path, own in held.items():
        holder = nodes[path]
        if holder.children:
            # named_parameters() gives a module's own tensors before those of the modules below it.
            holder.children[:0] = [Node(tensor.name.rpartition(".")[2], "", tensor.parameters) for tensor in own]
        else:
            holder.parameters = sum(count(tensor.shape) for tensor in own)
    _add_up(root)
    return root


def render(root: Node) -> str:
    """The tree as nested lists and disclosure elements, the root open; one line, so that Markdown leaves it alone.

    There are hundreds of thousands of items in all, so they go without their end tags, which HTML leaves to the author,
    and without an element for what needs none. What has no type has an empty one, which keeps name and figure apart.
    """
    whole = root.parameters

    @cache  # The blocks of a model repeat, and so do most of its labels.
    def label(name: str, kind: str, parameters: int) -> str:
        share = escape(share_text(parameters, whole))
        return f"{escape(name)} <i>{escape(kind)}</i> {integer(parameters)} <b>{share} %</b>"

    def item(node: Node, state: str = "") -> str:
        text = label(node.name, node.type, node.parameters)
        if not node.children:
            return f"<li>{text}"
        inner = "".join(map(item, node.children))
        return f"<li><details{state}><summary>{text}</summary><ul>{inner}</ul></details>"

    return (
        '<figure class="module-tree">\n'
        "<figcaption>Parameters of each module and their share of the model. Open a module to see what is in it."
        "</figcaption>\n"
        f"<ul>{item(root, ' open')}</ul>\n</figure>"
    )


def _module_path(tensor: ParameterTensor) -> str:
    return tensor.name.rpartition(".")[0]


def _add_up(node: Node) -> int:
    if node.children:
        node.parameters = sum(map(_add_up, node.children))
    return node.parameters
