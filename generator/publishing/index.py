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
        "values": {figure.name: [getattr(row, figure.name) for row in rows] for figure in IN_INDEX},
    }
