"""How many processors may be used."""

from __future__ import annotations

import os

from generator import processors


def test_there_is_a_processor() -> None:
    """At least one, and not more than the machine has."""
    assert 1 <= processors.usable() <= (os.cpu_count() or 1)
