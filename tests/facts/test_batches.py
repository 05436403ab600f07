"""Lines over the batch, and the greatest of them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from generator.facts.batches import Line, envelope, greatest

lines = st.lists(st.builds(Line, st.integers(0, 10**12), st.integers(0, 10**9)), min_size=1, max_size=30)


def test_a_line_grows_with_the_batch() -> None:
    """What is constant counts once, what grows counts for each image."""
    assert [Line(100, 7).at(batch) for batch in (1, 2, 10)] == [107, 114, 170]
    assert Line(100, 7).times(4) == Line(400, 28)


def test_lines_that_are_never_the_greatest_are_left_out() -> None:
    """A line stays if it is the greatest at some batch of 1 or more, in the order of these batches."""
    assert envelope([Line(5, 1), Line(0, 10), Line(40, 3), Line(39, 3)]) == (Line(40, 3), Line(0, 10))
    # At batch 1 the second is the greatest already.
    assert envelope([Line(5, 1), Line(3, 4)]) == (Line(3, 4),)
    # Between the two others, the second is never the greatest.
    assert envelope([Line(100, 0), Line(40, 5), Line(0, 10)]) == (Line(100, 0), Line(0, 10))
    assert envelope([]) == ()


def test_none_are_zero() -> None:
    """Where there is nothing, nothing is taken."""
    assert greatest((), 5) == 0


@given(lines, st.integers(1, 10**6))
def test_the_envelope_is_the_greatest_at_any_batch(several: list[Line], batch: int) -> None:
    """No batch tells the envelope from all lines."""
    assert greatest(envelope(several), batch) == greatest(several, batch)


@given(lines)
def test_an_envelope_is_its_own(several: list[Line]) -> None:
    """There is nothing to leave out of it, and the lines get steeper."""
    found = envelope(several)
    assert envelope(reversed(found)) == found
    assert all(before.growing < after.growing and before.constant > after.constant for before, after in pairs(found))


def pairs(found: tuple[Line, ...]) -> list[tuple[Line, Line]]:
    """Each line with the next."""
    return list(pairwise(found))
