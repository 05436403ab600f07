"""Facts from the data that hand-written pages include."""

from __future__ import annotations

import pandas as pd

from generator.dataset import Dataset
from generator.pages import comparison_links
from generator.pages.formatting import day, integer, memory, percent, ratio
from generator.pages.markdown import code, escape, facts, link, model_link, snippet, table
from generator.pages.rank import scope
from generator.records import Failure, Provenance
from generator.vocabulary import FORM_VECTOR

# Comparisons to begin with, and what each of them shows.
_COMPARISONS = (
    (("resnet18", "resnet34"), "more blocks of the same kind, tensor by tensor"),
    (
        ("resnet50", "convnext_tiny", "swin_tiny_patch4_window7_224", "vit_small_patch16_224"),
        "four ways to use 22 to 29 million parameters",
    ),
    (("mobilenetv3_large_100", "mobilenetv2_120d", "efficientnet_b0"), "three of 5 to 6 million parameters"),
    (("vit_base_patch16_224", "vit_base_patch16_384"), "the same model at another input size"),
    (("repvgg_b0", "resnet34"), "a deploy form, beside a model that has none"),
)


def comparisons(ranked: pd.DataFrame) -> str:
    """Links to comparisons for the page that makes them: of models that are there, the extremes among them."""
    names = ranked["name"].tolist()
    chosen = [(models, shows) for models, shows in _COMPARISONS if {*models} <= {*names}]
    if len(names) > 1:
        chosen.append(((names[0], names[-1]), "the largest and the smallest of all"))
    lines = [
        f"- {link(', '.join(models), comparison_links.address(models, 'compare.md'))}: {shows}"
        for models, shows in chosen
    ]
    return snippet("\n".join(lines) if lines else "There are no two models to compare.")


def home_facts(ranked: pd.DataFrame, dataset: Dataset) -> str:
    """What is striking in the data, for the home page."""
    if ranked.empty:
        return snippet(scope(0, dataset.provenance), "No model could be inspected.")
    largest, smallest = ranked.iloc[0], ranked.iloc[-1]
    middle = ranked.iloc[len(ranked) // 2]
    twins = int(ranked["signature"].duplicated(keep=False).sum())
    vectors = dataset.tensors[dataset.tensors["form"] == FORM_VECTOR]
    all_parameters = int(dataset.tensors["parameters"].sum())
    return snippet(
        scope(len(ranked), dataset.provenance),
        facts(
            [
                (
                    "Largest",
                    memory(int(largest["parameter_bytes"])),
                    f"{_to(largest)} has {integer(int(largest['parameters']))} parameters, "
                    f"{ratio(int(largest['parameters']), int(smallest['parameters']))} times those of {_to(smallest)}",
                ),
                (
                    "Median",
                    memory(int(middle["parameter_bytes"])),
                    f"{_to(middle)} stands in the middle of the rank page",
                ),
                (
                    "Vectors",
                    f"{percent(len(vectors), len(dataset.tensors), 1)} % of tensors",
                    f"hold {percent(int(vectors['parameters'].sum()), all_parameters, 2)} % of the parameters",
                ),
                (
                    "Twins",
                    f"{integer(twins)} models",
                    "have the same tensors, name by name and shape by shape, as another model",
                ),
            ]
        ),
    )


def failures(failed: tuple[Failure, ...], inspected: int, provenance: Provenance) -> str:
    """The failures with stage and reason, or the sentence that there are none."""
    without_page = sum(not failure.leaves_a_record for failure in failed)
    counts = (
        f"timm {provenance.timm_version}, {day(provenance.date)}: "
        f"{integer(inspected + without_page)} models were asked for, {integer(inspected)} have a page, "
        f"{integer(len({failure.name for failure in failed}))} failed."
    )
    return snippet(
        counts,
        table(
            ["Model", "Stage", "Reason"],
            [[code(failure.name), failure.stage, escape(failure.reason)] for failure in failed],
        )
        if failed
        else "There is nothing to list.",
    )


def _to(row: pd.Series) -> str:
    return model_link(row["name"], "models/")
