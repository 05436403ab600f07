"""The search of the header in a real browser: it finds models by their names and parts of them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests import small
from tests.browsing import search_results


@pytest.mark.parametrize("name", [*small.SIBLINGS, *small.SIZES, small.TYPICAL])
@pytest.mark.parametrize("separator", ["_", " "])
def test_search_puts_the_named_model_first(page: Page, address: str, name: str, separator: str) -> None:
    """A model's own name, with or without its underscores, finds it before all whose name is longer."""
    page.goto(address)
    results = search_results(page, name.replace("_", separator))
    expect(results.first).to_have_attribute("href", re.compile(f"/models/{name}/"))


@pytest.mark.parametrize("part", ["50d", "tinynet_50", "quickgelu", "patch32"])
def test_search_finds_a_model_by_a_part(page: Page, address: str, part: str) -> None:
    """A part of a name finds a model that has it first of all."""
    page.goto(address)
    expect(search_results(page, part).first).to_have_attribute("href", re.compile(f"/models/[^/]*{part}[^/]*/"))


def test_home_searches_first(page: Page, address: str) -> None:
    """The search field of the home page opens the search with what was typed."""
    page.goto(address)
    page.get_by_label("Find a model").fill(small.TYPICAL.replace("_", " "))
    page.get_by_label("Find a model").press("Enter")
    result = page.locator(f".md-search-result__item a[href*='/models/{small.TYPICAL}/']").first
    expect(result).to_be_visible()
