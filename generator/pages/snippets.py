"""Snippets with facts from the dataset, for hand-written pages to include."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from html import escape as escape_html

from generator.facts import cards
from generator.facts.estimates import SETTINGS
from generator.facts.figures import ModelRow
from generator.facts.inspections import Stage
from generator.facts.records import Dataset
from generator.facts.shapes import VECTOR, Shape, count, form
from generator.pages import comparison_links, fit, lines
from generator.pages.formatting import day, integer, memory, percent, ratio
from generator.pages.markdown import code, escape, facts, link, model_link, names, snippet, table
from generator.pages.rank import scope

# Comparisons that the page suggests, and what each of them shows.
COMPARISONS = (
    (("resnet18", "resnet34"), "more blocks of the same kind, tensor by tensor"),
    (
        ("resnet50", "convnext_tiny", "swin_tiny_patch4_window7_224", "vit_small_patch16_224"),
        "four ways to use 22 to 29 million parameters",
    ),
    (("mobilenetv3_large_100", "mobilenetv2_120d", "efficientnet_b0"), "three of 5 to 6 million parameters"),
    (("vit_base_patch16_224", "vit_base_patch16_384"), "the same model at another input size"),
    (("repvgg_b0", "resnet34"), "a deploy form, beside a model that has none"),
)


def comparisons(rows: Sequence[ModelRow]) -> str:
    """Links to suggested comparisons: those whose models are in the dataset, and the largest with the smallest."""
    known = [row.name for row in rows]
    chosen = [(models, shows) for models, shows in COMPARISONS if {*models} <= {*known}]
    if len(known) > 1:
        chosen.append(((known[0], known[-1]), "the largest and the smallest of all"))
    lines = [
        f"- {link(', '.join(names(models)), comparison_links.address(models, 'compare.md'))}: {shows}"
        for models, shows in chosen
    ]
    return snippet("\n".join(lines) if lines else "There are no two models to compare.")


def declared() -> str:
    """The declarations that the comparison page's script needs before it loads any model, and its cards."""
    known = {**lines.FOR_SCRIPTS, "limits": {setting.key: cards.limits(setting.kind) for setting in SETTINGS}}
    return snippet(
        f"<template>{escape_html(json.dumps(known), quote=False)}</template>{fit.card_options('compare-cards')}"
    )


def home_facts(rows: Sequence[ModelRow], dataset: Dataset) -> str:
    """Some striking facts from the dataset, for the home page. They are about the models of ``rows``."""
    if not rows:
        return snippet(scope(0, dataset.provenance), "No model could be inspected.")
    largest, middle, smallest = rows[0], rows[len(rows) // 2], rows[-1]
    signatures = Counter(row.signature for row in rows)
    twins = sum(models for models in signatures.values() if models > 1)
    alike: Counter[Shape] = Counter()
    names = {row.name for row in rows}
    for record in (record for record in dataset.records if record.name in names):
        for (shape, _, _), tensors in record.alike.items():
            alike[shape] += tensors
    vectors = Counter({shape: tensors for shape, tensors in alike.items() if form(shape) == VECTOR})
    in_vectors = sum(tensors * count(shape) for shape, tensors in vectors.items())
    all_parameters = sum(row.parameters for row in rows)
    return snippet(
        scope(len(dataset.records), dataset.provenance),
        facts(
            [
                (
                    "Largest",
                    memory(largest.parameter_bytes),
                    f"{_to(largest)} has {integer(largest.parameters)} parameters, "
                    f"{ratio(largest.parameters, smallest.parameters)} times those of {_to(smallest)}",
                ),
                (
                    "Median",
                    memory(middle.parameter_bytes),
                    f"{_to(middle)} stands in the middle by size",
                ),
                (
                    "Vectors",
                    f"{percent(vectors.total(), alike.total(), 1)} % of tensors",
                    f"hold {percent(in_vectors, all_parameters, 2)} % of the parameters",
                ),
                (
                    "Twins",
                    f"{integer(twins)} models",
                    "have the same tensors, name by name and shape by shape, as another model",
                ),
            ]
        ),
    )


def failures(dataset: Dataset) -> str:
    """The table of failures with stage and reason, or a sentence if there are none."""
    failed, provenance, inspected = dataset.failures, dataset.provenance, len(dataset.records)
    counts = (
        f"timm {escape(provenance.timm_version)}, {day(provenance.date)}: "
        f"{integer(inspected + len(dataset.failed))} models were asked for, {integer(inspected)} have a page, "
        f"{integer(dataset.failed_models)} failed."
    )
    return snippet(
        counts,
        table(
            ["Model", "Stage", "Reason"],
            [[code(failure.name) or "none", failure.stage, escape(failure.reason)] for failure in failed],
        )
        if failed
        else "There is nothing to list.",
    )


def stages() -> str:
    """The table of the stages that failures name."""
    rows = [[stage, stage.meaning, "yes" if stage.leaves_a_record else "no"] for stage in Stage]
    return snippet(table(["Stage", "What happened", "Page"], rows))


def _to(row: ModelRow) -> str:
    return model_link(row.name, "models/")
