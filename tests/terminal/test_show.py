"""One model for a terminal, by hand from the tiny ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.facts import estimates
from generator.facts.estimates import Band
from generator.facts.figures import row
from generator.facts.inspections import Failure, Stage
from generator.facts.records import ModelRecord, Resized
from generator.ranking.standings import standings
from generator.terminal import show
from tests.examples import (
    PROVENANCE,
    PUBLISHED,
    RECORDS,
    ROWS,
    TINY_CONV,
    TINY_EMPTY,
    TINY_MIXED,
    TINY_TWIN,
    TINY_VIT,
    passes,
    refusing,
    resized,
)

STANDINGS = standings(ROWS)


def text(record: ModelRecord, at: Resized | None = None) -> str:
    """All about a model that stands where the tiny model of its name does."""
    standing = STANDINGS[record.name]
    return show.render(record, row(record, standing.rank), standing, PROVENANCE, at)


def shown(record: ModelRecord, at: Resized | None = None) -> list[str]:
    """The lines about a model, one blank between words: how wide the columns are depends on all of them."""
    return [" ".join(line.split()) for line in text(record, at).splitlines()]


def test_a_fact_is_a_line_in_two_columns() -> None:
    """Labels stand in one column and values in another, forms and dtypes indented below their totals."""
    lines = text(TINY_VIT).splitlines()
    column = lines[1].index("tiny")
    assert lines[0] == "tiny_vit"
    assert "  " + "Parameters".ljust(column - 2) + "203" in lines
    assert "    " + "Scalar".ljust(column - 4) + "1 tensor, 1 parameter" in lines
    assert "    " + "Matrix".ljust(column - 4) + "4 tensors, 124 parameters" in lines
    assert "  " + "Percentile".ljust(column - 2) + "larger than 40.0 % of models" in lines
    assert "      " + "AdamW, batch 1".ljust(column - 6) + "35.250 KiB" in lines


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_values_stand_beside_their_labels(record: ModelRecord) -> None:
    """The longest label of a value sets the column, two blanks before it; a heading takes the line as it comes."""
    lines = text(record).splitlines()
    column = next(line for line in lines if line.startswith("  Family")).index(record.entry.family)
    assert column == len("    saved for training in bf16, mixed  ")
    headings = [line for line in lines[1:-1] if len(line) > column and line[column - 2 : column].strip()]
    assert [line.strip().partition(" (")[0] for line in headings] == [
        "memory of inference in fp32",
        "memory of inference in bf16",
        "memory of training in fp32",
        "memory of training in bf16, mixed precision",
    ]
    assert not any(line.endswith(" ") for line in lines)


def test_a_model_says_where_its_figures_come_from() -> None:
    """The last line has the versions, and the day of the model's own record."""
    assert text(TINY_VIT).splitlines()[-1] == "timm 1.0.31, torch 2.15.0, data of 2026-01-02"
    assert text(TINY_TWIN).splitlines()[-1] == "timm 1.0.31, torch 2.15.0, data of 2025-12-31"


def test_memory_is_told_by_dtype_and_by_format() -> None:
    """Each format has a line for all 273 parameters below their memory; the dtypes that they are created as follow."""
    lines = shown(TINY_MIXED)
    start = lines.index("Parameter memory 0.566 KiB")
    assert lines[start + 1 : start + 6] == [
        "in fp32 1.066 KiB",
        "in bf16 or fp16 0.533 KiB",
        "in int8 0.267 KiB",
        "in int4 0.134 KiB",
        "Checkpoint size 0.566 KiB",
    ]
    start = lines.index("Created as")
    assert lines[start + 1 : start + 3] == ["float16 0.500 KiB", "float32 0.066 KiB"]
    assert "Created as no parameters" in shown(TINY_EMPTY)


def test_size_is_told_figure_by_figure() -> None:
    """Parameters, tensors, head, backbone and buffers have a line each, elements told from bytes."""
    lines = shown(TINY_CONV)
    for expected in (
        "Parameters 394",
        "Trainable parameters 394",
        "Checkpoint size 1.609 KiB",
        "Parameter tensors 6",
        "Buffers 17 elements",
        "Buffer memory 0.070 KiB",
        "Head parameters 90",
        "Backbone parameters 304",
        "Input size 3 × 32 × 32 pixels",
        "Rank 1 of 5 by parameter memory",
        "In timm since unknown",
    ):
        assert expected in lines
    assert "Head parameters unknown" in shown(TINY_MIXED)
    assert "Input size unknown" in shown(TINY_MIXED)
    assert "Trainable parameters 257" in shown(TINY_MIXED)


def test_compute_is_told_below_its_resolution() -> None:
    """What a forward pass takes stands below the input size, with what is not known of its cost."""
    lines = shown(TINY_VIT)
    start = lines.index("Forward pass, batch 1 at 3 × 32 × 32 pixels")
    assert lines[start + 1 : start + 7] == [
        "MACs 0.552 kMACs",
        "activations 86 elements",
        "cost not known of tiny::mix",
        "activation memory, peak 12.062 KiB",
        "saved for training in fp32 12.250 KiB",
        "saved for training in bf16, mixed 6.125 KiB",
    ]
    assert not any("cost not known" in line for line in shown(TINY_CONV))
    assert "Forward pass, batch 1 unknown" in shown(TINY_MIXED)
    assert "MACs unknown" in shown(TINY_MIXED)


