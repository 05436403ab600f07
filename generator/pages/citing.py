"""The section "Cite" of a model's page: figures with unit and method, and the Markdown of their badges.

The section has the figures that declare a badge.
"""

from __future__ import annotations

from generator.facts.columns import Figure
from generator.facts.figures import FIGURES, ModelRow
from generator.facts.records import Provenance
from generator.pages.escaping import in_address
from generator.pages.formatting import UNKNOWN, day, pixels, value_text
from generator.pages.markdown import SITE, fenced, link

CITED = tuple(figure for figure in FIGURES if figure.badge)


def badge_path(name: str, figure: Figure) -> str:
    """The path of the badge of a model's figure, below ``/data/``."""
    return f"badges/{name}-{figure.badge}.json"


def cited_text(figure: Figure, row: ModelRow) -> str:
    """A figure as text to cite: its value, with the unit if neither the value nor the label has it."""
    value = getattr(row, figure.name)
    return value_text(figure, value) + (f" {figure.noun}" if figure.noun and value is not None else "")


def render(row: ModelRow, provenance: Provenance) -> list[str]:
    """The blocks below the heading: the text to cite, and the Markdown of the badges."""
    address = f"{SITE}/models/{in_address(row.name)}/"
    lines = [
        row.name,
        *(f"{figure.label}: {cited_text(figure, row)} ({_method(figure, row)})" for figure in CITED),
        f"timm {provenance.timm_version}, measured on {day(row.date)} by timm-atlas {provenance.generator_version}",
        address,
    ]
    shown = [
        link(f"!{link(figure.label, _endpoint(row.name, figure))}", address)
        for figure in CITED
        if cited_text(figure, row) != UNKNOWN
    ]
    return [fenced("text", lines), "As badges, by [shields.io](../guide/data.md#badges):", fenced("markdown", shown)]


def _method(figure: Figure, row: ModelRow) -> str:
    """How a figure is made: the meaning of its column, with the input size if the figure depends on it."""
    meaning = figure.meaning.removesuffix(".")
    if not figure.is_at_input_size or row.macs is None:
        return meaning.replace("`", "")
    doubtful = ", ".join(row.unlisted_operators)
    return meaning.replace("`input_size`", f"{pixels(row.input_size)} pixels").replace("`", "") + (
        f"; may be too low, the cost of {doubtful} is not known" if doubtful else ""
    )


def _endpoint(name: str, figure: Figure) -> str:
    # In a query neither ":" nor "/" has to be escaped, so the site's address can be inserted as it is.
    return f"https://img.shields.io/endpoint?url={SITE}/data/{badge_path(in_address(name), figure)}"
