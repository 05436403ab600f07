"""The layer table of a model's page in a real browser: filter, order, addresses of rows, and the copy as CSV."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from generator.facts.shapes import form, squeeze
from generator.pages.formatting import integer
from tests import small
from tests.browsing import LAID_OUT

HEADINGS = ["Name", "Shape", "Squeezed shape", "Number of parameters", "Form"]
MODEL = small.TYPICAL
_BY_TENSORS = sorted((row.parameter_tensors, row.name) for row in small.ROWS if row.parameter_tensors)
# The model with the fewest tensors, whose table is a plain one, and that with the most.
SHORTEST, LONGEST = _BY_TENSORS[0][1], _BY_TENSORS[-1][1]
FILTER = "Filter by name, shape or form"


class Row(NamedTuple):
    """A row as the page shows it."""

    name: str
    shape: str
    squeezed: str
    parameters: str
    form: str


def layers(model: str) -> list[Row]:
    """The rows that a model's table has to have."""
    return [
        Row(name, str(shape), str(squeeze(shape)), str(math.prod(shape)), form(shape))
        for name, shape, _, _ in small.RECORD[model].tensors
    ]


def opened(page: Page, address: str, model: str) -> Page:
    """The page of a model, after a reader's first act."""
    page.goto(f"{address}models/{model}/")
    expect(page.locator("atlas-layers")).to_be_empty()
    page.keyboard.press("Shift")
    expect(page.get_by_label(FILTER)).to_be_visible()
    return page


def table(page: Page) -> Locator:
    return page.locator("#layer-information ~ .table table")


def shown(page: Page) -> list[Row]:
    """The rows of the table as they stand, without the sign of the link."""
    texts = table(page).evaluate(
        "table => [...table.tBodies].flatMap((body) => [...body.rows])"
        ".map((row) => [...row.cells].map((cell) => cell.firstChild.textContent.trim()))"
    )
    return [Row(*cells) for cells in texts]


def sort_by(page: Page, heading: str) -> None:
    table(page).get_by_role("button", name=heading, exact=True).press("Enter")


def test_nothing_is_fetched_before_the_first_act(page: Page, address: str) -> None:
    """The script of the table comes with the reader's first act, and what it brings has its place before."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # A browser without a window now and then sends an event by itself, as if the pointer had moved: that is an act.
    page.add_init_script(
        "window.acts = []; for (const act of ['focusin', 'pointermove', 'scroll']) "
        "addEventListener(act, () => acts.push(act), true)"
    )
    for _ in range(5):
        asked.clear()
        page.goto(f"{address}models/{MODEL}/")
        page.wait_for_load_state("networkidle")
        if page.evaluate("acts.length") == 0:
            break
    assert not [url for url in asked if url.endswith(("layers.js", "tensors.js"))]
    place = page.locator("atlas-layers").bounding_box()
    page.keyboard.press("Shift")
    expect(page.get_by_label(FILTER)).to_be_visible()
    assert page.locator("atlas-layers").bounding_box() == place
    inside = page.locator("atlas-layers > *").evaluate_all("parts => parts.map((part) => part.getBoundingClientRect())")
    assert place is not None
    assert all(part["bottom"] <= place["y"] + place["height"] for part in inside)


@pytest.mark.parametrize("model", [LONGEST, SHORTEST], ids=["longest", "shortest"])
def test_the_filter_leaves_what_it_says(page: Page, address: str, model: str) -> None:
    """What is typed leaves the rows with all words in name, shapes or form, and says how many and how much they are."""
    opened(page, address, model)
    every = layers(model)
    assert shown(page) == every
    status = page.locator("atlas-layers output")
    expect(status).to_have_text(f"{integer(len(every))} tensors")
    for text in ("weight matrix", "BIAS", "(", " vector bias"):
        page.get_by_label(FILTER).fill(text)
        words = text.lower().split()
        kept = [
            row
            for row in every
            if all(word in "\n".join((row.name, row.shape, row.squeezed, row.form)).lower() for word in words)
        ]
        assert kept
        assert shown(page) == kept
        if len(kept) < len(every):
            parameters = sum(int(row.parameters) for row in kept)
            expect(status).to_contain_text(
                f"{integer(len(kept))} of {integer(len(every))} tensors: {integer(parameters)} parameters, "
            )
    page.get_by_label(FILTER).fill("no such tensor")
    assert shown(page) == []
    expect(status).to_have_text(f"0 of {integer(len(every))} tensors: 0 parameters, 0.00 %")
    page.get_by_label(FILTER).fill("")
    assert shown(page) == every


def test_every_column_sorts_both_ways(page: Page, address: str) -> None:
    """A heading sorts up, down, and back to the model's order; equals stay in that order, and the heading says how."""
    opened(page, address, LONGEST)
    every = layers(LONGEST)

    def natural(name: str) -> list[tuple[bool, int, str]]:
        return [(False, int(part), "") if part.isdigit() else (True, 0, part) for part in re.findall(r"\d+|\D+", name)]

    def sizes(shape: str) -> list[int]:
        return list(map(int, re.findall(r"\d+", shape)))

    keys: dict[str, Callable[[Row], Any]] = {
        "Name": lambda row: natural(row.name),
        "Shape": lambda row: sizes(row.shape),
        "Squeezed shape": lambda row: sizes(row.squeezed),
        "Number of parameters": lambda row: int(row.parameters),
        "Form": lambda row: len(sizes(row.squeezed)),
    }
    for heading, key in keys.items():
        header = table(page).get_by_role("columnheader", name=heading, exact=True)
        sort_by(page, heading)
        assert shown(page) == sorted(every, key=key), heading
        expect(header).to_have_attribute("aria-sort", "ascending")
        expect(table(page).locator("th[aria-sort]")).to_have_count(1)
        sort_by(page, heading)
        assert shown(page) == sorted(every, key=key, reverse=True), heading
        expect(header).to_have_attribute("aria-sort", "descending")
        sort_by(page, heading)
        assert shown(page) == every
        expect(table(page).locator("th[aria-sort]")).to_have_count(0)


