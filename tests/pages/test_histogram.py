"""The histogram that needs no script: every value is in one of its steps."""

from __future__ import annotations

import re

import lxml.html
from hypothesis import given
from hypothesis import strategies as st

from generator.pages import histogram
from generator.pages.histogram import STEPS, counts
from generator.pages.scatter import LEFT, WIDTH

positive = st.lists(st.integers(1, 2**40), min_size=1, max_size=50)


@given(positive)
def test_every_value_is_counted_once(values: list[int]) -> None:
    """The steps have all values, the least in the first and the greatest in the last that is not empty."""
    found = counts(values)
    assert len(found) == STEPS
    assert sum(found) == len(values)
    assert found[0] > 0
    assert found[-1] > 0 or len(set(values)) == 1


def test_steps_are_equal_in_logarithms() -> None:
    """From 2 to 2^31 each doubling is a step."""
    between = [3 * 2**power for power in range(STEPS)]
    assert counts([2, *between, 2 ** (STEPS + 1)]) == [2] + [1] * (STEPS - 2) + [2]


@given(positive)
def test_a_bar_is_as_high_as_its_models(values: list[int]) -> None:
    """There is a bar for each step with models, inside the axes; the highest reaches the top."""
    drawn = lxml.html.fromstring(histogram.svg("A & B", values))
    assert drawn.get("aria-label") == "A & B: how many models have how much"
    bars = re.findall(r"M(\d+) (\d+)V(\d+)H(\d+)V\d+Z", drawn.xpath("string(.//*[@class='bars']/@d)"))
    assert len(bars) == sum(models > 0 for models in counts(values))
    edges = [(int(left), int(right), int(bottom) - int(top)) for left, bottom, top, right in bars]
    assert all(LEFT <= left <= right <= WIDTH for left, right, _ in edges)
    assert max(height for *_, height in edges) == 240 - 44 - 28
    heights = [models for models in counts(values) if models]
    assert [height for *_, height in edges] == [round(168 * models / max(heights)) for models in heights]
