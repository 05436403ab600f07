"""Format figures as text. Only here are figures rounded.

Ratios are computed from integers and rounded once, half to even, as Python rounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from generator.facts.columns import Figure, Kind
from generator.facts.shapes import Shape, count, form, squeeze

# The texts for a figure that is not known, and for a share of zero, which is not defined.
UNKNOWN = "unknown"
UNDEFINED = "–"

_MEMORY_UNITS = ("KiB", "MiB", "GiB")
_PREFIXES = ("k", "M", "G", "T")


def integer(value: int | None) -> str:
    """An exact integer with thousands separators, e.g. ``5,831,848``."""
    return UNKNOWN if value is None else f"{value:,}"


@cache
def memory(size: int | None) -> str:
    """Bytes with three decimals, in the largest of KiB, MiB and GiB that gives 1 or more, e.g. ``22.244 MiB``."""
    return UNKNOWN if size is None else _scaled(size, 1024, _MEMORY_UNITS)


def metric(value: int | None, unit: str = "") -> str:
    """A count with three decimals, in the largest of k, M, G and T (powers of 1,000) that gives 1 or more.

    For example ``4.112 GMACs``.
    """
    return UNKNOWN if value is None else _scaled(value, 1000, _PREFIXES) + unit


def _scaled(value: int, base: int, units: tuple[str, ...]) -> str:
    power = 1
    while power < len(units) and value >= base ** (power + 1):
        power += 1
    text = quotient(value, base**power, 3)
    # A value rounded up to the next unit is printed in that unit: never "1024.000 KiB".
    if power < len(units) and text == f"{base}.000":
        power, text = power + 1, "1.000"
    return f"{text} {units[power - 1]}"


def tick(value: int) -> str:
    """A round number on an axis, with the prefixes of `metric` and no decimals, e.g. ``500``, ``20 k`` or ``5 G``."""
    power = 0
    while power < len(_PREFIXES) and value >= 1000 and not value % 1000:
        value, power = value // 1000, power + 1
    return f"{value:,} {_PREFIXES[power - 1]}" if power else f"{value:,}"


def percent(part: int, whole: int, digits: int = 2) -> str:
    """``part`` in percent of ``whole``, without the sign, e.g. ``66.53``."""
    return quotient(100 * part, whole, digits) if whole else UNDEFINED


def share_text(part: int, whole: int) -> str:
    """``part`` in percent of ``whole``, e.g. ``0.02``. A share that would be rounded to zero is ``<0.01``."""
    text = quotient(100 * part, whole, 2) if whole else UNDEFINED
    return "<0.01" if part and text == "0.00" else text


def quotient(dividend: int, divisor: int, digits: int) -> str:
    """A quotient of non-negative integers with ``digits`` decimals, rounded half to even, without using floats."""
    scaled, rest = divmod(dividend * 10**digits, divisor)
    above = 2 * rest - divisor
    if above > 0 or (above == 0 and scaled % 2):
        scaled += 1
    return _decimal(scaled, digits)


@cache  # Most calls format shares in percent, which have only about ten thousand different values.
def _decimal(scaled: int, digits: int) -> str:
    text = str(scaled).zfill(digits + 1)
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


def ratio(greater: int, less: int) -> str:
    """``greater`` / ``less``, as a whole number."""
    return f"{int(quotient(greater, less, 0)):,}" if less else UNDEFINED


def pixels(input_size: Shape | None) -> str:
    """(channels, height, width) as ``3 × 224 × 224``."""
    return UNKNOWN if input_size is None else " × ".join(map(str, input_size))


def share_of_side(share: float) -> str:
    """A share from a configuration, in percent, with all its digits, e.g. ``87.5 %``."""
    return f"{100 * share:.6g} %"


def published_percent(share: float) -> str:
    """A share in percent that others published, with two decimals, e.g. ``80.86 %``. It is rounded by its digits."""
    return f"{Decimal(repr(share)):.2f} %"


def channel_values(values: Iterable[float]) -> str:
    """One value for each channel, with four significant digits, e.g. ``0.4815, 0.4578, 0.4082``."""
    return ", ".join(f"{value:.4g}" for value in values)


def value_text(figure: Figure, value: Any) -> str:
    """The value of a figure as text, formatted by the figure's kind."""
    match figure.kind:
        case Kind.COUNT:
            return integer(value)
        case Kind.MACS:
            return metric(value, "MACs")
        case Kind.BYTES:
            return memory(value)
        case Kind.PERCENT:
            return UNKNOWN if value is None else published_percent(value)
        case Kind.SIZE:
            return pixels(value)
        case Kind.NUMBER_OF:
            return integer(len(value))
        case Kind.TEXTS | Kind.NUMBERS:
            # None if the model has no such list. For None and for an empty list there is nothing to show.
            return ", ".join(map(str, value or ())) or UNDEFINED
        case Kind.FLAG:
            return UNKNOWN if value is None else "yes" if value else "no"
        case Kind.TEXT:
            return UNKNOWN if value is None else str(value)


def plural(number: int, noun: str, nouns: str = "") -> str:
    """A number with its noun, e.g. ``1 tag``, ``2 tags``. ``nouns`` is the plural, if it is not the noun with an s."""
    return f"{integer(number)} {noun}" if number == 1 else f"{integer(number)} {nouns or noun + 's'}"


def day(date: str) -> str:
    """The day of an ISO 8601 date, e.g. ``2026-01-02``."""
    return date[:10]


@cache
def tensor_cells(shape: Shape) -> str:
    """The cells of the layer table that depend only on the shape. Cached: timm has many tensors but few shapes."""
    squeezed = squeeze(shape)
    return f"{shape} | {squeezed} | {count(shape)} | {form(shape)}"
