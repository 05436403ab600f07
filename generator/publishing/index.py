"""The index: the figures of all models that the site's scripts need, in one small file.

``models.json`` is more than five times as large. Here each figure is a list of values, since equal values that follow
each other compress well, and names stand once.

The index also has the declarations by which the scripts read, print, sort and limit the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generator.facts import licenses
from generator.facts.figures import IN_INDEX, ModelRow
from generator.pages import lines


def document(rows: Sequence[ModelRow]) -> dict[str, Any]:
    """The index as a JSON document. ``rows`` are in the order of their ranks."""
    return {
        "figures": [
            {
                "name": figure.name,
                "label": figure.label,
                "axis": figure.axis,
                "kind": figure.kind,
                "at_input_size": figure.is_at_input_size,
                "column": figure.place,
                "limit": figure.limit,
                "gives_way": figure.gives_way,
            }
            for figure in IN_INDEX
        ],
        **lines.FOR_SCRIPTS,
        "classes": list(licenses.CLASSES),
        "differences": list(DIFFERENCES),
        "relative": RELATIVE,
        "places": PLACES,
        "values": encoded({figure.name: [getattr(row, figure.name) for row in rows] for figure in IN_INDEX}),
    }


# Values that stand as something shorter, which scripts turn back. Models are in the order of their sizes, so that their
# ranks and parameters differ little from one to the next.
DIFFERENCES = ("rank", "parameters")
# By another figure, given before, and how often that is taken off.
RELATIVE = {
    "parameter_bytes": ("parameters", 4),
    "backbone_parameters": ("parameters", 1),
    "inference_bytes": ("parameter_bytes", 1),
}
# The place in the list of another figure.
PLACES = {"top1_tag": "tags"}


def encoded(values: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The values of each figure, some by their difference to the model before, to another figure, or by their place.

    Differences have fewer digits, and many are alike. Unknown values stay ``None``.
    """
    found = dict(values)
    for name in DIFFERENCES:
        found[name] = [value - before for before, value in zip([0, *values[name]], values[name], strict=False)]
    for name, (other, times) in RELATIVE.items():
        pairs = zip(values[name], values[other], strict=True)
        found[name] = [None if value is None else value - times * base for value, base in pairs]
    for name, other in PLACES.items():
        pairs = zip(values[name], values[other], strict=True)
        found[name] = [None if value is None else _place(value, listed) for value, listed in pairs]
    return found


def _place(value: str, listed: Sequence[str]) -> int:
    """The place of a text in a list; -1 for one that is not there, which is told as ""."""
    return listed.index(value) if value in listed else -1
