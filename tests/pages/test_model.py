"""The page of a model, and the page that it has to be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generator.facts.figures import row
from generator.facts.records import ModelRecord
from generator.facts.registry import Catalog, CatalogEntry
from generator.pages import model
from generator.ranking.neighbours import Nearest
from generator.ranking.standings import Standing, standings
from tests.examples import DATE, PROVENANCE, RECORDS, ROWS, TINY_CONV, TINY_EMPTY, TINY_MIXED, TINY_VIT
from tests.pages.reading import converted, layers, words

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "mobilenetv2_120d.md"

# The two lines of the reference that would break on a site, and what design.md puts in their place.
MENDED = {
    "**Number of parameters: [ 22.244 MiB ] [ <a href='./README.md'>Check rank</a> ]**": (
        "**Number of parameters: [ 22.244 MiB ] [ [Check rank](README.md#mobilenetv2_120d) ]**"
    ),
    "# Layer information": "## Layer information",
}

STANDINGS = standings(ROWS)


def rendered(record: ModelRecord) -> str:
    """The page of one of the tiny models."""
    return of(record, STANDINGS[record.name])


def of(record: ModelRecord, standing: Standing) -> str:
    """The page of a model that stands there."""
    return model.render(record, row(record, standing.rank), standing, PROVENANCE)


@pytest.fixture(scope="module")
def reference() -> list[str]:
    """The lines of the reference page that are not empty, mended as the design says."""
    lines = [line for line in REFERENCE.read_text().split("\n") if line]
    assert all(lines.count(line) == 1 for line in MENDED)
    return [MENDED.get(line, line) for line in lines]


@pytest.fixture(scope="module")
def real(catalog: Catalog) -> ModelRecord:
    """The real model of the reference page, inspected."""
    from generator.measuring.inspection import create, measure

    entry = next(entry for entry in catalog.entries if entry.name == "mobilenetv2_120d")
    return ModelRecord(entry, measure(create(entry.name)), DATE)


@pytest.fixture(scope="module")
def page(real: ModelRecord) -> str:
    """Its page, as if it stood between two others."""
    return of(real, Standing(1013, 1371, 357, "larger", "smaller", None, None))


def test_the_reference_page_is_held_line_by_line(reference: list[str], page: str) -> None:
    """Every line of the reference is on our page, to the last blank, and in its order."""
    lines = iter(page.split("\n"))
    missing = next((line for line in reference if line not in lines), None)
    assert missing is None, f"not on the page, or not in its place: {missing!r}"


def test_the_reference_s_layer_table_is_ours(reference: list[str], page: str) -> None:
    """The layer table has the rows of the reference and no others."""
    rows = [line for line in page.split("\n") if line.startswith(("| Name |", "| conv", "| bn", "| blocks", "| class"))]
    assert rows == [line for line in reference if line in set(rows)]
    assert len(rows) == 1 + 239


def test_the_reference_s_totals_are_the_table_s(real: ModelRecord, page: str) -> None:
    """239 tensors sum to 5,831,048 parameters."""
    rows = layers(page)
    assert (len(rows), sum(row.parameters for row in rows)) == (239, real.parameters)
    assert real.parameters == real.trainable_parameters
    assert f"- Parameters **{real.parameters:,}** " in page


def test_the_summary_ranks_the_model(page: str) -> None:
    """The summary has the rank among all with a link to the row, and the percentile."""
    assert (
        "- Rank **[1,013 of 1,371](README.md#mobilenetv2_120d)** *percentile 26.0: larger than 26.0 % of models*"
        in page
    )


def test_a_page_is_in_the_agreed_order() -> None:
    """What people choose by comes first, then what is in the model, and the longest table last of all."""
    text = rendered(TINY_VIT)
    marks = [
        "# tiny_vit parameter information",
        '<div class="facts" markdown>',
        "```python",
        "## Parameters and compute by module",
        '<figure class="icicle">',
        "## Parameters by form",
        "**Number of layers: [ 11 ]**",
        "**Proportional of parameters by form** (%)",
        '<figure class="form-shares">',
        "## Weights",
        "| Tag | Classes |",
        "## Compute and memory",
        "## Feature pyramid",
        "## Modules",
        '<figure class="module-tree">',
        "## Neighbours",
        "| Nearest by |",
        "## Cite",
        "```text",
        "```markdown",
        "## Layer information",
        "| Name | Shape |",
        "\n\ntimm 1.0.31, torch 2.15.0, timm-atlas 0.1.0; data of 2026-01-02.",
    ]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert text.rstrip().endswith("[This page as JSON](../data/models/tiny_vit.json).")


def test_memory_is_given_in_three_formats() -> None:
    """394 parameters take 4, 2 and 1 bytes each in the three formats."""
    text = rendered(TINY_CONV)
    assert 394 * 4 / 1024 == 1.5390625
    assert "- Memory in fp32 **1.539 KiB** *0.770 KiB in bf16, 0.385 KiB in int8*" in text


def test_the_call_takes_weights_where_there_are_any() -> None:
    """The line to copy asks for weights only where the model has some."""
    assert '```python\nmodel = timm.create_model("tiny_conv", pretrained=True)\n```' in rendered(TINY_CONV)
    assert '```python\nmodel = timm.create_model("tiny_mixed")\n```' in rendered(TINY_MIXED)


def test_the_weights_are_told_in_short() -> None:
    """How many tags, the default, and the classes of all their licences; a model without weights says so."""
    assert "- Weights **[2 tags](#weights)** *default `r160_in1k`; licence class: non-commercial, unknown*" in rendered(
        TINY_CONV
    )
    assert "- Weights **[1 tag](#weights)** *default `in1k`; licence class: permissive*" in rendered(TINY_VIT)
    assert "- Weights **none** *timm has no pretrained weights for this model*" in rendered(TINY_MIXED)


def test_the_head_is_apart_from_the_backbone() -> None:
    """A known head is told with the backbone, no head is said to be none, an unknown one to be unknown."""
    assert "- Backbone **304** *parameters without the classifier, which has 90*" in rendered(TINY_CONV)
    assert "- Backbone **0** *parameters; the model has no classifier*" in rendered(TINY_EMPTY)
    assert "- Backbone **unknown** *timm names no classifier for this model*" in rendered(TINY_MIXED)


def test_mixed_dtypes_are_told_apart() -> None:
    """Memory as created is by dtype, and the reference block gives the true total and its trainable part."""
    text = rendered(TINY_MIXED)
    assert "- Created as **float16 0.500 KiB, float32 0.066 KiB** *parameter memory by dtype*" in text
    assert "**Number of parameters: [ 0.566 KiB ]" in text
    assert "**Number of trainable parameters: [ 0.504 KiB ]**" in text


def test_a_model_without_parameters_has_a_page() -> None:
    """A model without parameters says so in the place of its table, and its shares are undefined."""
    text = rendered(TINY_EMPTY)
    assert "**Number of layers: [ 0 ]**" in text
    assert "**Number of parameters: [ 0.000 KiB ]" in text
    assert "| – | – | \n" in text
    assert "## Layer information\n\nThis model has no parameters.\n" in text
    assert "- Created as **no parameters** " in text


def test_neighbours_are_linked_both_ways() -> None:
    """The next larger and smaller are linked, over all models and in the family; an end is said to be one."""
    assert "| All models | it is the first | [tiny_twin](tiny_twin.md) |" in rendered(TINY_CONV)
    assert "| [tiny](../families/tiny.md) | it is the first | [tiny_vit](tiny_vit.md) |" in rendered(TINY_CONV)
    assert "| All models | [tiny_mixed](tiny_mixed.md) | it is the last |" in rendered(TINY_EMPTY)


def test_the_nearest_are_linked_with_their_figures() -> None:
    """The nearest models that differ stand with their figures; an end is one, an unknown figure is unknown."""
    assert "| Parameters | none has more | [tiny_mixed](tiny_mixed.md), 273 |" in rendered(TINY_CONV)
    assert "| Parameters | [tiny_mixed](tiny_mixed.md), 273 | [tiny_empty](tiny_empty.md), 0 |" in rendered(TINY_VIT)
    assert "| Parameters | [tiny_vit](tiny_vit.md), 203 | none has fewer |" in rendered(TINY_EMPTY)
    assert "| MACs | none has more | [tiny_vit](tiny_vit.md), 0.552 kMACs |" in rendered(TINY_CONV)
    assert "| MACs | unknown | unknown |" in rendered(TINY_EMPTY)
    unknown = replace(STANDINGS["tiny_vit"], nearest={"parameters": None})
    assert "| Parameters | unknown | unknown |" in of(TINY_VIT, unknown)


def test_the_reference_block_keeps_its_blanks() -> None:
    """Headings and figures of the form tables end in a blank, as on the reference page."""
    text = rendered(TINY_CONV)
    heading = "| Vector | Matrix | Tensor rank 3 | Tensor rank 4 | \n|  --- | --- | --- | --- |\n"
    assert f"{heading}| 50.00 | 16.67 | 16.67 | 16.67 | \n" in text
    assert f"{heading}| 6.60 | 20.30 | 18.27 | 54.82 | \n" in text


def test_a_reader_sees_the_reference_block() -> None:
    """In HTML the lines of the reference block read as on the reference page, and its tables are tables."""
    html = converted(rendered(TINY_CONV).split("---\n", 2)[2])
    text = words(html)
    assert "Number of layers: [ 6 ] Number of parameters: [ 1.539 KiB ] [ Check rank ]" in text
    assert "Proportional of each form (%) Vector Matrix Tensor rank 3 Tensor rank 4 50.00 16.67 16.67 16.67" in text
    assert html.count("<h1") == 1
    assert html.count("<h2") == 9


def test_the_description_is_for_search_engines() -> None:
    """The front matter describes the page in a sentence, singular where it has to be."""
    single = replace(TINY_CONV, inspection=replace(TINY_CONV.inspection, tensors=TINY_CONV.tensors[:1]))
    assert 'description: "tiny_conv has 394 parameters (1.539 KiB) in 6 tensors: rank 1 of 5 models."' in rendered(
        TINY_CONV
    )
    assert "in 1 tensor: rank" in rendered(single)


def test_long_names_of_input_are_whole() -> None:
    """Every digit of an input size is shown, in the order of the configuration."""
    wide = replace(TINY_CONV, entry=CatalogEntry("tiny_conv", "tiny", (), (1, 1024, 98)))
    assert "- Input size **1 × 1024 × 98** *channels × height × width, in pixels*" in rendered(wide)


def test_the_first_release_is_told() -> None:
    """A model that a release has says since when; one that none has says that it is unknown."""
    example = RECORDS[0]
    known = replace(example, entry=replace(example.entry, name="resnet50"))
    for record, release in ((known, "0.1.1"), (example, "unknown")):
        text = of(record, STANDINGS[example.name])
        assert f"- In timm since **{release}** *the first release" in text


def test_a_test_fixture_says_what_it_is() -> None:
    """The page of a model that timm has for its own tests begins with that; no other page speaks of it."""
    fixture = replace(TINY_CONV, entry=replace(TINY_CONV.entry, name="test_conv"))
    sentence = "timm has this model for its own tests: it is a [test fixture](../guide/method.md#fixtures)"
    text = of(fixture, STANDINGS["tiny_conv"])
    assert text.index("parameter information") < text.index(sentence) < text.index('<div class="facts"')
    assert "test fixture" not in rendered(TINY_CONV)


def test_the_end_of_the_neighbours_is_true_beside_fixtures() -> None:
    """Where only test fixtures have fewer, the table does not say that none has."""
    standing = replace(STANDINGS["tiny_empty"], nearest={"parameters": Nearest(("tiny_vit", 203), None)})
    assert "| none has fewer |" in of(TINY_EMPTY, standing)
    assert "| none has fewer but test fixtures |" in of(TINY_EMPTY, replace(standing, has_fixtures=True))
