"""The dates in what a build makes: when models were inspected, or the one date that SOURCE_DATE_EPOCH sets for all."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from generator.errors import SourceDateError

VARIABLE = "SOURCE_DATE_EPOCH"
# The packed sitemap has its date in 32 bits.
_END = 2**32


def now() -> str:
    """The present time: UTC, ISO 8601."""
    return _iso(datetime.now(UTC))


def fixed() -> str | None:
    """The date that the environment sets for all that a build makes, UTC, ISO 8601; ``None`` if it sets none.

    Raises:
        SourceDateError: the variable is not a number of seconds since 1970.
    """
    value = os.environ.get(VARIABLE)
    if not value:
        return None
    # Python refuses to read numbers of thousands of digits.
    if not (value.isascii() and value.isdecimal() and len(value) < 20 and int(value) < _END):
        raise SourceDateError(VARIABLE, value[:20], _END)
    return _iso(datetime.fromtimestamp(int(value), UTC))


def told(date: str) -> str:
    """The date to give in place of ``date``: the one that the environment sets for all, or ``date`` itself.

    Raises:
        SourceDateError: the environment sets no date.
    """
    return fixed() or date


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
