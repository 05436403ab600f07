"""The index: the figures of all models that the site's scripts need, in one small file.

``models.json`` is more than five times as large. Rows are lists here, because the names of the figures would be half of
the file. The index also has the declarations by which the scripts read, print, sort and limit the figures.
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
            }
            for figure in IN_INDEX
        ],
        **lines.FOR_SCRIPTS,
        "classes": list(licenses.CLASSES),
        "rows": [[getattr(row, figure.name) for figure in IN_INDEX] for row in rows],
    }