def test_the_copy_is_what_is_shown(page: Page, address: str) -> None:
    """The CSV has the rows that the filter leaves in their order, every integer exact."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, address, MODEL)

    def copied() -> list[list[str]]:
        page.get_by_role("button", name="Copy as CSV").click()
        expect(page.locator("atlas-layers output")).to_have_text(re.compile(r"^\d+ rows? copied$"))
        return list(csv.reader(io.StringIO(page.evaluate("navigator.clipboard.readText()"))))

    every = layers(MODEL)
    assert copied() == [HEADINGS, *map(list, every)]
    page.get_by_label(FILTER).fill("conv2")
    sort_by(page, "Number of parameters")
    kept = sorted((row for row in every if "conv2" in row.name), key=lambda row: int(row.parameters))
    assert copied() == [HEADINGS, *map(list, kept)]
    page.context.clear_permissions()


def test_a_copy_that_is_not_allowed_is_said(page: Page, address: str) -> None:
    """Where the browser refuses the clipboard, the reader hears of it."""
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    opened(page, address, MODEL)
    page.get_by_role("button", name="Copy as CSV").click()
    expect(page.locator("atlas-layers output")).to_have_text("The browser does not allow copying")


@pytest.mark.parametrize("model", [LONGEST, SHORTEST], ids=["longest", "shortest"])
def test_a_row_has_an_address(page: Page, address: str, model: str) -> None:
    """The address of a row opens the page at that row and marks it, without any act of the reader."""
    every = layers(model)
    for row in (every[len(every) * 2 // 3], every[0]):
        page.goto("about:blank")
        page.goto(f"{address}models/{model}/#tensor-{row.name}")
        marked = page.locator("tr:target")
        expect(marked).to_have_attribute("id", f"tensor-{row.name}")
        expect(marked.locator("td").first).to_be_in_viewport()
        expect(marked.locator("td").nth(3)).to_have_text(row.parameters)
        expect(page.locator("#layer-information ~ .table th").first).to_be_in_viewport()


def test_an_address_in_the_page_finds_its_row(page: Page, address: str) -> None:
    """An address that is followed later shows its row as well, even one that the filter had left out."""
    opened(page, address, MODEL)
    page.get_by_label(FILTER).fill("stem")
    name = layers(MODEL)[-1].name
    page.evaluate("name => { location.hash = `tensor-${name}`; }", name)
    expect(page.locator("tr:target")).to_have_attribute("id", f"tensor-{name}")
    expect(page.locator("tr:target")).to_be_in_viewport()
    assert len(shown(page)) == len(layers(MODEL))


def test_an_address_of_no_row_is_none(page: Page, address: str) -> None:
    """An address that names no tensor, or nothing that can be read, leaves the page as it is."""
    for unknown in ("tensor-none.weight", "tensor-%"):
        page.goto("about:blank")
        page.goto(f"{address}models/{MODEL}/#{unknown}")
        expect(page.get_by_label(FILTER)).to_be_visible()
        expect(page.locator("tr:target")).to_have_count(0)


def test_the_link_of_a_row_is_at_hand(page: Page, address: str) -> None:
    """A row that is pointed at has its link; by keyboard the link goes from row to row, and leads to its address."""
    opened(page, address, MODEL)
    every = layers(MODEL)
    page.get_by_role("row", name=every[4].name).hover()
    link = page.get_by_role("link", name=f"Link to {every[4].name}", exact=True)
    expect(link).to_have_css("opacity", "1")
    link.click()
    expect(page).to_have_url(re.compile(re.escape(f"#tensor-{every[4].name}") + "$"))
    expect(page.locator("tr:target td").first).to_contain_text(every[4].name)
    # The headings come before the rows, and the link after the headings.
    page.mouse.move(5, 5)
    table(page).get_by_role("button", name="Form", exact=True).focus()
    page.keyboard.press("Tab")
    steps = (("End", -1), ("Home", 0), ("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1))
    for key, row in ((key, every[place]) for key, place in steps):
        page.keyboard.press(key)
        expect(page.get_by_role("link", name=f"Link to {row.name}", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(f"#tensor-{every[1].name}") + "$"))
    expect(page.locator(".row-link")).to_have_count(1)


def test_the_head_of_the_table_stays_in_sight(page: Page, address: str) -> None:
    """Rows go by below their headings, in a frame that is lower than the screen; the end of the page is near."""
    opened(page, address, LONGEST)
    frame = page.locator("#layer-information ~ .long-table")
    frame.scroll_into_view_if_needed()
    frame.evaluate("frame => { frame.scrollTop = frame.scrollHeight / 2; }")
    expect(table(page).locator("th").first).to_be_in_viewport()
    box, head = frame.bounding_box(), table(page).locator("thead").bounding_box()
    assert box is not None
    assert head is not None
    assert abs(head["y"] - box["y"]) < 3
    assert box["height"] < 900
    assert frame.evaluate("frame => frame.scrollHeight") > 3 * box["height"]


def test_rows_out_of_sight_are_not_laid_out_after_sorting(page: Page, address: str) -> None:
    """Sorted rows stand in groups as before: those far below cost nothing."""
    opened(page, address, LONGEST)
    sort_by(page, "Name")
    hidden = "cells => cells.filter((cell) => !cell.checkVisibility({contentVisibilityAuto: true})).length"
    cells = table(page).locator("td:first-child")
    assert cells.evaluate_all(hidden) > 0.5 * cells.count()
    heights = "bodies => bodies.map((body) => body.getBoundingClientRect().height)"
    before = table(page).locator("tbody").evaluate_all(heights)
    page.add_style_tag(content=LAID_OUT)
    after = table(page).locator("tbody").evaluate_all(heights)
    assert all(abs(one - other) <= 1 for one, other in zip(before, after, strict=True))


def test_paper_has_every_row_and_no_tools(page: Page, address: str) -> None:
    """Printed, the table is as long as its rows, and what can be clicked is left out."""
    opened(page, address, LONGEST)
    page.emulate_media(media="print")
    expect(page.locator("atlas-layers")).to_be_hidden()
    frame = page.locator("#layer-information ~ .long-table")
    assert frame.evaluate("frame => frame.clientHeight >= frame.scrollHeight - 1")
    assert frame.evaluate("frame => frame.clientHeight") > 20 * len(layers(LONGEST))
    assert len(shown(page)) == len(layers(LONGEST))


def test_without_javascript_the_table_is_whole(browser: Browser, address: str) -> None:
    """Without scripts every row is there, in its order, and nothing that does not work."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}models/{MODEL}/")
    expect(page.locator("#layer-information ~ .table tbody tr")).to_have_count(len(layers(MODEL)))
    expect(page.locator("atlas-layers")).to_be_hidden()
    expect(page.locator("#layer-information ~ .table button")).to_have_count(0)
    context.close()


def test_the_picture_keeps_within_the_screen(page: Page, address: str) -> None:
    """On a narrow screen no label of the picture is wider than its bar, and labels are as large as before."""
    for width in (320, 720, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{address}models/{MODEL}/")
        bars = page.locator(".icicle > svg > svg > svg")
        assert bars.count() > 10
        too_wide = """bars => bars.filter((bar) => {
            const label = bar.querySelector("text"), rect = bar.querySelector("rect");
            return label && label.getBoundingClientRect().width > rect.getBoundingClientRect().width;
        }).map((bar) => bar.textContent)"""
        assert bars.evaluate_all(too_wide) == []
        assert bars.locator("text").first.evaluate("text => getComputedStyle(text).fontSize") == "12px"
