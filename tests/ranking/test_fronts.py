"""Pareto fronts, against comparing all models."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.ranking.fronts import front
from tests.ranking.rows import row


def front_of(*pairs: tuple[int, int | None]) -> list[tuple[int, int | None]]:
    """The pairs on the front, the first figure being the one of which more is better."""
    rows = [row(f"net_{index}", parameters=more, macs=fewer) for index, (more, fewer) in enumerate(pairs)]
    return [(found.parameters, found.macs) for found in front(rows, "parameters", "macs")]


def test_the_front_is_what_nothing_beats() -> None:
    """On the front is what nothing else equals or beats in both figures: equals stand together, unknown is left out."""
    assert front_of((1, 1), (3, 2), (2, 2), (2, 1), (3, 3), (9, None)) == [(3, 2), (2, 1)]
    assert front_of((5, 4), (5, 4), (5, 5), (4, 4)) == [(5, 4), (5, 4)]
    assert front_of() == []


def test_unknown_is_left_out_on_either_side() -> None:
    """A model without the figure of which more is better is on no front either."""
    rows = [row("a", parameters=3, macs=None), row("b", parameters=2, macs=5)]
    assert [found.name for found in front(rows, "macs", "parameters")] == ["b"]


def test_equals_keep_their_order() -> None:
    """Models that are equal in both figures stand in the order of the rows."""
    rows = [row(name, parameters=5, macs=4) for name in ("b", "a", "c")]
    assert [found.name for found in front(rows, "parameters", "macs")] == ["b", "a", "c"]


sizes = st.integers(0, 6) | st.integers(2**60, 2**60 + 2)


@given(st.lists(st.tuples(sizes, sizes), max_size=12))
def test_the_front_is_what_comparing_all_gives(pairs: list[tuple[int, int]]) -> None:
    """The front is that of the definition, compared pair by pair, for figures of any size."""
    expected = [
        (more, fewer)
        for more, fewer in pairs
        if not any(m >= more and f <= fewer and (m, f) != (more, fewer) for m, f in pairs)
    ]
    assert front_of(*pairs) == sorted(expected, reverse=True)
