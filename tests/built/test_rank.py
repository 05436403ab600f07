"""The budget finder in a real browser, on every model: what it shows is what a plain query of the data gives."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.site import compressed
from generator.pages import finder, rank
from generator.pages.formatting import integer, memory

SHOWN = """
    [...document.querySelectorAll("atlas-rank tbody:not([hidden]) tr")]
        .filter((row) => getComputedStyle(row).display !== "none")
        .map((row) => row.id)
"""
COLUMNS = [*rank.HEADINGS, *rank.ON_REQUEST]


@pytest.fixture(scope="module")
def models(site: Path) -> pd.DataFrame:
    """The index as a frame of objects, in the order of ranks."""
    index = json.loads((site / "data" / "index.json").read_text())
    frame = pd.DataFrame(index["rows"], columns=index["columns"], dtype=object)
    frame["license_classes"] = [list(dict.fromkeys(classes)) for classes in frame["tag_license_classes"]]
    return frame


def ready(page: Page, address: str, query: str = "") -> None:
    """Open the rank page and wait until the finder is there, which a reader's first act brings."""
    page.goto(f"{address}models/{query}")
    page.get_by_role("button", name="Parameters", exact=True).dispatch_event("pointerover")
    expect(page.locator("atlas-rank tbody input, .finder-empty p").first).to_be_attached()


def settled(page: Page) -> None:
    """Wait until the table is up to date, below the screen too."""
    page.locator("atlas-rank table:not([aria-busy])").wait_for()


def shown(page: Page) -> list[str]:
    settled(page)
    names: list[str] = page.evaluate(SHOWN)
    return names


def parameters(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))


def key(row: Mapping[Any, Any], column: str) -> Any:
    """What a row is sorted by; ``None`` for what is not known or not there."""
    value = row[column]
    if column == "input_size" and value is not None:
        return value[1] * value[2]
    if column == "tags":
        return len(value)
    if column == "license_classes":
        return ", ".join(value) or None
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_sorts_both_ways(page: Page, address: str, models: pd.DataFrame, column: str) -> None:
    """Each order is that of a stable sort by pandas, with what is not known last."""
    keys = pd.Series([key(row, column) for row in models.to_dict("records")], dtype=object)
    known = keys[keys.notna()]
    rest = list(models["name"][keys.isna()])
    for sign, ascending in (("", True), ("-", False)):
        ready(page, address, f"?sort={sign}{column}")
        order = known.sort_values(kind="stable", ascending=ascending).index
        assert shown(page) == [*models["name"][order], *rest]
        head = page.locator("th[aria-sort]")
        assert head.count() == 1
        assert head.get_attribute("aria-sort") == ("ascending" if ascending else "descending")
        assert head.inner_text() == {**rank.HEADINGS, **rank.ON_REQUEST}[column]


def test_headings_sort_by_keyboard(page: Page, address: str, models: pd.DataFrame) -> None:
    """A heading is a button: Enter sorts by its column, Enter again turns the order around, and Back undoes it."""
    page.goto(f"{address}models/")
    heading = page.get_by_role("button", name="MACs", exact=True)
    heading.focus()
    heading.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("MACs")
    assert shown(page)[0] == models["name"].iloc[int(models["macs"].astype(float).argmin())]
    heading.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_have_text("MACs")
    assert shown(page)[0] == models["name"].iloc[int(models["macs"].astype(float).argmax())]
    page.go_back()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("MACs")
    page.go_back()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Rank")
    assert shown(page) == list(models["name"])


KINDS = {"input_size": "", "macs": "MACs"}
LIMITED = list(finder.LIMITS)


def budget(chance: random.Random, models: pd.DataFrame) -> dict[str, Any]:
    """Limits by chance, about figures that models have, so that some match and some do not."""
    some = models.iloc[chance.randrange(len(models))]
    asked: dict[str, Any] = {"ranges": {}}
    for column in chance.sample(LIMITED, chance.randint(1, 3)):
        value = max(some[column][1:]) if column == "input_size" else some[column]
        factor = chance.choice([0.5, 1, 1, 2])
        low = int(value * factor / 4) if chance.random() < 0.4 else None
        high = int(value * factor) if chance.random() < 0.8 else None
        if low is not None or high is not None:
            asked["ranges"][column] = (low, high)
    if chance.random() < 0.3:
        asked["name"] = chance.choice(["vit", "NET", "resnet 50", "base 224"])
    if chance.random() < 0.15:
        asked["family"] = some["family"][:4]
    if chance.random() < 0.2:
        asked["tag"] = chance.choice(["in1k", "in22k", "ft in1k"])
    if chance.random() < 0.3:
        asked["weights"] = chance.choice(["yes", "no"])
    if chance.random() < 0.3:
        asked["strides"] = chance.choice([[8], [4, 8, 16, 32], [16]])
    if chance.random() < 0.3:
        asked["license"] = chance.choice([["permissive"], ["custom terms", "non-commercial"], ["unknown"]])
    return asked


def holds(row: Mapping[Any, Any], asked: dict[str, Any]) -> bool:
    """Whether a model is within a budget, by brute force."""
    for column, (low, high) in asked["ranges"].items():
        values = row[column][1:] if column == "input_size" else [row[column]]
        if any(value is None or (low is not None and value < low) for value in values):
            return False
        if any(high is not None and value > high for value in values):
            return False
    for column in ("name", "family"):
        if not all(word in row[column].lower() for word in asked.get(column, "").lower().split()):
            return False
    words = asked.get("tag", "").split()
    tags = [
        (tag, of_tag)
        for tag, of_tag in zip(row["tags"], row["tag_license_classes"], strict=True)
        if all(word in tag.lower() for word in words)
    ]
    if words and not tags:
        return False
    if "license" in asked and not any(of_tag in asked["license"] for _, of_tag in tags):
        return False
    if "weights" in asked and bool(row["tags"]) != (asked["weights"] == "yes"):
        return False
    return all(stride in (row["feature_strides"] or []) for stride in asked.get("strides", []))


def fill(page: Page, asked: dict[str, Any]) -> None:
    """Put a budget into the form, all at once, as its fields tell of it."""
    values: dict[str, str] = {name: asked.get(name, "") for name in ("name", "family", "tag", "weights")}
    for column, sides in asked["ranges"].items():
        unit = " bytes" if "bytes" in column else KINDS.get(column, "")
        for side, value in zip(("min", "max"), sides, strict=True):
            if value is not None:
                values[f"{column}.{side}"] = f"{value}{unit}"
    ticked = {"strides": list(map(str, asked.get("strides", []))), "license": asked.get("license", [])}
    page.evaluate(
        """([values, ticked]) => {
            const form = document.querySelector(".finder");
            for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
            for (const [name, chosen] of Object.entries(ticked)) {
                for (const box of form.querySelectorAll(`input[name="${name}"]`)) {
                    box.checked = chosen.includes(box.value);
                }
            }
            form.elements.name.dispatchEvent(new Event("change", {bubbles: true}));
        }""",
        [values, ticked],
    )


def test_budgets_give_what_a_plain_query_gives(page: Page, address: str, models: pd.DataFrame) -> None:
    """Fifty budgets show exactly the models that a loop over the data finds, and so do their addresses."""
    chance = random.Random(20)
    table = models.to_dict("records")
    sizes = []
    ready(page, address)
    other = page.context.new_page()
    for number in range(50):
        asked = budget(chance, models)
        expected = [row["name"] for row in table if holds(row, asked)]
        sizes.append(len(expected))
        page.get_by_role("button", name="Clear all").dispatch_event("click")
        fill(page, asked)
        count = f"{integer(len(expected))} of {integer(len(models))} models"
        expect(page.locator(".finder output")).to_have_text(count)
        assert shown(page) == expected, asked
        assert page.locator(".finder-empty p").count() == (not expected)
        # Each address is opened by a page that knows nothing of it, one in five here: loading takes its time.
        if number % 5 == 0 and parameters(page):
            other.goto(page.url)
            expect(other.locator(".finder output")).to_have_text(count)
            assert shown(other) == expected, page.url
    assert any(sizes)
    assert not all(sizes)


def test_what_is_typed_is_understood_and_told(page: Page, address: str, models: pd.DataFrame) -> None:
    """Numbers are typed as people say them, the field shows what was understood, and a fault limits nothing."""
    ready(page, address)
    page.get_by_text("Limits", exact=True).click()
    field = page.get_by_role("group", name="Parameter memory").get_by_label("at most")
    field.fill("90")
    field.press("Enter")
    field.blur()
    expect(field).to_have_value("90 MiB")
    assert parameters(page) == {"parameter_bytes": "..90MiB"}
    assert shown(page) == list(models["name"][models["parameter_bytes"] <= 90 * 2**20])
    macs = page.get_by_role("group", name="MACs").get_by_label("at most")
    macs.fill("4.5 GFLOPs")
    macs.blur()
    expect(page.get_by_role("alert")).to_contain_text("Not understood")
    assert macs.get_attribute("aria-invalid") == "true"
    assert parameters(page) == {"parameter_bytes": "..90MiB"}
    macs.fill("4.5 GMACs")
    macs.blur()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert parameters(page) == {"parameter_bytes": "..90MiB", "macs": "..4.5G"}


def test_typing_is_one_step_back(page: Page, address: str, models: pd.DataFrame) -> None:
    """Rows follow each key; what was typed in one go is one entry of the history; Back and Forward go along it."""
    ready(page, address)
    field = page.get_by_label("Name", exact=True)
    field.press_sequentially("convnext tiny")
    expected = [name for name in models["name"] if "convnext" in name and "tiny" in name]
    assert shown(page) == expected
    page.wait_for_url("**/models/?name=convnext+tiny")
    field.blur()
    page.get_by_role("combobox", name="Weights").select_option("yes")
    page.wait_for_url("**/models/?name=convnext+tiny&weights=yes")
    page.go_back()
    expect(page.get_by_role("combobox", name="Weights")).to_have_value("")
    assert shown(page) == expected
    page.go_back()
    expect(field).to_have_value("")
    assert shown(page) == list(models["name"])
    assert page.url == f"{address}models/"
    page.go_forward()
    expect(field).to_have_value("convnext tiny")
    assert shown(page) == expected


@pytest.mark.parametrize("preset", finder.presets(), ids=lambda preset: preset.name)
def test_a_preset_fills_the_form(page: Page, address: str, preset: finder.Preset) -> None:
    """A preset's limits are seen in the fields and in the address, it is marked, and models fit it."""
    ready(page, address)
    page.get_by_role("link", name=preset.name, exact=True).click()
    expect(page.get_by_role("link", name=preset.name, exact=True)).to_have_attribute("aria-current", "true")
    assert parameters(page) == dict(preset.limits)
    for column, limit in preset.limits.items():
        if column != "weights":
            field = page.locator(f"input[name='{column}.max']")
            assert field.is_visible()
            assert field.input_value().replace(" ", "") == limit.removeprefix("..")
    assert 10 < len(shown(page)) < 1371


def test_an_empty_result_says_what_binds(page: Page, address: str, models: pd.DataFrame) -> None:
    """The sentence names each limit that binds, by how much it has to give way, and a model; its link loosens it."""
    least = int(models["parameters"].min())
    smallest = models["name"].iloc[int(models["parameters"].astype(int).argmin())]
    ready(page, address, "?parameters=..200k")
    expect(page.locator(".finder output")).to_have_text("0 of 1,371 models")
    empty = page.locator(".finder-empty")
    expect(empty).to_contain_text("No model matches. One limit binds:")
    more = f"{(least - 200_000) / 2000:.1f} %"
    expect(empty).to_contain_text(f"Parameters at most 200k: loosen by {more} to {integer(least)}.")
    expect(empty).to_contain_text(smallest)
    empty.get_by_role("link", name="Loosen").click()
    assert shown(page) == list(models["name"][models["parameters"] == least])
    assert parameters(page)["parameters"].startswith("..")
    expect(page.locator(".finder-empty > *")).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "OUTPUT"


def test_much_is_told_in_times(page: Page, address: str, models: pd.DataFrame) -> None:
    """A limit that is far from everything is told by how many times it has to be what it is."""
    least = int(models["parameters"].min())
    ready(page, address, "?parameters=..1k")
    expect(page.locator(".finder-empty")).to_contain_text(
        f"Parameters at most 1k: loosen to {least / 1000:.1f} times as much, {integer(least)}."
    )


def test_families_are_suggested(page: Page, address: str, models: pd.DataFrame) -> None:
    """The field for families suggests each of them once."""
    ready(page, address)
    options = page.locator("datalist option").evaluate_all("all => all.map((option) => option.value)")
    assert options == sorted(models["family"].unique())
    field = page.get_by_role("combobox", name="Family", exact=True)
    assert field.evaluate("field => field.list.options.length") == len(options)


def test_columns_are_chosen(page: Page, address: str, models: pd.DataFrame) -> None:
    """A column is hidden and shown by its box; those that come on request have the figures of the data."""
    ready(page, address)
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Parameter tensors").uncheck()
    page.get_by_label("Training memory, mixed").check()
    expect(page.get_by_role("button", name="Parameter tensors")).to_have_count(0)
    assert "training_bytes_mixed" in parameters(page)["columns"]
    cells = page.locator("atlas-rank tbody tr").evaluate_all("rows => rows.map((row) => row.cells[11].textContent)")
    assert cells == [memory(value) for value in models["training_bytes_mixed"]]
    page.add_style_tag(content=".long-table tbody { content-visibility: visible !important; }")
    too_wide = "cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.innerText)"
    assert page.locator(".long-table :is(th, td)").evaluate_all(too_wide) == []
    page.reload()
    expect(page.get_by_role("button", name="Training memory, mixed")).to_be_visible()
    expect(page.get_by_role("button", name="Parameter tensors")).to_have_count(0)


def test_the_head_and_the_names_stay(page: Page, address: str) -> None:
    """However the table is scrolled, its head is at its top, and ranks and names are at its left."""
    page.goto(f"{address}models/")
    page.evaluate("document.querySelector('.long-table').scrollTo(300, 9000)")
    offsets = page.evaluate(
        """() => {
            const frame = document.querySelector(".long-table").getBoundingClientRect();
            const row = [...document.querySelectorAll("atlas-rank tbody tr")].find(
                (row) => row.getBoundingClientRect().top > frame.top + 100);
            const [rank, name] = row.cells;
            return [
                document.querySelector("atlas-rank thead").getBoundingClientRect().top - frame.top,
                rank.getBoundingClientRect().left - frame.left,
                name.getBoundingClientRect().left - rank.getBoundingClientRect().right,
            ];
        }"""
    )
    assert all(abs(offset) <= 2 for offset in offsets), offsets


def test_ticked_models_are_compared(page: Page, address: str) -> None:
    """Two to six ticked models lead to their comparison, in the order of ticking; a seventh is refused, and told."""
    ready(page, address)
    boxes = page.locator("atlas-rank tbody input")
    names = shown(page)[:7]
    compare = page.locator("atlas-rank").get_by_role("link", name="Compare", exact=True)
    for place in (1, 0):
        expect(compare).to_be_hidden()
        boxes.nth(place).check()
    assert compare.evaluate("link => link.href") == f"{address}compare/?m={names[1]},{names[0]}"
    assert parameters(page)["m"] == f"{names[1]},{names[0]}"
    for place in range(2, 6):
        boxes.nth(place).check()
    boxes.nth(6).click()
    expect(page.locator(".finder-compared")).to_contain_text("6 models are the most")
    assert not boxes.nth(6).is_checked()
    page.reload()
    expect(page.locator("atlas-rank tbody input:checked")).to_have_count(6)
    page.get_by_role("button", name="Untick all").click()
    expect(page.locator("atlas-rank tbody input:checked")).to_have_count(0)


def test_what_matches_is_plotted(page: Page, address: str, models: pd.DataFrame) -> None:
    """The link to the plots takes the limits along: the same models are there."""
    ready(page, address, "?name=resnet&macs=..5G&sort=-macs")
    matches = len(shown(page))
    page.get_by_role("link", name="Plot them").click()
    page.wait_for_url("**/explore/?*")
    assert parameters(page) == {"name": "resnet", "macs": "..5G"}
    expect(page.locator("atlas-explore")).to_contain_text(f"{matches} of {len(models):,} models match the filter.")


def test_the_csv_has_the_filtered_rows(page: Page, address: str, models: pd.DataFrame) -> None:
    """What is saved are the rows that match, in their order, with exact figures as in models.csv."""
    ready(page, address, "?name=resnet&parameters=..30M&sort=-macs")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    saved = list(csv.DictReader(download.value.path().read_text().splitlines()))
    assert [row["name"] for row in saved] == shown(page)
    assert list(saved[0]) == COLUMNS
    by_name = models.set_index("name", drop=False)
    for row in saved:
        for column, text in row.items():
            value = by_name.at[row["name"], column]
            plain = ";".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
            assert text == plain, (row["name"], column)


def test_the_keyboard_is_enough(page: Page, address: str) -> None:
    """From the form's first field, Tab reaches every control above the table, and the table's boxes."""
    page.goto(f"{address}models/")
    page.get_by_label("Name", exact=True).focus()
    expect(page.locator("atlas-rank tbody input").first).to_be_attached()
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(() => { const at = document.activeElement;"
                " return at.name || at.getAttribute('role') || at.textContent.trim(); })()"
            )
        )
    expected = ["family", "tag", "weights", *(preset.name for preset in finder.presets()), "Limits", "Columns"]
    expected += ["clear", "csv", "region", *["sort"] * len(rank.HEADINGS), "m"]
    assert [name for name in reached if name in expected][: len(expected)] == expected
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_the_table_is_as_high_as_what_is_left(page: Page, address: str) -> None:
    """Each group is as high as its rows that match, laid out or not; in the end none is kept from the layout."""
    heights = """
        [...document.querySelectorAll("atlas-rank .long-table tbody")].map((group) => Math.round(group.offsetHeight))
    """
    rows = heights.replace("group.offsetHeight", "[...group.rows].reduce((sum, row) => sum + row.offsetHeight, 0)")
    ready(page, address)
    before = page.evaluate(heights)
    frame = page.locator("atlas-rank .long-table")
    field = page.get_by_label("Name", exact=True)
    for text in ("resnet", "vit_base", ""):
        frame.evaluate("frame => { frame.scrollTop = 9000; }")
        field.fill(text)
        assert frame.evaluate("frame => frame.scrollTop") == 0
        settled(page)
        expect(page.locator("atlas-rank .is-later")).to_have_count(0)
        given = page.evaluate(heights)
        laid_out = page.add_style_tag(content=".long-table tbody { content-visibility: visible !important; }")
        assert page.evaluate(rows) == given
        laid_out.evaluate("style => style.remove()")
    assert given == before


def test_a_row_of_the_address_is_in_sight(page: Page, address: str, models: pd.DataFrame) -> None:
    """The row that an address names is scrolled to, wherever the order has moved it, far down too."""
    name = models["name"].iloc[0]
    page.goto(f"{address}models/?sort=parameters#{name}")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Parameters")
    expect(page.locator(f'[id="{name}"]')).to_be_in_viewport()


def test_without_javascript_there_is_the_table_alone(browser: Browser, address: str, models: pd.DataFrame) -> None:
    """With JavaScript off the whole table is there, and no form that would do nothing."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}models/?name=resnet")
    assert page.locator("article table tbody tr").count() == len(models)
    expect(page.locator(".finder")).to_be_hidden()
    context.close()


def test_a_failed_load_is_told_and_tried_again(browser: Browser, address: str) -> None:
    """Where the data cannot be loaded the page says so, and the next act tries again."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/data/index.json", lambda route: route.fulfill(status=503))
    page.goto(f"{address}models/?name=resnet")
    expect(page.locator(".finder output")).to_contain_text("could not be loaded (HTTP 503)")
    page.unroute("**/data/index.json")
    page.get_by_label("Name", exact=True).focus()
    expect(page.locator(".finder output")).to_contain_text("of 1,371 models")
    context.close()


def test_nothing_is_loaded_before_it_is_needed(page: Page, address: str) -> None:
    """A reader who only reads loads neither the data nor the finder."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(f"{address}models/")
    page.wait_for_load_state("networkidle")
    assert "/assets/js/rank.js" in asked
    assert not {"/data/index.json", "/assets/js/finder.js"} & set(asked)


def test_all_that_the_finder_needs_is_light(page: Page, address: str, site: Path) -> None:
    """What is transferred until the first key is answered, the search of the header included, is 300 kB compressed."""
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).path.removeprefix("/")))
    with page.expect_response("**/search_index.json"):
        ready(page, address)
        page.mouse.move(300, 300)
    page.get_by_label("Name", exact=True).press_sequentially("resnet")
    page.wait_for_load_state("networkidle")
    files = [site / path / "index.html" if (site / path).is_dir() else site / path for path in asked]
    assert {"finder.js", "index.json", "search_index.json"} < {file.name for file in files}
    assert sum(compressed(file) for file in files) <= 300_000


def test_changes_overtake_each_other(page: Page, address: str, models: pd.DataFrame) -> None:
    """A change that comes while the table still follows an older one wins, in order and in what matches."""
    ready(page, address)
    page.evaluate(
        """() => {
            const field = document.querySelector(".finder input[name=name]");
            const type = (text) => {
                field.value = text;
                field.dispatchEvent(new Event("input", {bubbles: true}));
            };
            const sort = (column) => document.querySelector(`atlas-rank th button[value=${column}]`).click();
            type("resnet"), sort("macs"), type("vit"), sort("name"), type(""), sort("name"), type("net");
        }"""
    )
    expected = models["name"][models["name"].str.contains("net")].sort_values(ascending=False)
    assert shown(page) == list(expected)


def test_a_key_on_a_slow_processor(page: Page, address: str) -> None:
    """Each key has its rows on the screen when it is drawn, on a processor four times slower too.

    The table has been scrolled far down before, so that other rows than the first were on the screen.
    """
    ready(page, address)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("atlas-rank .long-table").evaluate("frame => { frame.scrollTop = 9000; }")
    for text in ("r", "re", "resnetv2_50", "re", "r", ""):
        seen = page.evaluate(
            """async (text) => {
                const table = document.querySelector("atlas-rank table");
                const field = document.querySelector(".finder input[name=name]");
                field.value = text;
                field.dispatchEvent(new Event("input", {bubbles: true}));
                await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
                const {left, bottom: top} = table.tHead.getBoundingClientRect();
                const seen = [];
                for (let y = top + 5; y < innerHeight; y += 30)
                    seen.push(document.elementFromPoint(left + 100, y)?.closest("tbody tr")?.id);
                return seen;
            }""",
            text,
        )
        assert len(seen) > 3
        assert all(name and text in name for name in seen), text
        assert list(dict.fromkeys(seen)) == shown(page)[: len(set(seen))]
