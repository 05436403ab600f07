"""Badges: one JSON file for each figure of a model that can be cited. shields.io makes a badge from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator.facts.figures import ModelRow
from generator.pages.citing import CITED, badge_path, cited_text
from generator.pages.formatting import UNKNOWN

# The site's own colour, and the colour that shields.io uses for unknown values.
_COLOUR, _COLOUR_OF_UNKNOWN = "00695c", "lightgrey"


def paths(names: Iterable[str]) -> Iterator[str]:
    """The paths of the badges of the named models, below ``/data/``."""
    return (badge_path(name, figure) for name in names for figure in CITED)


def documents(row: ModelRow) -> Iterator[tuple[str, dict[str, Any]]]:
    """The badges of a model: their paths below ``/data/``, and their content in the format of a shields.io endpoint."""
    for figure in CITED:
        text = cited_text(figure, row)
        colour = _COLOUR_OF_UNKNOWN if text == UNKNOWN else _COLOUR
        yield (
            badge_path(row.name, figure),
            {"schemaVersion": 1, "label": figure.label, "message": text, "color": colour},
        )
