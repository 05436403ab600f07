"""What foreign code raises, in one line."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from generator.measuring.reasons import LONGEST, in_one_line


class SilentError(Exception):
    """It cannot tell its message."""

    def __str__(self) -> str:
        raise ValueError


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
        (ValueError("\x1b[2Jred\x07 \u202e \udc80"), r"ValueError: \x1b[2Jred\x07 \u202e \udc80"),
        (SilentError(), "SilentError: its message raised ValueError"),
    ],
)
def test_a_reason_is_a_type_and_a_line(error: BaseException, reason: str) -> None:
    """The type comes first, then the first line with words; without words the type stands alone."""
    assert in_one_line(error) == reason


def test_a_reason_is_cut() -> None:
    """Of a message of megabytes a reason has the beginning."""
    for message in ("x" * 20_000_000, f"{chr(10) * 20_000_000}x", f"{' y' * 10_000_000}"):
        assert len(in_one_line(ValueError(message))) <= LONGEST + 4
    assert in_one_line(ValueError("\n" * 1000 + "x")) == "ValueError: x"


def test_an_error_without_words_has_its_line_of_code(tmp_path: Path) -> None:
    """An assertion without a message says what it asks for."""
    file = tmp_path / "checks.py"
    file.write_text("def check(height, width):\n    assert height == width\n")
    with pytest.raises(AssertionError) as caught:
        runpy.run_path(str(file))["check"](384, 320)
    assert in_one_line(caught.value) == "AssertionError: assert height == width"
