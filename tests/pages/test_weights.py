"""The section about weights, read as a reader does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.facts.registry import CatalogEntry, Weights
from generator.pages import weights
from generator.ranking.standings import Standing
from tests.examples import (
    BARE_WEIGHTS,
    FULL_WEIGHTS,
    PLAIN_WEIGHTS,
    PUBLISHED,
    RESULTS_OF_CONV,
    TINY_CONV,
    TINY_EMPTY,
    TINY_VIT,
)
from tests.pages.reading import table_rows

ALONE = Standing(1, 1, 0, None, None, None, None)


def rendered(*of: Weights, standing: Standing = ALONE) -> str:
    """The section of a model with these weights."""
    return "\n\n".join(weights.render(CatalogEntry("net", "tiny", of, None), standing))


def test_every_tag_has_a_row() -> None:
    """A row has the tag, classes, sizes, crop, licence with its class, and the source as a link."""
    assert table_rows(rendered(*TINY_CONV.entry.weights), "| Tag |") == [
        [
            "`r160_in1k` (default)",
            "10",
            "3 × 32 × 32",
            "3 × 40 × 40",
            "90 %, test 100 %",
            "cc-by-nc-4.0",
            "non-commercial",
            "[Hugging Face](https://huggingface.co/tiny/tiny_conv)",
        ],
        [
            "`untrained`",
            "none",
            "3 × 32 × 32",
            "same",
            "100 %",
            "not named",
            "unknown",
            "[example.org](https://example.org/untrained.pth)",
        ],
    ]


def test_every_tag_has_a_line_to_copy() -> None:
    """Each tag has the call that makes the model with just these weights."""
    text = rendered(*TINY_CONV.entry.weights)
    for tag in TINY_CONV.entry.tags:
        assert f'```python\nmodel = timm.create_model("net.{tag}", pretrained=True)\n```' in text


def test_the_default_is_open() -> None:
    """The details of the default are open, those of all others closed."""
    text = rendered(*TINY_CONV.entry.weights)
    assert '<details class="weights" open markdown>\n<summary>net.r160_in1k</summary>' in text
    assert '<details class="weights" markdown>\n<summary>net.untrained</summary>' in text
    assert text.count("<details") == text.count("</details>") == 2


def test_details_tell_the_rest() -> None:
    """Crop mode, interpolation, mean, standard deviation, papers, origin, description and notes, as they are."""
    lines = rendered(FULL_WEIGHTS).splitlines()
    assert "- Crop mode squash, interpolation bilinear" in lines
    assert (
        "- Mean 0.4815, 0.4578, 0.4082; standard deviation 0.2686, 0.2613, 0.2758; for pixel values from 0 to 1"
        in lines
    )
    assert "- Paper: [ResNet \\*strikes\\* back (arXiv:2110.00476)](https://arxiv.org/abs/2110.00476)" in lines
    assert "- Paper: doi:10.1000/1" in lines
    assert "- Origin: [github.com/tiny/tiny](https://github.com/tiny/tiny)" in lines
    assert "- Description: Trained on \\| nothing" in lines
    assert "- Note: use it &lt;well&gt;" in lines


def test_what_is_not_known_is_not_told() -> None:
    """Weights that say little have short details, and unknown is never a class that allows something."""
    text = rendered(BARE_WEIGHTS._replace(url=None, paper_name="A title alone"))
    assert "- Paper: A title alone\n" in text
    assert not any(word in text for word in ("Origin", "Description", "Note", "permissive"))
    assert table_rows(text, "| Tag |")[0][-3:] == ["not named", "unknown", "unknown"]


def test_a_file_is_no_link() -> None:
    """Weights from a file of the machine that timm ran on have its path."""
    text = rendered(PLAIN_WEIGHTS._replace(file="/home/me/net.pth"))
    assert table_rows(text, "| Tag |")[0][-1] == "`/home/me/net.pth`"


def test_only_addresses_of_the_web_are_links() -> None:
    """An origin or a file's address that is none of the web is a text."""
    for address in ("javascript:alert(1)", "github.com/foo/bar", "//example.org/x", "data:text/html,x", "https://[x"):
        text = rendered(PLAIN_WEIGHTS._replace(hf_hub_id=None, url=address, origin_url=address))
        assert f"]({address.partition(':')[0]}" not in text.replace("](../guide", "")
        assert table_rows(text, "| Tag |")[0][-1] == f"`{address}`"


