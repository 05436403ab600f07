"""``llms.txt``: what programs read first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from generator.publishing import data_files
from generator.site import llms
from tests.conftest import ROOT


def pages_of(config: MkDocsConfig) -> list[Page]:
    """A home page and the real guide to the data, read."""
    made = []
    for name, text in (("index.md", "# Home"), ("guide/data.md", (ROOT / "docs" / "guide" / "data.md").read_text())):
        file = File(name, config.docs_dir, config.site_dir, use_directory_urls=True)
        page = Page(name, file, config)
        page.markdown, page.meta = text, {"description": f"About {name}."}
        made.append(page)
    return made


def test_it_has_the_shape_of_the_convention(config: MkDocsConfig) -> None:
    """One title, one quote that says what it is, sections of links: what readers of such files expect."""
    config.site_description = "Sizes."
    lines = llms.text(config, pages_of(config)).splitlines()
    assert lines[:3] == ["# tiny", "", "> Sizes."]
    assert [line for line in lines if line.startswith("#")][1:] == ["## Addresses", "## Data files", "## Pages"]
    assert lines[-2:] == [
        "- [index.md](index.md): About index.md.",
        "- [guide/data.md](guide/data/index.md): About guide/data.md.",
    ]


def test_every_table_of_the_data_is_named(config: MkDocsConfig) -> None:
    """Each data file of all models is in it, with what the guide says of it; others are one of several."""
    text = llms.text(config, pages_of(config))
    named = re.findall(r"^- \[[^]]*\]\(data/([^)]*)\): .+", text, re.MULTILINE)
    assert sorted(named) == sorted(path for path in data_files.paths([]) if "/" not in path)
    assert "](#" not in text


@pytest.mark.parametrize(("address", "base"), [("https://example.org/atlas/", "https://example.org/atlas/"), ("", "")])
def test_links_are_whole_where_the_address_is_known(config: MkDocsConfig, address: str, base: str) -> None:
    """Without the address of the site, links start where the file is."""
    config.site_url = address
    text = llms.text(config, pages_of(config))
    assert f"]({base}data/models.json)" in text
    assert f"`{base}models/<model>/index.md`" in text


def test_it_is_written_beside_the_home_page(config: MkDocsConfig) -> None:
    """Its place is the root of the site."""
    Path(config.site_dir).mkdir()
    llms.write(config, [])
    assert Path(config.site_dir, "llms.txt").read_text().startswith("# tiny\n")
