"""Plot of cost against number of tensors: an SVG that needs no script and follows the page's colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 260, 60, 44, 16, 150


class Series(NamedTuple):
    """One cost: its name, its unit, its values at the given numbers of tensors, and the dashes of its line."""

    name: str
    unit: str
    values: Sequence[float]
    dashes: str


def svg(tensors: Sequence[int], series: Sequence[Series]) -> str:
    """Draw a line for each cost relative to its largest value: a linear cost is a straight line through zero."""
    most = max(tensors)

    def x(count: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * count / most

    def y(share: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share

    words = "; ".join(
        f"{each.name}: " + ", ".join(f"{value:.1f}" for value in each.values) + f" {each.unit}" for each in series
    )
    parts = [
        f'<svg class="cost-plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Cost against number of tensors'
        f' ({", ".join(f"{count:,}" for count in tensors)}). {words}">',
        f'<path class="axis" d="M{LEFT} {TOP}V{y(0)}H{x(most)}"/>',
    ]
    for share in (0, 0.5, 1):
        parts.append(f'<text x="{LEFT - 8}" y="{y(share) + 4:.0f}" text-anchor="end">{100 * share:.0f} %</text>')
    for count in tensors:
        parts.append(f'<text x="{x(count):.0f}" y="{y(0) + 18:.0f}" text-anchor="middle">{count:,}</text>')
    parts.append(f'<text x="{x(most / 2):.0f}" y="{HEIGHT - 6}" text-anchor="middle">parameter tensors</text>')
    for number, each in enumerate(series):
        top = max(each.values)
        points = [(0.0, 0.0), *zip(tensors, (value / top for value in each.values), strict=True)]
        line = " ".join(f"{x(count):.1f},{y(share):.1f}" for count, share in points)
        height = y(1) + 8 + 20 * number
        parts.append(f'<polyline stroke-dasharray="{each.dashes}" points="{line}"/>')
        parts += [f'<circle cx="{x(count):.1f}" cy="{y(share):.1f}" r="3"/>' for count, share in points[1:]]
        parts.append(
            f'<path class="key" stroke-dasharray="{each.dashes}" d="M{WIDTH - RIGHT + 12} {height - 4:.0f}h24"/>'
            f'<text x="{WIDTH - RIGHT + 42}" y="{height:.0f}">{each.name}</text>'
        )
    return "".join(parts) + "</svg>"
