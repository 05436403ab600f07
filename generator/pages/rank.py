"""The rank page: every model, largest first."""

from __future__ import annotations

import pandas as pd

from generator.dataset import rows
from generator.pages.formatting import day, integer, memory
from generator.pages.markdown import code, family_link, model_link, page, table
from generator.records import Provenance

# Where a table would have no row.
NONE = "No model could be inspected. [Failures](../failures.md) says why."


def render(ranked: pd.DataFrame, provenance: Provenance) -> str:
    """The Markdown of ``models/README.md`` for a `ranking.ranked` table. Each row's anchor is the model's name."""
    return page(
        "# Models by parameter memory",
        scope(len(ranked), provenance),
        "Equal models share a rank. Memory is that of the parameters as timm creates them, 1 MiB = 1,048,576 bytes.",
        NONE
        if ranked.empty
        else table(
            ["Rank", "Model", "Family", "Parameters", "Parameter memory", "Parameter tensors"],
            [
                [
                    integer(row["rank"]),
                    _anchor(row["name"]) + model_link(row["name"], ""),
                    family_link(row["family"]),
                    integer(row["parameters"]),
                    memory(row["parameter_bytes"]),
                    integer(row["parameter_tensors"]),
                ]
                for row in rows(ranked)
            ],
            numeric=["Rank", "Parameters", "Parameter memory", "Parameter tensors"],
        ),
        title="Models",
        description=f"{integer(len(ranked))} timm models by parameter memory, largest first.",
        hide=["navigation", "toc"],
    )


def scope(models: int, provenance: Provenance) -> str:
    """One sentence: what the dataset covers, and that a subset is one."""
    versions = f"timm {provenance.timm_version}, {day(provenance.date)}"
    if not provenance.patterns:
        return f"All {integer(models)} models of {versions}."
    patterns = ", ".join(map(code, provenance.patterns))
    return (
        f"**A subset:** the {integer(models)} models that match {patterns}, of the "
        f"{integer(provenance.registered_models)} of {versions}. Ranks, families and links cover just these."
    )


def _anchor(name: str) -> str:
    return f'<a id="{name}"></a>'
