"""Markdown twins: what a page says, without what is there for eyes alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from generator import pages
from generator.site.twins import Twins, lean, plain
from tests import examples

TEXTS = dict(pages.render(examples.FULL))


def written(config: MkDocsConfig, name: str, text: str, *others: str) -> str:
    """The twin of a page of this source, among other files."""
    files = Files([File(path, config.docs_dir, config.site_dir, use_directory_urls=True) for path in (name, *others)])
    page = Page(None, next(iter(files)), config)
    page.markdown = text
    Twins().write(page, config, files)
    return Path(config.site_dir, page.file.dest_uri).with_suffix(".md").read_text()


def kept(text: str) -> str:
    """A text after all that is HTML has gone, with its links as they are."""
    return plain(text, lambda link: link)


@pytest.mark.parametrize(
    ("text", "twin"),
    [
        ('<div class="facts" markdown>\n\n- A **1**\n\n</div>\n\nEnd.', "- A **1**\n\nEnd.\n"),
        ("<figure>\n<dl><dd>1</dd></dl>\n</figure>\n\nEnd.", "End.\n"),
        ("<details open markdown>\n<summary>More</summary>\n\nText.\n\n</details>", "**More**\n\nText.\n"),
        ('# Title {#title}\n\n<a id="x"></a>Text.', "# Title\n\nText.\n"),
        ("<!-- a note -->\n\nText.", "Text.\n"),
        ("See <https://example.org/x>.", "See <https://example.org/x>.\n"),
    ],
)
def test_html_goes_and_its_text_stays(text: str, twin: str) -> None:
    """Marks, pictures and anchors are left out; facts, summaries and addresses are not."""
    assert kept(text) == twin


@pytest.mark.parametrize("text", ["`data/<model>.json`\n", "```html\n<div>\n\n\n<b>[a](b.md)</b>\n```\n"])
def test_code_stays_as_it_is(text: str) -> None:
    """What looks like HTML, a link or too much space in code is code."""
    assert kept(text) == text


def test_links_without_an_address_are_text() -> None:
    """Where a link has nowhere to lead in a twin, its words stay, whatever is in them."""
    assert plain("[ [Check rank](README.md#x) ] and [`a`](b.md)", lambda link: None) == "[ Check rank ] and `a`\n"


def test_links_lead_to_twins(config: MkDocsConfig) -> None:
    """From a twin, pages are reached as twins, files as they are, and what is elsewhere as ever."""
    source = "[a](../models/tiny.md#x) [b](../models/README.md) [c](../data/models.json) [d](https://a.b/c.md) [e](#f)"
    twin = written(config, "guide/page.md", source, "models/tiny.md", "models/README.md", "data/models.json")
    assert twin == (
        "[a](../../models/tiny/index.md#x) [b](../../models/index.md) [c](../../data/models.json) "
        "[d](https://a.b/c.md) [e](#f)\n"
    )


def test_links_of_an_index_start_where_it_is(config: MkDocsConfig) -> None:
    """The page of a folder lies less deep than those in it."""
    assert written(config, "models/README.md", "[a](tiny.md)", "models/tiny.md") == "[a](tiny/index.md)\n"


def test_a_model_names_its_document(config: MkDocsConfig) -> None:
    """A model's twin has its figures and names its document, in place of what that has whole; the rest is as it was."""
    twin = written(config, "models/tiny_conv.md", TEXTS["models/tiny_conv.md"].split("---\n", 2)[2], *TEXTS)
    for words in ("**Number of layers: [ ", "| All models | ", "## Modules", "## Layer information", "timm 1."):
        assert words in twin
    assert twin.count("[tiny_conv.json](../data/models/tiny_conv.json)") >= 2
    for words in ("| --- | --- | --- | --- | --- |\n| conv", "<", "## Cite", ".md)"):
        assert words not in twin


def test_every_section_that_is_left_out_is_there() -> None:
    """What a twin leaves out of a model's page, by the heading, is what such pages have."""
    page = TEXTS["models/tiny_conv.md"]
    leaner = lean(page, "tiny_conv")
    assert page.count("\n## ") - leaner.count("\n## ") == 1
    assert leaner.count("tiny_conv.json)") - page.count("tiny_conv.json)") >= 2
    assert leaner.rstrip().splitlines()[-1] == page.rstrip().splitlines()[-1]


def test_snippets_are_part_of_the_twin(config: MkDocsConfig) -> None:
    """What a hand-written page includes is in its twin, without the mark of what we wrote."""
    Path(config.docs_dir, "generated").mkdir()
    Path(config.docs_dir, "generated", "home.md").write_text("<!-- generated_by: timm-atlas -->\n\nFacts.\n")
    assert written(config, "about.md", '# T\n\n--8<-- "generated/home.md"\n\nEnd.') == "# T\n\nFacts.\n\nEnd.\n"


def test_what_people_wrote_of_the_variable_stays(config: MkDocsConfig) -> None:
    """A page that explains the variable has its name in its twin, whatever the address of the site is."""
    config.site_url = "https://example.org/atlas/"
    text = "`export ATLAS_SITE_URL=https://example.net/`"
    assert written(config, "about.md", text) == f"{text}\n"


def test_links_are_those_of_their_build(config: MkDocsConfig) -> None:
    """Of two builds of MkDocs' server, a page that one of them has is a link in its twin alone, in either order."""
    twins = Twins()

    def twin(*names: str) -> str:
        files = Files([File(name, config.docs_dir, config.site_dir, use_directory_urls=True) for name in names])
        page = Page(None, next(iter(files)), config)
        page.markdown = "[a](../models/tiny.md)"
        twins.write(page, config, files)
        return Path(config.site_dir, page.file.dest_uri).with_suffix(".md").read_text()

    with_model, without = "[a](../../models/tiny/index.md)\n", "[a](../models/tiny.md)\n"
    builds = [("guide/page.md", "models/tiny.md"), ("guide/page.md",)] * 2
    assert [twin(*names) for names in builds] == [with_model, without] * 2