def test_a_tag_stays_in_its_place() -> None:
    """A tag with line ends, backticks, pipes and tags of HTML ends neither its code nor its table nor its details."""
    text = rendered(PLAIN_WEIGHTS._replace(tag="a\n```\n\n</details><script>|`b`"), BARE_WEIGHTS)
    assert r'timm.create_model("net.a\n```\n\n</details><script>|`b`", pretrained=True)' in text
    assert "<summary>net.a ``` &lt;/details&gt;&lt;script&gt;|`b`</summary>" in text
    assert [row[-1] for row in table_rows(text, "| Tag |")][1:] == ["[example.org](https://example.org/untrained.pth)"]


def test_weights_can_be_without_a_tag() -> None:
    """Then they are loaded by the model's name alone."""
    text = rendered(PLAIN_WEIGHTS._replace(tag=""))
    assert 'timm.create_model("net", pretrained=True)' in text
    assert table_rows(text, "| Tag |")[0][0] == "none (default)"


@pytest.mark.parametrize("made", [TINY_EMPTY.entry, replace(TINY_VIT.entry, weights=())])
def test_no_weights_is_a_sentence(made: CatalogEntry) -> None:
    """A model without weights says so, and nothing else."""
    assert weights.render(made, ALONE) == ["timm has no pretrained weights for this model."]


def test_whose_checkpoints_fit_is_told() -> None:
    """Models that exchange checkpoints are linked; those that differ in buffers are told apart."""
    text = rendered(standing=replace(ALONE, same_checkpoint=("a", "b", "c"), same_parameters=("d",)))
    assert "of [a](a.md), [b](b.md) and [c](c.md) too, and the other way round." in text
    assert "It has the parameters of [d](d.md), but other buffers" in text
    assert "checkpoint" not in rendered()


def test_a_licence_has_its_class_beside_it() -> None:
    """In a line the licence comes with its class."""
    assert weights.licence(PLAIN_WEIGHTS) == "apache-2.0, permissive"
    assert weights.licence(BARE_WEIGHTS) == "not named, unknown"


def test_what_is_the_same_in_testing_is_not_repeated() -> None:
    """A size or crop for testing that is that of training is told once, whether timm repeats it or names none."""
    repeated = PLAIN_WEIGHTS._replace(test_input_size=PLAIN_WEIGHTS.input_size, test_crop_pct=PLAIN_WEIGHTS.crop_pct)
    assert rendered(repeated) == rendered(PLAIN_WEIGHTS)
    assert table_rows(rendered(repeated), "| Tag |")[0][3:5] == ["same", "87.5 %"]


def test_accuracy_stands_beside_its_tag() -> None:
    """Where others published an accuracy of any tag, each has two cells for it, and a sentence names the source."""
    text = "\n\n".join(weights.render(TINY_CONV.entry, ALONE, RESULTS_OF_CONV, PUBLISHED.sources))
    rows = table_rows(text, "| Tag |")
    assert "| Tag | ImageNet top-1 | ImageNet top-5 | Classes |" in text
    assert [row[:4] for row in rows] == [
        ["`r160_in1k` (default)", "81.50 % at 40 px", "95.60 %", "10"],
        ["`untrained`", "unknown", "unknown", "none"],
    ]
    assert "From [timm/results-imagenet.csv](https://example.org/c0ffee/results-imagenet.csv) (c0ffee, " in text


def test_without_accuracy_the_table_is_without_its_columns() -> None:
    """Results on other test sets alone, or of no tag, change nothing."""
    plain = weights.render(TINY_CONV.entry, ALONE)
    others = [result for result in RESULTS_OF_CONV if result.test_set != "imagenet-val"]
    assert weights.render(TINY_CONV.entry, ALONE, others, PUBLISHED.sources) == plain
    assert "ImageNet" not in "".join(plain)
