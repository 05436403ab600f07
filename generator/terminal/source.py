"""Say where printed figures come from: versions, dates, and the name of a dataset."""

from __future__ import annotations

from generator.facts.records import Dataset, Provenance
from generator.facts.texts import printable
from generator.pages.formatting import day, plural


def source(provenance: Provenance, date: str) -> str:
    """The line below printed figures that were measured on this date."""
    return printable(f"timm {provenance.timm_version}, torch {provenance.torch_version}, data of {day(date)}")


def measured_now(timm_version: str) -> str:
    """The sentence below figures measured on request: the dataset may come from another version of timm."""
    return f"What is not at the default input size was measured now, with timm {timm_version}."


def dataset_name(dataset: Dataset) -> str:
    """The name of a dataset in messages: its number of models, their patterns, and the version of timm."""
    models = plural(len(dataset.records), "model")
    covers = f" matching {', '.join(dataset.provenance.patterns)}" if dataset.is_subset else ""
    return f"the dataset ({models}{covers}, timm {dataset.provenance.timm_version})"
