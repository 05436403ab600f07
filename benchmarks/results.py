"""A measured figure beside its target, and the table of all of them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table. ``met`` is ``None`` for a skipped figure; ``figure`` then says why."""

    what: str
    figure: str
    compared_to: str
    ratio: str
    target: str
    met: bool | None


def at_most(what: str, value: float, limit: float, unit: str, *, digits: int = 1) -> Result:
    """Make the result of a figure with an upper limit."""
    return Result(what, f"{value:,.{digits}f} {unit}".strip(), "–", "–", f"≤ {limit:g} {unit}".strip(), value <= limit)


def at_least(what: str, value: float, limit: float) -> Result:
    """Make the result of a score with a lower limit."""
    return Result(what, f"{value:.2f}", "–", "–", f"≥ {limit:g}", value >= limit)


def ratio_at_most(
    what: str, seconds: Sequence[float], compared_to: str, other_seconds: Sequence[float], limit: float
) -> Result:
    """Make the result of two things timed in turn: the median of the pairs' ratios has an upper limit."""
    ratios = [own / other for own, other in zip(seconds, other_seconds, strict=True)]
    ratio = statistics.median(ratios)
    spread = f" ({min(ratios):.2f} to {max(ratios):.2f})" if len(ratios) > 1 else ""
    return Result(
        what,
        f"{statistics.median(seconds):.1f} s",
        f"{compared_to}: {statistics.median(other_seconds):.1f} s",
        f"{ratio:.2f}{spread}",
        f"≤ {limit:g} ×",
        ratio <= limit,
    )


def skipped(what: str, why: str, target: str) -> Result:
    """Make the result of a figure that was not measured, with the reason."""
    return Result(what, f"skipped: {why}", "–", "–", target, None)


def table(results: Iterable[Result]) -> str:
    """Write all results as a Markdown table."""
    met = {True: "met", False: "**not met**", None: "skipped"}
    lines = ["| What | Figure | Compared to | Ratio | Target | Met |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [f"| {r.what} | {r.figure} | {r.compared_to} | {r.ratio} | {r.target} | {met[r.met]} |" for r in results]
    return "\n".join(lines)
