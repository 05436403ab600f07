"""Figures to cite: the lines for a paper, the badge for a README, and the file that shields.io makes the badge from.

A figure that is to be cited has its line in `FIGURES`, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from generator.pages.formatting import UNKNOWN, day, integer, memory, metric, pixels
from generator.pages.markdown import SITE, link
from generator.records import ModelRecord, Provenance

# The site's own colour, and that of shields.io for what is not known.
_COLOUR, _COLOUR_OF_UNKNOWN = "00695c", "lightgrey"


class Figure(NamedTuple):
    """A figure to cite: its name in addresses, its name in words, its text with the unit, and how it is made.

    ``text`` gives `formatting.UNKNOWN` where the figure is not known.
    """

    key: str
    label: str
    text: Callable[[ModelRecord], str]
    method: Callable[[ModelRecord], str]


def _macs(record: ModelRecord) -> str:
    compute = record.inspection.compute
    return metric(compute.macs, "MACs") if compute else UNKNOWN


def _activations(record: ModelRecord) -> str:
    compute = record.inspection.compute
    return f"{integer(compute.activations)} elements" if compute else UNKNOWN


def _pass(record: ModelRecord) -> str:
    """At what input a forward pass was counted, and whether something in it could not be."""
    compute = record.inspection.compute
    if compute is None:
        return "one forward pass at batch 1"
    doubtful = ", ".join(compute.unlisted_operators)
    return f"one forward pass at {pixels(compute.input_size)} pixels, batch 1" + (
        f"; may be too low, the cost of {doubtful} is not known" if doubtful else ""
    )


FIGURES = (
    Figure(
        "parameters",
        "parameters",
        lambda record: integer(record.parameters),
        lambda record: "elements of named_parameters(), tied tensors counted once",
    ),
    Figure(
        "memory",
        "parameter memory",
        lambda record: memory(record.parameter_bytes),
        lambda record: "parameters times the bytes of their dtype as created",
    ),
    Figure(
        "macs",
        "MACs",
        _macs,
        lambda record: f"multiply-accumulates of the convolutions and matrix products of {_pass(record)}",
    ),
    Figure(
        "activations",
        "activations",
        _activations,
        lambda record: f"elements of the results of the convolutions and matrix products of {_pass(record)}",
    ),
)


def badge_paths(names: Iterable[str]) -> Iterator[str]:
    """Where below ``/data/`` the badges of models of these names are."""
    return (_badge_path(name, figure) for name in names for figure in FIGURES)


def badges(record: ModelRecord) -> Iterator[tuple[str, dict[str, Any]]]:
    """The badges of a model: their paths below ``/data/``, and what shields.io asks of an endpoint there."""
    for figure in FIGURES:
        text = figure.text(record)
        colour = _COLOUR_OF_UNKNOWN if text == UNKNOWN else _COLOUR
        yield (
            _badge_path(record.name, figure),
            {"schemaVersion": 1, "label": figure.label, "message": text, "color": colour},
        )


def render(record: ModelRecord, provenance: Provenance) -> list[str]:
    """The blocks below the heading: what to cite, and the Markdown of the badges."""
    address = f"{SITE}/models/{record.name}/"
    texts = [(figure, figure.text(record)) for figure in FIGURES]
    lines = [
        record.name,
        *(f"{figure.label}: {text} ({figure.method(record)})" for figure, text in texts),
        f"timm {provenance.timm_version}, measured on {day(record.date)} by timm-atlas {provenance.generator_version}",
        address,
    ]
    shown = [
        link(f"!{link(figure.label, _endpoint(record.name, figure))}", address)
        for figure, text in texts
        if text != UNKNOWN
    ]
    return [_block("text", lines), "As badges, by [shields.io](../guide/data.md#badges):", _block("markdown", shown)]


def _badge_path(name: str, figure: Figure) -> str:
    return f"badges/{name}-{figure.key}.json"


def _endpoint(name: str, figure: Figure) -> str:
    # Neither ":" nor "/" has to be escaped in a query, so that the address of the site can be put in as it is.
    return f"https://img.shields.io/endpoint?url={SITE}/data/{_badge_path(name, figure)}"


def _block(language: str, lines: Iterable[str]) -> str:
    return "\n".join([f"```{language}", *lines, "```"])
