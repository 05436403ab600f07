"""The module roll-up: parameters of every module, as a tree whose children sum to their parent at each level."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html import escape

from generator.pages.formatting import integer, share_text
from generator.records import ModelRecord, count


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
    """The tree of a model's modules that hold parameters, in the order of ``named_modules()``.

    A module without modules below it is a leaf: its own tensors are in the layer table. A tensor that is shared
    belongs to the module where ``named_parameters()`` meets it first.
    """
    root = Node(record.name, "")
    nodes, held = {"": root}, []
    for path, kind, _ in record.inspection.modules:
        if not path:
            root.type = kind
            continue
        above, _, name = path.rpartition(".")
        nodes[path] = node = Node(name, kind)
        holder = nodes[above]
        holder.children.append(node)
        held.append((node, holder))
    own: dict[str, list[Node]] = {}
    for name, shape, _, _ in record.tensors:
        path, _, last = name.rpartition(".")
        node, size = nodes[path], count(shape)
        node.parameters += size
        if node.children:
            own.setdefault(path, []).append(Node(last, "", size))
    for path, tensors in own.items():
        # named_parameters() gives a module's own tensors before those of the modules below it.
        nodes[path].children[:0] = tensors
    # Modules come after the one that holds them, so backwards each is complete before it is added to that one.
    for node, holder in reversed(held):
        holder.parameters += node.parameters
    return root


def render(root: Node) -> str:
    """The tree as nested lists and disclosure elements, the root open; one line, so that Markdown leaves it alone.

    There are hundreds of thousands of items in all, so they go without their end tags, which HTML leaves to the author,
    and without an element for what needs none. What has no type has an empty one, which keeps name and figure apart.
    """
    whole = root.parameters

    @cache  # The blocks of a model repeat, and so do most of its labels.
    def label(name: str, kind: str, parameters: int) -> str:
        share = _escaped(share_text(parameters, whole))
        return f"{_escaped(name)} <i>{_escaped(kind)}</i> {integer(parameters)} <b>{share} %</b>"

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


_escaped = cache(escape)  # Names of modules are few, and each stands in hundreds of models.
