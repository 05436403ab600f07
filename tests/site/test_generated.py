"""Generated pages inside MkDocs: made by us, checked by MkDocs, found by their beginning."""

from __future__ import annotations

import logging

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from generator.pages.markdown import SITE
from generator.site.generated import GeneratedPage
from tests.pages.reading import converted
from tests.site.test_blocks import FIGURE, long_table

MARKED: dict[str, object] = {"generated_by": "timm-atlas"}


def file_of(config: MkDocsConfig, name: str) -> File:
    return File(name, config.docs_dir, config.site_dir, use_directory_urls=True)


def rendered(config: MkDocsConfig, text: str, meta: dict[str, object], *others: str) -> GeneratedPage:
    """A page of this text and front matter after MkDocs has rendered it, beside other files."""
    files = Files([file_of(config, name) for name in ("models/tiny.md", *others)])
    for file in files:
        GeneratedPage(None, file, config)
    page = next(iter(files)).page
    assert isinstance(page, GeneratedPage)
    page.markdown, page.meta = text, meta
    page.render(config, files)
    return page


def finished(page: GeneratedPage) -> str:
    """The page in a template."""
    return page.complete(f"<main>{page.content}</main>")


def test_what_is_found_is_the_beginning(config: MkDocsConfig) -> None:
    """The search sees the heading and the first paragraph; the finished page has everything, in its order."""
    page = rendered(config, f"# Tiny\n\nFirst.\n\nSecond.\n\n{long_table()}\n\n{FIGURE}\n\nLast.", MARKED)
    assert "First." in (page.content or "")
    assert "Second." not in (page.content or "")
    html = finished(page)
    rows = converted(long_table()).partition("<tbody>")[2]
    positions = [html.index(part) for part in ("Tiny", "First.", "Second.", rows, FIGURE, "Last.")]
    assert positions == sorted(positions)
    assert "<!--" not in html


def test_the_search_has_a_title_of_its_own(config: MkDocsConfig) -> None:
    """What the search shows as a page's title may tell more than its heading, which readers see unchanged."""
    page = rendered(config, "# Tiny\n\nFirst.\n\nSecond.", {**MARKED, "search": {"title": "Tiny · 3 < 4"}})
    assert page.content is not None
    assert page.content.startswith('<h1 id="tiny">Tiny · 3 &lt; 4</h1>\n<p>First.</p>')
    html = finished(page)
    assert "3 &lt; 4" not in html
    assert '<h1 id="tiny">Tiny<a ' in html
    assert html.count("First.") == html.count("Second.") == 1


def test_the_search_has_a_text_of_its_own(config: MkDocsConfig) -> None:
    """What the search shows below the title may be shorter than the first paragraph, which readers see unchanged."""
    page = rendered(config, "# Tiny\n\nFirst.\n\nSecond.", {**MARKED, "search": {"title": "T", "text": "1 < 2 KiB"}})
    assert page.content is not None
    assert page.content.startswith('<h1 id="tiny">T</h1>\n<p>1 &lt; 2 KiB</p>')
    assert "First." not in page.content
    html = finished(page)
    assert "1 &lt; 2" not in html
    assert html.count("First.") == html.count("Second.") == 1


def test_a_page_without_a_first_paragraph_is_whole(config: MkDocsConfig) -> None:
    """Where nothing is left for later, the page is complete all the same."""
    assert finished(rendered(config, "# Tiny", MARKED)).count("<h1") == 1


def test_title_and_contents_are_known_to_the_theme(config: MkDocsConfig) -> None:
    """The theme gets the title and the table of contents."""
    page = rendered(config, "# Tiny information\n\nFirst.\n\n## Modules", MARKED)
    assert page.title == "Tiny information"
    (top,) = page.toc
    assert [(item.title, item.url) for item in top.children] == [("Modules", "#modules")]


def test_links_are_resolved(config: MkDocsConfig) -> None:
    """A link to a page's source becomes one to the page, in drawings too, anchors kept; foreign links stay."""
    drawing = '<svg><a xlink:href="big.md"><title>big</title></a></svg>'
    text = f"# T\n\n[a](big.md#x) [b](https://arxiv.org/abs/1?a=1&b=2)\n\n{drawing}"
    page = rendered(config, text, MARKED, "models/big.md")
    assert '<a href="../big/#x">' in finished(page)
    assert '<a xlink:href="../big/">' in finished(page)
    assert '<a href="https://arxiv.org/abs/1?a=1&amp;b=2">' in finished(page)


@pytest.mark.parametrize("link", ["gone.md", "gone.md#x", "../families/gone.md"])
def test_a_dead_link_is_a_warning(config: MkDocsConfig, caplog: pytest.LogCaptureFixture, link: str) -> None:
    """A link to a page that is not there is told, so that a strict build fails."""
    with caplog.at_level(logging.WARNING, "mkdocs"):
        rendered(config, f"# T\n\n[a]({link})", MARKED)
    assert f"contains a link '{link}'" in caplog.text


@pytest.mark.parametrize(("anchor", "told"), [("here", False), ("modules", False), ("gone", True)])
def test_a_dead_anchor_is_a_warning(
    config: MkDocsConfig, caplog: pytest.LogCaptureFixture, anchor: str, told: bool
) -> None:
    """A link to an anchor is checked against the ids that the page has, in rows and in headings."""
    page = rendered(config, f'# T\n\n<a id="here"></a>[a](#{anchor})\n\n## Modules', MARKED)
    with caplog.at_level(logging.WARNING, "mkdocs"):
        page.validate_anchor_links(files=Files([page.file]), log_level=logging.WARNING)
    assert ("no such anchor" in caplog.text) is told


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"# T\n\nWords.\n\n{long_table()}\n\n{FIGURE}", id="what would be a block"),
        pytest.param("# T\n\n!!! note\n    An admonition.", id="what only Python-Markdown knows"),
    ],
)
def test_what_people_wrote_beside_is_mkdocs_own(config: MkDocsConfig, text: str) -> None:
    """A hand-written page in a folder of ours is rendered by MkDocs, whole."""
    ours = rendered(config, text, {})
    theirs = Page(None, file_of(config, "models/other.md"), config)
    theirs.markdown = text
    theirs.render(config, Files([theirs.file]))
    assert finished(ours) == f"<main>{theirs.content}</main>"


def test_the_address_of_the_site_is_put_in(config: MkDocsConfig) -> None:
    """Where the site has an address, text to copy names it; without one the browser fills it in."""
    text = f"# T\n\nFirst.\n\n```text\n{SITE}/models/tiny/\n```"
    html = finished(rendered(config, text, MARKED))
    assert "<atlas-address></atlas-address>/models/tiny/" in html
    assert SITE not in html
    config.site_url = "https://example.org/atlas/"
    html = finished(rendered(config, text, MARKED))
    assert "https://example.org/atlas/models/tiny/" in html
    assert SITE not in html
