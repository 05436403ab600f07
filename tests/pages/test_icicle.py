"""The picture of the module tree: bars where they belong, as wide as they have to be, and words that say the same."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, fragment_fromstring

from generator.facts.inspections import Compute
from generator.facts.records import ModelRecord
from generator.pages.icicle import render
from generator.pages.tree import module_tree
from tests.examples import RECORDS, TINY_CONV, TINY_EMPTY, TINY_TWIN, TINY_VIT, in_order, record, tensor


class Bar(NamedTuple):
    """A bar as it is drawn: its level in its band, its place and width in percent, its title and its label."""

    level: int
    x: float
    width: float
    title: str
    label: str | None


def computed(macs: dict[str, int]) -> Compute:
    """A forward pass with these MACs by module."""
    return Compute((3, 32, 32), sum(macs.values()), 0, (), 0, 0, 0, 0)


def picture(made: ModelRecord) -> HtmlElement:
    """The figure of a model."""
    return fragment_fromstring(render(module_tree(made), made.inspection.compute))


def bands(made: ModelRecord) -> list[list[Bar]]:
    """The bars of each band, level by level; the first is the whole model."""
    found: list[list[Bar]] = []
    for row in picture(made).xpath("svg/svg"):
        if row.find("rect") is not None:
            found.append([Bar(0, 0, 100, row.find("text").text, row.find("text").text)])
        level = found[-1][-1].level + 1
        for bar in row.findall("svg"):
            label = bar.find("text")
            x, width = (float(bar.get(name).removesuffix("%")) for name in ("x", "width"))
            found[-1].append(Bar(level, x, width, bar.find("title").text, None if label is None else label.text))
    return found


def told(made: ModelRecord) -> str:
    """The words that stand for the picture: what its label names."""
    figure = picture(made)
    (svg,) = figure.findall("svg")
    assert svg.get("role") == "img"
    (words,) = figure.xpath(f"//*[@id='{svg.get('aria-labelledby')}']")
    return str(words.text_content())


def test_bars_are_as_wide_as_their_shares() -> None:
    """Four modules of 216, 16, 72 and 90 parameters stand side by side; each begins where the last one ends."""
    parameters, _ = bands(TINY_CONV)
    assert parameters[0].title == "394 parameters"
    assert sorted(parameters[1:], key=lambda bar: bar.x) == [
        Bar(1, 0, 54.82, "conv_stem: 216 parameters, 54.82 %", "conv_stem"),
        Bar(1, 54.82, 4.061, "bn1: 16 parameters, 4.06 %", None),
        Bar(1, 58.88, 18.27, "conv_dw: 72 parameters, 18.27 %", "conv_dw"),
        Bar(1, 77.16, 22.84, "classifier: 90 parameters, 22.84 %", "classifier"),
    ]


def test_macs_have_a_band_of_their_own() -> None:
    """Compute sits elsewhere: of 294,992 MACs the stem has three quarters, the classifier next to none."""
    _, macs = bands(TINY_CONV)
    assert [bar.title for bar in macs] == [
        "294.992 kMACs at 3 × 32 × 32 pixels",
        "conv_stem: 221.184 kMACs, 74.98 %",
        "conv_dw: 73.728 kMACs, 24.99 %",
    ]


def test_words_name_the_three_largest_parts() -> None:
    """Whoever does not see the picture is told the three largest parts of either band."""
    assert told(TINY_CONV) == (
        "Largest by parameters: conv_stem 54.82 %, classifier 22.84 %, conv_dw 18.27 %. "
        "Largest by MACs: conv_stem 74.98 %, conv_dw 24.99 %, classifier 0.03 %."
    )


def test_what_consists_of_one_thing_is_one_bar() -> None:
    """A list of one block is drawn with that block, and a module with nothing but one convolution without it."""
    parameters, _ = bands(TINY_VIT)
    assert [(bar.level, bar.title) for bar in parameters] == [
        (0, "203 parameters"),
        (1, "blocks.0: 77 parameters, 37.93 %"),
        (1, "patch_embed: 52 parameters, 25.62 %"),
        (1, "head: 50 parameters, 24.63 %"),
        (1, "pos_embed: 20 parameters, 9.85 %"),
        (1, "cls_token: 4 parameters, 1.97 %"),
        (2, "blocks.0.mlp: 76 parameters, 37.44 %"),
        (3, "blocks.0.mlp.fc1: 40 parameters, 19.70 %"),
        (3, "blocks.0.mlp.fc2: 36 parameters, 17.73 %"),
    ]
    # 24 for the two tensors, 52 for the patches, 1 for the scale of the block.
    assert parameters[-2].x == pytest.approx(100 * 77 / 203, abs=0.01)


def test_blocks_that_are_built_alike_are_one_bar() -> None:
    """Three blocks in a row are a bar, with what each has, and the parts of all three below it."""
    made = record(
        "net",
        *(tensor(f"blocks.{block}.{name}.weight", size) for block in range(3) for name, size in (("a", 6), ("b", 2))),
        tensor("blocks.3.a.weight", 6),
        tensor("head.weight", 10),
    )
    (parameters,) = bands(made)
    assert [(bar.level, bar.title) for bar in parameters[1:]] == [
        (1, "blocks: 30 parameters, 75.00 %"),
        (1, "head: 10 parameters, 25.00 %"),
        (2, "blocks.0–2: 3 × 8 parameters, 60.00 %"),
        (2, "blocks.3: 6 parameters, 15.00 %"),
        (3, "blocks.0–2.a: 3 × 6 parameters, 45.00 %"),
        (3, "blocks.0–2.b: 3 × 2 parameters, 15.00 %"),
    ]


def test_numbers_that_are_missing_are_not_claimed() -> None:
    """Layers with activations between them are named one by one."""
    (parameters,) = bands(record("net", *(tensor(f"{number}.weight", 4) for number in (0, 2)), tensor("a.weight", 4)))
    assert [bar.label for bar in parameters[1:]] == ["0, 2", "a"]


def test_of_a_part_that_has_nearly_all_its_parts_are_told() -> None:
    """Where the blocks have nine tenths, words tell what is in the blocks, and the colours part there."""
    made = record(
        "net",
        tensor("blocks.attn.weight", 30),
        tensor("blocks.mlp.weight", 60),
        tensor("head.weight", 10),
    )
    assert told(made) == (
        "Largest by parameters: blocks.mlp 60.00 %, blocks.attn 30.00 %, head 10.00 %. How the MACs divide is unknown."
    )
    colours = {bar.find("title").text.split(":")[0]: bar.get("class") for bar in picture(made).xpath("svg/svg/svg")}
    assert colours["blocks.attn"] != colours["blocks.mlp"]


def test_a_module_has_one_colour_in_both_bands() -> None:
    """What a reader compares between the bands has the same colour, though the widest come first in each."""
    colours: dict[str, set[str]] = {}
    for bar in picture(TINY_CONV).xpath("svg/svg/svg"):
        colours.setdefault(bar.find("title").text.split(":")[0], set()).add(bar.get("class"))
    assert [len(found) for found in colours.values()] == [1, 1, 1, 1]
    assert len(set.union(*colours.values())) == 4


def test_what_a_module_computes_itself_has_a_bar() -> None:
    """The products of an attention are in no module: they stand beside the modules, named as in the module tree."""
    macs = {"attn": 20, "attn.qkv": 30, "attn.proj": 10, "head": 40}
    made = record(
        "net",
        *(tensor(f"{name}.weight", 5) for name in ("attn.qkv", "attn.proj", "head")),
        macs=macs,
        compute=computed(macs),
    )
    _, drawn = bands(made)
    assert "attn (itself): 0.020 kMACs, 20.00 %" in [bar.title for bar in drawn if bar.level == 2]


def test_small_parts_are_left_out_and_keep_their_place() -> None:
    """What is too narrow to see is not drawn, and what comes after it does not move."""
    made = record("net", tensor("a.weight", 500), tensor("b.weight", 3), tensor("c.weight", 497))
    (parameters,) = bands(made)
    assert [(bar.label, bar.x) for bar in parameters[1:]] == [("a", 0), ("c", 50.3)]


def test_there_are_few_bars_and_the_largest() -> None:
    """Of fifty modules with two parts each a dozen are drawn, no part without what it is in."""
    made = record(
        "net", *(tensor(f"m{number}.{part}.weight", number) for number in range(1, 51) for part in ("a", "b"))
    )
    (parameters,) = bands(made)
    assert [bar.title.split(":")[0] for bar in parameters[1:]] == [f"m{number}" for number in range(50, 38, -1)]


def test_labels_are_where_they_fit() -> None:
    """A label that fits beside a column of text alone is not for a phone; one that fits nowhere is in the title."""
    made = record("net", tensor("wide.weight", 80), tensor("middle.weight", 16), tensor("very_narrow.weight", 4))
    found = {}
    for bar in picture(made).xpath("svg/svg/svg"):
        label = bar.find("text")
        found[bar.find("title").text.split(":")[0]] = None if label is None else label.get("class")
    assert found == {"wide": "n", "middle": None, "very_narrow": None}
    assert [bar.label for bar in bands(made)[0][1:]] == ["wide", "middle", None]


def test_what_is_unknown_is_said_to_be() -> None:
    """Without a forward pass there is one band, and words; without parameters there is no picture."""
    assert len(bands(TINY_TWIN)) == 1
    assert told(TINY_TWIN).endswith(" How the MACs divide is unknown.")
    assert render(module_tree(TINY_EMPTY), None) == (
        "There is nothing to draw: this model has no parameters. How the MACs divide is unknown."
    )


def test_doubtful_macs_are_said_to_be() -> None:
    """Where the count of MACs may be too low, the picture says so."""
    assert bands(TINY_VIT)[1][0].title == "0.552 kMACs at 3 × 32 × 32 pixels, doubtful"


def test_names_are_escaped() -> None:
    """A name with a mark of HTML in it reads as it is, in bars and in words."""
    made = record("net", tensor("a<b>.weight", 90), tensor("c.weight", 10))
    assert bands(made)[0][1].label == "a<b>"
    assert "a<b> 90.00 %" in told(made)


@pytest.mark.parametrize("made", RECORDS, ids=lambda made: made.name)
def test_the_picture_is_one_block_of_lines(made: ModelRecord) -> None:
    """No line is blank, so that Markdown takes the picture for one block of HTML and leaves it alone."""
    assert all(render(module_tree(made), made.inspection.compute).split("\n"))


parts = st.lists(st.sampled_from(["a", "b", "c", "0", "1", "2"]), max_size=4).map(tuple)
leaves = st.dictionaries(st.tuples(parts, st.sampled_from(["weight", "bias"])), st.integers(0, 1000))


@given(leaves)
def test_bars_are_within_what_they_are_in(drawn: dict[tuple[tuple[str, ...], str], int]) -> None:
    """Whatever the net: no bar reaches beyond the one above it, and none of a level cover each other."""
    made = record("net", *in_order(drawn))
    if not made.parameters:
        return
    (parameters,) = bands(made)
    for bar in parameters[1:]:
        above = [outer for outer in parameters if outer.level == bar.level - 1]
        end = bar.x + bar.width
        # Four digits are kept of each place.
        assert any(outer.x - 0.1 <= bar.x and end <= outer.x + outer.width + 0.1 for outer in above), bar
        beside = [other for other in parameters if other.level == bar.level and other is not bar]
        assert all(other.x + other.width <= bar.x + 0.1 or end <= other.x + 0.1 for other in beside), bar
