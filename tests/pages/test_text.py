"""The same facts for a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator import memory, ranking
from generator.memory import Band
from generator.pages import text
from generator.pages.comparing import Compared
from generator.records import Failure, ModelRecord
from tests import examples
from tests.examples import PROVENANCE, TINY_CONV, TINY_EMPTY, TINY_MIXED, TINY_TWIN, TINY_VIT

RANKED = ranking.ranked(examples.full().models)
STANDINGS = ranking.standings(RANKED)


def shown(record: ModelRecord, **options: object) -> list[str]:
    """The lines about a model, one blank between words: how wide the columns are depends on all of them."""
    lines = text.show(record, STANDINGS[record.name], PROVENANCE, **options).splitlines()  # type: ignore[arg-type]
    return [" ".join(line.split()) for line in lines]


def test_a_fact_is_a_line_in_two_columns() -> None:
    """Labels stand in one column and values in another, forms and dtypes indented below their totals."""
    lines = text.show(TINY_VIT, STANDINGS["tiny_vit"], PROVENANCE).splitlines()
    column = lines[1].index("tiny")
    assert lines[0] == "tiny_vit"
    assert "  " + "Parameters".ljust(column - 2) + "203" in lines
    assert "    " + "Scalar".ljust(column - 4) + "1 tensor, 1 parameter" in lines
    assert "    " + "Matrix".ljust(column - 4) + "4 tensors, 124 parameters" in lines
    assert "  " + "Percentile".ljust(column - 2) + "larger than 40.0 % of models" in lines


def test_memory_is_told_by_dtype_and_by_format() -> None:
    """Mixed dtypes have a line each below the total, and so has each format for all 273 parameters."""
    lines = shown(TINY_MIXED)
    start = lines.index("Parameter memory 0.566 KiB")
    assert lines[start + 1 : start + 9] == [
        "in float16 0.500 KiB",
        "in float32 0.066 KiB",
        "All parameters",
        "in fp32 1.066 KiB",
        "in bf16 or fp16 0.533 KiB",
        "in int8 0.267 KiB",
        "in int4 0.134 KiB",
        "Checkpoint 0.566 KiB: parameters and persistent buffers",
    ]


def test_compute_is_told_below_its_resolution() -> None:
    """What a forward pass takes stands below the input size, with what is not known of its cost."""
    lines = shown(TINY_VIT)
    start = lines.index("Forward pass, batch 1 at 3 × 32 × 32 pixels")
    assert lines[start + 1 : start + 7] == [
        "MACs 0.552 kMACs",
        "activations 86 elements",
        "activation memory, peak 12.062 KiB",
        "saved for training in fp32 12.250 KiB",
        "saved for training in bf16, mixed 6.125 KiB",
        "cost not known of tiny::mix",
    ]
    assert "Forward pass, batch 1 unknown" in shown(TINY_MIXED)
    assert "MACs unknown" in shown(TINY_MIXED)


def test_another_size_stands_beside_the_default() -> None:
    """What was measured on request has a column of its own, with its size above it."""
    compute = TINY_CONV.inspection.compute
    assert compute is not None
    lines = shown(
        TINY_CONV, at=replace(compute, input_size=(3, 64, 32), macs=589_904, unlisted_operators=("tiny::no",))
    )
    start = lines.index("Forward pass, batch 1 at 3 × 32 × 32 pixels at 3 × 64 × 32 pixels")
    assert lines[start + 1] == "MACs 294.992 kMACs 589.904 kMACs"
    assert lines[start + 6] == "cost not known of – tiny::no"


def test_estimates_stand_below_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind names how far it was off, and has a line for each estimate."""
    monkeypatch.setattr(memory, "BANDS", {"inference in fp32": Band(0.9, 1.25)})
    lines = shown(TINY_CONV, at=TINY_CONV.inspection.compute)
    start = lines.index("Memory of inference in fp32 estimated; real runs × 0.90 to 1.25")
    assert lines[start + 1 : start + 3] == ["batch 1 77.609 KiB 77.609 KiB", "batch 32 2.377 MiB 2.377 MiB"]


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


def test_what_failed_is_told() -> None:
    """A model's own failures are named with stage and reason, and what they leave out is unknown."""
    failures = (Failure("tiny_vit", "deploy", "ValueError: no"), Failure("tiny_conv", "forward", "ValueError: other"))
    lines = shown(TINY_VIT, failures=failures)
    assert "Not measured deploy: ValueError: no" in lines
    assert "Deploy form unknown" in lines
    assert not any("ValueError: other" in line for line in lines)


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


def test_models_side_by_side_say_where_they_come_from() -> None:
    """A comparison ends in the versions and the date of its latest record; an earlier one alone has its own."""
    both = [Compared(TINY_TWIN, 1), Compared(TINY_VIT, 3)]
    assert text.compare(both, PROVENANCE).splitlines()[-1] == "timm 1.0.31, torch 2.15.0, data of 2026-01-02"
    assert text.compare(both[:1], PROVENANCE).splitlines()[-1] == "timm 1.0.31, torch 2.15.0, data of 2025-12-31"
    assert text.measured_now("1.0.32").endswith("was measured now, with timm 1.0.32.")


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
    empty = text.show(TINY_EMPTY, STANDINGS["tiny_empty"], PROVENANCE)
    mixed = text.show(TINY_MIXED, STANDINGS["tiny_mixed"], PROVENANCE)
    assert "features_only=True does not work for this model: AssertionError: a *model* without | levels\n" in empty
    assert "features_only=True works for this model could not be measured: timm gives no input size\n" in mixed


def test_a_table_is_aligned() -> None:
    """Names are aligned to the left, numbers to the right, and every line is equally long."""
    lines = text.rank(RANKED, PROVENANCE).splitlines()[:-1]
    assert lines[0] == (
        "Rank  Model       Family   Parameters  Parameter memory  Parameter tensors  Input pixels           MACs"
        "  Activations"
    )
    assert lines[3] == (
        "   3  tiny_vit    tiny            203         0.793 KiB                 11   3 × 32 × 32    0.552 kMACs"
        "           86"
    )
    assert lines[4] == (
        "   4  tiny_mixed  tiny            273         0.566 KiB                  3       unknown        unknown"
        "      unknown"
    )
    assert len({len(line) for line in lines}) == 1


def test_an_empty_table_has_its_headings() -> None:
    """Where no model could be inspected, the headings stand alone."""
    lines = text.rank(ranking.ranked(examples.failed().models), PROVENANCE).splitlines()
    assert lines[0].split("  ")[0] == "Rank"
    assert len(lines) == 2


def test_a_dataset_is_called_by_what_it_covers() -> None:
    """Messages name the number of models, the patterns of a subset, and timm's version."""
    assert text.dataset_name(examples.full()) == "the dataset (5 models, timm 1.0.31)"
    assert text.dataset_name(examples.subset()) == "the dataset (2 models matching tiny_t*, tiny_v?t, timm 1.0.31)"


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
