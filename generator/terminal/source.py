"""Say where printed figures come from: versions, dates, and the name of a dataset."""

from __future__ import annotations

from generator.facts.records import Dataset, Provenance, Resized
from generator.facts.shapes import Shape
from generator.facts.texts import printable
from generator.pages.formatting import day, pixels, plural


def source(provenance: Provenance, date: str) -> str:
    """The line below printed figures that were measured on this date."""
    return printable(f"timm {provenance.timm_version}, torch {provenance.torch_version}, data of {day(date)}")


def measured_now(timm_version: str) -> str:
    """The sentence below figures measured on request: the dataset may come from another version of timm."""
    return f"Every figure is of the model at this size, measured now with timm {timm_version}."


def at_size(size: Shape) -> str:
    """The label of the line that says how models were made for an input size, height and width in pixels."""
    return f"At {pixels(size)} pixels"


def how_made(at: Resized) -> str:
    """How a model was made for the input size that the user asked for."""
    return "created as by default" if at.img_size is None else f"built for it with img_size={at.img_size}"


def dataset_name(dataset: Dataset) -> str:
    """The name of a dataset in messages: its number of models, their patterns, and the version of timm."""
    models = plural(len(dataset.records), "model")
    covers = f" matching {', '.join(dataset.provenance.patterns)}" if dataset.is_subset else ""
    return f"the dataset ({models}{covers}, timm {dataset.provenance.timm_version})"
