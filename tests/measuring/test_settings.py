"""Settings of timm that are what they are for, and others."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from generator.measuring import settings


class Mode(StrEnum):
    """A text of another class."""

    CENTER = "center"


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        (settings.text, "mit", "mit"),
        (settings.text, "", None),
        (settings.text, None, None),
        (settings.text, Mode.CENTER, "center"),
        (settings.texts, None, ()),
        (settings.texts, "", ()),
        (settings.texts, "one", ("one",)),
        (settings.texts, ["one", "", "two"], ("one", "two")),
        (settings.count, 0, 0),
        (settings.count, 1000, 1000),
        (settings.number, 1, 1.0),
        (settings.number, 0.875, 0.875),
        (settings.number, Fraction(7, 8), 0.875),
        (settings.number, np.float32(0.5), 0.5),
        (settings.numbers, [0, 0.5], (0.0, 0.5)),
        (settings.size, [3, 224, 224], (3, 224, 224)),
        (settings.size, torch.Size([3, 8, 8]), (3, 8, 8)),
    ],
)
def test_a_setting_is_read(read: Callable[[str, Any], Any], value: Any, found: Any) -> None:
    """A value of the right kind is a plain value of Python."""
    assert read("setting", value) == found
    assert type(read("setting", value)) is type(found)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (settings.text, b""),
        (settings.text, ["mit"]),
        (settings.text, 5),
        (settings.text, "\udc80"),
        (settings.text, "x" * 20_000_000),
        (settings.texts, {"one"}),
        (settings.texts, [b"one"]),
        (settings.texts, {"one": 1}),
        (settings.count, None),
        (settings.count, -1),
        (settings.count, True),
        (settings.count, 1.0),
        (settings.count, 2**70),
        (settings.number, None),
        (settings.number, "0.875"),
        (settings.number, float("nan")),
        (settings.number, float("-inf")),
        (settings.number, 10**400),
        (settings.number, True),
        (settings.number, Decimal("0.5")),
        (settings.numbers, 0.5),
        (settings.numbers, {0.5}),
        (settings.numbers, [None]),
        (settings.size, None),
        (settings.size, ("a", "b", "c")),
        (settings.size, (224, 224)),
        (settings.size, (3, 0, 224)),
        (settings.size, (3, 224.0, 224)),
        (settings.size, "224"),
    ],
)
def test_another_value_is_refused(read: Callable[[str, Any], Any], value: Any) -> None:
    """Any other value raises, in a message that is not as long as the value."""
    with pytest.raises((TypeError, ValueError, OverflowError)) as caught:
        read("setting", value)
    assert len(str(caught.value)) < 200
