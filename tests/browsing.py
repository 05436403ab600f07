"""Fixtures and helpers for checks in a browser, of the small site (tests/browser) and of the full one (tests/built).

A module that imports `address` needs a fixture ``site``: the folder of a built site.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect, sync_playwright

from benchmarks.site import BROWSER_ARGUMENTS, QuietHandler, served
from generator.facts.figures import ModelRow

# Pixels.
WIDE, NARROW = 1280, 320
# Milliseconds: enough for a busy machine.
PATIENCE = 30_000
# Lays out the content that the browser skips while it is out of view.
LAID_OUT = ":is(.long-table tbody, .compare-results > section) { content-visibility: visible !important; }"
# The texts of the cells that are narrower than their text.
TOO_WIDE = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent)"

# What axe finds in what Material makes in the browser, which our pages cannot mend: rule, element and reason.
THEME_FAULTS = {
    ("landmark-unique", "md-code__nav"): "each code block's copy button sits in a navigation landmark without a name",
}


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address of the site."""
    with served(site, QuietHandler) as root:
        yield root


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser that ATLAS_BROWSER names."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        chromium = playwright.chromium.launch(executable_path=executable(), args=BROWSER_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails its test on a request to a foreign origin, a console error or an exception in a script."""
    with watched(browser, ("http://127.0.0.1:", "data:", "blob:")) as made:
        yield made


def host_of(site: Path) -> type[QuietHandler]:
    """The handler of a host that gives the site's own page for unknown addresses."""

    class Host(QuietHandler):
        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            body = (site / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Host


def executable() -> str:
    """The path of the browser."""
    found = os.environ.get("ATLAS_BROWSER")
    assert found, "ATLAS_BROWSER names no browser: run ./scripts/test, which finds one"
    return found


@contextmanager
def watched(
    browser: Browser, own: tuple[str, ...], is_expected: Callable[[ConsoleMessage], bool] = lambda _: False
) -> Iterator[Page]:
    """Open a page that fails its test on a request to an address that is not its own, on an unexpected console error
    or warning, and on an exception in a script. Further pages of its context do the same."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900})
    faults: list[str] = []

    def on_request(request: Request) -> None:
        if not request.url.startswith(own):
            faults.append(f"request to {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not is_expected(message):
            faults.append(f"console: {message.text}")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", lambda raised: faults.append(f"exception: {raised.error}"))
    yield context.new_page()
    context.close()
    assert faults == []


def kinds_of(site: Path, rows: Sequence[ModelRow]) -> list[str]:
    """List the addresses of pages of every kind.

    These are all hand-written pages, the lists, the largest family, the page for unknown addresses, the largest model,
    and the models with the fewest, the median and the most tensors.
    """
    by_tensors = [row.name for row in sorted(rows, key=lambda row: row.parameter_tensors)]
    models = {rows[0].name, *(by_tensors[position] for position in (0, len(by_tensors) // 2, -1))}
    folders = {path.parent.relative_to(site) for path in site.rglob("index.html")}
    single = {folder for folder in folders if folder.parent.name in ("models", "families")}
    return [
        *sorted(f"{folder}/".removeprefix("./") for folder in folders - single),
        *(f"models/{name}/" for name in sorted(models)),
        f"families/{largest_family(rows)}/",
        "404.html",
    ]


def texts_of(kinds: Sequence[str]) -> list[str]:
    """List the pages of plain text among some kinds of pages: those of the guide and for contributors."""
    return [kind for kind in kinds if kind.startswith(("guide/", "contributing/"))]


def long_pages_of(rows: Sequence[ModelRow]) -> list[str]:
    """List pages with long tables: the rank page, the longest model page, that of the longest name, and a family."""
    longest = max(rows, key=lambda row: row.parameter_tensors).name
    named = max((row.name for row in rows), key=len)
    return ["models/", f"models/{longest}/", f"models/{named}/", f"families/{largest_family(rows)}/"]


def largest_family(rows: Sequence[ModelRow]) -> str:
    """The family with the most models; of several, the first in alphabetical order."""
    families = [row.family for row in rows]
    return max(sorted(set(families)), key=families.count)


def scripted(page: Page) -> None:
    """Wait until the theme's script has run, which the reader's first action starts."""
    page.wait_for_function("window.document$ && new Promise((drawn) => requestAnimationFrame(() => drawn(true)))")


def expect_to_fit(page: Page, width: int, what: str | None = None) -> None:
    """Expect that nothing is wider than a window of this width, in pixels.

    After a change of width the theme's search box slides into its new place for a quarter of a second.
    """
    expect(page.locator("html"), what).to_have_js_property("scrollWidth", width)


def violations(page: Page, rules: Sequence[str] = ()) -> list[tuple[str, str]]:
    """List the violations that axe finds, by some rules or all: the rule, and the beginning of the element."""
    # Violations only: listing every element that passes would take longer than the checks.
    options: dict[str, object] = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = Axe().run(page, options=options).response["violations"]
    return [(violation["id"], node["html"][:300]) for violation in found for node in violation["nodes"]]


def own_violations(page: Page, rules: Sequence[str] = ()) -> list[tuple[str, str]]:
    """List the violations that axe finds, but those of the theme."""
    return [
        (rule, html)
        for rule, html in violations(page, rules)
        if not any(rule == known and element in html for known, element in THEME_FAULTS)
    ]


def unseen_focus(page: Page, tabs: int = 20) -> list[str]:
    """Press the tab key so many times, and list the elements that do not show that they have the focus.

    The search is left out: it shows its dialog.
    """
    unseen = []
    for _ in range(tabs):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const {activeElement: element} = document, style = getComputedStyle(element);
                const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
                return isSeen || element.matches("body, .md-search *") ? "" : element.outerHTML.slice(0, 200);
            }"""
        )
        unseen += [found] if found else []
    return unseen


def search_results(page: Page, query: str) -> Locator:
    """Search with the search field of the header, and return the links of the results.

    Material reads the field when a key is released, and once a millisecond after the field gets the focus. Text that
    is filled in without a key may come too late for that, so a key that changes nothing is pressed afterwards.
    """
    field = page.locator("[data-md-component=search-query]")
    field.fill(query)
    field.press("End")
    return page.locator(".md-search-result__item > a.md-search-result__link")


def settled_rows(page: Page) -> list[str]:
    """The models that the rank table shows, in their order, once it is up to date, below the screen too."""
    expect(page.locator("atlas-rank table")).not_to_have_attribute("aria-busy", "true")
    # By the attribute: the computed style of a row out of sight may be one that the browser has not renewed yet.
    names: list[str] = page.locator("atlas-rank tbody:not([hidden]) tr:not([hidden])").evaluate_all(
        "rows => rows.map((row) => row.id)"
    )
    return names
