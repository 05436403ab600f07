"""The page of published figures: its counts add up, and it lists what is not explained."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from generator.facts.published import Outcome, comparisons
from generator.facts.records import ModelRecord
from generator.facts.results import Published, PublishedFigure
from generator.pages import published
from tests import examples
from tests.examples import TINY_CONV, TINY_VIT
from tests.pages.reading import converted, table_rows, words

A, B = "timm/a.csv", "torchvision"
# Of tiny_conv: 394 parameters, 386 in deploy form; of tiny_vit: 203 parameters and 552 MACs.
FIGURES_OF_CONV = (
    PublishedFigure(None, 32, "parameters", 394, 0, (A, B)),
    PublishedFigure("r160_in1k", 32, "parameters", 386, 0, (A,)),
    PublishedFigure(None, 32, "parameters", 500, 0, (A,)),
    PublishedFigure(None, 40, "macs", 1_000, 5, (A,)),
)
FIGURES_OF_VIT = (
    PublishedFigure(None, 32, "parameters", 203, 0, (A,)),
    PublishedFigure(None, 32, "macs", 5_520, 5, (A, "timm/b.csv")),
)


def publishing(record: ModelRecord, *figures: PublishedFigure) -> ModelRecord:
    """A model of which these figures were published."""
    return replace(record, published=Published(figures=figures))


RECORDS = (publishing(TINY_CONV, *FIGURES_OF_CONV), publishing(TINY_VIT, *FIGURES_OF_VIT), examples.TINY_EMPTY)
TEXT = published.render(RECORDS)


def test_the_page_begins_with_the_counts() -> None:
    """Six figures: two equal, one of a deploy form, two not explained, one of a size that was not measured."""
    assert (
        "6 published figures of 2 models, 5 of them at an input size that was measured. Equal to ours within rounding: "
        "2 (40.0 %). Different, by causes with numbers: 1 (20.0 %). Not explained: 2 (40.0 %)."
    ) in words(converted(TEXT))


def test_figures_are_counted_by_figure_and_source() -> None:
    """Each figure counts once by figure, and once in each of its sources."""
    assert table_rows(TEXT, "| Figure |") == [
        ["Parameters", "2", "1", "1", "0", "4"],
        ["MACs", "0", "0", "1", "1", "2"],
        ["Activations", "0", "0", "0", "0", "0"],
    ]
    assert table_rows(TEXT, "| Source |") == [
        ["timm/a.csv", "2", "1", "2", "1", "6"],
        ["timm/b.csv", "0", "0", "1", "0", "1"],
        ["torchvision", "1", "0", "0", "0", "1"],
    ]


def test_every_figure_is_counted_once() -> None:
    """The cells of the table by figure are all comparisons of all models, by their outcome."""
    outcomes = Counter(comparison.outcome for record in RECORDS for comparison in comparisons(record))
    rows = table_rows(TEXT, "| Figure |")
    for place, outcome in enumerate(Outcome, start=1):
        assert sum(int(row[place]) for row in rows) == outcomes[outcome]


def test_causes_are_counted() -> None:
    """The explained figure has its cause in the column of what it is."""
    assert table_rows(TEXT, "| Causes |") == [["deploy form", "1", "0", "0", "1"]]


def test_what_is_not_explained_is_listed() -> None:
    """Both numbers and their ratio, the greatest first, with the first of several sources."""
    conv, vit = "[tiny_conv](../models/tiny_conv.md)", "[tiny_vit](../models/tiny_vit.md)"
    assert table_rows(TEXT, "| Model |") == [
        [vit, "–", "32", "MACs", "5,520", "552", "10.000", "timm/a.csv and 1 more"],
        [conv, "–", "32", "Parameters", "500", "394", "1.269", "timm/a.csv"],
    ]
    assert "more:" not in TEXT


def test_the_list_is_bounded() -> None:
    """Of many figures the furthest are listed, and the number of the others is told."""
    many = [PublishedFigure(None, 32, "parameters", 10_000 + place, 0, (A,)) for place in range(published.MOST + 7)]
    text = published.render([publishing(TINY_VIT, *many)])
    rows = table_rows(text, "| Model |")
    assert len(rows) == published.MOST
    assert [row[4] for row in rows[:2]] == [f"{10_000 + published.MOST + 6:,}", f"{10_000 + published.MOST + 5:,}"]
    assert "And 7 more" in text


def test_nothing_can_be_wrong() -> None:
    """Where all figures are equal, no cause and no difference is listed."""
    text = published.render([publishing(TINY_CONV, FIGURES_OF_CONV[0])])
    assert "No figure differs by a cause with a number." in text
    assert "There is nothing to list." in text


def test_a_zero_has_a_ratio() -> None:
    """A published 0 counts as one, as every number divides by it."""
    text = published.render([publishing(TINY_VIT, PublishedFigure(None, 32, "parameters", 0, 0, (A,)))])
    assert [row[6] for row in table_rows(text, "| Model |")] == ["203.000"]


def test_a_build_without_timms_tables_says_so() -> None:
    """With torchvision's figures alone, the page tells that others were not read."""
    missing = "timm's tables of results were not read"
    assert missing not in TEXT
    alone = publishing(TINY_CONV, PublishedFigure("r160_in1k", 32, "parameters", 394, 0, (B,)))
    assert missing in published.render([alone])


def test_without_any_figure_there_is_a_sentence() -> None:
    """Nothing is counted then, and no empty table shown."""
    text = published.render(examples.RECORDS)
    assert "There is no published figure to compare." in text
    assert "|" not in text


def test_no_measured_figure_has_no_share() -> None:
    """Where nothing was measured at the sizes of the tables, shares are undefined and no error."""
    text = published.render([publishing(TINY_CONV, FIGURES_OF_CONV[3])])
    assert "0 of them at an input size that was measured" in text
    assert "(– %)" in text
