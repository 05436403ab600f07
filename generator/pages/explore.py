"""The parts of the explore page that need no script: a plot of all models, its Pareto front, and distributions.

The hand-written page includes these parts inside HTML elements, so they are HTML too. Addresses are relative to that
page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from generator.facts.columns import Kind
from generator.facts.figures import BY_NAME, FIGURES, ModelRow
from generator.pages import histogram, size_plot
from generator.pages.escaping import in_address, in_html
from generator.pages.formatting import integer, metric, pixels, plural, value_text
from generator.pages.markdown import snippet
from generator.pages.size_plot import Placed
from generator.ranking.fronts import front as best_of

# The figures that can be an axis, in the order of the page's lists.
AXES = tuple(figure for figure in FIGURES if figure.axis)
_X, _Y = BY_NAME["macs"], BY_NAME["parameters"]
# The percentiles in the table of distributions: shares of models, in percent, that have at most the value.
_SHARES = (10, 25, 50, 75, 90)


def axes() -> str:
    """The options of the lists from which users choose an axis."""
    return snippet("".join(f'<option value="{figure.name}">{in_html(figure.axis or "")}</option>' for figure in AXES))


def picture(rows: Sequence[ModelRow]) -> str:
    """Plot parameters against MACs of all models, with the Pareto front of most parameters and fewest MACs."""
    known = size_plot.placed(rows)
    if not known:
        return snippet("<p>There is no picture: no model has known MACs.</p>")
    best = _front(rows)
    plot = size_plot.plot(known, _X.axis or "", _Y.axis or "")
    cloud = plot.cloud((model.macs, model.parameters) for model in known)
    line = plot.line((model.macs, model.parameters) for model in best)
    points = plot.points(size_plot.point(model, _address) for model in best)
    models = plural(len(known), "model")
    label = f"Parameters against MACs of {models}, with a link for each of the Pareto front"
    return snippet(
        f'<figure class="scatter">{plot.svg(label, cloud, line, points)}<figcaption>'
        f"{models}, both axes logarithmic. The line is the Pareto front: no other model has as many parameters with as "
        "few MACs.</figcaption></figure>"
    )


def bars(rows: Sequence[ModelRow]) -> str:
    """Draw the histogram that the page's script begins with: how many models have how many parameters."""
    values = [row.parameters for row in rows if row.parameters]
    if not values:
        return snippet("<p>There is no picture: no model has parameters.</p>")
    return snippet(f'<figure class="scatter">{histogram.svg(_Y.axis or "", values)}</figure>')


def front(rows: Sequence[ModelRow]) -> str:
    """The table of the models on the plot's Pareto front, most parameters first, worded as the page's script does."""
    best = _front(rows)
    return snippet(
        f'<p class="about-front">{plural(len(best), "model")} of those in the plot, for which less across and more up '
        "is better: no other model is as good in both figures, unless it is equal in both.</p>\n"
        '<div class="members">'
        + _table(
            "front",
            ["Model", _X.axis or "", _Y.axis or "", "Family"],
            [
                [
                    f'<a href="{_address(row.name)}">{in_html(row.name)}</a>',
                    f"{metric(macs, 'MACs')}, {pixels(row.input_size)} pixels",
                    integer(parameters),
                    f'<a href="../families/{in_address(row.family)}/">{in_html(row.family)}</a>',
                ]
                for macs, parameters, row in best
            ],
        )
        + "</div>"
    )


def distributions(rows: Sequence[ModelRow]) -> str:
    """The table of the distribution of each figure over all models: the least value, percentiles, the greatest."""
    found = []
    for figure in AXES:
        values = [value for value in map(attrgetter(figure.name), rows) if value is not None]
        if figure.kind is not Kind.SIZE and values:
            found.append([figure.axis or "", *(value_text(figure, value) for value in _spread(values))])
    titles = ["Figure", "Least", *(f"{share} % have at most" for share in _SHARES), "Most"]
    return snippet(_table("distributions", titles, found))


def _front(rows: Sequence[ModelRow]) -> list[Placed]:
    with_place = [model.row for model in size_plot.placed(rows)]
    return size_plot.placed(best_of(with_place, more=_Y.name, fewer=_X.name))


def _spread(values: Sequence[int]) -> list[int]:
    """The least value, the percentiles of `_SHARES`, and the greatest value. Each is the value of some model."""
    ordered = sorted(values)
    return [
        ordered[0],
        # The index is rounded up, so that at least this share of models has at most this value.
        *(ordered[-(-share * len(ordered) // 100) - 1] for share in _SHARES),
        ordered[-1],
    ]


def _address(name: str) -> str:
    return f"../models/{in_address(name)}/"


def _table(heading: str, titles: Iterable[str], body: Iterable[Iterable[str]]) -> str:
    """A table in one line, inside an element that scrolls and is labelled by the heading with the ID ``heading``."""
    head = "".join(f"<th>{in_html(title)}</th>" for title in titles)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in body)
    return (
        f'<div class="table" role="group" aria-labelledby="{heading}" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )
