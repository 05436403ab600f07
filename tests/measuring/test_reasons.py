"""What foreign code raises, in one line."""

from __future__ import annotations

import pytest

from generator.measuring.reasons import in_one_line


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("height is odd"), "ValueError: height is odd"),
        (ValueError("height is odd\nand so is width"), "ValueError: height is odd"),
        (ValueError("\n  height is odd \n"), "ValueError: height is odd"),
        (AssertionError(), "AssertionError"),
        (RuntimeError(" \n "), "RuntimeError"),
        (KeyError("head"), "KeyError: 'head'"),
        (SystemExit(4), "SystemExit: 4"),
    ],
)
def test_a_reason_is_a_type_and_a_line(error: BaseException, reason: str) -> None:
    """The type comes first, then the first line with words; without words the type stands alone."""
    assert in_one_line(error) == reason
