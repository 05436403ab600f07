"""The rank table for a terminal, letter by letter."""

from __future__ import annotations

from generator.terminal import rank
from tests.examples import PROVENANCE, ROWS


def test_a_table_is_aligned() -> None:
    """Words are aligned to the left, numbers to the right, below their headings, and no line ends in blanks."""
    lines = rank.render(ROWS, PROVENANCE).splitlines()[:-1]
    assert lines == [
        "Rank  Model       Family   Parameters  Parameter memory  Parameter tensors  Input size, pixels           MACs"
        "  Activations  Tags  Licences",
        "   1  tiny_conv   tiny            394         1.539 KiB                  6         3 × 32 × 32  294.992 kMACs"
        "       16,394     2  non-commercial, unknown",
        "   1  tiny_twin   tinynet         394         1.539 KiB                  6         3 × 32 × 32        unknown"
        "      unknown     0  –",
        "   3  tiny_vit    tiny            203         0.793 KiB                 11         3 × 32 × 32    0.552 kMACs"
        "           86     1  permissive",
        "   4  tiny_mixed  tiny            273         0.566 KiB                  3             unknown        unknown"
        "      unknown     0  –",
        "   5  tiny_empty  tiny              0         0.000 KiB                  0           1 × 8 × 8        unknown"
        "      unknown     0  –",
    ]


def test_an_empty_table_has_its_headings() -> None:
    """Where no model could be inspected, the headings stand alone above where the data comes from."""
    lines = rank.render((), PROVENANCE).splitlines()
    assert lines == [
        "Rank  Model  Family  Parameters  Parameter memory  Parameter tensors  Input size, pixels  MACs  Activations  "
        "Tags  Licences",
        "timm 1.0.31, torch 2.15.0, data of 2026-01-02",
    ]


def test_a_part_of_the_table_keeps_its_ranks() -> None:
    """A few of the rows have their ranks among all models, in columns as wide as these rows need."""
    assert [line.split()[:2] for line in rank.render(ROWS[2:4], PROVENANCE).splitlines()[1:-1]] == [
        ["3", "tiny_vit"],
        ["4", "tiny_mixed"],
    ]
    assert "16,394" not in rank.render(ROWS[2:4], PROVENANCE)
