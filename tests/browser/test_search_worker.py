"""The worker of the search: it finds every word, whatever its letters, and fails on nothing that is typed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import search_results

pytestmark = pytest.mark.sweep

# Runs the site's worker on documents that have these titles, and gives the titles that each query finds.
FIND = """async ([titles, queries]) => {
    const settings = JSON.parse(document.getElementById("__config").textContent);
    const index = await (await fetch("search/search_index.json")).json();
    const worker = new Worker(new URL(settings.search, location));
    const told = (message) => new Promise((resolve, reject) => {
        worker.addEventListener("error", ({message}) => reject(new Error(message)), {once: true});
        worker.addEventListener("message", ({data}) => resolve(data.data), {once: true});
        worker.postMessage(message);
    });
    const docs = titles.map((title) => ({location: `${title}/`, title, text: ""}));
    await told({type: 0, data: {config: index.config, docs, options: {suggest: true}}});
    const found = [];
    for (const query of queries) {
        const {items} = await told({type: 2, data: query});
        found.push(items.flat().map(({location}) => location.slice(0, -1)));
    }
    worker.terminate();
    return found;
}"""
# Gives the texts of two different parts of words, and that of the first again. Letters and numbers are the same digits.
TEXTS = """async () => {
    const settings = JSON.parse(document.getElementById("__config").textContent);
    // The theme's own script is named in the address of ours, which comes before it.
    const ours = new URL(settings.search, location);
    const script = `importScripts("${new URL(ours.searchParams.get("theme") ?? ours, ours)}");
        const part = (edges) => String(Object.assign(new lunr.TokenSet(), {edges}));
        const [one, other] = [{1: {id: 23}, 4: {id: 5}}, {1: {id: 2}, 3: {id: 45}}];
        postMessage([part(one), part(other), part(one)]);`;
    const worker = new Worker(URL.createObjectURL(new Blob([script], {type: "text/javascript"})));
    return new Promise((told, failed) => {
        worker.addEventListener("message", ({data}) => told(data));
        worker.addEventListener("error", ({message}) => failed(new Error(message)));
    });
}"""
# What people type for a model's name, with signs that the theme's search has a meaning for.
TYPED = [
    "tinynet-50",
    "tinynet:50",
    "TinyNet 50:",
    "timm/tinynet_50.a1_in1k",
    "hf_hub:timm/tinynet_50",
    "--tinynet-50",
    "+tinynet +50",
    "++tinynet_50",
    "tinynet_50^",
    "tinynet~50",
    "tinynet_50~",
    "tinynet_50*",
    '"tinynet 50"',
    '"tinynet 50',
    "tinynet\\50",
    "title:tags:tinynet_50",
    "- tinynet 50 ^^",
    "tinynet -50",
]


def find(page: Page, address: str, titles: list[str], queries: list[str]) -> list[list[str]]:
    """What the worker finds for each query among these titles."""
    page.goto(address)
    found: list[list[str]] = page.evaluate(FIND, [titles, queries])
    return found


def test_parts_that_differ_are_not_taken_for_the_same(page: Page, address: str) -> None:
    """Parts of words have different texts in lunr's index, whatever digits their letters and their numbers have."""
    page.goto(address)
    first, second, again = page.evaluate(TEXTS)
    assert first != second
    assert first == again


@pytest.mark.sweep
def test_every_word_of_digits_is_found(page: Page, address: str) -> None:
    """Of many numbers, each beginning finds all that begin with it, and no other; nothing is told to the console."""
    numbers = [str(number * number % 99_991) for number in range(1, 1000)]
    beginnings = sorted({number[:length] for number in numbers for length in (1, 2, 3)})[::7]
    for beginning, found in zip(beginnings, find(page, address, numbers, beginnings), strict=True):
        assert sorted(found) == sorted({number for number in numbers if number.startswith(beginning)}), beginning


def test_signs_part_words(page: Page, address: str) -> None:
    """Whatever signs are typed between words or around them, the words are searched for, without a warning."""
    titles = ["tinynet_50", "tinynet_18", "other"]
    plain, *found = find(page, address, titles, ["tinynet 50", *TYPED])
    assert plain == titles[:2]
    for typed, names in zip(TYPED, found, strict=True):
        assert names[0] == titles[0], typed
        assert "other" not in names, typed


def test_nothing_but_signs_finds_nothing(page: Page, address: str) -> None:
    """Signs without a word find nothing, and are no error either."""
    signs = ["-", "+ -", "--", "~1", "^", ":", '""', "\\", "*", " "]
    assert find(page, address, ["tinynet_50"], signs) == [[] for _ in signs]


@pytest.mark.parametrize("typed", ["tinynet-50", "--resolution", "1", "5~0"])
def test_the_header_searches_without_a_warning(page: Page, address: str, typed: str) -> None:
    """What is typed into the header's field reaches the worker, which answers; the console stays empty."""
    page.goto(address)
    results: Any = search_results(page, typed)
    expect(page.locator(".md-search-result__meta")).to_contain_text("matching document")
    if typed == "tinynet-50":
        expect(results.first).to_contain_text("tinynet_50")
