"""The budget finder's form: every field has its words, and presets say what they limit."""

from __future__ import annotations

from urllib.parse import parse_qsl

import lxml.html
import pytest

from generator.facts import cards, licenses
from generator.facts.columns import Place
from generator.facts.estimates import SETTINGS
from generator.facts.figures import BY_NAME, IN_TABLE
from generator.facts.results import TEST_SETS, VALIDATION
from generator.pages import finder
from generator.pages.finder import LIMITED, Preset
from tests.pages.reading import converted

HTML = finder.render([4, 8, 16], "5 of 5 models")
FORM = lxml.html.fromstring(HTML)


def test_markdown_leaves_the_form_as_it_is() -> None:
    """The form has no blank line, which would end it as a block of HTML, in either converter."""
    assert "\n\n" not in HTML
    assert lxml.html.fromstring(converted(HTML)).xpath("string(.//output)") == "5 of 5 models"


def test_every_field_has_a_label() -> None:
    """What is typed, chosen or ticked stands in a label with words."""
    fields = FORM.xpath(".//input | .//select")
    assert len(fields) > 30
    for field in fields:
        (label,) = field.xpath("ancestor::label")
        assert label.text_content().strip(), field.get("name")


def test_every_limit_has_two_sides() -> None:
    """Each figure that can be limited has a field for the least and one for the most."""
    found = [field.get("name") for field in FORM.xpath(".//input[@type='text']")]
    assert sorted(found) == sorted(["gpu", *(f"{figure.name}.{side}" for figure in LIMITED for side in ("min", "max"))])


def test_a_limit_has_the_words_of_its_figure() -> None:
    """What a limit is called is the figure's label and what it takes an example; of an input its sides are limited."""
    found = {field.get("data-limit"): field for field in FORM.xpath(".//fieldset[@data-limit]")}
    assert {name: field.findtext("legend") for name, field in found.items()} == {
        "parameters": "Parameters",
        "parameter_bytes": "Parameter memory",
        "backbone_parameters": "Backbone parameters",
        "input_size": "Input size, a side in pixels",
        "macs": "MACs",
        "activations": "Activations",
        "inference_bytes": "Inference memory",
        "training_bytes": "Training memory, fp32",
        "training_bytes_mixed": "Training memory, mixed",
        "largest_batch": "Largest batch that fits into my GPU",
        "top1": "Top-1 accuracy, published",
        "top1_at_input_size": "Top-1 at input size",
    }
    for name, field in found.items():
        assert set(field.xpath(".//input[@name!='gpu']/@placeholder")) == {f"e.g. {BY_NAME[name].limit}"}


def test_a_card_and_a_run_can_be_chosen() -> None:
    """The usual ones are chosen; real cards are suggested by their memory, and each way to run a model is there."""
    (card,) = FORM.xpath(".//fieldset[@data-limit='largest_batch']")
    (memory,) = card.xpath(".//input[@name='gpu']")
    assert (memory.get("value"), memory.get("list")) == (f"{cards.USUAL_SIZE} GB", card.find("datalist").get("id"))
    assert {option.get("value"): option.text for option in card.xpath("datalist/option")} == {
        f"{size} GB": ", ".join(names) for size, names in cards.CARDS.items()
    }
    options = card.xpath(".//select[@name='run']/option")
    assert {option.get("value"): option.text for option in options} == {one.key: one.words for one in SETTINGS}
    assert [option.get("value") for option in options if option.get("selected") is not None] == [cards.USUAL_SETTING]


def test_a_test_set_can_be_chosen() -> None:
    """The sets are those that timm has tables of, the validation set first."""
    options = FORM.xpath(".//fieldset[@data-limit='top1']//select[@name='test_set']/option")
    assert {option.get("value"): option.text for option in options} == TEST_SETS
    assert options[0].get("value") == VALIDATION


def test_boxes_are_those_of_the_data() -> None:
    """There is a box for each stride that occurs, each class of licences, and each column but the name."""

    def values(name: str) -> list[str]:
        return list(FORM.xpath(f".//input[@name='{name}']/@value"))

    assert values("strides") == ["4", "8", "16"]
    assert values("license") == list(licenses.CLASSES)
    assert values("columns") == [figure.name for figure in IN_TABLE if figure.name != "name"]
    assert FORM.xpath(".//input[@name='columns' and @checked]/@value") == [
        figure.name for figure in IN_TABLE if figure.place is Place.SHOWN and figure.name != "name"
    ]
    labels = FORM.xpath(".//label[input[@name='columns']]")
    assert [label.text_content().strip() for label in labels] == [
        figure.label for figure in IN_TABLE if figure.name != "name"
    ]


@pytest.mark.parametrize("preset", finder.presets(), ids=lambda preset: preset.name)
def test_a_preset_says_its_limits(preset: Preset) -> None:
    """A preset leads to the address of its limits, and the words beside it name each of them."""
    (link,) = (link for link in FORM.iter("a") if link.text_content() == preset.name)
    assert dict(parse_qsl(link.get("href").removeprefix("?"))) == preset.limits
    words = link.getparent().text_content().replace(" ", "").lower()
    for key, value in preset.limits.items():
        assert "weights," in words if key == "weights" else value.strip(".").lower() in words, key


def test_a_box_asks_for_test_fixtures_where_there_are_some() -> None:
    """The box stands beside the number of models, and only where it would change that."""
    box = ".//p[@class='finder-status']//input[@name='fixtures']"
    assert FORM.xpath(box) == []
    (found,) = lxml.html.fromstring(finder.render([], "1 of 1 model", has_fixtures=True)).xpath(box)
    assert found.getparent().text_content().strip() == "with test fixtures"
    assert found.get("checked") is None
