"""Draw bands of ratios as SVG inside a page: no script, and the page's colours."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

# In units of the drawing, which the page scales.
_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 720, 275, 705, 20, 24
# The ratios at the ends of the axis, and those that are marked.
_LEAST, _GREATEST = 0.7, 1.5
_MARKS = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)


def svg(rows: Mapping[tuple[str, int], Sequence[float]]) -> str:
    """Draw a row for each kind and batch, in one line, which Markdown does not change.

    Args:
        rows: the ratios of each kind and batch, in ascending order.
    """
    height = _TOP + _ROW * len(rows) + 8
    parts = [
        # On a narrow screen it scrolls, so that its words can be read.
        '<div role="region" aria-label="Bands of real runs" tabindex="0" style="overflow-x: auto">'
        f'<svg class="bands" viewBox="0 0 {_WIDTH} {height}" role="img" fill="currentColor" stroke="currentColor" '
        'font-size="12" style="min-width: 36rem"><title>Measured by estimated memory, by kind and batch</title>'
    ]
    for mark in _MARKS:
        x = _x(mark)
        opacity = 0.6 if mark == 1 else 0.15
        parts.append(f'<path d="M{x} {_TOP - 6}V{height - 8}" stroke-opacity="{opacity}"/>')
        parts.append(f'<text x="{x}" y="12" text-anchor="middle" stroke="none">{mark:.1f}</text>')
    for place, ((kind, batch), ratios) in enumerate(rows.items()):
        y = _TOP + _ROW * place + _ROW // 2
        least, low, high, greatest = (_x(_at(ratios, share)) for share in (0.005, 0.05, 0.95, 0.995))
        parts.append(f'<text x="0" y="{y + 4}" stroke="none">{kind}, batch {batch}</text>')
        parts.append(f'<path d="M{least} {y}H{greatest}"/>')
        parts.append(f'<rect x="{low}" y="{y - 4}" width="{max(high - low, 1)}" height="8" fill-opacity="0.3"/>')
        parts.append(f'<path d="M{_x(statistics.median(ratios))} {y - 6}v12" stroke-width="3"/>')
    return "".join([*parts, "</svg></div>"])


def _at(ratios: Sequence[float], share: float) -> float:
    """The ratio below which this share of them is."""
    left_out = int(len(ratios) * min(share, 1 - share))
    return ratios[left_out] if share < 0.5 else ratios[-1 - left_out]


def _x(ratio: float) -> int:
    """Where a ratio is on the axis, which is logarithmic; ratios beyond it are at its ends."""
    within = min(max(ratio, _LEAST), _GREATEST)
    return round(_LEFT + (_RIGHT - _LEFT) * math.log(within / _LEAST) / math.log(_GREATEST / _LEAST))
