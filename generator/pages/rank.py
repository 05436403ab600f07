"""The rank page: every model, largest first, and the budget finder above them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from generator.dataset import rows
from generator.index import tag_license_classes
from generator.pages import finder
from generator.pages.formatting import day, integer, memory, metric, pixels, plural
from generator.pages.markdown import code, family_link, model_link, page, table
from generator.records import Provenance

# Where a table would have no row.
NONE = "No model could be inspected. [Failures](../failures.md) says why."

# The columns of the table by their name in the index, with their headings, in the order of the page.
HEADINGS = {
    "rank": "Rank",
    "name": "Model",
    "family": "Family",
    "parameters": "Parameters",
    "parameter_bytes": "Parameter memory",
    "parameter_tensors": "Parameter tensors",
    "macs": "MACs",
    "activations": "Activations",
    "input_size": "Input size",
    "tags": "Tags",
    "license_classes": "Licences",
}
# Those that the page's script adds when they are asked for, so that the page stays small for all who do not.
ON_REQUEST = {
    "feature_strides": "Feature strides",
    "inference_bytes": "Inference memory",
    "training_bytes": "Training memory, fp32",
    "training_bytes_mixed": "Training memory, mixed",
}
_TEXTS = ("name", "family", "license_classes")


def render(ranked: pd.DataFrame, weights: pd.DataFrame, provenance: Provenance) -> str:
    """The Markdown of ``models/README.md`` for a `ranking.ranked` table and the weights of its models.

    Each row's anchor is the model's name.
    """
    classes = tag_license_classes(weights)
    return page(
        "# Models by parameter memory",
        scope(len(ranked), provenance),
        *(
            [NONE]
            if ranked.empty
            else [
                "Equal models share a rank. Memory is that of the parameters as timm creates them, 1 MiB = 1,048,576 "
                "bytes. MACs and activations are those of one forward pass at the input size beside them (channels, "
                "height and width in pixels), batch 1. Tags counts the sets of pretrained weights, Licences has the "
                "[classes](../guide/glossary.md#licence-class) of their licences, that of the default first.",
                # The script is beside the pages, one level up in the site as well.
                '<link rel="stylesheet" href="../assets/rank.css">',
                f'<atlas-rank data-columns="{",".join(HEADINGS)}" data-numeric="{",".join(_numeric())}">',
                finder.form(HEADINGS | ON_REQUEST, len(HEADINGS), _strides(ranked), _count(len(ranked))),
                table(
                    list(HEADINGS.values()),
                    [
                        [
                            integer(row["rank"]),
                            _anchor(row["name"]) + model_link(row["name"], ""),
                            family_link(row["family"]),
                            integer(row["parameters"]),
                            memory(row["parameter_bytes"]),
                            integer(row["parameter_tensors"]),
                            metric(row["macs"], "MACs"),
                            integer(row["activations"]),
                            pixels(row["input_size"]),
                            integer(len(row["tags"])),
                            license_classes(classes.get(row["name"], ())),
                        ]
                        for row in rows(ranked)
                    ],
                    numeric=[HEADINGS[name] for name in HEADINGS if name not in _TEXTS],
                ),
                "</atlas-rank>",
                '<script type="module" src="../assets/js/rank.js"></script>',
            ]
        ),
        title="Models",
        description=f"{integer(len(ranked))} timm models by parameter memory, largest first.",
        hide=["navigation", "toc"],
    )


def license_classes(of_tags: Sequence[str]) -> str:
    """The classes of a model's weights, each once; without weights there is no licence."""
    return ", ".join(dict.fromkeys(of_tags)) or "–"


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


def _count(models: int) -> str:
    return f"{integer(models)} of {plural(models, 'model')}"


def _strides(ranked: pd.DataFrame) -> list[int]:
    known = ranked["feature_strides"].dropna()
    return sorted({stride for strides in known for stride in strides})


def _numeric() -> list[str]:
    return [name for name in HEADINGS | ON_REQUEST if name not in (*_TEXTS, "feature_strides")]


def _anchor(name: str) -> str:
    return f'<a id="{name}"></a>'
