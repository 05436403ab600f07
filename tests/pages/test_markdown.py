"""The pieces of Markdown, read back by Python-Markdown."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.facts.texts import printable
from generator.pages import markdown
from generator.pages.markdown import MARKER, escape
from tests.pages.reading import converted, words


def test_a_page_has_front_matter_and_blocks() -> None:
    """A page is front matter with the marker first, then the blocks with a blank line between, empty ones left out."""
    text = markdown.page("# Title", "", "Text.", title="A: b", hide=["toc"])
    assert text == '---\ngenerated_by: timm-atlas\ntitle: "A: b"\nhide: ["toc"]\n---\n# Title\n\nText.\n'


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=40))
def test_metadata_is_read_as_it_was_written(description: str) -> None:
    """Whatever the text, YAML gives it back, in one front matter."""
    front = markdown.page("x", description=description).split("\n---\n")[0].removeprefix("---\n")
    assert yaml.safe_load(front) == {"generated_by": "timm-atlas", "description": description}


def test_a_snippet_is_marked_in_a_comment() -> None:
    """A snippet has no front matter: its marker is a comment."""
    assert markdown.snippet("One.", "", "Two.") == f"<!-- {MARKER} -->\n\nOne.\n\nTwo.\n"


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (markdown.page("x"), True),
        (markdown.snippet("x"), True),
        ("", False),
        ("# Title\n", False),
        (f"# Title\n\n---\n{MARKER}\n---\n", False),
        (f"---\ntitle: x\n{MARKER}\n---\n", False),
        (f"---\n{MARKER}-like\n---\n", False),
        (MARKER, False),
    ],
)
def test_the_marker_is_at_the_very_beginning(text: str, ours: bool) -> None:
    """A text is ours only where it begins with the marker as we write it."""
    assert markdown.is_generated(text) == ours


def test_a_table_aligns_numbers() -> None:
    """Numeric columns are aligned to the right, the others left alone."""
    text = markdown.table(["Model", "Rank"], [["a", "1"], ["b", "2"]], numeric=["Rank"])
    assert text == "| Model | Rank |\n| --- | ---: |\n| a | 1 |\n| b | 2 |"


def test_facts_are_a_list_of_label_value_and_note() -> None:
    """Facts are a list that reads well without styles; a note is left out where there is none."""
    text = markdown.facts([("Parameters", "394", "exact"), ("Rank", "1", "")])
    assert text == '<div class="facts" markdown>\n\n- Parameters **394** *exact*\n- Rank **1**\n\n</div>'
    assert "<li>Parameters <strong>394</strong> <em>exact</em></li>" in converted(text)


def test_links_lead_from_folder_to_folder() -> None:
    """Links to models and families are relative to the folder that the page is in."""
    assert markdown.model_link("tiny") == "[tiny](../models/tiny.md)"
    assert markdown.model_link("tiny", "") == "[tiny](tiny.md)"
    assert markdown.family_link("vgg") == "[vgg](../families/vgg.md)"
    assert markdown.code("a_b") == "`a_b`"


FOREIGN = [
    "plain words",
    "a | b",
    "*a* _b_ `c` **d**",
    "<script>alert(1)</script>",
    "[text](https://example.org) ![image](x.png)",
    "{: .class #id } {{ x }}",
    "a \\ b \\| c \\\\",
    "&amp; &lt; < > & &#124;",
    "__init__() got 'x' & \"y\"",
    '--8<-- "mkdocs.yml"',
    "# heading ## more",
    "two\nlines\tand a tab",
    "<https://example.org>",
    "a*b*c 2**3 ~~x~~ ==y== ^^z^^",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_foreign_text_reads_as_it_is(text: str) -> None:
    """A reason or title with Markdown or HTML in it reads as it is, in a cell and in a paragraph, and does nothing."""
    expected = " ".join(text.split())
    in_cell = converted(markdown.table(["A", "B"], [["x", escape(text)]]))
    assert words(in_cell.split("<td>")[2]) == expected
    assert words(converted(f"Title: {escape(text)}")) == f"Title: {expected}"
    in_link = converted(f"- {markdown.link(escape(text), 'https://arxiv.org/abs/1')}")
    assert words(in_link) == expected
    assert in_link.count("<a ") == 1


@pytest.mark.parametrize("text", ["1. x", "- x", "+ x", "* x", "12) x", "-x", "# x", "1.5 x"])
def test_a_text_that_stands_alone_begins_nothing(text: str) -> None:
    """A foreign text is a paragraph, whatever it begins with."""
    html = converted(escape(text))
    assert html.startswith("<p>")
    assert words(html) == text


@given(st.text(st.sampled_from("ab1 *_`|<>&[](){}#\\!~=+-.:'\"/"), min_size=1, max_size=20))
def test_any_text_reads_as_it_is(text: str) -> None:
    """Whatever marks a foreign text has, a table cell shows them."""
    expected = " ".join(text.split())
    html = converted(markdown.table(["A", "B"], [["x", f"y{escape(text)}z"]]))
    cells = html.split("<td>")
    assert len(cells) == 3
    assert words(cells[2]).replace(" ", "") == f"y{expected}z".replace(" ", "")


@pytest.mark.parametrize("text", [*FOREIGN, "---", "-", "1.", "~~~", "$x$", "\x1b[2J", "a\u202eb"])
def test_foreign_code_reads_as_it_is(text: str) -> None:
    """Whatever stands in code, a cell and a paragraph have it as it is, in one element."""
    cells = converted(markdown.table(["A", "B"], [["x", markdown.code(text)]])).split("<td>")
    assert len(cells) == 3
    for html in (cells[2], converted(f"Code: {markdown.code(text)}")):
        assert html.count("<code>") == html.count("</code>") == 1
        inner = html.partition("<code>")[2].partition("</code>")[0]
        assert "<" not in inner
        assert words(inner) == " ".join(printable(text).split())


def test_no_code_is_no_element() -> None:
    """An empty text is no code: two backticks would begin some."""
    assert markdown.code("") == ""


def test_names_stay_readable() -> None:
    """The usual names of tensors are as they are, and those with a mark are escaped."""
    usual = ["blocks.0.attn.q_proj.weight", "a__b", "0.1"]
    assert [*markdown.names(usual)] == usual
    for name in ("_a_", "a._b_.c", "a|b", "a*b*", "<b>", "[a](b)", "a\nb", "é_", "-a", "a-_b_"):
        assert words(converted(f"x {markdown.named(name)} y")) == f"x {' '.join(name.split())} y"
        assert [*markdown.names([*usual, name])][:-1] == [markdown.escape(other) for other in usual]


@pytest.mark.parametrize("text", FOREIGN)
def test_a_link_leads_to_the_web_alone(text: str) -> None:
    """An address of the web is a link, whatever it has in it; any other is a text."""
    html = converted(markdown.web_link("x", f"https://example.org/{text}"))
    assert html.count("<a ") == (1 if text.isprintable() else 0)
    assert html.count("<") == (4 if text.isprintable() else 2)
    assert markdown.web_link("x", f"javascript:{text}") == "x"


def test_a_block_of_code_keeps_its_lines() -> None:
    """A fence is longer than all that stand in the block, and a line stays one."""
    assert markdown.fenced("text", ["a", "````"]) == "`````text\na\n````\n`````"
    assert markdown.fenced("text", ["a\nb"]) == "```text\na\\nb\n```"


def test_a_model_is_made_by_a_line_to_copy() -> None:
    """The line names the model and has the options that are asked for."""
    assert markdown.create_model("net") == '```python\nmodel = timm.create_model("net")\n```'
    assert 'create_model("net.in1k", pretrained=True)' in markdown.create_model("net.in1k", "pretrained=True")
