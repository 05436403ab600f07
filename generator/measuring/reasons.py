"""Put the exceptions of other packages into one line each."""

from __future__ import annotations

import traceback

from generator.facts.texts import printable

# The most letters of a reason: enough for the longest that tells anything. A message can have megabytes.
LONGEST = 500


def in_one_line(error: BaseException) -> str:
    """The type of an exception and the first line of its message, or the line of code that raised it.

    The text is fit to be shown.
    """
    lines = message_of(error).lstrip()[: 2 * LONGEST].rstrip().splitlines() or _code(error)
    return printable(f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__, LONGEST)


def message_of(error: BaseException) -> str:
    """The message of an exception. It is made by the exception's class, which can fail in turn."""
    try:
        return str(error)
    except Exception as fault:
        return f"its message raised {type(fault).__name__}"


def _code(error: BaseException) -> list[str]:
    """The line of code that raised an exception: an assertion without a message says there what it asks for."""
    frames = traceback.extract_tb(error.__traceback__)
    return [frame.line for frame in frames[-1:] if frame.line]
