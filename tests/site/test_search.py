"""What of a generated page the search finds."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from generator import pages
from generator.records import ModelRecord
from generator.site.search import limit
from tests import examples
from tests.pages.reading import converted


class Indexer(HTMLParser):
    """Reads a page as Material's indexer does: what is marked, and all of its section, is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.skipping = ""
        self.skipped_sections = 0
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A marked element begins what is left out; a marked heading leaves out its section."""
        marked = "data-search-exclude" in dict(attrs)
        if tag in ("h1", "h2"):
            self.skipped_sections = marked
        if marked and not self.skipping:
            self.skipping = tag

    def handle_endtag(self, tag: str) -> None:
        """The first end tag of the same name ends what is left out."""
        if tag == self.skipping:
            self.skipping = ""

    def handle_data(self, data: str) -> None:
        """What is not left out is indexed."""
        if not self.skipping and not self.skipped_sections:
            self.text += data


def indexed(html: str) -> str:
    """The words that are indexed."""
    indexer = Indexer()
    indexer.feed(html)
    return " ".join(indexer.text.split())


@pytest.mark.parametrize("record", examples.RECORDS, ids=lambda record: record.name)
def test_a_model_is_found_by_name_and_first_paragraph(record: ModelRecord) -> None:
    """Of a model's page the index has the title and the first paragraph, and nothing else."""
    text = pages.render(examples.full())[f"models/{record.name}.md"].split("---\n", 2)[2]
    found = indexed(limit(converted(text)))
    assert found.startswith(f"{record.name} parameter information")
    assert "parameters" in found
    for left_out in ("Number of layers", "Modules", "Layer information", "conv_stem.weight", "create_model"):
        assert left_out not in found


def test_marking_changes_nothing_that_is_seen() -> None:
    """All that is added is the attribute and the section."""
    html = "<h1>Tiny</h1>\n<p>First.</p>\n<p>Second.</p>\n<h2 id='a'>A</h2>\n<p>x</p>\n<h2>B</h2>"
    exclude = ' data-search-exclude="true"'
    marked = limit(html)
    assert marked.count(exclude) == 3
    assert marked.replace(exclude, "").replace("<section>\n", "").replace("</section>\n", "") == html


def test_a_page_without_sections_is_closed() -> None:
    """Where no second heading follows, what is left out ends with the page."""
    assert indexed(limit("<h1>Tiny</h1>\n<p>First.</p>\n<p>Second.</p>")) == "Tiny First."


@pytest.mark.parametrize("html", ["", "<p>No title.</p>", "<h1>Tiny</h1>\n<table></table>"])
def test_a_page_without_a_beginning_is_left(html: str) -> None:
    """A page without title and first paragraph stays as it is."""
    assert limit(html) == html
