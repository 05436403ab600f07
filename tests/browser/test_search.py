"""The search of the header in a real browser: it finds models by their names and parts of them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import small
from tests.browsing import scripted, search_results


@pytest.mark.sweep
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


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("tinynet_50.a1_in1k", "tinynet_50"),
        ("timm/tinynet_50", "tinynet_50"),
        ("hf_hub:timm/tinynet_50.a1_in1k", "tinynet_50"),
        ("tinynet50", "tinynet_50"),
        ("TinyNet-50", "tinynet_50"),
        ("tiny net 50", "tinynet_50"),
        ("tinynnet 50", "tinynet_50"),
        ("patch32 vit base", "tiny_vit_base_patch32_224"),
        ("untold_in1k", "tinynet_6d"),
        ("tiny_vit_old", small.STRANGER),
    ],
)
def test_search_understands_names_as_people_type_them(page: Page, address: str, typed: str, name: str) -> None:
    """Separators, prefixes, tags, deprecated names and errors in typing lead to the model that is meant."""
    page.goto(address)
    results = search_results(page, typed)
    expect(results.first).to_have_attribute("href", re.compile(f"/models/{name}/"))


def test_search_names_the_successor(page: Page, address: str) -> None:
    """The result for a deprecated name says so, and Enter opens its page."""
    page.goto(address)
    expect(search_results(page, "tiny_vit_old").first).to_contain_text(
        f"tiny_vit_old is a deprecated name of {small.STRANGER}."
    )
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/models/{small.STRANGER}/*")


def test_search_does_without_the_list_of_models(browser: Browser, address: str) -> None:
    """Where the list of models cannot be loaded, the search finds what it finds without, and later tries again."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/data/index.json", lambda route: route.fulfill(status=503))
    page.goto(address)
    expect(search_results(page, small.TYPICAL).first).to_have_attribute("href", re.compile(f"/models/{small.TYPICAL}/"))
    page.unroute("**/data/index.json")
    expect(search_results(page, "tinynnet 50").first).to_have_attribute("href", re.compile("/models/tinynet_50/"))
    context.close()


def test_names_are_loaded_with_the_search_alone(page: Page, address: str) -> None:
    """What the search knows of names is asked for with the first letter, not before."""
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    page.goto(address)
    page.mouse.move(300, 300)
    scripted(page)
    page.wait_for_load_state("networkidle")
    assert "data/index.json" not in asked
    with page.context.expect_event("request", lambda request: request.url.endswith("data/index.json")):
        search_results(page, "tinynet")


def test_home_searches_first(page: Page, address: str) -> None:
    """The search field of the home page opens the search with what was typed."""
    page.goto(address)
    page.get_by_label("Find a model").fill(small.TYPICAL.replace("_", " "))
    page.get_by_label("Find a model").press("Enter")
    result = page.locator(f".md-search-result__item a[href*='/models/{small.TYPICAL}/']").first
    expect(result).to_be_visible()
