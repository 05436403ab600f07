"""The pages of the families."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator import ranking
from generator.pages import family
from generator.pages.family import source_address
from generator.records import Family
from tests import examples
from tests.examples import FAMILIES, PROVENANCE
from tests.pages.reading import converted, table_rows, words

RANKED = ranking.ranked(examples.full().models)
INDEX = family.render_index(RANKED, FAMILIES, PROVENANCE)


def rendered(described: Family) -> str:
    """The page of one of the tiny families."""
    return family.render(described, RANKED[RANKED["family"] == described.name], PROVENANCE)


def test_the_index_has_a_row_for_each_family() -> None:
    """A row has the link, the title as it reads, the numbers of models, and the range of sizes."""
    assert table_rows(INDEX, "| Family |") == [
        ["[tiny](tiny.md)", r"Tiny nets \[for\] tests", "4", "2", "0.000 KiB", "1.539 KiB"],
        ["[tinynet](tinynet.md)", "", "1", "0", "1.539 KiB", "1.539 KiB"],
    ]


def test_the_index_counts_families() -> None:
    """The description counts the families, in the singular where there is one."""
    assert 'description: "2 families of timm models."' in INDEX
    one = RANKED[RANKED["family"] == "tiny"]
    assert 'description: "1 family of timm models."' in family.render_index(one, FAMILIES, PROVENANCE)


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
        "0",
    ]


def test_the_range_is_from_smallest_to_largest() -> None:
    """The summary has both ends; how often the smaller fits into the larger, where it has a size."""
    text = rendered(FAMILIES[0])
    assert "- Smallest **0.000 KiB** *[tiny_empty](../models/tiny_empty.md)*" in text
    assert "- Largest **1.539 KiB** *[tiny_conv](../models/tiny_conv.md), – × the smallest*" in text
    assert "1 × the smallest" in rendered(FAMILIES[1])


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
