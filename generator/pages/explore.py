"""What the explore page shows without its script: a picture of all models, its Pareto front, and distributions.

All of it stands within HTML of a hand-written page, so it is HTML itself, with addresses as that page has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

import pandas as pd

from generator import ranking
from generator.dataset import rows
from generator.pages import scatter
from generator.pages.formatting import integer, memory, metric, pixels, plural
from generator.pages.markdown import snippet

# The figures whose distribution is told in numbers.
_FIGURES: dict[str, tuple[str, Callable[[int], str]]] = {
    "parameters": ("Parameters", integer),
    "parameter_bytes": ("Parameter memory", memory),
    "parameter_tensors": ("Parameter tensors", integer),
    "macs": ("MACs of one image at each model's input size", lambda value: metric(value, "MACs")),
    "activations": ("Activations of one image at each model's input size, elements", metric),
}
# The shares of models, in percent, that have at most the value that is told.
_SHARES = (10, 25, 50, 75, 90)


def picture(ranked: pd.DataFrame) -> str:
    """Parameters against MACs of all models, with the Pareto front of most parameters for fewest MACs."""
    known = ranked[(ranked["macs"] > 0) & (ranked["parameters"] > 0)]
    if known.empty:
        return snippet("<p>There is no picture: no model has known MACs.</p>")
    pairs = list(zip(known["macs"].tolist(), known["parameters"].tolist(), strict=True))
    plot = scatter.Plot(
        scatter.axis("MACs of one image at the model's input size", [macs for macs, _ in pairs]),
        scatter.axis("Parameters", [parameters for _, parameters in pairs]),
    )
    best = list(rows(ranking.front(known, more="parameters", fewer="macs")))
    points = plot.points(
        scatter.Point(
            row["name"],
            row["macs"],
            row["parameters"],
            _address(row["name"]),
            f"{row['name']}: {integer(row['parameters'])} parameters, {metric(row['macs'], 'MACs')} "
            f"at {pixels(row['input_size'])} pixels",
        )
        for row in best
    )
    line = plot.line((row["macs"], row["parameters"]) for row in best)
    label = f"Parameters against MACs of {plural(len(pairs), 'model')}, with a link for each of the Pareto front"
    return snippet(
        f'<figure class="scatter">{plot.svg(label, plot.cloud(pairs), line, points)}<figcaption>'
        f"{plural(len(pairs), 'model')}, both axes logarithmic. The line is the Pareto front: no other model has as "
        "many parameters with as few MACs.</figcaption></figure>"
    )


def front(ranked: pd.DataFrame) -> str:
    """The models of the picture's Pareto front, most parameters first, in the words of the page's script."""
    known = ranked[(ranked["macs"] > 0) & (ranked["parameters"] > 0)]
    best = list(rows(ranking.front(known, more="parameters", fewer="macs")))
    return snippet(
        f'<p class="about-front">{plural(len(best), "model")} of those in the plot, for which less across and more up '
        "is better: no other model is as good in both figures, unless it is equal in both.</p>\n"
        '<div class="members">'
        + _table(
            "front",
            ["Model", "MACs of one image at the model's input size", "Parameters", "Family"],
            [
                [
                    f'<a href="{_address(row["name"])}">{escape(row["name"])}</a>',
                    f"{metric(row['macs'], 'MACs')}, {pixels(row['input_size'])} pixels",
                    integer(row["parameters"]),
                    f'<a href="../families/{escape(row["family"])}/">{escape(row["family"])}</a>',
                ]
                for row in best
            ],
        )
        + "</div>"
    )


def distributions(ranked: pd.DataFrame) -> str:
    """The least, the greatest and some values between them, of each figure over all models."""
    return snippet(
        _table(
            "distributions",
            ["Figure", "Least", *(f"{share} % have at most" for share in _SHARES), "Most"],
            [
                [label, *(text(value) for value in _spread(ranked[column].dropna().tolist()))]
                for column, (label, text) in _FIGURES.items()
                if ranked[column].notna().any()
            ],
        )
    )


def _spread(values: Sequence[int]) -> list[int]:
    """The least value, the least that each share of all has at most, and the greatest: each one of a model's own."""
    ordered = sorted(values)
    return [
        ordered[0],
        # Rounded up: at least this share has at most this value.
        *(ordered[-(-share * len(ordered) // 100) - 1] for share in _SHARES),
        ordered[-1],
    ]


def _address(name: str) -> str:
    return f"../models/{escape(name)}/"


def _table(heading: str, titles: Iterable[str], body: Iterable[Iterable[str]]) -> str:
    """A table in one line with the frame that it scrolls in, named by a heading of the page."""
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in body)
    return (
        f'<div class="table" role="group" aria-labelledby="{heading}" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )
