"""The search of the header among all models: a short name is not lost among the many that are longer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from generator.facts.figures import ModelRow
from generator.facts.records import Dataset
from tests.browsing import search_results


@pytest.fixture(scope="module")
def hidden(rows: tuple[ModelRow, ...]) -> list[str]:
    """The models whose names stand in those of the most others, which a search finds as well: the hardest to find."""
    names = [row.name for row in rows]
    return sorted(names, key=lambda name: -sum(name in other for other in names))[:8]


@pytest.fixture(scope="module")
def known(rows: tuple[ModelRow, ...]) -> list[str]:
    """The models with the most sets of weights: those that people look for."""
    return [row.name for row in sorted(rows, key=lambda row: -len(row.tags))[:20]]


def test_search_puts_the_named_model_first(page: Page, address: str, hidden: list[str]) -> None:
    """A model's own name, with or without its underscores, finds it before all whose name is longer."""
    page.goto(address)
    for name in hidden:
        for query in dict.fromkeys((name, name.replace("_", " "))):
            expect(search_results(page, query).first, query).to_have_attribute("href", re.compile(f"/models/{name}/"))


def test_search_puts_any_name_first(page: Page, address: str, rows: tuple[ModelRow, ...]) -> None:
    """Of models taken evenly from all, each is first for its own name."""
    names = sorted(row.name for row in rows)
    page.goto(address)
    for name in names[:: len(names) // 50]:
        expect(search_results(page, name).first, name).to_have_attribute("href", re.compile(f"/models/{name}/"))


def test_search_knows_tags_and_deprecated_names(
    page: Page, address: str, rows: tuple[ModelRow, ...], dataset: Dataset
) -> None:
    """A name with a tag leads to its model, a tag alone to one that has it, a deprecated name to its successor."""
    names = {row.name for row in rows}
    tagged = next(row for row in rows if row.tags)
    old, new = next((old, new) for old, new in dataset.deprecated.items() if new and new.partition(".")[0] in names)
    with_tag = "|".join(row.name for row in rows if tagged.tags[0] in row.tags)
    page.goto(address)
    for typed, found in (
        (f"timm/{tagged.name}.{tagged.tags[0]}", tagged.name),
        (tagged.tags[0], with_tag),
        (old, new.partition(".")[0]),
    ):
        expect(search_results(page, typed).first, typed).to_have_attribute("href", re.compile(f"/models/({found})/"))


def test_search_finds_what_people_look_for(page: Page, address: str, known: list[str]) -> None:
    """The search finds a model by its name among the first five."""
    page.goto(address)
    for name in known:
        search_results(page, name)
        found = page.locator(f".md-search-result__item:nth-child(-n + 5) > a[href*='/models/{name}/']")
        expect(found, name).to_be_attached()


def test_search_finds_a_model_by_a_part(page: Page, address: str, rows: tuple[ModelRow, ...]) -> None:
    """A part of a name that no other model has finds its model first."""
    names = [row.name for row in rows]
    families = {row.family for row in rows}
    parts = {part: name for name in names for part in name.split("_")}
    alone = {
        part: name
        for part, name in parts.items()
        if len(part) > 3 and part not in families and sum(part in other for other in names) == 1
    }
    assert len(alone) > 10
    page.goto(address)
    for part, name in list(alone.items())[:: len(alone) // 10]:
        expect(search_results(page, part).first, part).to_have_attribute("href", re.compile(f"/models/{name}/"))


def test_no_part_of_a_name_is_lost(page: Page, address: str, rows: tuple[ModelRow, ...]) -> None:
    """Each name and each part of one finds something, in the index of all models, and the console stays empty."""
    queries = sorted({query for row in rows for query in (row.name, *row.name.split("_"))})
    page.goto(address)
    empty = page.evaluate(
        """async (queries) => {
            const settings = JSON.parse(document.getElementById("__config").textContent);
            const index = await (await fetch("search/search_index.json")).json();
            const worker = new Worker(new URL(settings.search, location));
            const told = (message) => new Promise((resolve) => {
                worker.addEventListener("message", ({data}) => resolve(data.data), {once: true});
                worker.postMessage(message);
            });
            await told({type: 0, data: {...index, options: {suggest: true}}});
            const empty = [];
            for (const query of queries) {
                const {items} = await told({type: 2, data: query});
                if (!items.length) empty.push(query);
            }
            return empty;
        }""",
        queries,
    )
    assert empty == []
