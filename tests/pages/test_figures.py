"""Figures one after another, counted by hand on the tiny models."""

from __future__ import annotations

import pytest

from generator import memory, ranking
from generator.memory import Band
from generator.pages import figures
from generator.pages.figures import Figure
from generator.records import Failure
from tests.examples import TINY_CONV, TINY_MIXED, TINY_TWIN, TINY_VIT


def test_each_nearest_column_reads_with_its_unit() -> None:
    """Every column that has nearest models has words and a way to read."""
    assert tuple(figures.NEAREST) == ranking.NEAREST_BY
    assert {label: text(4_000_000) for label, text in figures.NEAREST.values()} == {
        "Parameters": "4,000,000",
        "MACs": "4.000 MMACs",
    }


def test_memory_by_format_is_in_whole_bytes() -> None:
    """273 parameters take 4, 2, 1 and half a byte each, the last rounded up."""
    assert [(figure.label, figure.value) for figure in figures.memory_by_format(TINY_MIXED)] == [
        ("in fp32", 1092),
        ("in bf16 or fp16", 546),
        ("in int8", 273),
        ("in int4", 137),
    ]


def test_a_checkpoint_has_parameters_and_persistent_buffers() -> None:
    """394 float32 parameters, and 16 float32 and one int64 of the normalisation."""
    assert figures.checkpoint_bytes(TINY_CONV) == 394 * 4 + 16 * 4 + 8


def test_a_forward_pass_has_units() -> None:
    """MACs, elements and bytes are told as such, and unknown is unknown."""
    assert figures.forward_pass(TINY_CONV.inspection.compute) == [
        Figure("MACs", 294_992, "294.992 kMACs", "MACs"),
        Figure("activations", 16_394, "16,394 elements", "elements"),
        Figure("activation memory, peak", 77_824, "76.000 KiB", "bytes"),
        Figure("saved for training in fp32", 77_856, "76.031 KiB", "bytes"),
        Figure("saved for training in bf16, mixed", 38_928, "38.016 KiB", "bytes"),
    ]
    assert {(figure.value, figure.text) for figure in figures.forward_pass(None)} == {(None, "unknown")}


def test_a_doubt_names_what_is_not_known() -> None:
    """Operators that nobody has counted are named; without a forward pass there is nothing to doubt."""
    assert [figures.doubt(record.inspection.compute) for record in (TINY_VIT, TINY_CONV, TINY_TWIN)] == [
        "tiny::mix",
        "",
        "",
    ]


def test_the_deploy_form_has_figures_of_its_own() -> None:
    """The tiny net without its normalisation."""
    assert [figure.text for figure in figures.deploy_form(TINY_CONV)] == [
        "386",
        "1.508 KiB",
        "5",
        "294.992 kMACs",
        "16,394 elements",
    ]
    assert {figure.value for figure in figures.deploy_form(TINY_VIT)} == {None}


@pytest.mark.parametrize(
    ("value", "first", "text"),
    [(152, 100, "×1.52"), (100, 100, "×1.00"), (0, 7, "×0.00"), (1, 1000, "×<0.01"), (None, 7, ""), (7, 0, "")],
)
def test_times_is_the_ratio_to_the_first(value: int | None, first: int, text: str) -> None:
    """Two decimals; what is there is never shown as nothing, and what says nothing is left out."""
    assert figures.times(value, first) == text


def test_it_is_known_where_there_is_no_deploy_form() -> None:
    """There is none where it was looked for in vain; not measured and failed are not none."""
    failed = Failure("tiny_vit", "deploy", "ValueError: no")
    assert figures.lacks_deploy_form(TINY_VIT)
    assert figures.lacks_deploy_form(TINY_VIT, [Failure("tiny_conv", "deploy", "ValueError: no")])
    assert not figures.lacks_deploy_form(TINY_VIT, [failed])
    assert not figures.lacks_deploy_form(TINY_TWIN)
    assert not figures.lacks_deploy_form(TINY_CONV)


def test_estimates_come_with_their_error_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,576 bytes of parameters, 72 of buffers and 77,824 an image; kinds that nobody has validated are left out."""
    monkeypatch.setattr(memory, "BANDS", {"inference in fp32": Band(0.9, 1.25)})
    assert figures.estimates(TINY_CONV, TINY_CONV.inspection.compute) == {
        "inference in fp32": [
            Figure("batch 1", 79_472, "77.609 KiB", "bytes"),
            Figure("batch 32", 2_492_016, "2.377 MiB", "bytes"),
        ]
    }
    assert figures.band("inference in fp32") == "estimated; real runs × 0.90 to 1.25"
    monkeypatch.setattr(memory, "BANDS", {})
    assert figures.estimates(TINY_CONV, TINY_CONV.inspection.compute) == {}


def test_estimates_without_a_forward_pass_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that was not run has the same labels as any other, and no figure."""
    monkeypatch.setattr(memory, "BANDS", {"training in fp32": Band(0.9, 1.25)})
    of_twin = figures.estimates(TINY_TWIN, None)["training in fp32"]
    of_conv = figures.estimates(TINY_CONV, TINY_CONV.inspection.compute)["training in fp32"]
    assert [figure.label for figure in of_twin] == [figure.label for figure in of_conv]
    assert of_conv[3].label == "AdamW, batch 32"
    assert {(figure.value, figure.text) for figure in of_twin} == {(None, "unknown")}
