"""Generated pages through cmark-gfm: what GitHub shows, with the ids that links need."""

from __future__ import annotations

import re

import pytest

from generator.site.gfm import convert
from tests.conftest import ROOT
from tests.pages.reading import converted, words

SNAPSHOTS = sorted((ROOT / "tests" / "snapshots").glob("*/[mf]*/*.md"))
HIGHLIGHTED = re.compile(r"<div class=\"highlight\">.*?</div>|<pre><code.*?</pre>", re.DOTALL)


def body(text: str) -> str:
    """A page without its front matter."""
    return text.split("---\n", 2)[2]


def test_headings_get_ids_and_links() -> None:
    """A heading has the id of its words, underscores kept, and a permanent link to it."""
    assert convert("## Layer `x_y` information").html == (
        '<h2 id="layer-x_y-information">Layer <code>x_y</code> information'
        '<a class="headerlink" href="#layer-x_y-information" title="Permanent link">&para;</a></h2>\n'
    )


def test_headings_are_a_tree() -> None:
    """The table of contents has each heading below the one that it belongs to; the first is the title."""
    made = convert("# A & b\n\n## C\n\n### D\n\n## E")
    assert made.title == "A &amp; b"
    (top,) = made.toc
    assert [(token["name"], token["id"]) for token in top["children"]] == [("C", "c"), ("E", "e")]
    assert [token["name"] for token in top["children"][0]["children"]] == ["D"]


def test_a_page_without_headings() -> None:
    """A page without a heading has neither title nor table of contents."""
    assert convert("Words.") == ("<p>Words.</p>\n", [], None)


def test_the_attribute_for_python_markdown_goes() -> None:
    """The attribute that opens a division to Python-Markdown is not HTML and is not published."""
    assert '<div class="facts">' in convert('<div class="facts" markdown>\n\n- A **b**\n\n</div>').html
    assert '<details class="x" open>' in convert('<details class="x" open markdown>\n\n- A\n\n</details>').html


def test_alignment_is_a_style() -> None:
    """A column is aligned by a style, as HTML has it today and Python-Markdown gives it."""
    table = "| A | B |\n| --- | ---: |\n| x | 1 |"
    assert convert(table).html.replace(": right", ": right;").strip() == converted(table)


@pytest.mark.parametrize("path", SNAPSHOTS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_pages_read_as_python_markdown_reads_them(path: object) -> None:
    """Each generated page has the same words, tables, ids and links as Python-Markdown gives; code is not coloured."""
    text = body(ROOT.joinpath(str(path)).read_text())
    ours, theirs = convert(text).html, converted(text)
    assert words(HIGHLIGHTED.sub("", ours)) == words(HIGHLIGHTED.sub("", theirs))
    for pattern in (r' id="[^"]*"', r'<a [^>]*href="([^"]*)"', r"<t[dhr]|<table|<li|<strong|<em"):
        assert re.findall(pattern, HIGHLIGHTED.sub("", ours)) == re.findall(pattern, HIGHLIGHTED.sub("", theirs))
