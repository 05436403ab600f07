"""Bytes that grow with the batch: lines, and the greatest of several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """Bytes at batch B: ``constant + B * growing``."""

    constant: int
    growing: int

    def at(self, batch: int) -> int:
        return self.constant + batch * self.growing

    def times(self, factor: int) -> Line:
        return Line(self.constant * factor, self.growing * factor)


def envelope(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Leave the lines that are the greatest at some batch of 1 or more, in the order of such batches.

    The greatest of these is the greatest of all, at any batch. This is the upper hull of the lines (Andrew's monotone
    chain on their duals).
    """
    steepest: dict[int, int] = {}
    for constant, growing in lines:
        if steepest.get(growing, -1) < constant:
            steepest[growing] = constant
    hull: list[Line] = []
    for growing in sorted(steepest):
        new = Line(steepest[growing], growing)
        # A line is never the greatest if the new one is at least as great at batch 1, and so at all later batches, or
        # where the line before it hands over to the new one.
        while hull and (new.at(1) >= hull[-1].at(1) or (len(hull) > 1 and _is_below(hull[-1], hull[-2], new))):
            hull.pop()
        hull.append(new)
    return tuple(hull)


def greatest(lines: Sequence[Line], batch: int) -> int:
    """The greatest of these lines at this batch; 0 if there are none."""
    return max((line.at(batch) for line in lines), default=0)


def _is_below(line: Line, before: Line, after: Line) -> bool:
    """Whether a line is nowhere greater than both of two others: one that grows more slowly, and one faster."""
    return (before.constant - line.constant) * (after.growing - before.growing) >= (
        before.constant - after.constant
    ) * (line.growing - before.growing)
