"""Models side by side, by hand from the tiny ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generator import memory
from generator.memory import Band
from generator.pages import comparing
from generator.pages.comparing import Compared
from generator.pages.formatting import integer, metric
from generator.pages.formatting import memory as memory_text
from generator.records import Failure, ModelRecord
from tests.examples import RECORDS, TINY_CONV, TINY_EMPTY, TINY_MIXED, TINY_TWIN, TINY_VIT

CONV, TWIN, VIT = Compared(TINY_CONV, 1), Compared(TINY_TWIN, 1), Compared(TINY_VIT, 3)
MIXED, EMPTY = Compared(TINY_MIXED, 4), Compared(TINY_EMPTY, 5)


def lines(*models: Compared, width: int | None = None) -> list[str]:
    """The lines of a comparison, one blank between words."""
    return [" ".join(line.split()) for line in comparing.render(models, width).splitlines()]


def test_each_number_has_its_ratio_to_the_first() -> None:
    """203 of 394 parameters are 0.52 times as many; the first model has no ratio, and units stand with figures."""
    found = lines(CONV, VIT)
    assert found[0] == "tiny_conv tiny_vit"
    for expected in (
        "Rank by parameter memory 1 3",
        "Parameters 394 203 ×0.52",
        "Backbone parameters 304 153 ×0.50",
        "in int4 0.192 KiB 0.100 KiB ×0.52",
        "Checkpoint 1.609 KiB 0.793 KiB ×0.49",
        "Input size, pixels 3 × 32 × 32 3 × 32 × 32",
        "MACs 294.992 kMACs 0.552 kMACs ×<0.01",
        "activations 16,394 elements 86 elements ×0.01",
        "cost not known of – tiny::mix",
        "channels 8, 8 4, 4",
        "strides, pixels 2, 4 2, 2",
        "Weights 2 tags 1 tag",
        "Licences named cc-by-nc-4.0 apache-2.0",
    ):
        assert expected in found


def test_unknown_is_neither_none_nor_nothing() -> None:
    """What is not known has no ratio, and a first model without a figure leaves the others without."""
    found = lines(MIXED, CONV)
    assert "MACs unknown 294.992 kMACs" in found
    assert "Head parameters unknown 90" in found
    assert "channels unknown 8, 8" in found
    assert "Weights none 2 tags" in found
    assert "Parameters 0 394" in lines(EMPTY, CONV)
    assert "channels none 8, 8" in lines(EMPTY, CONV)


def test_numbers_stand_to_the_right() -> None:
    """The last letters of a column stand below each other, the first column's without a place for ratios."""
    table = comparing.render([CONV, TWIN]).split("\n\n")[0].splitlines()
    heading, parameters = table[0], next(line for line in table if line.startswith("Parameters"))
    assert len(heading) == len(parameters)
    assert heading.index("tiny_conv") + len("tiny_conv") == parameters.index("394") + len("394")


def test_a_deploy_form_is_told_once_or_for_each() -> None:
    """Where no model has one, one line says so; where one has, the others are none or unknown."""
    assert "Deploy form none none" in lines(VIT, VIT)
    found = lines(CONV, VIT, TWIN)
    start = found.index("Deploy form")
    assert found[start + 1] == "parameters 386 none unknown"
    failed = VIT._replace(failures=(Failure("tiny_vit", "deploy", "ValueError: no"),))
    assert "tensors 5 unknown" in lines(CONV, failed)


def test_another_size_has_rows_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was measured on request stands below a heading with its size, estimates below their error."""
    monkeypatch.setattr(memory, "BANDS", {"inference in fp32": Band(0.9, 1.25)})
    compute = TINY_CONV.inspection.compute
    assert compute is not None
    at = replace(compute, input_size=(3, 64, 48), macs=1_000)
    found = lines(CONV._replace(at=at), TWIN._replace(at=replace(at, macs=2_500)))
    start = found.index("At 64 × 48 pixels, batch 1")
    assert found[start + 1] == "MACs 1.000 kMACs 2.500 kMACs ×2.50"
    assert found[start + 6 : start + 8] == [
        "memory of inference in fp32 (estimated; real runs × 0.90 to 1.25)",
        "batch 1 77.609 KiB 77.609 KiB ×1.00",
    ]


def test_what_is_shared_is_told_in_words() -> None:
    """Two tiny models are the same in three ways; with a third, the two are named."""
    assert comparing.shared([TINY_CONV, TINY_TWIN]) == [
        "Both take each other's checkpoints.",
        "Both have the same parameter tensors, by name and shape.",
        "Both have a feature pyramid of the same channels and strides.",
    ]
    assert comparing.shared([TINY_CONV, TINY_VIT, TINY_TWIN])[0] == (
        "tiny_conv and tiny_twin take each other's checkpoints."
    )
    assert comparing.shared([TINY_CONV, TINY_VIT])[0] == "No two of them take each other's checkpoints."


def test_no_pyramid_is_not_a_pyramid_to_share() -> None:
    """Two models without a feature pyramid do not share one."""
    assert comparing.groups([TINY_EMPTY, TINY_MIXED], comparing.pyramid_of) == []


def test_every_model_has_the_same_lines() -> None:
    """Lines and their units are alike for every model, so that they can be set side by side."""
    alike = [
        [(line.depth, line.label, line.figure.unit if line.figure else None) for line in comparing.lines(record)]
        for record in RECORDS
    ]
    assert all(lines == alike[0] for lines in alike)
    assert alike[0][:2] == [(0, "Parameters", ""), (0, "Trainable parameters", "")]
    assert (0, "At the input size, batch 1", None) in alike[0]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_text_follows_from_value_and_unit(record: ModelRecord) -> None:
    """Who has the value and the unit of a line can write its text: the page that compares models does."""
    texts: dict[str, Callable[[int | None], str]] = {"bytes": memory_text, "MACs": lambda value: metric(value, "MACs")}
    for line in comparing.lines(record):
        if line.figure and line.figure.unit in texts:
            assert line.figure.text == texts[line.figure.unit](line.figure.value)
        elif line.figure and line.figure.value is not None:
            assert line.figure.text == f"{integer(line.figure.value)} {line.figure.unit}".rstrip()
        elif line.figure:
            assert line.figure.text == "unknown"


def test_a_narrow_terminal_has_blocks() -> None:
    """Each block fits, has its names above and its labels beside it, and no figure is cut short."""
    models = [CONV, TWIN, VIT]
    wide = comparing.render(models).split("\n\n")
    assert len(wide) == 2
    narrow = comparing.render(models, 90).split("\n\n")
    assert [block.splitlines()[0].split() for block in narrow[:-1]] == [["tiny_conv", "tiny_twin"], ["tiny_vit"]]
    assert max(len(line) for block in narrow[:-1] for line in block.splitlines()) <= 90
    assert all("Parameters" in block for block in narrow[:-1])
    assert "203   ×0.52" in narrow[1]
    assert narrow[-1] == wide[-1]


def test_a_terminal_of_no_width_has_a_block_a_model() -> None:
    """Where not even one model fits, lines are longer than the terminal."""
    assert len(comparing.render([CONV, VIT], 10).split("\n\n")) == 3
