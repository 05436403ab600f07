"""Models side by side, by hand from the tiny ones."""

from __future__ import annotations

from dataclasses import replace

from generator.facts.figures import row
from generator.facts.inspections import Failure, Stage
from generator.terminal import comparison
from generator.terminal.comparison import Compared
from tests.examples import RECORDS, ROW, TINY_CONV, TINY_VIT, passes, refusing, resized

# In the order of the names.
CONV, EMPTY, MIXED, TWIN, VIT = (Compared(record, ROW[record.name]) for record in RECORDS)


def lines(*models: Compared, size: tuple[int, int] | None = None) -> list[str]:
    """The lines of a comparison, one blank between words."""
    return [" ".join(line.split()) for line in comparison.render(models, None, size).splitlines()]


def test_each_number_has_its_ratio_to_the_first() -> None:
    """203 of 394 parameters are 0.52 times as many; the first model has no ratio, and units stand with figures."""
    found = lines(CONV, VIT)
    assert found[0] == "tiny_conv tiny_vit"
    for expected in (
        "Rank by parameter memory 1 3",
        "Parameters 394 203 ×0.52",
        "Backbone parameters 304 153 ×0.50",
        "in int4 0.192 KiB 0.100 KiB ×0.52",
        "Checkpoint size 1.609 KiB 0.793 KiB ×0.49",
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
    assert "channels none unknown" in lines(EMPTY, MIXED)


def test_what_nobody_has_is_one_line() -> None:
    """Where no model has a feature pyramid, one line says so; a doubt that no model has is in no line."""
    found = lines(EMPTY, EMPTY)
    assert "Feature pyramid none none" in found
    assert not any(line.startswith(("channels", "strides")) for line in found)
    assert not any("cost not known" in line for line in found)
    assert "cost not known of – tiny::mix" in lines(CONV, VIT)


def test_numbers_stand_to_the_right() -> None:
    """The last letters of a column stand below each other, the first column's without a place for ratios."""
    table = comparison.render([CONV, TWIN]).split("\n\n")[0].splitlines()
    heading, parameters = table[0], next(line for line in table if line.startswith("Parameters"))
    assert len(heading) == len(parameters)
    assert heading.index("tiny_conv") + len("tiny_conv") == parameters.index("394") + len("394")


def test_a_deploy_form_is_told_once_or_for_each() -> None:
    """Where no model has one, one line says so; where one has, the others are none or unknown."""
    assert "Deploy form none none" in lines(VIT, VIT)
    found = lines(CONV, VIT, TWIN)
    start = found.index("Deploy form")
    assert found[start + 1] == "parameters 386 none unknown"
    failures = (Failure("tiny_vit", Stage.DEPLOY, "ValueError: no"),)
    failed = VIT._replace(record=replace(VIT.record, failures=failures))
    assert "tensors 5 unknown" in lines(CONV, failed)
    assert "Deploy form" in lines(VIT, failed)


def test_at_another_size_every_figure_is_of_that_size() -> None:
    """Asked for a size, the lines are of the models there, with how each was made, and without ranks."""
    conv = CONV._replace(at=resized(TINY_CONV, 64, 48, img_size=64, macs=1_000, passes=passes(4096, 100_000, 1, 1)))
    vit = VIT._replace(at=resized(TINY_VIT, 64, 48, macs=2_500))
    found = lines(conv, vit, size=(64, 48))
    assert "At 64 × 48 pixels built for it with img_size=64 created as by default" in found
    assert "Input size, pixels 3 × 64 × 48 3 × 64 × 48" in found
    assert "Buffers 18 elements 1 elements ×0.06" in found
    start = found.index("At the input size, batch 1")
    assert found[start + 1] == "MACs 1.000 kMACs 2.500 kMACs ×2.50"
    # What stands, and the activations at the size.
    assert "batch 1 101.656 KiB 20.062 KiB ×0.20" in found
    assert not any(line.startswith("Rank") for line in found)


def test_a_batch_that_is_asked_for_is_in_each_column() -> None:
    """Memory is of that batch, at the default size and at another, below a heading with it; MACs stay of one image."""
    conv, vit = (
        model._replace(at=resized(model.record, 64, 48, passes=passes(4096, 100_000 * factor, 1, 1)))
        for model, factor in ((CONV, 1), (VIT, 2))
    )
    for size, told in (
        (None, "batch 64 4.754 MiB 780.000 KiB ×0.16"),
        # 4,096 + 64 x 100,000, and twice that of each image.
        ((64, 48), "batch 64 6.107 MiB 12.211 MiB ×2.00"),
    ):
        table = comparison.render([conv, vit], None, size, 64)
        found = [" ".join(line.split()) for line in table.splitlines()]
        start = found.index("At the input size, batch 64")
        assert found[start + 1].startswith(
            "memory of inference in fp32 (estimated; real runs at batch 32 and batch 128"
        )
        assert found[start + 2] == told
        assert found.index("At the input size, batch 1") < start
        assert not any("batch 1 " in line or "batch 32 " in line for line in found if "real runs" not in line)


def test_a_model_that_does_not_run_has_no_memory_either() -> None:
    """Its column has no figure at the batch, and the lines stand as for the others."""
    table = comparison.render([CONV._replace(at=resized(TINY_CONV, 64, 48)), VIT._replace(at="no")], None, (64, 48), 64)
    found = [" ".join(line.split()) for line in table.splitlines()]
    assert "batch 64 4.754 MiB –" in found


def test_a_model_that_does_not_run_is_a_column() -> None:
    """Its reason stands where others say how they were made, and none of its figures of another size is shown."""
    conv = CONV._replace(at=resized(TINY_CONV, 64, 48))
    found = lines(VIT._replace(at="ValueError: no such size"), conv, TWIN._replace(at="no answer"), size=(64, 48))
    assert (
        "At 64 × 48 pixels does not run: ValueError: no such size created as by default does not run: no answer"
        in found
    )
    assert "Parameters – 394 –" in found
    assert "MACs – 294.992 kMACs –" in found
    assert "Input size, pixels – 3 × 64 × 48 –" in found
    assert "Weights 1 tag 2 tags none" in found
    # One model alone shares nothing with others.
    assert not any(line.startswith(("No two", "Both", "All")) for line in found)


def test_a_long_text_goes_on_below() -> None:
    """A reason of many words takes several lines of its column, and none of the others'."""
    reason = "RuntimeError: " + "the size of the tensor does not match " * 4
    table = comparison.render([CONV._replace(at=resized(TINY_CONV, 64, 48)), VIT._replace(at=reason)], None, (64, 48))
    start = next(place for place, line in enumerate(table.splitlines()) if line.startswith("At 64 × 48 pixels"))
    told = table.splitlines()[start : start + 4]
    assert " ".join(" ".join(told).split()) == f"At 64 × 48 pixels created as by default does not run: {reason}".strip()
    assert max(map(len, table.splitlines())) < 120


def test_training_on_one_image_may_be_impossible() -> None:
    """Where one of the models cannot, its estimates have words in place of numbers, and a line has the reason."""
    compute = TINY_CONV.inspection.compute
    assert compute is not None
    inspection = replace(TINY_CONV.inspection, compute=refusing(compute, "ValueError: one value"))
    record = replace(TINY_CONV, inspection=inspection)
    found = lines(VIT, CONV._replace(record=record, row=row(record, 1)))
    assert "no training on one image – ValueError: one value" in found
    assert sum(line.endswith("not possible") for line in found) == 4
    assert not any("no training" in line for line in lines(VIT, CONV))


def test_a_narrow_terminal_has_blocks() -> None:
    """Each block fits, has its names above and its labels beside it, and no figure is cut short."""
    models = [CONV, TWIN, VIT]
    wide = comparison.render(models).split("\n\n")
    assert len(wide) == 2
    narrow = comparison.render(models, 90).split("\n\n")
    assert [block.splitlines()[0].split() for block in narrow[:-1]] == [["tiny_conv", "tiny_twin"], ["tiny_vit"]]
    assert max(len(line) for block in narrow[:-1] for line in block.splitlines()) <= 90
    assert all("Parameters" in block for block in narrow[:-1])
    assert "203   ×0.52" in narrow[1]
    assert narrow[-1] == wide[-1]
    # The line of the names is as long as the widest column needs: what fits to the letter is not parted.
    exactly = len(wide[0].splitlines()[0])
    assert comparison.render(models, exactly).split("\n\n") == wide
    assert len(comparison.render(models, exactly - 1).split("\n\n")) == 3


def test_a_terminal_of_no_width_has_a_block_a_model() -> None:
    """Where not even one model fits, lines are longer than the terminal."""
    assert len(comparison.render([CONV, VIT], 10).split("\n\n")) == 3


def test_what_is_shared_stands_below() -> None:
    """The last block says what the models have in common, a sentence a line, as many as there are traits."""
    assert comparison.render([CONV, TWIN]).split("\n\n")[-1].splitlines() == [
        "Both take each other's checkpoints.",
        "Both have the same parameter tensors, by name and shape.",
        "Both have a feature pyramid of the same channels and strides.",
    ]
    assert comparison.render([CONV, VIT, TWIN]).split("\n\n")[-1].splitlines()[0] == (
        "tiny_conv and tiny_twin take each other's checkpoints."
    )
