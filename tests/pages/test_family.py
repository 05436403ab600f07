"""The pages of the families."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from generator.facts.inspections import Compute
from generator.facts.records import ModelRecord
from generator.facts.registry import Family
from generator.facts.shapes import Shape
from generator.pages import family
from generator.pages.family import source_address
from generator.ranking.groups import members
from generator.ranking.ranks import ranked
from tests.examples import FAMILIES, PROVENANCE, ROWS, record, tensor
from tests.pages.reading import converted, table_rows, words

MEMBERS = members(ROWS)
INDEX = family.render_index(ROWS, FAMILIES, PROVENANCE)


def rendered(described: Family) -> str:
    """The page of one of the tiny families."""
    return family.render(described, MEMBERS[described.name], PROVENANCE)


def with_compute(size: int, input_size: Shape) -> ModelRecord:
    """A tiny net of so many parameters, each of which multiplies ten times."""
    compute = Compute(input_size, 10 * size, size, (), 0, 0, 0, 0)
    return record(f"tiny_{size}", tensor("weight", size), input_size=input_size, compute=compute)


def page_of(*records: ModelRecord) -> str:
    """The page of a family with these members."""
    return family.render(FAMILIES[0], ranked(records), PROVENANCE)


def test_the_index_has_a_row_for_each_family() -> None:
    """A row has the link, the title as it reads, the numbers of models, and the range of sizes."""
    assert table_rows(INDEX, "| Family |") == [
        [
            "[tiny](tiny.md)",
            r"Tiny nets \[for\] tests",
            "4",
            "2",
            "0.000 KiB",
            "1.539 KiB",
            "0.552 kMACs",
            "294.992 kMACs",
        ],
        ["[tinynet](tinynet.md)", "", "1", "0", "1.539 KiB", "1.539 KiB", "unknown", "unknown"],
    ]


def test_the_index_counts_families() -> None:
    """The description counts the families, in the singular where there is one."""
    assert 'description: "2 families of timm models."' in INDEX
    one = family.render_index(MEMBERS["tiny"], FAMILIES, PROVENANCE)
    assert 'description: "1 family of timm models."' in one


def test_members_are_in_rank_order() -> None:
    """A family's members have their rank among all models with a link to the row, and their figures."""
    rows = table_rows(rendered(FAMILIES[0]), "| Rank |")
    assert [row[1] for row in rows] == [
        f"[{name}](../models/{name}.md)" for name in ("tiny_conv", "tiny_vit", "tiny_mixed", "tiny_empty")
    ]
    assert rows[2] == [
        "[4](../models/README.md#tiny_mixed)",
        "[tiny_mixed](../models/tiny_mixed.md)",
        "273",
        "0.566 KiB",
        "3",
        "unknown",
        "unknown",
        "unknown",
        "0",
    ]
    # Numbers are aligned to the right.
    (rule,) = {line for line in rendered(FAMILIES[0]).splitlines() if set(line) == set("| -:")}
    assert rule == "| ---: | --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |"
    # 32 x 32 x 8 x 3 x 9 + 32 x 32 x 8 x 9 + 8 x 10, and 2 x 32 x 32 x 8 + 10.
    assert rows[0][5:] == ["3 × 32 × 32", "294.992 kMACs", "16,394", "2"]


def test_the_range_is_from_smallest_to_largest() -> None:
    """The summary has both ends; how often the smaller fits into the larger, where it has a size."""
    text = rendered(FAMILIES[0])
    assert "- Smallest **0.000 KiB** *[tiny_empty](../models/tiny_empty.md)*" in text
    assert "- Largest **1.539 KiB** *[tiny_conv](../models/tiny_conv.md), – × the smallest*" in text
    assert "1 × the smallest" in rendered(FAMILIES[1])


def test_the_range_of_compute_is_told_with_its_input_size() -> None:
    """The fewest and the most MACs are told with their model and its input size; none known are unknown."""
    text = rendered(FAMILIES[0])
    # 4 x 4 x 3 x 4 + 2 x 5 x 4 x 8 + 40.
    assert "- Fewest MACs **0.552 kMACs** *[tiny_vit](../models/tiny_vit.md) at 3 × 32 × 32 pixels*" in text
    assert "- Most MACs **294.992 kMACs** *[tiny_conv](../models/tiny_conv.md) at 3 × 32 × 32 pixels*" in text
    assert "- MACs **unknown** *no forward pass of a member could be measured*" in rendered(FAMILIES[1])


