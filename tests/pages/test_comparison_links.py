"""Links to comparisons: as many models as there are, and no more than can be compared."""

from __future__ import annotations

from dataclasses import replace

from generator.pages import comparison_links, lines
from generator.ranking import neighbours
from generator.ranking.neighbours import Nearest
from generator.ranking.standings import Standing
from tests.pages.reading import links

ALONE = Standing(1, 1, 0, None, None, None, None)


def test_the_nearest_and_the_family_are_offered() -> None:
    """The model comes first, since the others are compared with the first; then those with more and with fewer."""
    standing = replace(ALONE, nearest={"parameters": Nearest(("more", 3), ("less", 1))}, nearest_in_family=("b", "c"))
    text = comparison_links.render("a", standing)
    assert links(text) == ["../compare.md?m=a,more,less", "../compare.md?m=a,b,c"]
    assert text.startswith("Compare a with [the nearest in parameters]")


def test_an_end_has_one_neighbour() -> None:
    """The largest model is compared with the next smaller one, and without a family with nothing else."""
    standing = replace(ALONE, nearest={"parameters": Nearest(None, ("less", 1))})
    assert comparison_links.render("a", standing) == (
        "Compare a with [the nearest in parameters](../compare.md?m=a,less)."
    )


def test_nothing_to_compare_with_has_no_sentence() -> None:
    """The only model of a dataset is compared with none, known parameters or not."""
    assert comparison_links.render("a", ALONE) == ""
    assert comparison_links.render("a", replace(ALONE, nearest={"parameters": Nearest(None, None)})) == ""


def test_a_family_is_no_more_than_can_be_compared() -> None:
    """A model and the nearest of its family are as many as the page and the terminal take."""
    assert 1 + neighbours.FAMILY_NEAREST == lines.MOST
