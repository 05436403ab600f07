"""The same facts for a terminal."""

from __future__ import annotations

from generator import ranking
from generator.pages import text
from tests import examples
from tests.examples import PROVENANCE, TINY_CONV, TINY_EMPTY, TINY_MIXED, TINY_VIT

RANKED = ranking.ranked(examples.full().models)
STANDINGS = ranking.standings(RANKED)


def test_a_fact_is_a_line_in_two_columns() -> None:
    """Labels stand in one column and values in another, forms and dtypes indented below their totals."""
    lines = text.show(TINY_VIT, STANDINGS["tiny_vit"], PROVENANCE).splitlines()
    assert lines[0] == "tiny_vit"
    assert "  Parameters            203" in lines
    assert "    Scalar              1 tensor, 1 parameter" in lines
    assert "    Matrix              4 tensors, 124 parameters" in lines
    assert "  Percentile            larger than 40.0 % of models" in lines


def test_memory_is_told_by_dtype() -> None:
    """Mixed dtypes have a line each below the total."""
    lines = text.show(TINY_MIXED, STANDINGS["tiny_mixed"], PROVENANCE).splitlines()
    start = lines.index("  Parameter memory      0.566 KiB")
    assert lines[start + 1 : start + 3] == ["    in float16          0.500 KiB", "    in float32          0.066 KiB"]


def test_a_pyramid_has_a_line_a_level() -> None:
    """Each level of the feature pyramid has a line with its units, and what timm says otherwise has one below."""
    lines = text.show(TINY_VIT, STANDINGS["tiny_vit"], PROVENANCE).splitlines()
    start = lines.index("  Feature pyramid       2 levels")
    assert lines[start + 1 : start + 4] == [
        "    level 0             4 channels, stride 2 pixels, 16 × 16 elements, NHWC, from blocks.0",
        "    level 1             4 channels, stride 2 pixels, 16 × 16 elements, NHWC, module unknown",
        "    timm                timm's feature_info says otherwise: for level 0 it gives 8 channels; for level 1 it "
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
    assert lines[0] == "Rank  Model       Family   Parameters  Parameter memory  Parameter tensors"
    assert lines[4] == "   4  tiny_mixed  tiny            273         0.566 KiB                  3"
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
    lines = text.show(TINY_CONV, STANDINGS["tiny_conv"], PROVENANCE).splitlines()
    start = lines.index("  Weights               2 tags")
    assert lines[start + 1 : start + 4] == [
        "    r160_in1k           cc-by-nc-4.0, non-commercial; 10 classes",
        "    untrained           not named, unknown; 0 classes",
        "  Same checkpoints      tiny_twin",
    ]
    assert "  Weights               none" in text.show(TINY_MIXED, STANDINGS["tiny_mixed"], PROVENANCE).splitlines()
