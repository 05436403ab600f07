"""What fits on a GPU, in columns."""

from __future__ import annotations

from generator.terminal import fit
from tests.examples import PROVENANCE, ROWS


def test_each_model_is_a_line() -> None:
    """Numbers stand at the right of their column, names at the left."""
    text = fit.render([(ROWS[0], 12_345), (ROWS[2], 1)], "Two fit.", PROVENANCE)
    summary, headings, first, second, source = text.splitlines()
    assert summary == "Two fit."
    assert headings.endswith("Largest batch")
    assert (first.split()[1], second.split()[1]) == (ROWS[0].name, ROWS[2].name)
    assert first.endswith(" 12,345")
    assert len(first) == len(second) == len(headings)
    assert source.startswith("timm ")


def test_models_that_were_measured_now_have_no_rank() -> None:
    """Ranks and versions are those of the dataset, and these are not from there."""
    headings, first, second = fit.render([(ROWS[0], 12_345), (ROWS[2], 1)], "Two fit.", None).splitlines()[1:]
    assert headings.split()[0] == "Model"
    assert (first.split()[0], second.split()[0]) == (ROWS[0].name, ROWS[2].name)
    assert len(first) == len(second) == len(headings)


def test_without_models_there_is_no_table() -> None:
    """The sentence is enough."""
    assert len(fit.render([], "None fits.", PROVENANCE).splitlines()) == 2