def test_doubtful_counts_are_named() -> None:
    """Members whose MACs are doubtful are named above the table; where there are none, nothing is said."""
    assert "Those of [tiny_vit](../models/tiny_vit.md) are doubtful: they may be too low." in rendered(FAMILIES[0])
    assert "doubtful" not in rendered(FAMILIES[1])


def test_members_have_a_point_each() -> None:
    """Each member whose figures are known has a point that leads to it, in words too; the others are named."""
    text = rendered(FAMILIES[0])
    (figure,) = [line for line in text.splitlines() if line.startswith("<figure")]
    assert re.findall(r'<a xlink:href="([^"]*)"><title>([^<]*)</title>', figure) == [
        ("../models/tiny_conv.md", "tiny_conv: 394 parameters, 294.992 kMACs at 3 × 32 × 32 pixels"),
        ("../models/tiny_vit.md", "tiny_vit: 203 parameters, 0.552 kMACs at 3 × 32 × 32 pixels"),
    ]
    assert "Parameters against MACs of 2 models, both axes logarithmic. Each takes 3 × 32 × 32 pixels." in figure
    assert (
        "Without known MACs and parameters, and so without a point: [tiny_mixed](../models/tiny_mixed.md), "
        "[tiny_empty](../models/tiny_empty.md)." in text
    )


def test_another_input_size_is_seen_and_said() -> None:
    """Points of the most common input size are filled, others hollow, and the caption says which is which."""
    records = [with_compute(size, (3, side, side)) for size, side in ((100, 8), (200, 8), (400, 16))]
    (figure,) = [line for line in page_of(*records).splitlines() if line.startswith("<figure")]
    assert "A filled point takes 3 × 8 × 8 pixels, a hollow one another input size." in figure
    # In rank order: the largest is the hollow one.
    assert [bool(hollow) for hollow in re.findall(r'<circle( class="hollow")?', figure)] == [True, False, False]


def test_a_plot_takes_two_members() -> None:
    """One member has no plot; two of which one is unknown have a sentence instead."""
    assert "Size against compute" not in page_of(with_compute(100, (3, 8, 8)))
    text = page_of(with_compute(100, (3, 8, 8)), record("tiny_other", tensor("weight", 7)))
    assert "<figure" not in text
    assert "There is no plot: it takes two members whose MACs are known." in text
    assert "without a point: [tiny_other](../models/tiny_other.md)." in text


def test_papers_are_linked_as_they_read() -> None:
    """The papers of the docstring are linked, their titles as they read; none is said to be none."""
    html = converted(rendered(FAMILIES[0]).split("---\n", 2)[2])
    assert '<a href="https://arxiv.org/abs/0000.00001">Tiny Nets, and How to *Count* Them</a>' in html
    assert "Tiny nets [for] tests" in words(html)
    assert "## Papers\n\nThe module's docstring names no paper.\n" in rendered(FAMILIES[1])


@pytest.mark.parametrize(
    ("version", "revision"),
    [("1.0.31", "v1.0.31"), ("1.1", "v1.1"), ("1.0.32.dev0", "main"), ("1.0.32rc1", "main"), ("1.0.31+abc", "main")],
)
def test_the_source_is_that_of_the_release(version: str, revision: str) -> None:
    """The link leads to the module at the release's tag, or to main where there is no such tag."""
    address = source_address(FAMILIES[0], replace(PROVENANCE, timm_version=version))
    assert address == (f"https://github.com/huggingface/pytorch-image-models/blob/{revision}/timm/models/tiny.py")


def test_fixtures_are_in_the_table_alone() -> None:
    """A test fixture is a member, but neither the smallest, nor that of the fewest MACs, nor a point."""
    fixture = with_compute(1, (3, 8, 8))
    text = page_of(
        with_compute(20, (3, 8, 8)),
        with_compute(30, (3, 8, 8)),
        replace(fixture, entry=replace(fixture.entry, name="test_1")),
    )
    assert "- Models **3** " in text
    assert "- Smallest **0.078 KiB** *[tiny_20]" in text
    assert "- Fewest MACs **0.200 kMACs** *[tiny_20]" in text
    assert "2 models, both axes logarithmic" in text
    assert text.count("test_1.md") == 1
