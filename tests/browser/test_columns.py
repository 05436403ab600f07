"""Every figure stands below its own heading, on wide screens and on phones, in trees and in tables."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests import small
from tests.browsing import LAID_OUT, NARROW, WIDE, expect_to_fit

# Pixels: the narrowest screen, common phones, the widths around the change of layout, a desk.
WIDTHS = (NARROW, 360, 390, 412, 719, 720, WIDE)
PHONE = 390
# Deep trees with runs of blocks, one without MACs, one that is a single leaf.
TREES = (small.TYPICAL, small.STRANGER, "tiny_halved", small.UNSIZED, small.WITHOUT_PARAMETERS)

# What of each visible row of the tree does not end where its heading ends, does not fit, or stands in another line.
# Text without an element of its own has no box, so a range is put around it.
STRAY = """tree => {
    const around = (node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getBoundingClientRect();
    };
    const figuresOf = (row) => [...row.childNodes].filter((node) => node.textContent.trim()).map((node) => {
        const text = around(node);
        return {text, box: node instanceof Element ? node.getBoundingClientRect() : text};
    });
    const headings = figuresOf(tree.querySelector(":scope > p > b"));
    const stray = [];
    for (const row of tree.querySelectorAll(":is(li, summary) > b")) {
        if (!row.checkVisibility()) continue;
        const figures = figuresOf(row), name = row.parentElement.textContent.slice(0, 60);
        if (figures.length !== headings.length) stray.push(`${name}: ${figures.length} figures`);
        figures.forEach(({box, text}, place) => {
            const heading = headings[place].box;
            if (Math.abs(box.right - heading.right) > 1) stray.push(`${name}: ${place} ends at ${box.right}`);
            if (text.left < Math.max(box.left - 1, 0)) stray.push(`${name}: ${place} begins at ${text.left}`);
            if (place && text.left < figures[place - 1].text.right) stray.push(`${name}: ${place} covers another`);
            if (Math.abs(text.bottom - figures[0].text.bottom) > 3) stray.push(`${name}: ${place} is in another line`);
        });
    }
    return stray;
}"""


@pytest.mark.sweep
@pytest.mark.parametrize("name", TREES)
def test_figures_of_modules_stand_below_their_headings(page: Page, address: str, name: str) -> None:
    """In the module tree parameters, their share and that of MACs end where their headings do, whatever is open."""
    page.goto(f"{address}models/{name}/")
    tree = page.locator(".module-tree")
    has_macs = small.RECORD[name].inspection.modules[0].macs is not None
    expect(tree.locator("> p > b")).to_have_text("Parameters of all MACs" if has_macs else "Parameters of all")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for is_open in (False, True):
            tree.evaluate(
                "(tree, isOpen) => tree.querySelectorAll('details').forEach((module) => { module.open = isOpen; })",
                is_open,
            )
            assert tree.evaluate(STRAY) == [], (width, is_open)
            expect_to_fit(page, width, f"{width}, {is_open}")


# The cells of the tables that do not begin and end with their heading.
ASTRAY = """tables => tables.filter((table) => table.checkVisibility()).flatMap((table) => {
    const heads = [...table.tHead?.rows[0]?.cells ?? []];
    const astray = [];
    for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
        if (row.cells.length !== heads.length) continue;
        [...row.cells].forEach((cell, place) => {
            const {left, right} = cell.getBoundingClientRect(), head = heads[place].getBoundingClientRect();
            if (left < right && (Math.abs(left - head.left) > 1 || Math.abs(right - head.right) > 1)) {
                astray.push(`${head.left} to ${head.right}: ${cell.textContent} at ${left} to ${right}`);
            }
        });
    }
    return astray;
})"""


@pytest.mark.sweep
@pytest.mark.parametrize("width", [NARROW, PHONE, WIDE])
def test_cells_of_tables_stand_below_their_headings(page: Page, address: str, kinds: list[str], width: int) -> None:
    """On every kind of page each cell of each table has the edges of its heading; so have tables that scripts make."""
    page.set_viewport_size({"width": width, "height": 900})
    ask = "?m=" + ",".join(small.SIBLINGS)
    tables = 0
    for kind in (*kinds, f"compare/{ask}", "explore/?front=no", "models/?sort=-macs&strides=4"):
        page.goto(address + kind)
        if kind.startswith("compare/?"):
            expect(page.locator("#tensors tbody tr").first).to_be_attached()
            expect(page.locator("atlas-compare")).not_to_have_attribute("aria-busy", "true")
        page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
        if kind.startswith("explore/?"):
            expect(page.locator(".steps tbody tr").first).to_be_visible()
        page.add_style_tag(content=LAID_OUT)
        found = page.locator("article table")
        tables += found.count()
        assert found.evaluate_all(ASTRAY) == [], kind
    assert tables > len(kinds)
