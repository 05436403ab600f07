"""The rank page: every model once, in order, and what the page covers."""

from __future__ import annotations

import re

from generator.facts.figures import BY_NAME
from generator.pages import rank
from generator.pages.rank import scope
from tests import examples
from tests.examples import PROVENANCE, ROWS
from tests.pages.reading import converted, table_rows, words

TEXT = rank.render(ROWS, PROVENANCE)


def test_rows_are_in_rank_order() -> None:
    """The rows have shared ranks, the models' links and the figures with their units."""
    rows = table_rows(TEXT, "| Rank | Model |")
    assert [(row[0], row[3], row[4], row[5]) for row in rows] == [
        ("1", "394", "1.539 KiB", "6"),
        ("1", "394", "1.539 KiB", "6"),
        ("3", "203", "0.793 KiB", "11"),
        ("4", "273", "0.566 KiB", "3"),
        ("5", "0", "0.000 KiB", "0"),
    ]
    assert rows[0][1] == '<a id="tiny_conv"></a>[tiny_conv](tiny_conv.md)'
    assert rows[1][2] == "[tinynet](../families/tinynet.md)"
    assert [row[6:] for row in rows] == [
        ["3 × 32 × 32", "294.992 kMACs", "16,394", "2", "non-commercial, unknown"],
        ["3 × 32 × 32", "unknown", "unknown", "0", "–"],
        ["3 × 32 × 32", "0.552 kMACs", "86", "1", "permissive"],
        ["unknown", "unknown", "unknown", "0", "–"],
        ["1 × 8 × 8", "unknown", "unknown", "0", "–"],
    ]


def test_a_reader_sees_a_table() -> None:
    """In HTML the page is one table of all models, whose anchors are the models' names."""
    html = converted(TEXT.split("---\n", 2)[2])
    assert html.count("<table>") == 1
    assert html.count("<tr>") == 1 + len(examples.RECORDS)
    assert all(f'<td><a id="{record.name}"></a><a href="{record.name}.md">' in html for record in examples.RECORDS)
    assert "3 tiny_vit tiny 203 0.793 KiB 11 " in words(html)


def test_the_script_is_told_what_the_columns_are() -> None:
    """The names of the columns are those of the table."""
    found = re.search(r'<atlas-rank data-columns="([^"]*)">', TEXT)
    assert found is not None
    (heading,) = (line for line in TEXT.splitlines() if line.startswith("| Rank | Model |"))
    assert [BY_NAME[name].label for name in found[1].split(",")] == heading.strip("| ").split(" | ")


def test_the_whole_registry_is_said_to_be_whole() -> None:
    """Without patterns the page speaks of all models, with the versions and the day."""
    assert scope(1371, PROVENANCE) == "All 1,371 models of timm 1.0.31, 2026-01-02."
    assert "All 5 models of timm 1.0.31" in TEXT


def test_a_subset_says_so() -> None:
    """With patterns the page names them, and the size of what they chose from."""
    assert scope(2, examples.SUBSET.provenance) == (
        "**A subset:** the 2 models that match `tiny_t*`, `tiny_v?t`, of the 6 of timm 1.0.31, 2026-01-02. "
        "Ranks, families and links cover just these."
    )


def test_an_empty_table_is_a_page() -> None:
    """Where no model could be inspected, the page says so and where to look, instead of a table without rows."""
    text = rank.render((), PROVENANCE)
    assert "| Rank |" not in text
    assert "[Failures](../failures.md)" in text
    assert "All 0 models" in text
    assert "atlas-rank" not in text
