"""What only as many models as timm has, as long as theirs and with names like theirs, can put to the test."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from benchmarks.site import compressed
from generator.facts.figures import ModelRow
from generator.pages.formatting import integer
from tests.browsing import LAID_OUT, NARROW, TOO_WIDE, expect_to_fit, long_pages_of, settled_rows
from tests.index_reading import models_of

Rows = tuple[ModelRow, ...]
# Bytes, as they are transferred: what the rank page needs until its first key is answered.
MOST_BYTES = 320_000


@pytest.fixture(scope="module")
def words(rows: Rows) -> list[str]:
    """What somebody types, key by key, who looks for the models that begin as most do: the last leaves some dozens."""
    names = [row.name for row in rows]
    (word, _), (both, matching) = (
        Counter("_".join(name.split("_")[:parts]) for name in names).most_common(1)[0] for parts in (1, 2)
    )
    assert 20 < matching < len(rows) / 2
    return [both[:1], both[:2], word, both]


@pytest.fixture(scope="module")
def long_pages(rows: Rows) -> list[str]:
    return [*long_pages_of(rows), "families/"]


def finder(page: Page, address: str) -> None:
    """Open the rank page and wait until the finder is there, which a reader's first act brings."""
    page.goto(f"{address}models/")
    page.get_by_role("button", name="Parameters", exact=True).dispatch_event("pointerover")
    expect(page.locator("atlas-rank tbody input").first).to_be_attached()


def test_long_tables_fit_their_columns(page: Page, address: str, long_pages: list[str]) -> None:
    """No cell of a long table is wider than the width that its column was given."""
    for path in long_pages:
        page.goto(address + path)
        page.add_style_tag(content=LAID_OUT)
        cells = page.locator(".long-table :is(th, td)")
        assert cells.count() > 100
        assert cells.evaluate_all(TOO_WIDE) == [], path


def test_long_tables_lay_out_what_is_in_sight(page: Page, address: str, long_pages: list[str]) -> None:
    """The page is as high as if all its rows were laid out: nothing moves when they are."""
    for path in long_pages:
        page.goto(address + path)
        # The table of the rank page scrolls within itself.
        height = "document.documentElement.scrollHeight + document.querySelector('.long-table').scrollHeight"
        before = page.evaluate(height)
        page.add_style_tag(content=LAID_OUT)
        assert abs(page.evaluate(height) - before) <= 2, path


def test_no_page_scrolls_sideways(page: Page, address: str, kinds: list[str], long_pages: list[str]) -> None:
    """Nothing is wider than a narrow screen, on any kind of page; wide tables scroll within themselves."""
    page.set_viewport_size({"width": NARROW, "height": 700})
    for path in dict.fromkeys([*kinds, *long_pages]):
        if path != "404.html":
            page.goto(address + path)
            page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
            expect_to_fit(page, NARROW, path)


def test_all_points_come_on_request(page: Page, address: str, rows: Rows) -> None:
    """The table of points is made a part at a time, and has every model in the end, in the order of ranks.

    Back from the last, all of them are there again.
    """
    placed = [row.name for row in rows if row.macs and row.parameters and not row.fixture]
    page.goto(f"{address}explore/?y=parameters")
    page.locator(".points summary").click()
    names = page.locator(".points tbody td:first-child")
    more = page.locator(".points button")
    for shown in range(100, len(placed), 100):
        expect(names).to_have_count(shown)
        expect(more).to_have_text(f"100 more of {integer(len(placed) - shown)}")
        more.click()
    expect(more).to_have_count(0)
    assert names.all_inner_texts() == placed
    names.last.get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/models/{placed[-1]}/")
    page.go_back()
    expect(names.last.get_by_role("link")).to_be_focused()
    assert names.all_inner_texts() == placed


def test_six_of_the_largest_are_compared(page: Page, address: str, rows: Rows) -> None:
    """The models with the most tensors stand side by side, on a phone too, and all tensors of two of them."""
    longest = sorted(rows, key=lambda row: -row.parameter_tensors)[:5]
    names = [row.name for row in longest]
    names.append(max((row.name for row in rows if row.name not in names), key=len))
    page.set_viewport_size({"width": NARROW, "height": 700})
    page.goto(f"{address}compare/?m={','.join(names)}")
    expect(page.locator("#figures thead th")).to_have_count(len(names))
    expect(page.locator("#tensors .long-table th").nth(1)).to_have_text(names[0])
    expect(page.locator("atlas-compare")).not_to_have_attribute("aria-busy", "true")
    page.add_style_tag(content=LAID_OUT)
    assert page.locator("#tensors .long-table :is(th, td)").evaluate_all(TOO_WIDE) == []
    expect_to_fit(page, NARROW)


def test_the_examples_are_models_that_are_there(page: Page, address: str, rows: Rows) -> None:
    """The comparisons to begin with are of models that the site has."""
    page.goto(f"{address}compare/")
    links = page.locator(".compare-examples a[href*='?m=']").evaluate_all("all => all.map(link => link.search)")
    named = {name for link in links for name in link.removeprefix("?m=").split(",")}
    assert named <= {row.name for row in rows}
    assert links


def test_a_filter_and_its_csv_have_exact_figures(page: Page, address: str, data: Path, words: list[str]) -> None:
    """Of all models those that match are shown, and saved with every digit that the data have."""
    index = json.loads((data / "index.json").read_text())
    models = models_of(index)
    matching = {model["name"]: model for model in models if words[2] in model["name"] and not model["fixture"]}
    page.goto(f"{address}models/?name={words[2]}&sort=-macs")
    expect(page.locator(".finder output")).to_have_text(f"{integer(len(matching))} of {integer(len(models))} models")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    saved = list(csv.DictReader(download.value.path().read_text().splitlines()))
    assert [row["name"] for row in saved] == settled_rows(page)
    assert {row["name"] for row in saved} == set(matching)
    for row in saved:
        for column, text in row.items():
            value = matching[row["name"]][column]
            plain = ";".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
            assert text == plain, (row["name"], column)


@pytest.mark.pinned
def test_all_that_the_finder_needs_is_light(page: Page, address: str, site: Path, words: list[str]) -> None:
    """What is transferred until the first key is answered, the search of the header included, is 320 kB compressed."""
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).path.removeprefix("/")))
    with page.expect_response("**/search_index.json"):
        finder(page, address)
        page.mouse.move(300, 300)
    page.get_by_label("Name", exact=True).press_sequentially(words[2])
    page.wait_for_load_state("networkidle")
    files = [site / path / "index.html" if (site / path).is_dir() else site / path for path in asked]
    assert {"finder.js", "index.json", "search_index.json"} < {file.name for file in files}
    assert sum(compressed(file) for file in files) <= MOST_BYTES


def test_a_key_on_a_slow_processor(page: Page, address: str, words: list[str]) -> None:
    """Each key has its rows on the screen when it is drawn, on a processor four times slower too.

    The table has been scrolled far down before, so that other rows than the first were on the screen.
    """
    finder(page, address)
    session = page.context.new_cdp_session(page)
    page.locator("atlas-rank .long-table").evaluate("frame => { frame.scrollTop = 9000; }")
    for text in (*words, words[1], words[0], ""):
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
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
        # What follows is no part of the claim, and takes its time.
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        assert len(seen) > 3
        assert all(name and text in name for name in seen), text
        assert list(dict.fromkeys(seen)) == settled_rows(page)[: len(set(seen))]
