"""The built site against timm itself."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest
import timm
import torch

from generator.facts.figures import ModelRow
from generator.facts.records import Dataset


def test_pages_and_failures_are_the_registry(dataset: Dataset, docs: Path, site: Path) -> None:
    """Pages and failures together are exactly timm.list_models(), and both only where a later stage failed."""
    failed = {failure.name for failure in dataset.failed}
    in_markdown = {path.stem for path in (docs / "models").glob("*.md")} - {"README"}
    in_html = {path.parent.name for path in (site / "models").glob("*/index.html")}
    assert in_markdown == in_html
    assert not in_html & failed
    assert sorted(in_html | failed) == sorted(timm.list_models())


def test_deprecated_names_have_no_page(site: Path) -> None:
    """A deprecated alias is not a model of its own."""
    assert not [name for name in timm.models.get_deprecated_models() if (site / "models" / name).exists()]


def test_no_model_failed(dataset: Dataset) -> None:
    """Every model can be inspected: a failure is for a maintainer to look at before anything is published."""
    assert dataset.failures == ()


def test_families_and_tags_are_those_of_the_registry(rows: tuple[ModelRow, ...]) -> None:
    """Families are timm's modules and tags its pretrained weights, none lost and none added."""
    for row in rows:
        assert timm.models.is_model_in_modules(row.name, [row.family])
    tagged = {f"{row.name}.{tag}" for row in rows for tag in row.tags}
    assert tagged == set(timm.list_pretrained())


@pytest.fixture(scope="module")
def smallest(rows: tuple[ModelRow, ...]) -> list[ModelRow]:
    """The smallest model of each family."""
    return list({row.family: row for row in rows}.values())


def test_counts_equal_a_plain_construction(smallest: list[ModelRow], data: Path) -> None:
    """For one model of each family, timm's own initialisers run and the names, shapes and counts are the same."""
    for name in (row.name for row in smallest):
        with torch.device("meta"):
            model = timm.create_model(name)
        document = json.loads((data / "models" / f"{name}.json").read_text())
        assert [(tensor["name"], tuple(tensor["shape"])) for tensor in document["tensors"]] == [
            (parameter_name, tuple(parameter.shape)) for parameter_name, parameter in model.named_parameters()
        ]
        assert document["parameters"] == sum(parameter.numel() for parameter in model.parameters())
        assert document["buffers"] == sum(buffer.numel() for buffer in model.buffers())
        assert document["checkpoint_elements"] == sum(value.numel() for value in model.state_dict().values())


# Families where num_classes=0 removes more than the modules that timm names as the classifier, and what.
MORE_THAN_THE_CLASSIFIER = {
    "efficientvit_msra": "the normalisation before the linear layer",
    "shvit": "the normalisation before the linear layer",
}


@pytest.fixture(scope="module")
def without_classes(smallest: list[ModelRow]) -> list[tuple[ModelRow, int]]:
    """For one model of each family, the parameters that num_classes=0 leaves."""
    found = []
    for row in smallest:
        with torch.device("meta"):
            model = timm.create_model(row.name, num_classes=0)
        found.append((row, sum(math.prod(parameter.shape) for parameter in model.parameters())))
    return found


def test_backbone_has_all_that_is_left_without_classes(without_classes: list[tuple[ModelRow, int]]) -> None:
    """For one model of each family, what num_classes=0 leaves is part of the backbone, where that is known."""
    for row, left in without_classes:
        assert row.backbone_parameters is None or left <= row.backbone_parameters, row.name


@pytest.mark.pinned
def test_backbone_is_the_model_without_classes(without_classes: list[tuple[ModelRow, int]]) -> None:
    """For one model of each family, backbone_parameters is what num_classes=0 leaves, but for known reasons."""
    different = {row.family for row, left in without_classes if left != row.backbone_parameters}
    assert different == {row.family for row, _ in without_classes} & MORE_THAN_THE_CLASSIFIER.keys()


def test_equal_checkpoints_load_strictly(models: pd.DataFrame) -> None:
    """In each group that is said to exchange checkpoints, all hold the same names and shapes, buffers included."""
    groups = models.groupby("checkpoint_signature")["name"].apply(list)
    shared = [names for names in groups if len(names) > 1]
    assert shared
    for names in shared:
        contents = []
        for name in names:
            with torch.device("meta"):
                state = timm.create_model(name).state_dict()
            contents.append({key: tuple(value.shape) for key, value in state.items()})
        assert all(content == contents[0] for content in contents)


def test_unknown_licences_are_not_permissive(weights: pd.DataFrame) -> None:
    """Weights for which timm names no licence, or the word "unknown", are of class unknown."""
    unnamed = weights["license"].isna() | (weights["license"] == "unknown")
    assert set(weights.loc[unnamed, "license_class"]) <= {"unknown"}


@pytest.mark.pinned
def test_no_count_is_doubtful_or_unknown(models: pd.DataFrame) -> None:
    """Every operator that any model runs is known, and MACs and activations of every model are."""
    doubtful = {name for names in models["unlisted_operators"] for name in names}
    assert doubtful == set()
    assert models["macs"].notna().all()
    assert models["activations"].notna().all()


def test_training_fails_over_single_values_alone(models: pd.DataFrame) -> None:
    """Some models do not train on one image, all for the one reason that is looked for."""
    errors = models["training_error"].dropna()
    assert 0 < len(errors) < len(models)
    assert errors.str.startswith("ValueError: Expected more than 1 value per channel").all()


def test_own_macs_of_modules_are_those_of_the_model(dataset: Dataset) -> None:
    """For every model the own MACs of its modules add up to its MACs exactly."""
    for record in dataset.records:
        assert record.inspection.compute is not None
        assert sum(module.macs or 0 for module in record.inspection.modules) == record.inspection.compute.macs
