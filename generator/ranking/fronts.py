"""Pareto fronts: the models that no other model beats in two figures at once."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from generator.facts.figures import ModelRow


def front(rows: Iterable[ModelRow], more: str, fewer: str) -> list[ModelRow]:
    """The rows on the Pareto front of two figures, sorted by ``more``, greatest first.

    A row is on the front if no other row has at least as much of ``more`` and at most as much of ``fewer``. Rows that
    are equal in both figures do not exclude each other. Rows without one of the two figures are left out.
    """
    good, bad = attrgetter(more), attrgetter(fewer)
    known = [row for row in rows if good(row) is not None and bad(row) is not None]
    kept: list[ModelRow] = []
    for row in sorted(known, key=lambda row: (bad(row), -good(row))):
        # In this order only earlier rows can beat a row. The last kept row has the most of ``more`` among them.
        if not kept or good(row) > good(kept[-1]) or (good(row), bad(row)) == (good(kept[-1]), bad(kept[-1])):
            kept.append(row)
    return sorted(kept, key=lambda row: -good(row))
