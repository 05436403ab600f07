"""Facts for hand-written pages: true in the small as in the large."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.facts.inspections import Failure, Stage
from generator.facts.records import Dataset, ModelRecord
from generator.facts.registry import Catalog
from generator.pages import snippets
from generator.ranking.ranks import ranked
from tests import examples
from tests.examples import FULL, RECORDS, TINY_CONV, TINY_EMPTY, TINY_VIT
from tests.pages.reading import converted, links, table_rows, words

NAMED = ((TINY_CONV, "resnet18"), (TINY_VIT, "resnet34"), (TINY_EMPTY, "other"))


def of(*records: ModelRecord) -> Dataset:
    """A dataset of these records."""
    return replace(FULL, records=records)


def facts(stored: Dataset) -> str:
    """What a reader sees of the home page's facts."""
    return words(converted(snippets.home_facts(ranked(stored.records), stored)))


def test_the_extremes_are_named() -> None:
    """The largest is named with its parameters, and how many times those of the smallest it has."""
    text = facts(of(*(made for made in RECORDS if made.name != "tiny_empty")))
    assert "Largest 1.539 KiB tiny_conv has 394 parameters, 1 times those of tiny_mixed" in text


def test_a_multiple_of_nothing_is_not_a_number() -> None:
    """Beside a model without parameters the multiple is undefined, not an error."""
    assert "tiny_conv has 394 parameters, – times those of tiny_empty" in facts(of(*RECORDS))


def test_the_median_is_in_the_middle() -> None:
    """Of five models the third is the median, of one the only."""
    assert "Median 0.793 KiB tiny_vit stands in the middle by size" in facts(of(*RECORDS))
    assert "Median 1.539 KiB tiny_conv" in facts(of(RECORDS[0]))


def test_vectors_are_counted() -> None:
    """The share of vectors among all tensors, and of the parameters that they hold."""
    # Vectors: 3 + 3 + 5 + 1 of 6 + 6 + 11 + 3 tensors, with 26 + 26 + (4 + 4 + 8 + 4 + 10) + 16 parameters.
    tensors, parameters = 3 + 3 + 5 + 1, 26 + 26 + 30 + 16
    text = facts(of(*RECORDS))
    assert f"Vectors {100 * tensors / 26:.1f} % of tensors" in text
    assert f"hold {100 * parameters / (394 + 394 + 203 + 273):.2f} % of the parameters" in text


def test_twins_are_counted() -> None:
    """Models with the same tensors, name by name and shape by shape, are counted, each of them."""
    assert "Twins 2 models have the same tensors" in facts(of(*RECORDS))
    assert "Twins 0 models" in facts(of(RECORDS[0], RECORDS[-1]))


def test_no_models_have_no_facts() -> None:
    """Where no model could be inspected, the page says so."""
    assert "No model could be inspected." in facts(examples.FAILED)


def test_comparisons_are_of_models_that_are_there() -> None:
    """Of the comparisons to begin with, those whose models are there, and always the largest and the smallest."""
    records = [replace(made, entry=replace(made.entry, name=name)) for made, name in NAMED]
    assert links(snippets.comparisons(ranked(records))) == [
        "compare.md?m=resnet18,resnet34",
        "compare.md?m=resnet18,other",
    ]


def test_a_single_model_has_no_comparison() -> None:
    """Where there are no two models, a sentence says so."""
    assert "There are no two models to compare." in snippets.comparisons(ranked(RECORDS[:1]))
    assert "There are no two models to compare." in snippets.comparisons(())


def test_failures_are_listed_as_they_read() -> None:
    """Each failure has a row with name, stage and reason, and the three counts agree."""
    text = snippets.failures(FULL)
    assert "timm 1.0.31, 2026-01-02: 6 models were asked for, 5 have a page, 1 failed." in text
    html = converted(text)
    assert "tiny_broken create ValueError: a *bigger* <input> | or `none`" in words(html)
    assert html.count("<td>") == 3


def test_every_failure_has_a_row() -> None:
    """Nothing is dropped: as many rows as failures."""
    many = tuple(Failure(f"net_{number}", Stage.INSPECT, "no answer within 120 seconds") for number in range(30))
    text = snippets.failures(replace(FULL, records=(), failed=many))
    assert len(table_rows(text, "| Model | Stage |")) == 30
    assert "30 models were asked for, 0 have a page, 30 failed." in text


def test_no_failures_are_said_to_be_none() -> None:
    """Where nothing failed, the page says so in words."""
    text = snippets.failures(replace(FULL, records=RECORDS * 300, failed=()))
    assert "1,500 models were asked for, 1,500 have a page, 0 failed." in text
    assert "There is nothing to list." in text


def test_every_stage_is_explained() -> None:
    """The table of stages has a row for each that a failure can name."""
    rows = table_rows(snippets.stages(), "| Stage | What happened |")
    assert [(row[0], row[2] == "yes") for row in rows] == [(stage, stage.leaves_a_record) for stage in Stage]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage.leaves_a_record])
def test_a_model_that_fails_late_has_a_page(stage: Stage) -> None:
    """Whichever later stage failed alone, the model counts among those with a page, and as failed."""
    records = [replace(RECORDS[0], failures=(Failure("tiny_conv", stage, "ValueError: no"),)), *RECORDS[1:]]
    text = snippets.failures(replace(of(*records), failed=()))
    assert "5 models were asked for, 5 have a page, 1 failed." in text
    assert len(table_rows(text, "| Model | Stage |")) == 1


def test_a_failure_beside_a_record_is_counted_once() -> None:
    """A model with a page that failed at a later stage was asked for once, whatever failed of it."""
    later = tuple(Failure("tiny_vit", stage, "ValueError: no") for stage in (Stage.FORWARD, Stage.DEPLOY))
    records = [replace(made, failures=later) if made.name == "tiny_vit" else made for made in RECORDS]
    text = snippets.failures(of(*records))
    assert "6 models were asked for, 5 have a page, 2 failed." in text
    assert len(table_rows(text, "| Model | Stage |")) == 3


def test_the_models_to_compare_are_those_of_timm(catalog: Catalog) -> None:
    """Every suggested comparison is of models that the pinned timm has; one that it lacks is to be replaced."""
    named = {name for models, _ in snippets.COMPARISONS for name in models}
    assert named <= {entry.name for entry in catalog.entries}
