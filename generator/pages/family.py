"""The pages of families: an index, and one page for each family."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from generator.facts.columns import Figure
from generator.facts.figures import BY_NAME, ModelRow
from generator.facts.records import Provenance
from generator.facts.registry import Family
from generator.pages import size_plot
from generator.pages.escaping import in_address
from generator.pages.formatting import UNKNOWN, integer, memory, metric, pixels, plural, ratio, value_text
from generator.pages.markdown import code, escape, facts, link, model_link, named, page, table, web_link
from generator.pages.rank import NONE, scope
from generator.ranking import groups

# The columns of the table of members.
_COLUMNS = tuple(
    BY_NAME[name]
    for name in (
        "rank",
        "name",
        "parameters",
        "parameter_bytes",
        "parameter_tensors",
        "input_size",
        "macs",
        "activations",
        "tags",
    )
)
_METHOD = "../guide/method.md"
_MACS = link("MACs", f"{_METHOD}#macs")
_TIMM_REPOSITORY = "https://github.com/huggingface/pytorch-image-models"


def render_index(rows: Sequence[ModelRow], families: tuple[Family, ...], provenance: Provenance) -> str:
    """Render ``families/README.md``, the index of families."""
    titles = {family.name: family.title for family in families}
    listed = groups.families(rows)
    return page(
        "# Families",
        f"A family is the timm module that defines its models. {scope(len(rows), provenance)}",
        "" if not rows else f"{_MACS} are those of one image, at each model's own input size.",
        NONE
        if not rows
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
                    link(named(family.name), f"{in_address(family.name)}.md"),
                    escape(titles[family.name]),
                    integer(family.models),
                    integer(family.with_weights),
                    memory(family.least_bytes),
                    memory(family.greatest_bytes),
                    metric(family.least_macs, "MACs"),
                    metric(family.greatest_macs, "MACs"),
                ]
                for family in listed
            ],
            numeric=["Models", "With weights", "Smallest", "Largest", "Fewest MACs", "Most MACs"],
        ),
        description=f"{plural(len(listed), 'family', 'families')} of timm models.",
        hide=["navigation", "toc"],
    )


def render(family: Family, members: Sequence[ModelRow], provenance: Provenance) -> str:
    """Render a family's page. ``members`` are the rows of its models, in the order of their ranks."""
    # Test fixtures are in the table alone.
    others = groups.without_fixtures(members)
    largest, smallest = others[0], others[-1]
    with_weights = sum(bool(row.tags) for row in members)
    return page(
        f"# {named(family.name)}",
        escape(family.title),
        facts(
            [
                ("Models", integer(len(members)), f"{integer(with_weights)} with weights"),
                (
                    "Smallest",
                    memory(smallest.parameter_bytes),
                    model_link(smallest.name),
                ),
                (
                    "Largest",
                    memory(largest.parameter_bytes),
                    f"{model_link(largest.name)}, "
                    f"{ratio(largest.parameter_bytes, smallest.parameter_bytes)} × the smallest",
                ),
                *_macs_cards(others),
                (
                    "Source",
                    web_link(code(family.module), source_address(family, provenance)),
                    "the module in timm's repository",
                ),
            ]
        ),
        *_plot(family.name, others),
        "## Members",
        f"{_MACS} and {link('activations', f'{_METHOD}#activations')} are those of one image of the input size beside "
        f"them: channels × height × width, in pixels.{_doubts(members)}",
        table(
            [figure.label for figure in _COLUMNS],
            [[_cell(figure, row) for figure in _COLUMNS] for row in members],
            numeric=[figure.label for figure in _COLUMNS if figure.name not in ("name", "input_size")],
        ),
        "## Papers",
        "\n".join(f"- {web_link(escape(paper.title), paper.url)}" for paper in family.papers)
        or "The module's docstring names no paper.",
        description=f"{plural(len(members), 'model')} of timm's {family.name} family, "
        f"{memory(smallest.parameter_bytes)} to {memory(largest.parameter_bytes)}.",
        hide=["navigation"],
    )


def _cell(figure: Figure, row: ModelRow) -> str:
    text = value_text(figure, getattr(row, figure.name))
    if figure.name == "rank":
        return link(text, f"../models/README.md#{in_address(row.name)}")
    return model_link(row.name) if figure.name == "name" else text


def _macs_cards(members: Sequence[ModelRow]) -> list[tuple[str, str, str]]:
    known = sorted((row for row in members if row.macs is not None), key=lambda row: row.macs or 0)
    if not known:
        return [("MACs", UNKNOWN, "no forward pass of a member could be measured")]
    return [
        (label, metric(row.macs, "MACs"), f"{model_link(row.name)} at {pixels(row.input_size)} pixels")
        for label, row in (("Fewest MACs", known[0]), ("Most MACs", known[-1]))
    ]


def _doubts(members: Iterable[ModelRow]) -> str:
    doubtful = [model_link(row.name) for row in members if row.unlisted_operators]
    return f" Those of {', '.join(doubtful)} are doubtful: they may be too low." if doubtful else ""


def _plot(name: str, members: Sequence[ModelRow]) -> list[str]:
    """The section with the plot of parameters against MACs. A family with a single model has none."""
    if len(members) < 2:
        return []
    heading = "## Size against compute"
    # Zero has no place on a logarithmic axis.
    drawn = size_plot.placed(members)
    with_place = {model.row.name for model in drawn}
    left_out = [model_link(row.name) for row in members if row.name not in with_place]
    missing = f"Without known MACs and parameters, and so without a point: {', '.join(left_out)}." if left_out else ""
    if len(drawn) < 2:
        return [heading, "There is no plot: it takes two members whose MACs are known.", missing]
    common, _ = Counter(model.row.input_size for model in drawn).most_common(1)[0]
    plot = size_plot.plot(drawn, "MACs of one image", "Parameters")
    is_hollow = [model.row.input_size != common for model in drawn]
    points = plot.points(
        size_plot.point(model, lambda name: f"../models/{in_address(name)}.md", hollow=hollow)
        for model, hollow in zip(drawn, is_hollow, strict=True)
    )
    sizes = f"Each takes {pixels(common)} pixels"
    if any(is_hollow):
        sizes = f"A filled point takes {pixels(common)} pixels, a hollow one another input size"
    # The caption is HTML, not Markdown: the whole figure is one block of HTML, which Markdown does not change.
    return [
        heading,
        '<figure class="scatter"><figcaption>'
        f"Parameters against MACs of {plural(len(drawn), 'model')}, both axes logarithmic. {sizes}. "
        'A point leads to its model. <a href="#members" class="skip">Skip the points</a></figcaption>'
        f"{plot.svg(f'{name}: parameters against MACs, a link for each model', points)}</figure>",
        missing,
    ]


def source_address(family: Family, provenance: Provenance) -> str:
    """The address of the family's module in timm's repository, at the release's tag; on main between releases."""
    is_release = re.fullmatch(r"\d+(\.\d+)*", provenance.timm_version)
    revision = f"v{provenance.timm_version}" if is_release else "main"
    return f"{_TIMM_REPOSITORY}/blob/{revision}/{family.module.replace('.', '/')}.py"
