"""The pages of the families: their index, and one page each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from generator.dataset import rows
from generator.pages import scatter
from generator.pages.formatting import UNKNOWN, integer, memory, metric, pixels, plural, ratio
from generator.pages.markdown import code, escape, facts, link, model_link, page, table
from generator.pages.rank import NONE, scope
from generator.ranking import family_table
from generator.records import Family, Provenance

_METHOD = "../guide/method.md"
_MACS = link("MACs", f"{_METHOD}#macs")
_TIMM_REPOSITORY = "https://github.com/huggingface/pytorch-image-models"


def render_index(ranked: pd.DataFrame, families: tuple[Family, ...], provenance: Provenance) -> str:
    """The Markdown of ``families/README.md``."""
    titles = {family.name: family.title for family in families}
    return page(
        "# Families",
        f"A family is the timm module that defines its models. {scope(len(ranked), provenance)}",
        "" if ranked.empty else f"{_MACS} are those of one image, at each model's own input size.",
        NONE
        if ranked.empty
        else table(
            [
                "Family",
                "Title in timm",
                "Models",
                "With weights",
                "Smallest",
                "Largest",
                "Fewest MACs",
                "Most MACs",
            ],
            [
                [
                    link(row["family"], f"{row['family']}.md"),
                    escape(titles[row["family"]]),
                    integer(row["models"]),
                    integer(row["with_weights"]),
                    memory(row["least_bytes"]),
                    memory(row["greatest_bytes"]),
                    metric(row["least_macs"], "MACs"),
                    metric(row["greatest_macs"], "MACs"),
                ]
                for row in rows(family_table(ranked))
            ],
            numeric=["Models", "With weights", "Smallest", "Largest", "Fewest MACs", "Most MACs"],
        ),
        description=f"{plural(ranked['family'].nunique(), 'family', 'families')} of timm models.",
        hide=["navigation", "toc"],
    )


def render(family: Family, members: Sequence[dict[str, Any]], provenance: Provenance) -> str:
    """The Markdown of a family's page, for the rows of its members in the `ranking.ranked` table."""
    largest, smallest = members[0], members[-1]
    with_weights = sum(bool(row["tags"]) for row in members)
    return page(
        f"# {family.name}",
        escape(family.title),
        facts(
            [
                ("Models", integer(len(members)), f"{integer(with_weights)} with weights"),
                (
                    "Smallest",
                    memory(smallest["parameter_bytes"]),
                    model_link(smallest["name"]),
                ),
                (
                    "Largest",
                    memory(largest["parameter_bytes"]),
                    f"{model_link(largest['name'])}, "
                    f"{ratio(largest['parameter_bytes'], smallest['parameter_bytes'])} × the smallest",
                ),
                *_macs_cards(members),
                (
                    "Source",
                    link(code(family.module), source_address(family, provenance)),
                    "the module in timm's repository",
                ),
            ]
        ),
        *_plot(family.name, members),
        "## Members",
        f"{_MACS} and {link('activations', f'{_METHOD}#activations')} are those of one image of the input size beside "
        f"them: channels × height × width, in pixels.{_doubts(members)}",
        table(
            [
                "Rank",
                "Model",
                "Parameters",
                "Parameter memory",
                "Parameter tensors",
                "Input size",
                "MACs",
                "Activations",
                "Tags",
            ],
            [
                [
                    link(integer(row["rank"]), f"../models/README.md#{row['name']}"),
                    model_link(row["name"]),
                    integer(row["parameters"]),
                    memory(row["parameter_bytes"]),
                    integer(row["parameter_tensors"]),
                    pixels(row["input_size"]),
                    metric(row["macs"], "MACs"),
                    metric(row["activations"]),
                    integer(len(row["tags"])),
                ]
                for row in members
            ],
            numeric=["Rank", "Parameters", "Parameter memory", "Parameter tensors", "MACs", "Activations", "Tags"],
        ),
        "## Papers",
        "\n".join(f"- {link(escape(paper.title), paper.url)}" for paper in family.papers)
        or "The module's docstring names no paper.",
        description=f"{plural(len(members), 'model')} of timm's {family.name} family, "
        f"{memory(smallest['parameter_bytes'])} to {memory(largest['parameter_bytes'])}.",
        hide=["navigation"],
    )


def _macs_cards(members: Sequence[dict[str, Any]]) -> list[tuple[str, str, str]]:
    known = sorted((row for row in members if row["macs"] is not None), key=lambda row: int(row["macs"]))
    if not known:
        return [("MACs", UNKNOWN, "no forward pass of a member could be measured")]
    return [
        (label, metric(row["macs"], "MACs"), f"{model_link(row['name'])} at {pixels(row['input_size'])} pixels")
        for label, row in (("Fewest MACs", known[0]), ("Most MACs", known[-1]))
    ]


def _doubts(members: Iterable[dict[str, Any]]) -> str:
    doubtful = [model_link(row["name"]) for row in members if row["unlisted_operators"]]
    return f" Those of {', '.join(doubtful)} are doubtful: they may be too low." if doubtful else ""


def _plot(name: str, members: Sequence[dict[str, Any]]) -> list[str]:
    """The section with the plot of size against compute; none for a single member, of which it would say nothing."""
    if len(members) < 2:
        return []
    heading = "## Size against compute"
    # An axis of logarithms has no place for nothing.
    drawn = [row for row in members if row["macs"] and row["parameters"]]
    left_out = [model_link(row["name"]) for row in members if not (row["macs"] and row["parameters"])]
    missing = f"Without known MACs and parameters, and so without a point: {', '.join(left_out)}." if left_out else ""
    if len(drawn) < 2:
        return [heading, "There is no plot: it takes two members whose MACs are known.", missing]
    common, _ = Counter(row["input_size"] for row in drawn).most_common(1)[0]
    plot = scatter.Plot(
        scatter.axis("MACs of one image", [row["macs"] for row in drawn]),
        scatter.axis("Parameters", [row["parameters"] for row in drawn]),
    )
    points = plot.points(
        scatter.Point(
            row["name"],
            row["macs"],
            row["parameters"],
            f"../models/{row['name']}.md",
            f"{row['name']}: {integer(row['parameters'])} parameters, {metric(row['macs'], 'MACs')} "
            f"at {pixels(row['input_size'])} pixels",
            hollow=row["input_size"] != common,
        )
        for row in drawn
    )
    sizes = f"Each takes {pixels(common)} pixels"
    if any(row["input_size"] != common for row in drawn):
        sizes = f"A filled point takes {pixels(common)} pixels, a hollow one another input size"
    # Words of the picture are HTML: the figure is a block of it, and Markdown leaves that alone.
    return [
        heading,
        '<figure class="scatter"><figcaption>'
        f"Parameters against MACs of {plural(len(drawn), 'model')}, both axes logarithmic. {sizes}. "
        'A point leads to its model. <a href="#members" class="skip">Skip the points</a></figcaption>'
        f"{plot.svg(f'{name}: parameters against MACs, a link for each model', points)}</figure>",
        missing,
    ]


def source_address(family: Family, provenance: Provenance) -> str:
    """Where the family's module is in timm's repository: at the release's tag, or on main between releases."""
    is_release = re.fullmatch(r"\d+(\.\d+)*", provenance.timm_version)
    revision = f"v{provenance.timm_version}" if is_release else "main"
    return f"{_TIMM_REPOSITORY}/blob/{revision}/{family.module.replace('.', '/')}.py"
