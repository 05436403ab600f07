"""Long tables in a real browser: laid out near the screen alone, and whole for search, paper and screen readers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.site import BROWSER_ARGUMENTS
from tests import small
from tests.browsing import LAID_OUT, NARROW, TOO_WIDE, executable, long_pages_of

LONG_PAGES = long_pages_of(small.ROWS)
# Those of so many rows that the last is far below the screen.
LONGEST = LONG_PAGES[:2]


@pytest.mark.parametrize("path", LONG_PAGES)
def test_long_tables_fit_their_columns(page: Page, address: str, path: str) -> None:
    """No cell of a long table is wider than the width that its column was given."""
    page.goto(address + path)
    page.add_style_tag(content=LAID_OUT)
    cells = page.locator(".long-table :is(th, td)")
    assert cells.count() > 100
    assert cells.evaluate_all(TOO_WIDE) == []


@pytest.mark.parametrize("path", LONG_PAGES)
def test_long_tables_lay_out_what_is_in_sight(page: Page, address: str, path: str) -> None:
    """Rows far below are not laid out, and the page is as high as if they were: nothing moves when they are."""
    page.goto(address + path)
    # The table of the rank page scrolls within itself.
    height = "document.documentElement.scrollHeight + document.querySelector('.long-table').scrollHeight"
    before = page.evaluate(height)
    if path in LONGEST:
        last = page.locator(".long-table tbody").last.locator("td").first
        assert not last.evaluate("cell => cell.checkVisibility({contentVisibilityAuto: true})")
    page.add_style_tag(content=LAID_OUT)
    assert abs(page.evaluate(height) - before) <= 2


def test_text_in_a_long_table_is_found(page: Page, address: str) -> None:
    """The browser's own search finds a name in a row that is not laid out yet, and shows it."""
    name = small.ROWS[-1].name
    # A fragment of text goes the way of the browser's search, which window.find() does not.
    page.goto(f"{address}models/#:~:text={name}")
    expect(page.locator(f"tr[id='{name}']")).to_be_in_viewport()


@pytest.mark.sweep
def test_long_tables_are_tables_to_a_screen_reader(browser: Browser, address: str) -> None:
    """All rows are rows and all cells are cells to a screen reader, in sight or not."""
    # What is out of sight joins the accessibility tree when something reads that tree, as a screen reader does.
    arguments = [*BROWSER_ARGUMENTS, "--force-renderer-accessibility"]
    reading = browser.browser_type.launch(executable_path=executable(), args=arguments)
    page = reading.new_page()
    page.goto(f"{address}models/")
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]

    def count(role: str) -> int:
        return len(session.send("Accessibility.queryAXTree", {"nodeId": root, "role": role})["nodes"])

    rows = len(small.ROWS) + 1
    columns = count("columnheader")
    assert columns >= 6
    assert (count("table"), count("row"), count("cell")) == (1, rows, (rows - 1) * columns)
    reading.close()


@pytest.mark.sweep
@pytest.mark.parametrize("path", LONG_PAGES)
def test_long_tables_are_printed_whole(page: Page, address: str, path: str) -> None:
    """On paper every row is laid out, and the headings have their words though they are buttons."""
    page.emulate_media(media="print")
    page.goto(address + path)
    page.keyboard.press("Shift")
    page.wait_for_load_state("networkidle")
    assert "" not in page.locator(".long-table th").all_inner_texts()
    hidden = "cells => cells.filter(cell => !cell.checkVisibility({contentVisibilityAuto: true})).length"
    assert page.locator(".long-table td").evaluate_all(hidden) == 0


def test_long_tables_scroll_by_keyboard(page: Page, address: str) -> None:
    """On a narrow screen the table's region takes the focus and scrolls sideways with the arrow keys."""
    page.set_viewport_size({"width": NARROW, "height": 700})
    page.goto(f"{address}models/")
    page.get_by_role("region", name="Models by parameter memory").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.long-table').scrollLeft > 0")