def test_another_size_takes_the_place_of_the_default() -> None:
    """Asked for another size, every figure is of the model there; it says how the model was made, and has no rank."""
    at = resized(TINY_CONV, 64, 32, img_size=64, macs=589_904)
    lines = shown(TINY_CONV, at)
    assert "At 64 × 32 pixels built for it with img_size=64" in lines
    assert "Input size 3 × 64 × 32 pixels" in lines
    start = lines.index("Forward pass, batch 1 at 3 × 64 × 32 pixels")
    assert lines[start + 1] == "MACs 589.904 kMACs"
    assert "Buffers 18 elements" in lines
    text = "\n".join(lines)
    assert "294.992 kMACs" in text.partition("Deploy form")[2]
    assert "294.992 kMACs" not in text.partition("Deploy form")[0]
    assert not any(line.startswith(("Rank", "Percentile", "Nearest", "Same checkpoints")) for line in lines)
    assert "data of" not in text
    assert "At 64 × 32 pixels created as by default" in shown(TINY_CONV, resized(TINY_CONV, 64, 32))


def test_a_model_that_cannot_train_on_one_image_says_why() -> None:
    """Estimates for one image have no number, those for more do, and the reason stands below them."""
    compute = TINY_CONV.inspection.compute
    assert compute is not None
    error = "ValueError: Expected more than 1 value per channel"
    inspection = replace(TINY_CONV.inspection, compute=refusing(compute, error))
    lines = shown(replace(TINY_CONV, inspection=inspection))
    assert lines.count("SGD with momentum, batch 1 not possible") == 2
    assert lines.count("AdamW, batch 1 not possible") == 2
    assert f"no training on one image {error}" in lines
    assert not any("not possible" in line and "batch 32" in line for line in lines)
    assert not any("not possible" in line or "no training" in line for line in shown(TINY_CONV))


def test_estimates_stand_below_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind names how far it was off, and has a line for each estimate."""
    monkeypatch.setattr(estimates, "BANDS", dict.fromkeys(estimates.BANDS, Band(0.9, 1.25)))
    lines = shown(TINY_CONV)
    start = lines.index("memory of inference in fp32 (estimated; real runs × 0.90 to 1.25)")
    assert lines[start + 1 : start + 3] == ["batch 1 80.000 KiB", "batch 32 2.379 MiB"]


def test_a_batch_that_is_asked_for_has_its_own_heading() -> None:
    """Memory is of that batch, in place of 1 and 32, below a line that says so; other figures stay those of one image.

    4,096 bytes stand, 77,824 are of each image, and AdamW has 7,168 bytes of states beside 2,048 of the pass.
    """
    standing, own = STANDINGS["tiny_conv"], row(TINY_CONV, 1)
    told = show.render(TINY_CONV, own, standing, PROVENANCE, batch=64).splitlines()
    found = [" ".join(line.split()) for line in told]
    assert [line for line in found if not line.endswith("KiB") and "batch" in line and "memory of" not in line] == [
        "Forward pass, batch 1 at 3 × 32 × 32 pixels",
        "Memory, batch 64 at 3 × 32 × 32 pixels",
        "batch 64 4.754 MiB",
        "batch 64 2.377 MiB",
        "SGD with momentum, batch 64 4.759 MiB",
        "AdamW, batch 64 4.763 MiB",
        "SGD with momentum, batch 64 2.384 MiB",
        "AdamW, batch 64 2.388 MiB",
    ]
    start = found.index("Forward pass, batch 1 at 3 × 32 × 32 pixels")
    usual = shown(TINY_CONV)
    assert found[start + 1 : start + 6] == usual[start + 1 : start + 6]
    assert not any("batch 1 " in line or "batch 32 " in line for line in found[start + 6 :] if "real runs" not in line)
    empty = show.render(TINY_MIXED, row(TINY_MIXED, 4), STANDINGS["tiny_mixed"], PROVENANCE, batch=64)
    assert "Memory, batch 64 unknown" in [" ".join(line.split()) for line in empty.splitlines()]


def test_a_batch_is_estimated_at_another_size_too() -> None:
    """The estimates are of the passes at that size: 4,096 bytes that stand, and 100,000 of each of 64 images."""
    at = resized(TINY_CONV, 64, 32, passes=passes(4_096, 100_000, 1, 1))
    told = show.render(TINY_CONV, row(TINY_CONV, 1), STANDINGS["tiny_conv"], PROVENANCE, at, 64).splitlines()
    found = [" ".join(line.split()) for line in told]
    start = found.index("Memory, batch 64 at 3 × 64 × 32 pixels")
    assert found[start + 2] == "batch 64 6.107 MiB"


def test_the_deploy_form_is_told_with_what_it_saves() -> None:
    """Eight of 394 parameters go; where there is none that is said, and unknown is not none."""
    lines = shown(TINY_CONV)
    start = lines.index("Deploy form timm.utils.reparameterize_model(model)")
    assert lines[start + 1 : start + 7] == [
        "parameters 386",
        "memory 1.508 KiB",
        "tensors 5",
        "MACs 294.992 kMACs",
        "activations 16,394 elements",
        "saves 8 parameters, 0.031 KiB, 2.0 % of parameters",
    ]
    assert "Deploy form none" in shown(TINY_VIT)
    assert "Deploy form unknown" in shown(TINY_TWIN)


def test_a_form_that_takes_no_less_saves_nothing() -> None:
    """Where the deploy form has as many parameters or more, nothing is said to be saved."""
    deploy = TINY_CONV.inspection.deploy
    assert deploy is not None
    for parameters in (394, 400):
        inspection = replace(TINY_CONV.inspection, deploy=replace(deploy, parameters=parameters))
        assert "saves no parameters" in shown(replace(TINY_CONV, inspection=inspection))
    # Fewer parameters, but in more memory.
    inspection = replace(TINY_CONV.inspection, deploy=replace(deploy, parameters=393, parameter_bytes=393 * 8))
    assert "saves no parameters" in shown(replace(TINY_CONV, inspection=inspection))


def test_what_failed_is_told() -> None:
    """A model's own failures are named with stage and reason, and what they leave out is unknown."""
    failures = (
        Failure("tiny_vit", Stage.PYRAMID, "ValueError: other"),
        Failure("tiny_vit", Stage.DEPLOY, "ValueError: no"),
    )
    lines = shown(replace(TINY_VIT, failures=failures))
    start = lines.index("Deploy form unknown")
    assert lines[start + 1 : start + 3] == [
        "Failed pyramid: ValueError: other",
        "Failed deploy: ValueError: no",
    ]
    assert not any("Failed" in line for line in shown(TINY_VIT))


