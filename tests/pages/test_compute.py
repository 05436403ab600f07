"""Compute and memory on a model's page: exact counts in words, estimates with their bands, and the deploy form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.facts.estimates import SETTINGS, SHOWN_BATCHES, estimates
from generator.facts.figures import row
from generator.facts.inspections import Failure, Inspection, Stage
from generator.facts.records import ModelRecord
from generator.pages.compute import cards, render, saving
from generator.pages.formatting import memory
from generator.pages.lines import real_runs
from tests.examples import TINY_CONV, TINY_MIXED, TINY_VIT, refusing
from tests.pages.reading import table_rows


def rendered(record: ModelRecord) -> str:
    """The section as one text."""
    return "\n\n".join(render(record, row(record, 1)))


def changed(record: ModelRecord, **changes: object) -> ModelRecord:
    """A record with something else measured."""
    inspection: Inspection = replace(record.inspection, **changes)  # type: ignore[arg-type]
    return replace(record, inspection=inspection)


def test_counts_are_exact_and_name_the_resolution() -> None:
    """The exact numbers of both figures, at which size they hold, and where each is explained."""
    text = rendered(TINY_CONV)
    assert "3 × 32 × 32 pixels" in text
    assert "exactly 294,992 multiply-accumulates ([MACs](../guide/method.md#macs))" in text
    assert "16,394 elements of [activations]" in text
    assert "doubtful" not in text


def test_doubtful_counts_say_so() -> None:
    """A model with an operator that nobody knows is marked in the section and in the summary."""
    assert "These counts are doubtful: it is not known what `tiny::mix` costs" in rendered(TINY_VIT)
    assert all("doubtful" in note for _, _, note in cards(TINY_VIT.inspection.compute))


def test_what_was_not_measured_is_unknown() -> None:
    """Without a forward pass there are no counts and no estimates, and nothing reads as 0."""
    text = rendered(TINY_MIXED)
    assert "MACs and activations are unknown" in text
    assert "| Estimate |" not in text
    assert [value for _, value, _ in cards(None)] == ["unknown", "unknown"]


def test_a_checkpoint_is_parameters_and_persistent_buffers() -> None:
    """Bytes of parameters and of the buffers that are saved."""
    size = TINY_CONV.parameter_bytes + TINY_CONV.inspection.persistent_buffer_bytes
    assert f"| [Checkpoint](../guide/method.md#checkpoint-size) | {memory(size)} |" in rendered(TINY_CONV)


def test_what_is_stored_is_in_bytes() -> None:
    """394 parameters in each format, then the buffers, and the checkpoint with both."""
    assert table_rows(rendered(TINY_CONV), "| Stored | Memory |") == [
        ["Parameters in fp32", "1.539 KiB"],
        ["Parameters in bf16 or fp16", "0.770 KiB"],
        ["Parameters in int8", "0.385 KiB"],
        ["Parameters in int4", "0.192 KiB"],
        ["Buffers", "0.070 KiB"],
        ["[Checkpoint](../guide/method.md#checkpoint-size)", "1.609 KiB"],
    ]


def test_each_estimate_has_its_band() -> None:
    """Each estimate is shown beside the factors by which real runs differed."""
    text = rendered(TINY_CONV)
    assert len(estimates(TINY_CONV, SHOWN_BATCHES)) == 12
    words = {(setting.kind, setting.optimizer): setting.words for setting in SETTINGS}
    for estimate in estimates(TINY_CONV, SHOWN_BATCHES):
        name = words[estimate.kind, estimate.optimizer]
        shown = [line for line in text.splitlines() if line.startswith(f"| {name} |")]
        both = f"| {memory(estimate.bytes)} | {real_runs(estimate.kind, estimate.batch)} |"
        assert any(both in line for line in shown), both


def test_training_on_one_image_that_raises_has_no_number() -> None:
    """Where one image cannot be trained on, its cells say so, the others have numbers, and the error is told."""
    assert TINY_CONV.inspection.compute is not None
    error = "ValueError: Expected more than 1 value per channel, got torch.Size([1, 8, 1, 1])"
    text = rendered(changed(TINY_CONV, compute=refusing(TINY_CONV.inspection.compute, error)))
    rows = table_rows(text, "| Estimate |")
    assert [row[1] == "not possible" for row in rows] == ["raining" in row[0] for row in rows]
    assert not any("not possible" in row[3] for row in rows)
    told = "(../guide/method.md#single-image) of 3 × 32 × 32 pixels is not possible: ValueError: Expected more than 1"
    assert told in text
    assert "not possible" not in rendered(TINY_CONV)


def test_a_deploy_form_stands_beside_the_trained_one() -> None:
    """Figures of both forms, what is saved, and the line of code."""
    text = rendered(TINY_CONV)
    assert "| Parameters | 394 | 386 | 2.0 % |" in text
    assert "timm.utils.reparameterize_model(model.eval())" in text


def test_no_deploy_form_is_said_once() -> None:
    """Every other model says that it has none, and shows no code."""
    text = rendered(changed(TINY_CONV, deploy=None))
    assert text.count("no [deploy form]") == 1
    assert "reparameterize_model" not in text


def test_a_deploy_form_that_was_not_looked_for_is_unknown() -> None:
    """Where the forward pass or the deploy stage failed, no page says that there is no deploy form."""
    failed = replace(changed(TINY_CONV, deploy=None), failures=(Failure("tiny_conv", Stage.DEPLOY, "ValueError: no"),))
    for text in (rendered(TINY_MIXED), rendered(failed)):
        assert "no [deploy form]" not in text
        assert "Whether this model has a [deploy form](../guide/method.md#deploy-form) is unknown" in text


@pytest.mark.parametrize(
    ("trained", "deployed", "text"),
    [(200, 50, "75.0 %"), (200, 200, "0.0 %"), (200, 210, "+5.0 %"), (None, 5, "unknown"), (5, None, "unknown")],
)
def test_what_is_saved_is_a_share_of_the_trained_form(trained: int | None, deployed: int | None, text: str) -> None:
    """Less is a share, more has its sign, and unknown stays unknown."""
    assert saving(trained, deployed) == text
