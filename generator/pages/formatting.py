"""Numbers to text: the only place where a fact loses its precision.

Ratios are rounded once, from integers, half to even, as Python rounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from generator.records import Shape, count, squeeze
from generator.vocabulary import form

# What stands where a figure is not known, or where a share of nothing would be asked for.
UNKNOWN = "unknown"
UNDEFINED = "–"

_MEMORY_UNITS = ("KiB", "MiB", "GiB")
_PREFIXES = ("k", "M", "G", "T")


def integer(value: int | None) -> str:
    """An exact integer with thousands separators, e.g. ``5,831,848``."""
    return UNKNOWN if value is None else f"{value:,}"


@cache
def memory(size: int | None) -> str:
    """Bytes in the largest of KiB, MiB and GiB that leaves at least one, three decimals, e.g. ``22.244 MiB``."""
    return UNKNOWN if size is None else _scaled(size, 1024, _MEMORY_UNITS)


def metric(value: int | None, unit: str = "") -> str:
    """A count in the largest of k, M, G and T (powers of 1,000) that leaves at least one, e.g. ``4.112 GMACs``."""
    return UNKNOWN if value is None else _scaled(value, 1000, _PREFIXES) + unit


def _scaled(value: int, base: int, units: tuple[str, ...]) -> str:
    power = 1
    while power < len(units) and value >= base ** (power + 1):
        power += 1
    text = quotient(value, base**power, 3)
    # What is rounded up to the next unit is one of that, so that nothing ever reads "1024.000 KiB".
    if power < len(units) and text == f"{base}.000":
        power, text = power + 1, "1.000"
    return f"{text} {units[power - 1]}"


def tick(value: int) -> str:
    """A round number at an axis, with the prefixes of `metric` and no decimals, e.g. ``500``, ``20 k`` or ``5 G``."""
    power = 0
    while power < len(_PREFIXES) and value >= 1000 and not value % 1000:
        value, power = value // 1000, power + 1
    return f"{value:,} {_PREFIXES[power - 1]}" if power else f"{value:,}"


def percent(part: int, whole: int, digits: int = 2) -> str:
    """``part`` in percent of ``whole``, without the sign, e.g. ``66.53``."""
    return quotient(100 * part, whole, digits) if whole else UNDEFINED


def share_text(part: int, whole: int) -> str:
    """``part`` in percent of ``whole`` for reading, e.g. ``0.02``; what is there but too small to show is ``<0.01``."""
    text = quotient(100 * part, whole, 2) if whole else UNDEFINED
    return "<0.01" if part and text == "0.00" else text


def quotient(dividend: int, divisor: int, digits: int) -> str:
    """A quotient of non-negative integers with this many decimals, rounded half to even, in integers throughout."""
    scaled, rest = divmod(dividend * 10**digits, divisor)
    above = 2 * rest - divisor
    if above > 0 or (above == 0 and scaled % 2):
        scaled += 1
    return _decimal(scaled, digits)


@cache  # Most figures are shares in percent, of which there are ten thousand.
def _decimal(scaled: int, digits: int) -> str:
    text = str(scaled).zfill(digits + 1)
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


def ratio(greater: int, less: int) -> str:
    """How many times ``less`` fits into ``greater``, as a whole number."""
    return f"{int(quotient(greater, less, 0)):,}" if less else UNDEFINED


def pixels(input_size: Shape | None) -> str:
    """(channels, height, width) as ``3 × 224 × 224``."""
    return UNKNOWN if input_size is None else " × ".join(map(str, input_size))


def share_of_side(share: float) -> str:
    """A share that a configuration gives, in percent, as many digits as it has, e.g. ``87.5 %``."""
    return f"{100 * share:.6g} %"


def channel_values(values: Iterable[float]) -> str:
    """A value a channel, four significant digits, e.g. ``0.4815, 0.4578, 0.4082``."""
    return ", ".join(f"{value:.4g}" for value in values)


def plural(number: int, noun: str, nouns: str = "") -> str:
    """``1 tag``, ``2 tags``; ``nouns`` is for a plural that is not made with an s."""
    return f"{integer(number)} {noun}" if number == 1 else f"{integer(number)} {nouns or noun + 's'}"


def day(date: str) -> str:
    """The day of a date of ISO 8601, e.g. ``2026-01-02``."""
    return date[:10]


@cache
def tensor_cells(shape: Shape) -> str:
    """The cells of the layer table that follow from the shape alone. Cached: timm has few shapes and many tensors."""
    squeezed = squeeze(shape)
    return f"{shape} | {squeezed} | {count(shape)} | {form(len(squeezed))}"