def test_the_nearest_are_told_with_their_figures() -> None:
    """More and fewer of each figure; an end is none, an unknown figure is unknown."""
    lines = shown(TINY_VIT)
    start = lines.index("Nearest in Parameters")
    assert lines[start + 1 : start + 6] == [
        "more tiny_mixed, 273",
        "fewer tiny_empty, 0",
        "Nearest in MACs",
        "more tiny_conv, 294.992 kMACs",
        "fewer none",
    ]
    assert "Nearest in MACs unknown" in shown(TINY_MIXED)


def test_a_pyramid_has_a_line_a_level() -> None:
    """Each level of the feature pyramid has a line with its units, and what timm says otherwise has one below."""
    lines = shown(TINY_VIT)
    start = lines.index("Feature pyramid 2 levels")
    assert lines[start + 1 : start + 4] == [
        "level 0 4 channels, stride 2 pixels, 16 × 16 elements, NHWC, from blocks.0",
        "level 1 4 channels, stride 2 pixels, 16 × 16 elements, NHWC, module unknown",
        "timm timm's feature_info says otherwise: for level 0 it gives 8 channels; for level 1 it "
        "gives no stride and names no module that gives the map.",
    ]


def test_no_pyramid_is_told_with_its_reason() -> None:
    """Where there is no feature pyramid, its line says why; unknown is not told as none."""
    empty, mixed = text(TINY_EMPTY), text(TINY_MIXED)
    assert "features_only=True does not work for this model: AssertionError: a *model* without | levels\n" in empty
    assert "features_only=True works for this model could not be measured: timm gives no input size\n" in mixed


def test_weights_are_told_tag_by_tag() -> None:
    """Each tag has a line with its licence, its class and its classes; a model without weights has none."""
    lines = shown(TINY_CONV)
    start = lines.index("Weights 2 tags")
    assert lines[start + 1 : start + 4] == [
        "r160_in1k cc-by-nc-4.0, non-commercial; 10 classes",
        "untrained not named, unknown; 0 classes",
        "Same checkpoints tiny_twin",
    ]
    assert "Weights none" in shown(TINY_MIXED)


def test_a_test_fixture_is_told() -> None:
    """A model that timm has for its own tests says so, and where only such have fewer, that is no lie."""
    fixture = replace(TINY_CONV, entry=replace(TINY_CONV.entry, name="test_conv"))
    standing = replace(STANDINGS["tiny_empty"], has_fixtures=True)
    told = show.render(fixture, row(fixture, 1), standing, PROVENANCE)
    assert "Test fixture" in told
    assert "timm has this model for its own tests" in told
    assert "none but test fixtures" in told
    assert "est fixture" not in text(TINY_CONV)


def test_accuracy_is_told_with_its_source() -> None:
    """A tag whose accuracy others published says so in its line, with test set, image size and source."""
    (record, *_) = PUBLISHED.records
    lines = shown(record)
    start = lines.index("Weights 2 tags")
    assert lines[start + 1].endswith(
        "; 10 classes; 81.50 % top-1 on ImageNet-1K validation at 40 px (timm/results-imagenet.csv)"
    )
    assert lines[start + 2] == shown(TINY_CONV)[start + 2]
    assert lines[start + 1] in shown(record, resized(TINY_CONV))
