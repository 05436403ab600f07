"""Scatter plots, with coordinates that can be counted by hand."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from generator.pages import scatter
from generator.pages.scatter import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Axis, Plot, Point

# Two decades wide and three high, so that a decade is 204 units across and 76 units down.
PLOT = Plot(Axis("MACs", 1, 3), Axis("Parameters", 2, 5))
ACROSS, DOWN = (WIDTH - LEFT - RIGHT) // 2, (HEIGHT - BOTTOM - TOP) // 3


def test_the_picture_is_counted_here_as_there() -> None:
    """The decades of the tests are whole units."""
    assert (2 * ACROSS, 3 * DOWN) == (WIDTH - LEFT - RIGHT, HEIGHT - BOTTOM - TOP)


def test_values_stand_at_their_logarithms() -> None:
    """A decade more is a decade of units further right and up; the corners are those of the axes."""
    assert PLOT.place(10, 100) == (LEFT, HEIGHT - BOTTOM)
    assert PLOT.place(100, 1_000) == (LEFT + ACROSS, HEIGHT - BOTTOM - DOWN)
    assert PLOT.place(1_000, 100_000) == (WIDTH - RIGHT, TOP)


def test_a_point_is_a_link_with_a_title() -> None:
    """A point leads to its model, has its words as title, and its name to show; foreign signs are escaped."""
    drawn = PLOT.points([Point("a<b", 100, 1_000, "a.md", 'a<b: "1"'), Point("c", 10, 100, "c.md", "c", hollow=True)])
    assert drawn == (
        '<a xlink:href="a.md"><title>a&lt;b: &quot;1&quot;</title>'
        f'<circle cx="{LEFT + ACROSS}" cy="{HEIGHT - BOTTOM - DOWN}" r="4"/><text>a&lt;b</text></a>'
        '<a xlink:href="c.md"><title>c</title>'
        f'<circle class="hollow" cx="{LEFT}" cy="{HEIGHT - BOTTOM}" r="4"/><text>c</text></a>'
    )


def test_dots_that_fall_together_are_one() -> None:
    """A cloud has a dot for each place, however many values fall on it."""
    low, high = f"M{LEFT} {HEIGHT - BOTTOM}h0", f"M{LEFT + ACROSS} {HEIGHT - BOTTOM}h0"
    assert PLOT.cloud([(100, 100), (10, 100), (10, 100)]) == f'<path class="cloud" d="{low}{high}"/>'


def test_a_line_goes_from_place_to_place() -> None:
    """A line keeps the order of its values."""
    assert PLOT.line([(1_000, 100), (10, 100)]) == (
        f'<path class="front" d="M{WIDTH - RIGHT} {HEIGHT - BOTTOM}L{LEFT} {HEIGHT - BOTTOM}"/>'
    )


def test_marks_are_round_numbers_within_the_axis() -> None:
    """An axis has marks at 1, 2 and 5 times the powers of ten; one that would have many has these alone."""
    assert Axis("", 1, 2).ticks() == [10, 20, 50, 100]
    assert Axis("", 1.2, 3).ticks() == [20, 50, 100, 200, 500, 1_000]
    assert Axis("", 1, 4).ticks() == [10, 100, 1_000, 10_000]


def test_one_value_has_an_axis() -> None:
    """Where all values are equal, the axis reaches from below them to six times as much, and they are in its middle."""
    made = scatter.axis("x", [40, 40])
    assert made.share(40) == pytest.approx(0.5)
    assert 10 ** (made.high - made.low) == pytest.approx(6)
    assert made.ticks() == [20, 50]


@pytest.mark.parametrize("values", [[], [0, 1]])
def test_an_axis_takes_positive_values(values: list[int]) -> None:
    """Nothing has no logarithm, and no values have no axis."""
    with pytest.raises(ValueError, match=r"positive|log|empty|domain|expected"):
        scatter.axis("x", values)


@given(st.lists(st.integers(10**5, 10**12), min_size=1, max_size=20))
def test_every_value_is_within_its_axis(values: list[int]) -> None:
    """Values stand between the ends of their axis, in their order, beside two to eight marks."""
    made = scatter.axis("x", values)
    shares = [made.share(value) for value in sorted(values)]
    assert all(0 < share < 1 for share in shares)
    assert all(first <= second for first, second in pairwise(shares))
    assert 2 <= len(made.ticks()) <= 8


def test_marks_end_at_one() -> None:
    """There is no mark below one: what is counted comes in ones."""
    assert scatter.axis("x", [1]).ticks() == [1, 2]


def test_the_picture_is_svg_with_words() -> None:
    """The picture is well-formed, in one line, named for screen readers, with axes in words and marks with prefixes."""
    drawn = PLOT.svg("net: size & compute", PLOT.cloud([(10, 100)]))
    assert "\n" not in drawn
    tree = etree.fromstring(drawn)
    assert (tree.get("role"), tree.get("aria-label")) == ("group", "net: size & compute")
    texts = [text.text for text in tree.iter("text")]
    assert texts == ["10", "20", "50", "100", "200", "500", "1 k", "MACs", "100", "1 k", "10 k", "100 k", "Parameters"]
    # Lines of the grid, at the marks of both axes.
    (grid,) = (path.get("d") for path in tree.iter("path") if path.get("class") == "grid")
    assert len(re.findall("M", grid or "")) == 7 + 4
