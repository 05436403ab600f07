"""Reading of the index as the site's scripts read it: its short values turned back into those of the models."""

from __future__ import annotations

from itertools import accumulate
from typing import Any


def models_of(index: dict[str, Any]) -> list[Any]:
    """The figures of each model by their name, in the order of ranks."""
    values: dict[str, list[Any]] = dict(index["values"])
    for name in index["differences"]:
        values[name] = list(accumulate(values[name]))
    for name, (other, times) in index["relative"].items():
        pairs = zip(values[name], values[other], strict=True)
        values[name] = [None if value is None else value + times * base for value, base in pairs]
    for name, other in index["places"].items():
        pairs = zip(values[name], values[other], strict=True)
        values[name] = [None if value is None else listed[value] if value >= 0 else "" for value, listed in pairs]
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
