"""Read the settings of timm's configurations, which are plain Python: nothing has checked their types before.

Each function takes the name of a setting and its value, and raises an exception whose message is for the page of
failures if the value is not what the setting is for.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

from generator.facts.shapes import Shape
from generator.facts.texts import printable

# The most letters of a text: more than any description has.
LONGEST = 10_000
# More pixels, channels or classes than there will be, and few enough for every file.
GREATEST = 2**31 - 1
# The most letters of a value in a message.
_SHOWN = 60


def text(name: str, value: Any) -> str | None:
    """A text; ``None`` where there is none. timm uses ``None`` and an empty text alike for that."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"{name} is not a text: {_shown(value)}")
    if len(value) > LONGEST:
        raise ValueError(f"{name} has {len(value):,} letters")
    # Raises for halves of surrogate pairs, which no file can hold.
    value.encode()
    # A subclass of str may be shown as another text.
    return str.__str__(value) or None


def texts(name: str, value: Any) -> tuple[str, ...]:
    """Texts; timm uses ``None``, an empty text or sequence for none, and a text for a single one."""
    if value is None or isinstance(value, str):
        value = [value]
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"{name} is not a sequence of texts: {_shown(value)}")
    found = [text(name, part) for part in value]
    return tuple(part for part in found if part is not None)


def count(name: str, value: Any) -> int:
    """A whole number from 0."""
    if not _is_count(value):
        raise ValueError(f"{name} is not a whole number from 0 to {GREATEST:,}: {_shown(value)}")
    return int(value)


def number(name: str, value: Any) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise ValueError(f"{name} is not a finite number: {_shown(value)}")
    return float(value)


def numbers(name: str, value: Any) -> tuple[float, ...]:
    """Finite numbers, such as one for each channel."""
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"{name} is not a sequence of numbers: {_shown(value)}")
    return tuple(number(name, part) for part in value)


def size(name: str, value: Any) -> Shape:
    """The size of an input: channels, height and width."""
    if not isinstance(value, (tuple, list)) or len(value) != 3 or not all(_is_count(side) and side for side in value):
        raise ValueError(f"{name} is not channels, height and width in pixels: {_shown(value)}")
    return tuple(map(int, value))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= GREATEST


def _shown(value: Any) -> str:
    """A value in a message. Others than these may be shown differently from run to run."""
    is_plain = value is None or isinstance(value, (str, bytes, int, float, tuple, list))
    return printable(repr(value) if is_plain else type(value).__name__, _SHOWN)
