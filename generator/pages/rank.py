"""The rank page: a table of all models, largest first, and the budget finder above it."""

from __future__ import annotations

from collections.abc import Sequence

from generator.facts.columns import Figure, Kind, Place
from generator.facts.figures import IN_TABLE, ModelRow
from generator.facts.records import Provenance
from generator.pages import finder
from generator.pages.escaping import in_html
from generator.pages.formatting import day, integer, plural, value_text
from generator.pages.markdown import code, escape, family_link, model_link, page, table

# Shown instead of a table without rows.
NONE = "No model could be inspected. [Failures](../failures.md) says why."

# The columns of the table in the page. The page's script adds other columns on request, which keeps the page small.
SHOWN = tuple(figure for figure in IN_TABLE if figure.place is Place.SHOWN)
_WORDS = (Kind.TEXT, Kind.TEXTS, Kind.NUMBERS)


def render(rows: Sequence[ModelRow], provenance: Provenance) -> str:
    """Render ``models/README.md``, for the rows of `ranks.ranked`.

    The anchor of each row is the model's name.
    """
    return page(
        "# Models by parameter memory",
        scope(len(rows), provenance),
        *(
            [
                "Equal models share a rank. Memory is that of the parameters as timm creates them, 1 MiB = 1,048,576 "
                "bytes. MACs and activations are those of one forward pass at the input size beside them (channels, "
                "height and width in pixels), batch 1. Tags counts the sets of pretrained weights, Licences has the "
                "[classes](../guide/glossary.md#licence-class) of their licences, that of the default first.",
                # The path ../assets is right both in docs/ and in the site.
                '<link rel="stylesheet" href="../assets/rank.css">',
                f'<atlas-rank data-columns="{_names(SHOWN)}">',
                finder.render(_strides(rows), _count(len(rows)), has_fixtures=any(row.fixture for row in rows)),
                table(
                    [figure.label for figure in SHOWN],
                    [[_cell(figure, row) for figure in SHOWN] for row in rows],
                    numeric=[figure.label for figure in _numeric(SHOWN)],
                ),
                "</atlas-rank>",
                '<script type="module" src="../assets/js/rank/page.js"></script>',
            ]
            if rows
            else [NONE]
        ),
        title="Models",
        description=f"{integer(len(rows))} timm models by parameter memory, largest first.",
        hide=["navigation", "toc"],
    )


def scope(models: int, provenance: Provenance) -> str:
    """One sentence about the models in the dataset, which says so if they are a subset."""
    versions = f"timm {escape(provenance.timm_version)}, {day(provenance.date)}"
    if not provenance.patterns:
        return f"All {integer(models)} models of {versions}."
    patterns = ", ".join(map(code, provenance.patterns))
    return (
        f"**A subset:** the {integer(models)} models that match {patterns}, of the "
        f"{integer(provenance.registered_models)} of {versions}. Ranks, families and links cover just these."
    )


def _count(models: int) -> str:
    return f"{integer(models)} of {plural(models, 'model')}"


def _strides(rows: Sequence[ModelRow]) -> list[int]:
    return sorted({stride for row in rows for stride in row.feature_strides or ()})


def _names(figures: Sequence[Figure]) -> str:
    return ",".join(figure.name for figure in figures)


def _numeric(figures: Sequence[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.kind not in _WORDS]


def _cell(figure: Figure, row: ModelRow) -> str:
    if figure.name == "name":
        return f'<a id="{in_html(row.name)}"></a>{model_link(row.name, "")}'
    if figure.name == "family":
        return family_link(row.family)
    return value_text(figure, getattr(row, figure.name))
