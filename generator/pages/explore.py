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
from generator.pages.formatting import metric, pixels, plural, value_text
from generator.pages.markdown import snippet
from generator.pages.size_plot import ACCURACY, PARAMETERS, Placed, Up
from generator.ranking.fronts import front as best_of

# The figures that can be an axis, in the order of the page's lists.
AXES = tuple(figure for figure in FIGURES if figure.axis)
_X = BY_NAME["macs"]
# The percentiles in the table of distributions: shares of models, in percent, that have at most the value.
_SHARES = (10, 25, 50, 75, 90)


def axes(chosen: str = "") -> str:
    """The options of a list from which users choose an axis, one of them perhaps chosen."""
    return snippet(
        "".join(
            f'<option value="{figure.name}"{" selected" if figure.name == chosen else ""}>{in_html(figure.axis or "")}'
            "</option>"
            for figure in AXES
        )
    )


def axes_across() -> str:
    """The options of the axis across, with MACs chosen."""
    return axes(_X.name)


def axes_up(rows: Sequence[ModelRow]) -> str:
    """The options of the axis that goes up, with the figure of the picture chosen."""
    return axes(_up(rows).name)


def picture(rows: Sequence[ModelRow]) -> str:
    """Plot accuracy against MACs of all models, or parameters where nobody's accuracy is known, with the front."""
    up = _up(rows)
    known = size_plot.placed(rows, up)
    if not known:
        return snippet("<p>There is no picture: no model has known MACs.</p>")
    best = _front(rows)
    title = BY_NAME[up.name].axis or ""
    plot = size_plot.plot(known, _X.axis or "", title, up)
    cloud = plot.cloud((model.macs, model.value) for model in known)
    line = plot.line((model.macs, model.value) for model in best)
    points = plot.points(size_plot.point(model, _address, up) for model in best)
    models = plural(len(known), "model")
    label = f"{BY_NAME[up.name].label} against MACs of {models}, with a link for each of the Pareto front"
    told = (
        f"{models} with a published accuracy at their input size. The line is the Pareto front: no other model is as "
        "accurate with as few MACs."
        if up is ACCURACY
        else f"{models}, both axes logarithmic. The line is the Pareto front: no other model has as many parameters "
        "with as few MACs. No accuracy is known in this build."
    )
    return snippet(
        f'<figure class="scatter">{plot.svg(label, cloud, line, points)}<figcaption>{told}</figcaption></figure>'
    )


def bars(rows: Sequence[ModelRow]) -> str:
    """Draw the histogram that the page's script begins with: how many models have how many parameters."""
    values = [row.parameters for row in rows if row.parameters]
    if not values:
        return snippet("<p>There is no picture: no model has parameters.</p>")
    return snippet(f'<figure class="scatter">{histogram.svg(BY_NAME["parameters"].axis or "", values)}</figure>')


def front(rows: Sequence[ModelRow]) -> str:
    """The table of the models on the plot's Pareto front, most parameters first, worded as the page's script does."""
    best = _front(rows)
    up = BY_NAME[_up(rows).name]
    return snippet(
        f'<p class="about-front">{plural(len(best), "model")} of those in the plot, for which less across and more up '
        "is better: no other model is as good in both figures, unless it is equal in both.</p>\n"
        '<div class="members">'
        + _table(
            "front",
            ["Model", _X.axis or "", up.axis or "", "Family"],
            [
                [
                    f'<a href="{_address(row.name)}">{in_html(row.name)}</a>',
                    f"{metric(macs, 'MACs')}, {pixels(row.input_size)} pixels",
                    value_text(up, value) + (f", {pixels(row.input_size)} pixels" if up.is_at_input_size else ""),
                    f'<a href="../families/{in_address(row.family)}/">{in_html(row.family)}</a>',
                ]
                for macs, value, row in best
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


def _up(rows: Sequence[ModelRow]) -> Up:
    """The figure that goes up in the picture: accuracy, if it is known of some model with known MACs."""
    return ACCURACY if size_plot.placed(rows, ACCURACY) else PARAMETERS


def _front(rows: Sequence[ModelRow]) -> list[Placed]:
    up = _up(rows)
    with_place = [model.row for model in size_plot.placed(rows, up)]
    return size_plot.placed(best_of(with_place, more=up.name, fewer=_X.name), up)


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
