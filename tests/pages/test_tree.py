"""The module roll-up: nothing is lost or counted twice on the way up."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from generator.facts.records import ModelRecord
from generator.pages.tree import Node, module_tree, render
from tests.examples import DATE, RECORDS, TINY_CONV, TINY_EMPTY, TINY_MIXED, TINY_VIT, in_order, record, tensor
from tests.pages.reading import summed


def outline(made: ModelRecord) -> object:
    """A model's tree as nested tuples: name, parameters and what is below."""
    return named(made.name, module_tree(made))


def named(name: str, node: Node) -> object:
    """A node as nested tuples, under the name that its holder gives it."""
    return (name, node.parameters, [named(*child) for child in children(node)])


def children(node: Node) -> Iterator[tuple[str, Node]]:
    """The children of a node one by one, with their names."""
    for run in node.children:
        yield from ((name, run.node) for name in run.names)


def nodes(node: Node) -> Iterator[Node]:
    """A node and all below it, as often as they occur."""
    yield node
    for _, child in children(node):
        yield from nodes(child)


class Outline(HTMLParser):
    """Checks that tags close as they open, items where the next begins or their list ends, and collects the labels."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.labels: list[str] = []
        self.opened: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an open tag; an item begins a label, and ends the item before it."""
        if tag == "li":
            self.labels.append("")
            if self.open[-1] == "li":
                self.open.pop()
        self.open.append(tag)
        self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last, and no other; a list closes its last item."""
        if tag == "ul" and self.open[-1] == "li":
            self.open.pop()
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Add to the label that is being read."""
        if "li" in self.open:
            self.labels[-1] += data


def rendered(made: ModelRecord) -> str:
    """A model's tree as HTML."""
    return render(made.name, module_tree(made))


def parsed(made: ModelRecord) -> Outline:
    """The rendered tree, parsed."""
    outline = Outline()
    outline.feed(rendered(made))
    assert outline.open == []
    return outline


def test_modules_without_modules_are_leaves() -> None:
    """Tensors of a module that holds no other are its own figure, and are not listed again."""
    assert outline(TINY_CONV) == (
        "tiny_conv",
        394,
        [
            ("conv_stem", 8 * 3 * 3 * 3, []),
            ("bn1", 8 + 8, []),
            ("conv_dw", 8 * 1 * 3 * 3, []),
            ("classifier", 10 * 8 + 10, []),
        ],
    )


def test_direct_tensors_stand_beside_modules() -> None:
    """A class token beside modules is a node of its own, so that children sum to their parent."""
    assert outline(TINY_VIT) == (
        "tiny_vit",
        203,
        [
            ("cls_token", 4, []),
            ("pos_embed", 5 * 4, []),
            ("patch_embed", 52, [("proj", 4 * 3 * 2 * 2 + 4, [])]),
            (
                "blocks",
                77,
                [
                    (
                        "0",
                        77,
                        [
                            ("scale", 1, []),
                            ("mlp", 76, [("fc1", 8 * 4 + 8, []), ("fc2", 4 * 8 + 4, [])]),
                        ],
                    )
                ],
            ),
            ("head", 10 * 4 + 10, []),
        ],
    )


def test_a_module_has_its_type_and_a_tensor_none() -> None:
    """A module is named with its class, a tensor without one."""
    root = module_tree(TINY_VIT)
    assert (root.type, [child.type for _, child in children(root)]) == (
        "TinyVit",
        ["", "", "Block", "Sequential", "Linear"],
    )


def test_only_direct_tensors_are_a_leaf() -> None:
    """A model of tensors alone is one node with all of them."""
    assert outline(record("flat", tensor("a", 3), tensor("b", 4))) == ("flat", 7, [])


def test_a_model_without_parameters_is_a_leaf_of_nothing() -> None:
    """A model without parameters is a node of 0, whose share is undefined rather than a division by zero."""
    assert outline(TINY_EMPTY) == ("tiny_empty", 0, [])
    assert parsed(TINY_EMPTY).labels == ["tiny_empty Block 0 – %"]


def test_tied_tensors_are_where_they_are_met_first() -> None:
    """A real net with tied weights: the shared tensor belongs to its first module, and the sum is the root's."""
    from torch import nn

    from generator.facts.registry import CatalogEntry
    from generator.measuring.inspection import measure

    net = nn.ModuleDict({"embedding": nn.Embedding(100, 8), "decoder": nn.Linear(8, 100)})
    net["decoder"].weight = net["embedding"].weight
    made = ModelRecord(CatalogEntry("tied", "tiny", (), None), measure(net), DATE)
    assert outline(made) == (
        "tied",
        100 * 8 + 100,
        [("embedding", 100 * 8, []), ("decoder", 100, [])],
    )


part = st.sampled_from(["a", "b", "c", "0", "1"])
paths = st.lists(part, max_size=4).map(tuple)
leaves = st.dictionaries(st.tuples(paths, st.sampled_from(["weight", "bias", "scale"])), st.integers(0, 1000))


@given(leaves)
def test_children_sum_to_their_parent(drawn: dict[tuple[tuple[str, ...], str], int]) -> None:
    """Whatever the names: at every level children sum to their parent, and every module's figure is its tensors'."""
    tensors = in_order(drawn)
    made = record("net", *tensors)
    root = module_tree(made)
    assert root.parameters == made.parameters
    for node in nodes(root):
        assert not node.children or node.parameters == sum(child.parameters for _, child in children(node))

    def check(node: Node, path: str) -> None:
        below = [tensor for tensor in tensors if not path or tensor.name.startswith(f"{path}.")]
        assert node.parameters == sum(tensor.parameters for tensor in below)
        for name, child in children(node):
            if child.type:
                check(child, f"{path}.{name}" if path else name)

    check(root, "")
    assert sum(bool(node.type) for node in nodes(root)) == len(made.inspection.modules)


@pytest.mark.parametrize("made", RECORDS, ids=lambda made: made.name)
def test_the_list_is_whole(made: ModelRecord) -> None:
    """The list in HTML closes what it opens and has a label for each node: parameters and share."""
    labels = parsed(made).labels
    assert labels[0].startswith(f"{made.name} ")
    assert len(labels) == len(list(nodes(module_tree(made))))
    for label, node in zip(labels, nodes(module_tree(made)), strict=True):
        assert f" {node.parameters:,} " in label
        assert label.endswith("%")


def test_modules_in_a_row_that_are_built_alike_share_a_line() -> None:
    """Numbered neighbours with the same parts are one item: how many, the parameters of each, the share of all."""
    stage = [
        tensor(f"blocks.{block}.fc.{name}", size) for block in range(3) for name, size in (("weight", 6), ("bias", 2))
    ]
    made = record("net", *stage, tensor("blocks.3.fc.weight", 6), tensor("head.weight", 10))
    assert parsed(made).labels == [
        "net Block 40 100.00 %",
        "blocks Block 30 75.00 %",
        "0–2 Block 3 × 8 60.00 %",
        "fc Block 3 × 8 60.00 %",
        "3 Block 6 15.00 %",
        "fc Block 6 15.00 %",
        "head Block 10 25.00 %",
    ]


def test_numbers_that_are_missing_are_not_claimed() -> None:
    """Layers with activations between them are named one by one."""
    made = record("net", *(tensor(f"{number}.weight", 4) for number in (0, 2, 4)))
    assert parsed(made).labels == ["net Block 12 100.00 %", "0, 2, 4 Block 3 × 4 100.00 %"]


def test_numbers_are_plain_digits() -> None:
    """Digits of other kinds are no places in a list, nor are more digits than a place has."""
    names = ["¹", "²", "٣", "٤", "9" * 5000, "8" * 5000]
    made = record("odd", *(tensor(f"{name}.weight", 4, 4) for name in names))
    root = module_tree(made)
    assert [run.names for run in root.children] == [(name,) for name in names]
    assert all(name in render("odd", root) for name in names)


