"""The pages of the families: their index, and one page each."""

from __future__ import annotations

import re

import pandas as pd

from generator.dataset import rows
from generator.pages.formatting import integer, memory, pixels, plural, ratio
from generator.pages.markdown import code, escape, facts, link, model_link, page, table
from generator.pages.rank import NONE, scope
from generator.ranking import family_table
from generator.records import Family, Provenance

_TIMM_REPOSITORY = "https://github.com/huggingface/pytorch-image-models"


def render_index(ranked: pd.DataFrame, families: tuple[Family, ...], provenance: Provenance) -> str:
    """The Markdown of ``families/README.md``."""
    titles = {family.name: family.title for family in families}
    return page(
        "# Families",
        f"A family is the timm module that defines its models. {scope(len(ranked), provenance)}",
        NONE
        if ranked.empty
        else table(
            ["Family", "Title in timm", "Models", "With weights", "Smallest", "Largest"],
            [
                [
                    link(row["family"], f"{row['family']}.md"),
                    escape(titles[row["family"]]),
                    integer(row["models"]),
                    integer(row["with_weights"]),
                    memory(row["least_bytes"]),
                    memory(row["greatest_bytes"]),
                ]
                for row in rows(family_table(ranked))
            ],
            numeric=["Models", "With weights", "Smallest", "Largest"],
        ),
        description=f"{plural(ranked['family'].nunique(), 'family', 'families')} of timm models.",
        hide=["navigation", "toc"],
    )


def render(family: Family, members: pd.DataFrame, provenance: Provenance) -> str:
    """The Markdown of a family's page, for its rows of the ranked table."""
    table_rows = list(rows(members))
    largest, smallest = table_rows[0], table_rows[-1]
    with_weights = sum(bool(row["tags"]) for row in table_rows)
    return page(
        f"# {family.name}",
        escape(family.title),
        facts(
            [
                ("Models", integer(len(table_rows)), f"{integer(with_weights)} with weights"),
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
                (
                    "Source",
                    link(code(family.module), source_address(family, provenance)),
                    "the module in timm's repository",
                ),
            ]
        ),
        "## Members",
        table(
            ["Rank", "Model", "Parameters", "Parameter memory", "Parameter tensors", "Input size", "Tags"],
            [
                [
                    link(integer(row["rank"]), f"../models/README.md#{row['name']}"),
                    model_link(row["name"]),
                    integer(row["parameters"]),
                    memory(row["parameter_bytes"]),
                    integer(row["parameter_tensors"]),
                    pixels(row["input_size"]),
                    integer(len(row["tags"])),
                ]
                for row in table_rows
            ],
            numeric=["Rank", "Parameters", "Parameter memory", "Parameter tensors", "Tags"],
        ),
        "## Papers",
        "\n".join(f"- {link(escape(paper.title), paper.url)}" for paper in family.papers)
        or "The module's docstring names no paper.",
        description=f"{plural(len(table_rows), 'model')} of timm's {family.name} family, "
        f"{memory(smallest['parameter_bytes'])} to {memory(largest['parameter_bytes'])}.",
        hide=["navigation"],
    )


def source_address(family: Family, provenance: Provenance) -> str:
    """Where the family's module is in timm's repository: at the release's tag, or on main between releases."""
    is_release = re.fullmatch(r"\d+(\.\d+)*", provenance.timm_version)
    revision = f"v{provenance.timm_version}" if is_release else "main"
    return f"{_TIMM_REPOSITORY}/blob/{revision}/{family.module.replace('.', '/')}.py"
