"""Numbers to text: units, rounding, and what is not known."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.facts.columns import Figure, Kind
from generator.facts.figures import BY_NAME
from generator.pages import formatting
from generator.ranking.neighbours import NEAREST_BY
from tests.examples import PROVENANCE

KIB, MIB, GIB = 2**10, 2**20, 2**30


def exactly(part: int, whole: int, digits: int) -> str:
    """A quotient in decimal digits, half to even, by the decimal module with room to spare."""
    with localcontext() as context:
        context.prec = 200
        quotient = Decimal(part) / Decimal(whole)
        return str(quotient.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN))


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (1000, "1,000"), (6_716_030_976, "6,716,030,976"), (None, "unknown")]
)
def test_an_integer_is_exact(value: int | None, text: str) -> None:
    """An integer keeps every digit, with commas; what is not known is said to be unknown."""
    assert formatting.integer(value) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0.000 KiB"),
        (1, "0.001 KiB"),
        (512, "0.500 KiB"),
        (KIB - 1, "0.999 KiB"),
        (KIB, "1.000 KiB"),
        (MIB - 1, "1023.999 KiB"),
        (MIB, "1.000 MiB"),
        (GIB - 525, "1023.999 MiB"),
        # 524.288 bytes below, the figure rounds up to 1024.000 MiB: it is written in the next unit.
        (GIB - 524, "1.000 GiB"),
        (GIB - 1, "1.000 GiB"),
        (GIB, "1.000 GiB"),
        (1024 * GIB, "1024.000 GiB"),
        (23_324_896, "22.244 MiB"),
        (6_716_030_976 * 4, "25.019 GiB"),
    ],
)
def test_memory_is_in_the_largest_unit(size: int, text: str) -> None:
    """Bytes are in the largest unit that leaves at least one, three decimals, and nothing reads 1024 below GiB."""
    assert formatting.memory(size) == text


@given(
    st.integers(0, 2**45) | st.builds(lambda power, off: 2**power + off, st.integers(12, 40), st.integers(-600, 600))
)
def test_memory_is_exact_to_three_decimals(size: int) -> None:
    """The text is the exact quotient, rounded half to even, and its unit is the largest that leaves at least one."""
    number, unit = formatting.memory(size).split(" ")
    power = ("KiB", "MiB", "GiB").index(unit) + 1
    assert number == exactly(size, 1024**power, 3)
    assert unit == "GiB" or Fraction(number) < 1024
    assert unit == "KiB" or Fraction(number) >= 1


@given(st.integers(0, 10**12), st.integers(1, 10**12), st.integers(0, 4))
def test_a_percentage_is_exact(part: int, whole: int, digits: int) -> None:
    """A percentage is the exact one, rounded half to even."""
    assert formatting.percent(part, whole, digits) == exactly(100 * part, whole, digits)


@given(st.integers(0, 10**18), st.integers(1, 10**12), st.integers(0, 6))
def test_a_quotient_is_the_nearest(dividend: int, divisor: int, digits: int) -> None:
    """No decimal of as many digits is nearer to the quotient."""
    text = formatting.quotient(dividend, divisor, digits)
    assert abs(Fraction(text) - Fraction(dividend, divisor)) <= Fraction(1, 2 * 10**digits)
    assert len(text.partition(".")[2]) == digits
    assert text == exactly(dividend, divisor, digits)


@pytest.mark.parametrize(
    ("dividend", "divisor", "text"),
    [
        (1, 8, "0.12"),
        (3, 8, "0.38"),
        (5, 1000, "0.00"),
        (15, 1000, "0.02"),
        # 2.675 has no float of its own: as a float it would round down.
        (2675, 1000, "2.68"),
        (1005, 1000, "1.00"),
        (995, 1000, "1.00"),
    ],
)
def test_a_half_goes_to_the_even_digit(dividend: int, divisor: int, text: str) -> None:
    """A half is rounded to the even digit, and is a half only where it is one exactly."""
    assert formatting.quotient(dividend, divisor, 2) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 7, "0.00"), (1, 10**6, "<0.01"), (5, 10**5, "<0.01"), (5001, 10**8, "0.01"), (1, 3, "33.33"), (0, 0, "–")],
)
def test_a_small_share_is_not_none(part: int, whole: int, text: str) -> None:
    """What is there but too small for two decimals is told from what is not there."""
    assert formatting.share_text(part, whole) == text


def test_a_percentage_of_nothing_is_not_a_number() -> None:
    """A share of nothing is undefined: neither 0 nor an error."""
    assert formatting.percent(0, 0) == "–"
    assert formatting.percent(0, 7) == "0.00"
    assert formatting.percent(7, 7) == "100.00"
    assert formatting.percent(2, 3, 1) == "66.7"


def test_a_ratio_is_a_whole_number() -> None:
    """A ratio is rounded to a whole number; to nothing there is none."""
    assert formatting.ratio(1000, 3) == "333"
    assert formatting.ratio(10_000_000, 1) == "10,000,000"
    assert formatting.ratio(5, 0) == "–"


def test_pixels_have_crosses() -> None:
    """An input size is channels, height and width; an unknown one is said to be."""
    assert formatting.pixels((3, 224, 192)) == "3 × 224 × 192"
    assert formatting.pixels(None) == "unknown"


@pytest.mark.parametrize(("number", "text"), [(0, "0 tags"), (1, "1 tag"), (2, "2 tags"), (1826, "1,826 tags")])
def test_one_is_singular(number: int, text: str) -> None:
    """One thing is singular, none and many are plural."""
    assert formatting.plural(number, "tag") == text


def test_a_day_is_the_date_alone() -> None:
    """Pages show the day of the data, not the second."""
    assert formatting.day(PROVENANCE.date) == "2026-01-02"


@pytest.mark.parametrize(
    ("shape", "cells"),
    [
        ((), "() | () | 1 | Scalar"),
        ((1,), "(1,) | () | 1 | Scalar"),
        ((32,), "(32,) | (32,) | 32 | Vector"),
        ((24, 32, 1, 1), "(24, 32, 1, 1) | (24, 32) | 768 | Matrix"),
        ((1152, 1, 3, 3), "(1152, 1, 3, 3) | (1152, 3, 3) | 10368 | Tensor rank 3"),
        ((2, 2, 2, 2, 2), "(2, 2, 2, 2, 2) | (2, 2, 2, 2, 2) | 32 | Tensor rank 5"),
    ],
)
def test_cells_follow_from_the_shape(shape: tuple[int, ...], cells: str) -> None:
    """Shape, squeezed shape, parameters and form are written as on the reference page."""
    assert formatting.tensor_cells(shape) == cells


@pytest.mark.parametrize(
    ("share", "text"), [(0.875, "87.5 %"), (0.8975, "89.75 %"), (0.94, "94 %"), (1.0, "100 %"), (1.15, "115 %")]
)
def test_a_configured_share_keeps_its_digits(share: float, text: str) -> None:
    """A share from a configuration is neither rounded nor shown with more digits than it has."""
    assert formatting.share_of_side(share) == text


def test_channel_values_are_short() -> None:
    """Values of channels have four significant digits at most."""
    assert formatting.channel_values((0.48145466, 0.5, 0.0)) == "0.4815, 0.5, 0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.000 kMACs"),
        (999_999, "999.999 kMACs"),
        (1_000_000, "1.000 MMACs"),
        (999_999_999, "1.000 GMACs"),
        (4_111_514_624, "4.112 GMACs"),
        (5_400_000_000_000_000, "5400.000 TMACs"),
        (None, "unknown"),
    ],
)
def test_counts_have_a_metric_prefix(value: int | None, text: str) -> None:
    """The largest prefix that leaves at least one, after rounding; powers of 1,000."""
    assert formatting.metric(value, "MACs") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (500, "500"),
        (1_000, "1 k"),
        (20_000, "20 k"),
        (5_000_000, "5 M"),
        (10**12, "1 T"),
        (10**16, "10,000 T"),
        (1_500, "1,500"),
    ],
)
def test_a_tick_is_exact(value: int, text: str) -> None:
    """A mark of an axis reads as the number that it is, with a prefix where that leaves no decimals."""
    assert formatting.tick(value) == text


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.TEXT, "tiny", "tiny"),
        (Kind.TEXT, None, "unknown"),
        (Kind.TEXTS, ("mit", "unknown"), "mit, unknown"),
        (Kind.TEXTS, (), "–"),
        (Kind.NUMBER_OF, ("a", "b"), "2"),
        (Kind.NUMBER_OF, (), "0"),
        (Kind.COUNT, 1_234, "1,234"),
        (Kind.COUNT, 0, "0"),
        (Kind.COUNT, None, "unknown"),
        (Kind.MACS, 4_000_000, "4.000 MMACs"),
        (Kind.MACS, None, "unknown"),
        (Kind.BYTES, 1_576, "1.539 KiB"),
        (Kind.BYTES, None, "unknown"),
        (Kind.SIZE, (3, 32, 32), "3 × 32 × 32"),
        (Kind.SIZE, None, "unknown"),
        (Kind.NUMBERS, (2, 4), "2, 4"),
        (Kind.NUMBERS, None, "–"),
        (Kind.FLAG, True, "yes"),
        (Kind.FLAG, False, "no"),
        (Kind.FLAG, None, "unknown"),
    ],
)
def test_a_value_reads_by_its_kind(kind: Kind, value: object, text: str) -> None:
    """The kind of a figure says how its value reads; unknown is told from none, from no and from nothing."""
    figure = Figure("figure", "string", "", "Anything.", None, kind=kind)
    assert formatting.value_text(figure, value) == text


def test_every_kind_reads() -> None:
    """There is no kind of figure whose values have no form."""
    for figure in BY_NAME.values():
        assert formatting.value_text(figure, () if figure.kind is Kind.NUMBER_OF else None) in ("unknown", "–", "0")


def test_each_figure_with_neighbours_reads_with_its_unit() -> None:
    """Every figure that has nearest models has words and a way to read."""
    assert {figure.label: formatting.value_text(figure, 4_000_000) for figure in NEAREST_BY} == {
        "Parameters": "4,000,000",
        "MACs": "4.000 MMACs",
    }