def test_rows_within_rows_multiply() -> None:
    """Two stages of three blocks each are six blocks."""
    made = record("net", *(tensor(f"{stage}.{block}.weight", 5) for stage in range(2) for block in range(3)))
    assert parsed(made).labels == ["net Block 30 100.00 %", "0–1 Block 2 × 15 100.00 %", "0–2 Block 6 × 5 100.00 %"]


def test_what_differs_has_a_line_of_its_own() -> None:
    """Neighbours of another type, of other parts, with another name or apart from each other are not the same line."""
    made = record(
        "net",
        *(tensor(f"{name}.weight", 4) for name in ("0", "1", "2", "a", "b")),
        tensor("3.weight", 2, 2),
        tensor("4.bias", 4),
        tensor("5.weight", 4),
        types={"1": "Norm"},
    )
    assert [label.split()[0] for label in parsed(made).labels] == ["net", "0", "1", "2", "a", "b", "3", "4", "5"]


@given(leaves)
def test_lines_sum_to_the_line_above(drawn: dict[tuple[tuple[str, ...], str], int]) -> None:
    """Whatever is built alike: at every level how many times how much each sums to what stands above."""
    made = record("net", *in_order(drawn))
    (item,) = fragment_fromstring(rendered(made)).xpath("ul/li")
    assert summed(item) == made.parameters


def test_the_list_is_one_block_of_lines() -> None:
    """No line of the list is blank, so that Markdown takes it for one block of HTML and leaves it alone."""
    lines = rendered(TINY_VIT).split("\n")
    assert all(lines)
    assert (lines[0], lines[-1]) == ('<figure class="module-tree">', "</figure>")


def test_the_root_is_open_and_the_rest_shut() -> None:
    """The first level shows at once; what is deeper opens on request."""
    text = rendered(TINY_VIT)
    assert text.count("<details open>") == 1
    assert text.count("<details>") == 4


def test_names_are_escaped() -> None:
    """A name with a mark of HTML in it reads as it is."""
    text = rendered(record("net", tensor("a<b>.weight", 2), tensor("c.weight", 2)))
    assert "a&lt;b&gt;" in text
    assert "<b>." not in text


def test_shares_are_of_the_whole_model() -> None:
    """A node's share is of the model, not of its parent."""
    text = rendered(TINY_MIXED)
    assert "<b>272 <b>99.63 %</b></b>" in text
    assert "<b>1 <b>0.37 %</b></b>" in text


def test_a_small_share_is_shown_to_be_there() -> None:
    """A module too small for two decimals is not shown as none."""
    text = rendered(record("net", tensor("small.weight", 1), tensor("large.weight", 10**6)))
    assert "<b>1 <b>&lt;0.01 %</b></b>" in text


def test_macs_stand_beside_parameters() -> None:
    """A module's share of the MACs is of all that runs in it; what it runs outside its modules has its own item."""
    made = record(
        "net",
        *(tensor(f"blocks.{block}.{name}.weight", 5) for block in range(2) for name in ("qkv", "proj")),
        macs={"blocks.0": 20, "blocks.0.qkv": 10, "blocks.0.proj": 10, "blocks.1": 20, "blocks.1.qkv": 10}
        | {"blocks.1.proj": 10},
    )
    assert parsed(made).labels == [
        "net Block 20 100.00 % 100.00 %",
        "blocks Block 20 100.00 % 100.00 %",
        "0–1 Block 2 × 10 100.00 % 100.00 %",
        "qkv Block 2 × 5 50.00 % 25.00 %",
        "proj Block 2 × 5 50.00 % 25.00 %",
        "(itself)  2 × 0 0.00 % 50.00 %",
    ]


def test_what_computes_differently_is_not_alike() -> None:
    """Blocks of the same parameters at another resolution have lines of their own."""
    made = record("net", *(tensor(f"{block}.weight", 5) for block in range(2)), macs={"0": 30, "1": 10})
    assert parsed(made).labels[1:] == ["0 Block 5 50.00 % 75.00 %", "1 Block 5 50.00 % 25.00 %"]
